"""What to ask for, and what the network and a source answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from tracker.model.assertions import USUAL, Limits
from tracker.model.text import Done, Failed, Poison, Skipped, When
from tracker.model.vocabulary import SourceKind, Tier

LONGEST_WAIT = timedelta(days=62)  # no source is ever left alone for longer: twice the longest interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors for an HTML index page; all but `item` are looked up inside each item."""

    item: str
    link: str = "a[href]"
    title: str | None = None  # None: the link's text
    date: str | None = None  # a <time datetime> or visible text
    summary: str | None = None
    next: str | None = None  # the link to the page with older entries, looked up in the whole page


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Where the fields of a JSON or XML list are (kind "records"): paths of keys or element names, parted by dots."""

    items: str
    url: str
    title: str | None = None
    date: str | None = None
    summary: str | None = None
    author: str | None = None
    guid: str | None = None
    language: str | None = None
    next: str | None = None  # the address of the page with older records, looked up in the whole document


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted of a service that holds far more: any one of each that is given."""

    terms: tuple[str, ...] = ()  # words or phrases of a search
    agencies: tuple[str, ...] = ()  # the Federal Register's slugs
    types: tuple[str, ...] = ()  # document types of the service
    themes: tuple[str, ...] = ()  # GDELT's theme codes
    domains: tuple[str, ...] = ()  # registrable domains of the articles
    languages: tuple[str, ...] = ()  # ISO 639-1


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
    records: Records | None = None  # kind "records" only
    wanted: Wanted = Wanted()  # kinds that search
    pages: int = 5  # answers that one refresh follows back in time while all they list is new
    token: str | None = field(default=None, repr=False)  # sent as a bearer token, to the source's own origin alone
    private: bool = False  # may lie at a loopback, link-local or private address
    full_text: bool = True  # fetch each article's own page, not only what the feed carries
    enabled: bool = True
    homepage: str | None = None  # the page for people
    assertions: Limits = USUAL  # what its articles must be like together for their reports to be published
    outline: tuple[str, ...] | None = None  # the folders it stood under in an OPML file; None: its group


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the tracker remembers of a source between refreshes."""

    source_id: str
    next_due: datetime | None = None  # None: never asked, so due now
    failures: int = 0  # in a row
    last_success: datetime | None = None
    asked: int = 0  # how often
    last_new: datetime | None = None  # when it last listed something that was not known
    rhythm: timedelta | None = None  # the usual time between two new items
    usual_items: float | None = None  # how many items a listing usually has
    usual_dated: float | None = None  # which share of them usually has a date
    moved_to: str | None = None  # where permanent redirects lead; asked in place of the address in feeds.yaml
    gone_at: datetime | None = None  # when it first said that it is gone for good
    owed: str | None = None  # the page of older items that could not be had, to be asked next time

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to ask the source; a time beyond any wait was set by a clock that was wrong."""
        return self.next_due is None or not now < self.next_due <= now + LONGEST_WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One GET: the URL, the validators of the last answer and what is acceptable."""

    url: str
    accept: str = "*/*"
    conditional: bool = True  # send the stored validators of this URL; off for a look-up that must be answered
    etag: str | None = None
    last_modified: str | None = None
    token: str | None = field(default=None, repr=False)  # a bearer token; never sent to another origin
    private: bool = False  # the address may be private (its source says so)
    local: bool = False  # a file:// URL of a source that lies on this machine; no redirect and no item sets this
    pause: timedelta | None = None  # the least time between two requests to this host, where its service sets one


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
    fresh_for: timedelta | None = None  # what Cache-Control or Expires say of how long this stays right
    moved_to: str | None = None  # where permanent redirects alone have led (301, 308)
    milliseconds: int | None = None  # from the first request to the last byte, waiting for turns not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A 304 answer: what is stored is still right."""

    url: str
    fetched_at: datetime
    fresh_for: timedelta | None = None
    moved_to: str | None = None
    milliseconds: int | None = None


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
    via: str | None = None  # the address of the post that leads to `url`, where a post is the sighting
    version: str | None = None  # what changes when the page does, where the listing tells it: a file's size and time


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a feed asks to be asked: RSS `ttl`, `skipHours`, `skipDays`, `sy:updatePeriod`."""

    at_least: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()  # 0 to 23, UTC
    skip_days: frozenset[int] = frozenset()  # 0 is Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one answer of a source holds: items, and what to ask next to know the rest.

    `follow` are an index's parts, always asked. `older` is the page before this one in time, asked only while all that
    this one lists is new, so that nothing between two refreshes is missed, and at most `Source.pages` times.
    """

    items: tuple[Item, ...]
    follow: tuple[Request, ...] = ()
    older: Request | None = None
    pace: Pace = Pace()
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
    throttling: tuple[str, ...] = ()  # registrable domains whose 403 means "too often", not "never"
    proxy: str | None = field(default=None, repr=False)  # before the environment's; may hold a password
    connect_to: tuple[tuple[str, str], ...] = ()  # (host name or "*.suffix", "address:port"), as curl's --connect-to


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsText:
    """What one origin said when it was asked for its robots.txt."""

    origin: str  # scheme, host and port: "https://www.example.org"
    status: int  # 200, or a 4xx: the origin has none
    body: bytes | None  # unpacked; None where there is none
    fetched_at: datetime


class RobotsMemory(Protocol):
    """Keeps robots.txt between runs, old ones too: they stand in for one that cannot be had (RFC 9309, 2.4).

    Called only in the thread that takes the fetcher's outcomes, while it takes them.
    """

    def get(self, origin: str, /) -> RobotsText | None:
        """What the origin said last, however long ago, or None."""
        ...

    def put(self, text: RobotsText, /) -> None:
        """Keep this in place of what the origin said before."""
        ...
