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


def as_dict(answer: object) -> dict[str, Any]:
    """What `to_dict` of every answer gives: JSON-ready."""
    found: dict[str, Any] = to_json(answer)
    return found


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
    report_count: int
    origins: int  # independent accounts: copies of one text count once
    sources: int
    url: str | None  # of the first report
    measure_id: str

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """A page of the timeline. `next` is what to ask for the page `after` it with; None: there is no more."""

    events: tuple[EventRow, ...]
    next: str | None

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One article's account of an event, with the words that show it.

    `origin` is shared by all copies of one text, which count as one account; `copy_of` is the article whose text this
    one repeats. Where `published_basis` is "fetched" the article has no date of its own, and `published` is when it was
    first seen. `differs` maps a field to what this account says where that is not what the event says. One that is
    `withdrawn` was corrected or retracted by its own outlet and counts no more.
    """

    id: str
    article_id: str
    source_id: str | None
    source_name: str | None
    tier: str | None
    url: str | None
    title: str
    published: str | None
    published_basis: str | None
    language: str | None
    quote: str
    origin: str
    copy_of: str | None
    confidence: float
    amounts: tuple[AmountRow, ...]
    differs: Mapping[str, Any]
    withdrawn: bool
    leads: bool
    reader: str

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One of the values that accounts give for a field; `words` is the value as people read it."""

    value: str
    words: str
    origins: int  # independent accounts that give it
    sources: tuple[str, ...]  # their names
    report_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionRow:
    """A field on which the reports of an event disagree: what was taken, by which rule, and what others say."""

    event_id: str
    field: str
    taken: ToldRow
    others: tuple[ToldRow, ...]
    because: str

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRow:
    """A decision of a person; the fields are columns of `judgement`. It holds while `closed_at` is None.

    `left` and `right` are the reports (of parties: the entities) of the two things that were judged.
    """

    id: str
    kind: str
    scope: str
    subject: str
    object: str | None
    field: str | None
    value: Any  # of an edit
    left: tuple[str, ...]
    right: tuple[str, ...]
    who: str
    why: str
    evidence: str
    decided_at: str
    closed_at: str | None
    closed_by: str | None

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step in the life of a measure, with the words of the report that leads its event.

    An `inferred` step is told by no report: it follows from a date that one gives.
    """

    date: str
    status: str
    event_id: str
    words: str
    inferred: bool
    origins: int  # independent accounts of its event
    quote: str
    source_name: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """How a measure stands to another; `words` reads between the two: "retaliates against", "was replaced by"."""

    kind: str
    words: str
    measure_id: str  # of the other one
    title: str
    event_id: str  # whose report says so
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDetail:
    """The story of one measure, its steps oldest first.

    `status` is where it stands on the day `as_of`, None: after the last step that was told; `since` is from when.
    """

    id: str
    title: str
    status: str | None
    since: str | None
    as_of: str | None
    steps: tuple[StepRow, ...]
    links: tuple[LinkRow, ...]
    contradictions: tuple[ContradictionRow, ...]
    judgements: tuple[JudgementRow, ...]
    event_ids: tuple[str, ...]
    former_ids: tuple[str, ...]

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetail:
    """All that is known of one event: `steps` is the history of its measure, this event among them.

    `amounts` are those of its reports, each value once, those first that most independent accounts tell. `judgements`
    are those that hold; `edited` names the fields that a person set, `verdict` is "accept", "reject" or None.
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
    contradictions: tuple[ContradictionRow, ...]
    judgements: tuple[JudgementRow, ...]
    edited: tuple[str, ...]
    verdict: str | None
    former_ids: tuple[str, ...]  # of events that were merged into it
    measure_title: str
    steps: tuple[StepRow, ...]

    @property
    def accounts(self) -> tuple[tuple[ReportRow, ...], ...]:
        """The reports by the text they rest on: of each independent account the best copy first."""
        found: dict[str, list[ReportRow]] = {}
        for report in self.reports:
            found.setdefault(report.origin, []).append(report)
        return tuple(tuple(sorted(copies, key=lambda one: one.copy_of is not None)) for copies in found.values())

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
    published_basis: str | None
    source_id: str | None
    language: str | None
    unread: str | None
    event_ids: tuple[str, ...]
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What a search found. `orders` says of each kind whether the best come first ("rank") or the newest ("date").

    `next` is what to ask for the page `after` it with, of each kind that has more. Where nothing was found, `near` are
    names of parties that are spelt much like the text.
    """

    events: tuple[EventHit, ...]
    articles: tuple[ArticleHit, ...]
    parties: tuple[PartyRow, ...]
    near: tuple[str, ...]
    orders: Mapping[str, str]
    next: Mapping[str, str]

    to_dict = as_dict


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

    to_dict = as_dict


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

    to_dict = as_dict
