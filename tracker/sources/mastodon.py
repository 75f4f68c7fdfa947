"""Mastodon: an account, a hashtag or a list, through the API of its server.

`https://HOST/@NAME` is looked up for its id, then its statuses are asked for; `https://HOST/tags/NAME` and
`https://HOST/lists/ID` are timelines of the API, a list only with the token of its owner. Boosts and answers to others
are skipped, and so are pictures without words. No polls, no posts that only followers see.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import posts, times
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing
from tracker.sources.json_documents import load, record, records, text
from tracker.sources.plain import plain
from tracker.sources.queries import asking

ACCEPT = "application/json"
PAGE_SIZE = 40  # the most that the API gives at once
FORMS = "https://HOST/@NAME, https://HOST/tags/NAME or https://HOST/lists/ID"
_ACCOUNT = re.compile(r"/(?:@|users/)(?P<name>\w[\w.-]*(?:@[\w.-]+)?)/?\Z")
_TAG = re.compile(r"/tags/(?P<name>[^/]+)/?\Z")
_LIST = re.compile(r"/lists/(?P<name>\w{1,40})/?\Z")
_ID = re.compile(r"\w{1,40}\Z")
_WITHOUT_PAGE = frozenset({"photo", "video"})  # types of cards that stand for a picture or a film


def request(source: Source) -> Request:
    """The look-up of an account's id, or a timeline. What is neither is asked as it stands, and `parse` says so."""
    path = unquote(urlsplit(source.url).path)
    if account := _ACCOUNT.search(path):
        url = asking(_root(source.url), path="/api/v1/accounts/lookup", acct=account["name"])
        return Request(url=url, accept=ACCEPT, conditional=False)
    for form, timeline in ((_TAG, "tag"), (_LIST, "list")):
        if named := form.search(path):
            path = f"/api/v1/timelines/{timeline}/{quote(named['name'], safe='')}"
            return Request(url=asking(_root(source.url), path=path, limit=PAGE_SIZE), accept=ACCEPT)
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The account's id, which leads to its statuses, or the statuses."""
    path = unquote(urlsplit(source.url).path)
    if not any(form.search(path) for form in (_ACCOUNT, _TAG, _LIST)):
        return Poison(reason=f"not a Mastodon account, hashtag or list: {source.url!r}; expected {FORMS}")
    document = load(page)
    if isinstance(document, list):
        statuses = records(document)
        entries = (_entry(one, page.final_url) for one in statuses if _is_own(one))
        return listing(source, entries, base=page.final_url, older=_older(page, statuses))
    answer = record(document)
    account_id = text(answer, "id")
    if account_id and _ID.match(account_id) and ("acct" in answer or "username" in answer):
        return listing(source, (), base=page.final_url, follow=[_statuses(page, account_id)])
    if error := text(answer, "error"):
        return Poison(reason=f"the Mastodon server says: {plain(error)[:200]}")
    return Poison(reason=not_a("an answer of Mastodon's API", page.body, page.content_type))


def _root(url: str) -> str:
    """The server's address, without what names the account."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _statuses(page: Page, account_id: str) -> Request:
    """The request for the account's statuses."""
    path = f"/api/v1/accounts/{quote(account_id)}/statuses"
    url = asking(_root(page.final_url), path=path, limit=PAGE_SIZE, exclude_reblogs="true")
    return Request(url=url, accept=ACCEPT)


def _older(page: Page, statuses: list[Mapping[str, Any]]) -> Request | None:
    """The statuses before the last one of a page; an empty page is the end, a short one need not be."""
    last = text(statuses[-1], "id") if statuses else None
    return Request(url=asking(page.final_url, max_id=last), accept=ACCEPT) if last and _ID.match(last) else None


def _is_own(status: Mapping[str, Any]) -> bool:
    """Whether a status says something to everybody: no boost, no answer to somebody else, no mere picture."""
    if status.get("reblog") or not (text(status, "content") or text(status, "spoiler_text")):
        return False
    answered = text(status, "in_reply_to_account_id")
    return answered is None or answered == text(record(status.get("account")), "id")


def _entry(status: Mapping[str, Any], base: str) -> Entry:
    """One status, or the article that it leads to."""
    account = record(status.get("account"))
    name = text(account, "acct") or text(account, "username") or ""
    content = text(status, "content") or ""
    if warning := text(status, "spoiler_text"):
        content = f"<p>{html.escape(warning, quote=False)}</p>{content}"
    post = posts.Post(
        url=text(status, "url") or text(status, "uri"),
        title=posts.headline(name, content),
        guid=text(status, "uri") or text(status, "id"),
        author=text(account, "display_name") or name,
        published=times.from_text(text(status, "created_at")),
        content=content,
        language=text(status, "language"),
        links=(*_card(status), *posts.links_in(content)),
    )
    return posts.entry(post, base=base)


def _card(status: Mapping[str, Any]) -> Iterator[posts.Link]:
    """The preview card of a status, with what it says of the page."""
    card = record(status.get("card"))
    url = text(card, "url")
    if url and text(card, "type") not in _WITHOUT_PAGE:
        yield posts.Link(
            url=url,
            title=text(card, "title") or "",
            author=text(card, "author_name"),
            published=times.from_text(text(card, "published_at")),
        )
