"""Sources: what to request for one entry of feeds.yaml, and what its answer lists.

    request(source) -> Request
    parse(source, page) -> Done[Listing] | Poison

One file per kind, and `KINDS` is the one table of them. A kind that needs several requests (a sitemap index, a
Mastodon account) names the next ones in `Listing.follow`; their answers come back to `parse`, which tells from the
URL and the content what it was given. Strangers' bytes never raise: an odd entry is left out and counted in
`Listing.notes`, an answer that is nothing of its kind is `Poison` with a reason that says what it looks like.

This room opens no socket, reads no clock and no file, fetches no article, and judges no text: titles are plain
text, dates are kept as far as they are stated, and the HTML of summaries is handed on as sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracker.model import Done, Listing, Page, Poison, Request, Source, SourceKind
from tracker.sources import feed, html, json_feed, mastodon, sitemap

__all__ = ["KINDS", "Kind", "parse", "request"]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of source is asked and read."""

    request: Callable[[Source], Request]
    parse: Callable[[Source, Page], Done[Listing] | Poison]


KINDS: Mapping[SourceKind, Kind] = {
    SourceKind.FEED: Kind(feed.request, feed.parse),
    SourceKind.JSON_FEED: Kind(json_feed.request, json_feed.parse),
    SourceKind.HTML: Kind(html.request, html.parse),
    SourceKind.SITEMAP: Kind(sitemap.request, sitemap.parse),
    SourceKind.MASTODON: Kind(mastodon.request, mastodon.parse),
}


def request(source: Source) -> Request:
    """The first request for `source`, without validators (whoever stores them adds them)."""
    return KINDS[source.kind].request(source)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """What `page`, an answer to `request(source)` or to one of its follow requests, lists."""
    return KINDS[source.kind].parse(source, page)
