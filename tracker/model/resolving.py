"""Reports, events and measures, and the account of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tracker.model.reading import EventMention, Party, Reason
from tracker.model.text import When
from tracker.model.vocabulary import Certainty, Direction, EventType, Status, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How surely two things are one, 0 to 1, with the reasons that made it."""

    value: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article's account of an event, as resolution sees it.

    `origin` is shared by copies of one text (a wire story in three outlets): corroboration counts origins.
    """

    id: str
    article_id: str
    origin: str
    published: str | None  # ISO prefix
    tier: Tier
    event: EventMention


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, once: the consensus of its reports. `id` is that of its founding report."""

    id: str
    type: EventType
    status: Status
    direction: Direction
    certainty: Certainty
    actors: tuple[Party, ...]
    targets: tuple[Party, ...]
    items: tuple[str, ...]
    instruments: tuple[str, ...]
    announced_on: When | None
    effective_on: When | None
    confidence: float
    summary: str  # one readable line
    report_ids: tuple[str, ...]
    origins: int  # independent accounts
    measure_id: str
    subtype: str | None = None  # a user's finer kind of the type (docs/ontology.md)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One policy measure: the steps of its life, oldest first."""

    id: str
    title: str
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where resolution puts a report: into an event that stands, or one that it founds; and why."""

    report_id: str
    event_id: str
    measure_id: str
    event_score: Score | None = None  # None: the report founds the event
    measure_score: Score | None = None  # None: the event founds the measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """An event that stands, as its reports make it, and the measure it is a step of."""

    event_id: str
    measure_id: str
    reports: tuple[Report, ...]


class Candidates(Protocol):
    """What resolution wants of whoever keeps reports: those that might tell the same event or measure.

    Implemented by `tracker.store` over SQLite and by `tracker.resolve.Memory` over a dictionary.
    """

    def sharing(self, keys: Iterable[str]) -> tuple[Cluster, ...]:
        """Every event, whole, that has a report with one of the blocking keys."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What one refresh did; the counts that a cron mail or a person wants to see."""

    sources_asked: int = 0
    sources_unchanged: int = 0
    sources_failed: int = 0
    items_new: int = 0
    articles_new: int = 0
    articles_revised: int = 0  # whose text changed
    articles_unread: Mapping[str, int] = field(default_factory=dict)  # reason to count
    articles_failed: int = 0
    copies: int = 0  # articles that repeat another's text
    reports_new: int = 0
    events_new: int = 0
    faults: tuple[str, ...] = ()  # one line each: which source or page, what went wrong
    alarms: tuple[str, ...] = ()  # one line each, of those that were not known before: which source, what is wrong
