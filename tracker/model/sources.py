"""What to ask for, and what the network and a source answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.model.text import Done, Failed, Poison, Skipped, When
from tracker.model.vocabulary import SourceKind, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors for an HTML index page; all but `item` are looked up inside each item."""

    item: str
    link: str = "a[href]"
    title: str | None = None  # None: the link's text
    date: str | None = None  # a <time datetime> or visible text
    summary: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One entry of feeds.yaml."""

    id: str
    name: str
    kind: SourceKind
    url: str
    tier: Tier
    language: str  # ISO 639-1
    country: str | None  # ISO 3166-1 alpha-2, "EU", or None for the world
    tags: tuple[str, ...] = ()
    interval: timedelta = timedelta(hours=1)
    verified_on: str | None = None  # ISO date of the last time somebody fetched it live
    selectors: Selectors | None = None  # kind "html" only
    full_text: bool = True  # fetch each article's own page, not only what the feed carries
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the tracker remembers of a source between refreshes."""

    source_id: str
    next_due: datetime | None = None  # None: never asked, so due now
    failures: int = 0  # in a row
    last_success: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One GET: the URL, the validators of the last answer and what is acceptable."""

    url: str
    accept: str = "*/*"
    conditional: bool = True  # send the stored validators of this URL; off for a look-up that must be answered
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A 200 answer, body decompressed and within the size cap."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int
    content_type: str  # the Content-Type header as sent, or ""
    body: bytes
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A 304 answer: what is stored is still right."""

    url: str
    fetched_at: datetime


Fetched = Done[Page] | Done[Unchanged] | Skipped | Failed | Poison


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One sighting of an article in a source, as the source tells it."""

    source_id: str
    url: str  # absolute, as given
    title: str  # plain text; may be empty
    guid: str | None = None
    author: str | None = None
    published: When | None = None
    summary: str | None = None  # HTML as sent, not sanitised
    content: str | None = None  # HTML as sent, not sanitised
    language: str | None = None
    is_whole: bool = False  # the item is the article (a social post): there is no page to fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one answer of a source holds: items, and what to ask next to know the rest (an index's parts)."""

    items: tuple[Item, ...]
    follow: tuple[Request, ...] = ()
    notes: tuple[str, ...] = ()  # what was left out and why: "2 of 40 entries left out: no http(s) link"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How the network is used; times in seconds, sizes in bytes."""

    user_agent: str
    connect_timeout: float = 10.0
    read_timeout: float = 20.0  # between two pieces of an answer
    total_timeout: float = 60.0  # for one answer with its redirects
    max_bytes: int = 10_000_000  # of a decompressed body
    max_redirects: int = 5
    concurrency: int = 16  # answers under way at once
    per_host: int = 2  # of them on one host
    host_delay: float = 0.5  # the least pause between two requests to one host, unless robots.txt asks for more
    respect_robots: bool = True
    connect_to: tuple[tuple[str, str], ...] = ()  # (host name or "*.suffix", "address:port"), as curl's --connect-to
