"""The answers about sources: their health, their alarms, the requests made for them; names as in docs/schema.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.query.answers import as_dict, to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source and its health; the fields are the columns of the view `source_health`."""

    id: str
    name: str
    kind: str
    tier: str
    url: str
    enabled: bool
    active: bool
    alarms: str | None  # those that sound: "silent: nothing new since …; moved: …"
    last_outcome: str | None
    last_reason: str | None
    notes: str | None  # what was left out of its last listing, and why
    failures: int
    last_asked_at: str | None
    last_success_at: str | None
    next_due_at: str | None
    last_new_at: str | None
    silent_seconds: int | None  # without anything new, when it was last asked
    rhythm_seconds: int | None  # the usual time between two new items
    items_per_week: float  # this and the shares: over the four weeks before it was last asked, or since it is known
    undated_share: float | None
    copies_share: float | None
    unread_share: float | None
    moved_to: str | None
    gone_at: str | None
    validators_distrusted_at: str | None
    items: int
    pending: int
    dropped: int
    articles: int
    held: int  # articles that were held back and wait for somebody's decision
    reports: int

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """An alarm about a source; the fields are columns of `alarm`."""

    kind: str
    since_at: str
    until_at: str | None  # None: it sounds now
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRow:
    """A request that was made for a source; the fields are columns of `fetch`."""

    fetched_at: str
    url: str
    outcome: str
    status: int | None
    reason: str | None
    bytes: int | None
    milliseconds: int | None
    final_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDetail:
    """One source, its alarms (those that sound first), and the last requests for its listings, newest first."""

    source: SourceRow
    alarms: tuple[AlarmRow, ...]
    fetches: tuple[FetchRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the columns of the source first; `alarms` are rows here."""
        rest: dict[str, Any] = to_json(self)
        source: dict[str, Any] = rest.pop("source")
        return source | rest


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceGlance:
    """A source as it does of late: columns of `source`, the alarms that sound, counts, and its last articles."""

    id: str
    name: str
    kind: str
    tier: str
    language: str
    country: str | None
    tags: tuple[str, ...]
    url: str
    enabled: bool
    active: bool
    alarms: tuple[AlarmRow, ...]  # those that sound
    last_outcome: str | None
    last_reason: str | None
    notes: str | None
    failures: int
    last_asked_at: str | None
    last_success_at: str | None
    next_due_at: str | None
    last_new_at: str | None
    rhythm_seconds: float | None
    moved_to: str | None
    gone_at: str | None
    events: int  # that it reports
    months: Mapping[str, int]  # of them, by month of announcement, the earliest first
    pending: int  # items that wait for their article
    held: int  # articles that were held back and wait for somebody's decision
    sampled: int  # articles, its last ones, that the rest is about
    per_week: float  # articles
    per_article: float | None  # events told in one
    copies_share: float | None
    unread_share: float | None

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceArticle:
    """An article of a source; `reports`: how many events it tells."""

    id: str
    title: str
    published: str | None
    published_basis: str | None
    language: str | None
    unread: str | None  # why it is not read
    is_copy: bool
    is_held: bool  # it makes no events: it was held back, or is still to be judged
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStory:
    """One source with its alarms (those that sound first), the last requests for its listings and its last articles."""

    source: SourceGlance
    articles: int  # of it, all in all
    alarms: tuple[AlarmRow, ...]
    fetches: tuple[FetchRow, ...]
    latest: tuple[SourceArticle, ...]

    to_dict = as_dict
