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
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tracker.model import Done, Listing, Page, Poison, Request, Source, SourceKind
from tracker.sources import (
    bluesky,
    federal_register,
    feed,
    folder,
    gdelt,
    gdelt_doc,
    hacker_news,
    html,
    json_feed,
    mail,
    mastodon,
    records,
    reddit,
    sitemap,
    telegram,
    youtube,
)

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
    SourceKind.BLUESKY: Kind(bluesky.request, bluesky.parse),
    SourceKind.REDDIT: Kind(reddit.request, reddit.parse),
    SourceKind.HACKER_NEWS: Kind(hacker_news.request, hacker_news.parse),
    SourceKind.TELEGRAM: Kind(telegram.request, telegram.parse),
    SourceKind.YOUTUBE: Kind(youtube.request, youtube.parse),
    SourceKind.GDELT: Kind(gdelt.request, gdelt.parse),
    SourceKind.GDELT_DOC: Kind(gdelt_doc.request, gdelt_doc.parse),
    SourceKind.FEDERAL_REGISTER: Kind(federal_register.request, federal_register.parse),
    SourceKind.RECORDS: Kind(records.request, records.parse),
    SourceKind.FOLDER: Kind(folder.request, folder.parse),
    SourceKind.MAIL: Kind(mail.request, mail.parse),
}


def request(source: Source) -> Request:
    """The first request for `source`, without validators (whoever stores them adds them)."""
    return _allowed(source, KINDS[source.kind].request(source))


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """What `page`, an answer to `request(source)` or to one of its follow requests, lists."""
    outcome = KINDS[source.kind].parse(source, page)
    if isinstance(outcome, Poison):
        return outcome
    listing = outcome.value
    follow = tuple(_allowed(source, one) for one in listing.follow)
    older = _allowed(source, listing.older) if listing.older else None
    return Done(value=replace(listing, follow=follow, older=older))


def _allowed(source: Source, request: Request) -> Request:
    """The request with what its source may do: send its token to its own origin, ask a private address."""
    return replace(
        request,
        token=source.token if _origin(request.url) == _origin(source.url) else None,
        private=source.private,
    )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
