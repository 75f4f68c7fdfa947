"""Each social service with more posts than a page holds, on a real server: every post is listed, newest first.

The server pages as the services document it; it is asked exactly what this room says, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request as Asking
from urllib.request import urlopen

import pytest
from sources_samples import page, source

from tracker import sources
from tracker.model import Done, Item, Request, Source, SourceKind

POSTS = 250  # numbers 1 to 250, the newest last
BEGUN = 1_720_000_000
TOKEN = "an-access-token"
Query = Mapping[str, str]


def mastodon(query: Query) -> str:
    """`max_id` is exclusive; at most 40 come at once."""
    below = [number for number in range(POSTS, 0, -1) if number < int(query.get("max_id", POSTS + 1))]
    return json.dumps([_status(number) for number in below[: min(int(query["limit"]), 40)]])


def _status(number: int) -> dict[str, Any]:
    account = {"id": "7", "acct": "desk"}
    url = f"http://a.example/@desk/{number}"
    return {"id": str(number), "uri": f"post-{number}", "url": url, "account": account, "content": "<p>Words</p>"}


def bluesky(query: Query) -> str:
    """The cursor is opaque, and missing on the last page."""
    after = int(query.get("cursor", "at-0").removeprefix("at-"))
    size = int(query["limit"])
    numbers = range(POSTS, 0, -1)[after : after + size]
    more = {"cursor": f"at-{after + size}"} if after + size < POSTS else {}
    return json.dumps({"feed": [{"post": _view(number)} for number in numbers], **more})


def _view(number: int) -> dict[str, Any]:
    uri = f"at://did:plc:desk/app.bsky.feed.post/post-{number}"
    return {"uri": uri, "author": {"did": "did:plc:desk", "handle": "desk.example"}, "record": {"text": "Words"}}


def reddit(query: Query) -> str:
    """`after` names the last post seen, and is null on the last page."""
    last = int(query.get("after", f"t3_{POSTS + 1}").removeprefix("t3_"))
    numbers = [number for number in range(POSTS, 0, -1) if number < last][: int(query["limit"])]
    children = [
        {"kind": "t3", "data": {"name": f"t3_{number}", "permalink": f"/r/a/comments/{number}/", "is_self": True}}
        for number in numbers
    ]
    after = f"t3_{numbers[-1]}" if numbers[-1] > 1 else None
    return json.dumps({"kind": "Listing", "data": {"children": children, "after": after}})


def hacker_news(query: Query) -> str:
    """The API filters by time, and says how many it gives at once. Three stories come in each second."""
    until = int(query.get("numericFilters", f"created_at_i<={BEGUN + POSTS}").removeprefix("created_at_i<="))
    numbers = [number for number in range(POSTS, 0, -1) if BEGUN + number // 3 <= until][: int(query["hitsPerPage"])]
    hits = [{"objectID": str(number), "title": "A story", "created_at_i": BEGUN + number // 3} for number in numbers]
    return json.dumps({"hits": hits, "hitsPerPage": int(query["hitsPerPage"]), "nbHits": POSTS})


def telegram(query: Query) -> str:
    """Twenty posts a page, the oldest first, with a link to more above them."""
    before = int(query.get("before", POSTS + 1))
    numbers = range(max(before - 20, 1), before)
    more = f'<a class="tme_messages_more js-messages_more" data-before="{numbers[0]}"></a>' if numbers[0] > 1 else ""
    messages = "".join(
        f'<div class="tgme_widget_message js-widget_message" data-post="desknotes/{number}">'
        '<div class="tgme_widget_message_text js-message_text">Words</div></div>'
        for number in numbers
    )
    return f'<html><section class="tgme_channel_history">{more}{messages}</section></html>'


# Path of the service's answer -> how it pages.
SERVICES: Mapping[str, Callable[[Query], str]] = {
    "/api/v1/timelines/tag/tariffs": mastodon,
    "/api/v1/timelines/list/42": mastodon,
    "/xrpc/app.bsky.feed.getAuthorFeed": bluesky,
    "/r/trade/new.json": reddit,
    "/api/v1/search_by_date": hacker_news,
    "/s/desknotes": telegram,
}


class Handler(BaseHTTPRequestHandler):
    """Answers with the service at the path; a list only to who shows the token."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        refused = "/list/" in parts.path and self.headers["Authorization"] != f"Bearer {TOKEN}"
        error = '{"error": "The access token is invalid"}'
        body = (error if refused else SERVICES[parts.path](dict(parse_qsl(parts.query)))).encode()
        self.send_response(401 if refused else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def walk(asked: Source) -> Iterator[tuple[Item, ...]]:
    """The items of each page, from the newest to the oldest."""
    request: Request | None = sources.request(asked)
    while request:
        headers = {"Authorization": f"Bearer {request.token}"} if request.token else {}
        with urlopen(Asking(request.url, headers=headers)) as answer:
            outcome = sources.parse(asked, page(answer.read(), url=request.url))
        assert isinstance(outcome, Done), outcome.reason
        yield outcome.value.items
        request = outcome.value.older


# Kind, address on the server, pages that it takes: an API that does not say which page is the last costs one more.
WALKS = [
    ("mastodon", "/tags/tariffs", 8),
    ("mastodon", "/lists/42", 8),
    ("bluesky", "/xrpc/app.bsky.feed.getAuthorFeed?actor=desk.example", 3),
    ("reddit", "/r/trade", 3),
    ("hacker_news", "/api/v1/search_by_date?query=tariffs", 3),
    ("telegram", "/desknotes", 13),
]


@pytest.mark.parametrize(("kind", "address", "pages"), WALKS)
def test_paging_back_lists_every_post_and_ends(root: str, kind: str, address: str, pages: int) -> None:
    asked = replace(source(SourceKind(kind), url=root + address), token=TOKEN)
    seen = list(walk(asked))
    numbers = [int(re.findall(r"\d+", item.guid or "")[-1]) for items in seen for item in items]
    assert list(dict.fromkeys(numbers)) == list(range(POSTS, 0, -1))
    assert len(numbers) == POSTS or kind == "hacker_news"  # the second that a page ends in is listed again
    assert len(seen) == pages


def test_a_list_is_not_shown_without_its_token(root: str) -> None:
    with pytest.raises(HTTPError, match="401"):
        next(walk(source(SourceKind.MASTODON, url=f"{root}/lists/42")))
