"""Sources: what to request for one entry of feeds.yaml, and what its answer lists.

    request(source) -> Request
    parse(source, page) -> Done[Listing] | Poison
    may_be_private(source, url)            whether an address that it lists may lie in the user's own network

One file per kind, and `KINDS` is the one table of them. A kind that needs several requests (a sitemap index, a
Mastodon account) names the next ones in `Listing.follow`; their answers come back to `parse`, which tells from the
URL and the content what it was given. Strangers' bytes never raise: an odd entry is left out and counted in
`Listing.notes`, an answer that is nothing of its kind is `Poison` with a reason that says what it looks like.

This room opens no socket, reads no clock and no file, fetches no article, and judges no text: titles are plain
text, dates are kept as far as they are stated, and the HTML of summaries is handed on as sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Protocol, cast
from urllib.parse import urlsplit

from tracker.model import Done, Listing, Page, Poison, Request, Source, SourceKind
from tracker.urls import same_server

__all__ = ["KINDS", "Kind", "may_be_private", "parse", "request"]


class Kind(Protocol):
    """How one kind of source is asked and read: a module of this room."""

    def request(self, source: Source) -> Request:
        """The first request."""
        ...

    def parse(self, source: Source, page: Page) -> Done[Listing] | Poison:
        """What an answer lists."""
        ...


# Each kind's module, imported when a source of the kind is first asked: some load what the others never need.
KINDS: Mapping[SourceKind, str] = {
    SourceKind.FEED: "feed",
    SourceKind.JSON_FEED: "json_feed",
    SourceKind.HTML: "html",
    SourceKind.SITEMAP: "sitemap",
    SourceKind.MASTODON: "mastodon",
    SourceKind.BLUESKY: "bluesky",
    SourceKind.REDDIT: "reddit",
    SourceKind.HACKER_NEWS: "hacker_news",
    SourceKind.TELEGRAM: "telegram",
    SourceKind.YOUTUBE: "youtube",
    SourceKind.GDELT: "gdelt",
    SourceKind.GDELT_DOC: "gdelt_doc",
    SourceKind.FEDERAL_REGISTER: "federal_register",
    SourceKind.RECORDS: "records",
    SourceKind.FOLDER: "folder",
    SourceKind.MAIL: "mail",
}


def request(source: Source) -> Request:
    """The first request for `source`, without validators (whoever stores them adds them)."""
    return _allowed(source, _kind(source.kind).request(source))


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """What `page`, an answer to `request(source)` or to one of its follow requests, lists."""
    outcome = _kind(source.kind).parse(source, page)
    if isinstance(outcome, Poison):
        return outcome
    listing = outcome.value
    follow = tuple(_allowed(source, one) for one in listing.follow)
    older = _allowed(source, listing.older) if listing.older else None
    return Done(value=replace(listing, follow=follow, older=older))


@cache
def _kind(kind: SourceKind) -> Kind:
    return cast("Kind", import_module(f"{__name__}.{KINDS[kind]}"))


def _allowed(source: Source, request: Request) -> Request:
    """The request with what its source may do: send its token to its own origin, ask a private address."""
    return replace(
        request,
        token=source.token if _origin(request.url) == _origin(source.url) else None,
        private=may_be_private(source, request.url),
    )


def may_be_private(source: Source, url: str) -> bool:
    """Whether an address that a source names may lie in the user's own network: where the source itself does.

    Its list may hold what strangers wrote, and is not to lead to other servers there.
    """
    return source.private and same_server(url, source.url)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
