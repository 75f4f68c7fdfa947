"""The answers: frozen dataclasses, each with `to_dict()`, whose keys keep the order of the fields.

Names are those of the views and columns in docs/schema.md. Dates are ISO prefixes as far as they are known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def to_json(value: object) -> Any:
    """A JSON-ready copy: dataclasses become objects, tuples become lists."""
    if dataclasses.is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRef:
    """A party as an event names it."""

    id: str
    name: str
    kind: str
    country: str | None
    wikidata: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRow:
    """An amount that a report tells; the fields are the columns of `report_amount`."""

    kind: str
    value: float
    upper: float | None
    comparison: str | None
    unit: str
    per: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One line of the timeline; `date` is the day it stands under (announced, else first reported)."""

    id: str
    date: str
    type: str
    subtype: str | None  # of a user's ontology
    status: str
    direction: str
    certainty: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    items: tuple[str, ...]
    instruments: tuple[str, ...]
    announced_on: str | None
    effective_on: str | None
    summary: str
    confidence: float
    reports: int
    origins: int  # independent accounts: copies of one text count once
    sources: int
    url: str | None  # of the first report
    measure_id: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One article's account of an event, with the words that show it.

    `copy_of` is the article whose text this one repeats; `differs` maps a field to what this account says where that is
    not what the event says; `score` and `reasons` say why it was held to be the same event.
    """

    id: str
    article_id: str
    source_id: str | None
    source_name: str | None
    tier: str | None
    url: str | None
    title: str
    published: str | None
    language: str | None
    quote: str
    copy_of: str | None
    confidence: float
    amounts: tuple[AmountRow, ...]
    differs: Mapping[str, Any]
    score: float | None
    reasons: tuple[str, ...]
    reader: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetail:
    """All that is known of one event: `steps` is the history of its measure, this event among them.

    `amounts` are those of its reports, each value once, those first that most independent accounts tell.
    """

    event: EventRow
    actors: tuple[PartyRef, ...]
    targets: tuple[PartyRef, ...]
    amounts: tuple[AmountRow, ...]
    announced_basis: str | None
    effective_basis: str | None
    first_seen_at: str
    changed_at: str
    reports: tuple[ReportRow, ...]
    measure_title: str
    steps: tuple[EventRow, ...]

    @property
    def id(self) -> str:
        """The event's id."""
        return self.event.id

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the event's own fields first, the parties in full."""
        rest: dict[str, Any] = to_json(self)
        event: dict[str, Any] = rest.pop("event")
        return event | rest


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDetail:
    """One measure and the steps of its life, oldest first; `status` is that of the latest."""

    id: str
    title: str
    status: str
    steps: tuple[EventRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Words around a hit; `hits` are (start, end) offsets into `text` of what matched."""

    text: str
    hits: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHit:
    """An event that a search found."""

    event: EventRow
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleHit:
    """An article that a search found, with the events it reports."""

    id: str
    url: str | None
    title: str
    published: str | None
    source_id: str | None
    language: str | None
    unread: str | None
    event_ids: tuple[str, ...]
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What a search found, best first."""

    events: tuple[EventHit, ...]
    articles: tuple[ArticleHit, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer


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
    reports: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer


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
class PartyRow:
    """A party with the names it was called by, and in how many events it acts or is acted upon."""

    id: str
    name: str
    kind: str
    country: str | None
    wikidata: str | None
    parent: str | None
    aliases: tuple[str, ...]
    acts: int
    targeted: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the log of changes; `fields` maps a name to [old, new]."""

    cursor: int
    changed_at: str
    what: str
    id: str
    kind: str
    fields: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The database in numbers; each mapping has the most frequent first, months in their order."""

    sources: int
    items: int
    articles: int
    copies: int
    unread: Mapping[str, int]
    reports: int
    events: int
    measures: int
    parties: int
    first_date: str | None
    last_date: str | None
    types: Mapping[str, int]
    statuses: Mapping[str, int]
    months: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer
