"""The form of feeds.yaml: what each key may hold, and what to do about what it may not.

Every key that is described here is described in docs/config.md. What must hold between two places of the file (an id
used twice, selectors on a feed) is in `tracker.config.faults`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from tracker import urls
from tracker.config.codes import COUNTRIES, LANGUAGES, MEANT_COUNTRIES, MEANT_LANGUAGES
from tracker.model import SourceKind, Tier
from tracker.spelling import nearest

Choice = TypeVar("Choice", bound=StrEnum)

OWN = "tracker"  # the type of faults that carry their own words
MIN_INTERVAL = timedelta(minutes=5)
MAX_INTERVAL = timedelta(days=31)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_INTERVAL = re.compile(r"(\d{1,6})\s*([a-z]*)", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DOMAIN = re.compile(r"(?!www\.)[^\s/:@.?#]+(?:\.[^\s/:@.?#]+)+")
_PATH = re.compile(r"[^\s.]+(?:\.[^\s.]+)*")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*", re.ASCII)
_HEADER = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")

# Words that people write for a kind or a tier, with what to write here.
KIND_WORDS = {
    "atom": "use 'feed' for RSS and Atom",
    "rdf": "use 'feed' for RSS and Atom",
    "rss": "use 'feed' for RSS and Atom",
    "xml": "use 'feed' for RSS and Atom, 'sitemap' for sitemaps",
    "json": "use 'json_feed'",
    "jsonfeed": "use 'json_feed'",
    "index": "use 'html'",
    "page": "use 'html'",
    "web": "use 'html'",
    "social": "use 'mastodon', 'bluesky', 'reddit' or 'telegram'",
    "toot": "use 'mastodon'",
    "files": "use 'folder'",
    "local": "use 'folder' for saved pages, 'mail' for newsletters",
    "maildir": "use 'mail'",
    "mbox": "use 'mail'",
    "newsletter": "use 'mail'",
    "api": "use 'records' for a list of JSON or XML",
    "sparql": "use 'records'",
    "eur-lex": "use 'records'; docs/sources.md shows how",
    "eurlex": "use 'records'; docs/sources.md shows how",
    "gkg": "use 'gdelt'",
    "tg": "use 'telegram'",
    "fediverse": "use 'mastodon'",
    "bsky": "use 'bluesky'",
    "atproto": "use 'bluesky'",
    "subreddit": "use 'reddit'",
    "hn": "use 'hacker_news'",
    "hackernews": "use 'hacker_news'",
    "hacker-news": "use 'hacker_news'",
    "channel": "use 'telegram' or 'youtube'",
    "video": "use 'youtube'",
    "yt": "use 'youtube'",
}
TIER_WORDS = {
    "company": "use 'official' for a company's own newsroom",
    "government": "use 'official'",
    "news": "use 'major' or 'specialist'",
    "press": "use 'major' or 'specialist'",
    "wire": "use 'major'",
}


def refusal(what: str, remedy: str) -> PydanticCustomError:
    """A fault in our own words."""
    return PydanticCustomError(OWN, "{what}; {remedy}", {"what": what, "remedy": remedy})


def _choice(kind: type[Choice], words: dict[str, str]) -> Callable[[object], Choice]:
    """A check that a text is one of an enum's values, with hints for words that mean one."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    noun = "tier" if kind is Tier else "kind"

    def check(value: object) -> Choice:
        if value in set(kind):
            return kind(str(value))
        near = nearest(str(value), tuple(kind))
        hint = words.get(str(value).lower().replace(" ", "")) or (f"did you mean '{near}'?" if near else None)
        raise refusal(f"{value!r} is not a {noun}", f"{hint} ({noun}s: {values})" if hint else f"use one of {values}")

    return check


def _slug(value: str) -> str:
    if _SLUG.fullmatch(value) and len(value) <= 64:
        return value
    raise refusal(f"not a short name: {value!r}", "use lower-case letters, digits and single hyphens, at most 64")


def _text(value: str) -> str:
    if value.strip():
        return " ".join(value.split())
    raise refusal("empty", "write a text, or take the key away")


def _url(value: str) -> str:
    """An http(s) URL with a host, as given."""
    try:
        parts = urlsplit(value)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise refusal(f"not a URL: {value!r} ({error})", "copy the address from the browser") from None
    if parts.scheme.lower() not in {"http", "https"}:
        raise refusal(f"not an http(s) URL: {value!r}", "use the https address of the feed")
    if not whole or re.search(r"[\s\x00-\x1f\"<>\\]", value):
        raise refusal(f"not a whole URL: {value!r}", "copy the address from the browser, without spaces")
    return value


def _span(value: object) -> timedelta:
    """A number with a unit, `30m`, `1h` or `1d`, within the bounds."""
    match = _INTERVAL.fullmatch(str(value).strip())
    if not match:
        raise refusal(f"not an interval: {value!r}", "write 30m, 1h or 1d")
    number, unit = match.groups()
    if unit not in UNITS:
        what = f"no unit of time: {value!r}" if not unit else f"not a unit of time: {unit!r}"
        raise refusal(what, f"write {number}m, {number}h or {number}d")
    span = int(number) * UNITS[unit]
    if span < MIN_INTERVAL:
        raise refusal(f"too often: {value!r}", "5m is the least that a source may be asked for")
    if span > MAX_INTERVAL:
        raise refusal(f"too seldom: {value!r}", "31d is the most; use 'enabled: false' to switch a source off")
    return span


def _language(value: str) -> str:
    if value in LANGUAGES:
        return value
    meant = MEANT_LANGUAGES.get(value.lower(), value.lower()[:2])
    remedy = f"did you mean '{meant}'?" if meant in LANGUAGES else "write 'en', 'zh', 'ja' …"
    raise refusal(f"not an ISO 639-1 code: {value!r}", remedy)


def _country(value: str) -> str:
    if value in COUNTRIES:
        return value
    meant = MEANT_COUNTRIES.get(value.upper(), value.upper())
    remedy = f"did you mean '{meant}'?" if meant in COUNTRIES else "write 'US', 'CN', 'EU' … or null for the world"
    raise refusal(f"not an ISO 3166-1 alpha-2 code: {value!r}", remedy)


def _iso_date(value: str) -> str:
    try:
        if _ISO_DATE.fullmatch(value) and date.fromisoformat(value):
            return value
    except ValueError:
        pass
    raise refusal(f"not a date: {value!r}", "write it as 2026-01-31, or null")


def header(value: str) -> str:
    """A text that may stand in an HTTP header."""
    if _HEADER.fullmatch(value):
        return value
    raise refusal(f"cannot be sent in a header: {value!r}", "use letters, digits and signs of ASCII on one line")


def _selector(value: str) -> str:
    import soupsieve  # noqa: PLC0415 - slow to import, and only index pages need it

    try:
        soupsieve.compile(value)
    except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
        reason = str(error).splitlines()[0].rstrip(":.").lower()
        raise refusal(f"not a CSS selector: {value!r} ({reason})", "try it in the browser's inspector") from None
    return value


def _domain(value: str) -> str:
    """A site's bare name, as the names of hosts are compared with it."""
    if _DOMAIN.fullmatch(value.lower()):
        return urls.host(f"https://{value}")
    raise refusal(
        f"not a site's name: {value!r}", "write it bare, such as 'example.org': no https://, no www., no path"
    )


def _place(value: str) -> str:
    """A path to a field: names parted by dots, a number for one element of a list."""
    if _PATH.fullmatch(value):
        return value
    raise refusal(f"not a path to a field: {value!r}", "write names parted by dots, such as 'results.0.title'")


def _variable(value: str) -> str:
    if _VARIABLE.fullmatch(value):
        return value
    raise refusal(f"not the name of an environment variable: {value!r}", "write one such as TRACKER_MASTODON_TOKEN")


Text = Annotated[str, AfterValidator(_text)]
Slug = Annotated[str, AfterValidator(_slug)]
Selector = Annotated[str, AfterValidator(_selector)]
Header = Annotated[str, AfterValidator(header)]
Domain = Annotated[str, AfterValidator(_domain)]
Place = Annotated[str, AfterValidator(_place)]
Variable = Annotated[str, AfterValidator(_variable)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
Share = Annotated[float, Field(gt=0, lt=1)]
Times = Annotated[float, Field(gt=1, le=1_000_000)]


class SelectorsEntry(BaseModel, frozen=True, extra="forbid"):
    """CSS selectors of an index page; defaults are those of `tracker.model.Selectors`."""

    item: Selector
    link: Selector | None = None
    title: Selector | None = None
    date: Selector | None = None
    summary: Selector | None = None
    next: Selector | None = None


class RecordsEntry(BaseModel, frozen=True, extra="forbid"):
    """Where a JSON or XML list has its fields; see `tracker.model.Records`."""

    items: Place
    url: Place
    title: Place | None = None
    date: Place | None = None
    summary: Place | None = None
    author: Place | None = None
    guid: Place | None = None
    language: Place | None = None
    next: Place | None = None


class WantedEntry(BaseModel, frozen=True, extra="forbid"):
    """What is wanted of a service that holds far more; see `tracker.model.Wanted`."""

    terms: tuple[Text, ...] = ()
    agencies: tuple[Slug, ...] = ()
    types: tuple[Text, ...] = ()
    themes: tuple[Text, ...] = ()
    domains: tuple[Domain, ...] = ()
    languages: tuple[Annotated[str, AfterValidator(_language)], ...] = ()


class AssertionsEntry(BaseModel, frozen=True, extra="forbid"):
    """What articles must be like together; null asserts nothing. See `tracker.model.assertions`."""

    enabled: bool = True
    together: Annotated[int, Field(ge=5, le=100)] = 10
    history: Annotated[int, Field(ge=10, le=200)] = 30
    untitled: Share | None = None
    textless: Share | None = None
    unreadable: Share | None = None
    undated: Share | None = None
    anonymous: Share | None = None
    copies: Share | None = None
    same_title: Share | None = None
    same_text: Share | None = None
    other_language: Share | None = None
    flood: Times | None = None
    many_events: Share | None = None
    no_events: Share | None = None


class SourceEntry(BaseModel, frozen=True, extra="forbid"):
    """One source; what is None takes the default of `tracker.model.Source`."""

    id: Slug
    name: Text
    kind: Annotated[SourceKind, BeforeValidator(_choice(SourceKind, KIND_WORDS))]
    url: Annotated[str, AfterValidator(_url)] | None = None  # or `path`, by kind: see `tracker.config.faults`
    tier: Annotated[Tier, BeforeValidator(_choice(Tier, TIER_WORDS))]
    language: Annotated[str, AfterValidator(_language)]
    country: Annotated[str, AfterValidator(_country)] | None = None
    tags: tuple[Slug, ...] = ()
    interval: Annotated[timedelta, BeforeValidator(_span)] | None = None
    verified_on: Annotated[str, AfterValidator(_iso_date)] | None = None
    selectors: SelectorsEntry | None = None
    records: RecordsEntry | None = None
    wanted: WantedEntry | None = None
    pages: Annotated[int, Field(ge=1, le=1_000)] | None = None
    token_env: Variable | None = None
    private: bool | None = None
    full_text: bool | None = None
    enabled: bool | None = None
    path: Text | None = None
    homepage: Annotated[str, AfterValidator(_url)] | None = None
    assertions: AssertionsEntry | None = None
    outline: tuple[Text, ...] | None = None


class FetchEntry(BaseModel, frozen=True, extra="forbid"):
    """How the network is used; what is None takes the default of `tracker.model.FetchSettings`."""

    connect_timeout: Seconds | None = None
    read_timeout: Seconds | None = None
    total_timeout: Seconds | None = None
    max_bytes: Annotated[int, Field(ge=1_000, le=1_000_000_000)] | None = None
    max_redirects: Annotated[int, Field(ge=0, le=20)] | None = None
    concurrency: Annotated[int, Field(ge=1, le=256)] | None = None
    per_host: Annotated[int, Field(ge=1, le=32)] | None = None
    host_delay: Annotated[float, Field(ge=0, le=3600)] | None = None
    respect_robots: bool | None = None
    throttling: tuple[Domain, ...] | None = None
    proxy: Annotated[str, AfterValidator(_url)] | None = None


class BackupEntry(BaseModel, frozen=True, extra="forbid"):
    """When backups are made and which stay; what is None takes the default of `tracker.model.backups`."""

    folder: Text | None = None
    every: Annotated[timedelta, BeforeValidator(_span)] | None = None
    daily: Annotated[int, Field(ge=0, le=1_000)] | None = None
    weekly: Annotated[int, Field(ge=0, le=1_000)] | None = None
    monthly: Annotated[int, Field(ge=0, le=1_000)] | None = None
    before_migration: bool | None = None


class SettingsEntry(BaseModel, frozen=True, extra="forbid"):
    """Who asks, where the database lies, how things are fetched and read."""

    contact: Header | None = None
    user_agent: Header | None = None
    database: Text | None = None
    reader_model: Text | None = None
    ontology: Text | None = None
    site_rules: Text | None = None
    keep_pages: Annotated[int, Field(ge=0, le=36_500)] | None = None
    keep_pages_mb: Annotated[int, Field(ge=0)] | None = None
    keep_listings: Annotated[int, Field(ge=7, le=36_500)] | None = None
    keep_fetches: Annotated[int, Field(ge=28, le=36_500)] | None = None
    keep_past: Annotated[int, Field(ge=1, le=36_500)] | None = None
    metrics: Text | None = None
    assertions: AssertionsEntry | None = None
    backup: BackupEntry = BackupEntry()
    fetch: FetchEntry = FetchEntry()


class File(BaseModel, frozen=True, extra="forbid"):
    """The whole file."""

    settings: SettingsEntry = SettingsEntry()
    sources: dict[Slug, Annotated[tuple[SourceEntry, ...], Field(min_length=1)]] = Field(min_length=1)
