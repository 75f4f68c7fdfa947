"""Reports, events and measures, and the account of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tracker.model.reading import EventMention, Notice, Party, Reason
from tracker.model.text import When
from tracker.model.vocabulary import Certainty, Direction, EventType, PartyKind, Status, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How surely two things are one, 0 to 1, with the reasons that made it."""

    value: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two texts share, each figure a share from 0 to 1; "shorter" and "longer" count words."""

    inside: float  # of the shorter text that is in the longer one
    covered: float  # of the longer text that is in the shorter one
    head: float  # of the beginnings
    numbers: float | None  # of the numbers of whichever has fewer; None: too few to tell
    names: float | None  # the same of names


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
    source_id: str | None = None  # the outlet; None: handed to `tracker extract`
    quote: str = ""  # the words that show it
    notice: Notice | None = None  # the article corrects or withdraws what its outlet said before
    wire: str | None = None  # the agency whose text the article is, by its credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One of the values that reports give for a field of an event."""

    value: str  # as in the event's own field: "in_force", "2024-07", ids of parties joined by " + "
    report_ids: tuple[str, ...]
    origins: int  # independent accounts that give it


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A field on which the reports of one event disagree: the value that was taken, why, and the others."""

    field: str
    taken: Told
    others: tuple[Told, ...]
    because: str  # the rule that decided, in words


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
    lead_id: str = ""  # the report that leads it: the fullest of those that tell it
    contradictions: tuple[Contradiction, ...] = ()
    withdrawn: tuple[str, ...] = ()  # ids of reports that their own outlet corrected or retracted
    edited: tuple[str, ...] = ()  # fields that a person set
    verdict: str | None = None  # of a person: "accept" or "reject"; None: nobody has looked


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step in the life of a measure."""

    day: str  # ISO prefix
    status: Status
    event_id: str
    words: str
    inferred: bool = False  # no report tells this step; it follows from a date that one gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """That an article calls a party so; `key` is the form under which all spellings of the words meet.

    `how` is name, alias or acronym; own: as the gazetteer calls it; lead: the first word of its name; surname; unit: it
    belongs to `owner`.
    """

    party: Party
    key: str
    how: str
    words: str
    owner: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a party is called, how, and in how many articles; of how "unit" the key is the owner's id."""

    key: str
    how: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A party with all that articles call it, as the decision sees it which parties are one."""

    id: str
    name: str
    kind: PartyKind
    country: str | None
    parent: str | None
    is_known: bool  # the gazetteer holds it
    called: tuple[Called, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OneParty:
    """Which party stands for another and why (itself: for no reason), and whom it belongs to as texts say."""

    id: str
    into: str
    because: tuple[Reason, ...] = ()
    parent: str | None = None


class LinkKind(StrEnum):
    """How one measure stands to another."""

    RETALIATION = "retaliation"  # answers it
    REPLACEMENT = "replacement"  # takes its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One measure's tie to an older one."""

    measure_id: str
    other_id: str
    kind: LinkKind
    event_id: str  # the event whose report says so
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class TieAsk:
    """Where an event that says that it answers or replaces another finds it: older ones of these actors and targets.

    Both by seat (ISO 3166-1 alpha-2, "EU"); without targets, whoever they hit.
    """

    kind: LinkKind
    actors: frozenset[str]
    targets: frozenset[str]
    first: str  # ISO day
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One policy measure: the steps of its life, oldest first."""

    id: str
    title: str
    event_ids: tuple[str, ...]
    status: Status | None = None  # where it stands now
    since: str | None = None  # ISO prefix: from when
    steps: tuple[Step, ...] = ()
    lead_id: str = ""  # the leading report of the event that leads it


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Of a report that is not read whole, because its event has very many: what counting independent accounts takes."""

    report_id: str
    origin: str
    source_id: str | None
    wire: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """An event that stands, as its reports make it, and the measure it is a step of."""

    event_id: str
    measure_id: str
    reports: tuple[Report, ...]
    lead_id: str = ""
    more: tuple[Account, ...] = ()  # further reports of an event that has more than are read whole


class JudgementKind(StrEnum):
    """What a person can decide."""

    SAME = "same"  # two events, measures or parties are one
    DIFFERENT = "different"  # they are not
    SPLIT = "split"  # some reports of an event, or events of a measure, belong to another one
    EDIT = "edit"  # a field has this value
    REJECT = "reject"  # no policy event
    ACCEPT = "accept"  # right as it is


class Scope(StrEnum):
    """What a judgement is about."""

    EVENT = "event"
    MEASURE = "measure"
    PARTY = "party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A decision of a person, kept for good; it holds until it is closed.

    It is tied to reports, which outlive events: `left` are those of the one thing that was judged, `right` those of the
    other (of a split: those that are taken out). For parties they are entity ids.
    """

    id: str
    kind: JudgementKind
    scope: Scope
    subject: str  # public id of what was judged, at the time
    object: str | None  # of the other one
    left: tuple[str, ...]
    right: tuple[str, ...]
    who: str
    why: str
    decided: datetime
    field: str | None = None  # of an edit
    value: str | None = None  # of an edit: JSON
    evidence: str = ""  # JSON: what it rested on; asked again when that has changed
    closed: datetime | None = None
    closed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question for things alike: those that stand under the key within one of the stretches of days.

    A day is an ISO day; where things under one key are told apart further, after a letter ("d2024-07-09"). The first
    and the last of a stretch are part of it and have the same letter.
    """

    key: str
    days: tuple[tuple[str, str], ...]  # first and last

    def finds(self, key: str, day: str) -> bool:
        """Whether a thing stands there."""
        return key == self.key and any(first <= day <= last for first, last in self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One thing that is put together with its like (a report into an event, an event into a measure), and where it is.

    Of a report `id` is its id and `group` its article; an event goes by the id of its leading report and has no group.
    `rank` is the order in which things may lead, the least first; it is unique and rests on content alone.
    """

    id: str
    group: str
    rank: str
    profile: str  # what is compared, packed by resolution
    lead: str | None = None  # whom it follows: itself where it leads or stands alone; None: not settled yet
    leads: bool = False  # whether others may follow it


Place = tuple[str, str, str]  # a key, the day, and the id of a thing that stands there


class Held(Protocol):
    """What clustering wants of whoever keeps the things.

    What was never settled is not among the answers; what is to be settled anew stands as it was until then. Judgements
    are those of the level, and name its things: of events, which go by the reports that lead them, the event that each
    report of the judgement now belongs to.
    """

    def leading(self, asks: Iterable[Ask]) -> Iterable[Standing]:
        """Those that lead and stand where one of the questions asks; each once."""
        ...

    def sharing(self, asks: Iterable[Ask]) -> Iterable[Standing]:
        """All that stand where one of the questions asks; each once."""
        ...

    def places(self, asks: Iterable[Ask], *, whole: bool) -> tuple[Iterable[Standing], Iterable[Place]]:
        """What `sharing` (or else `leading`) finds, and under which of the keys that were asked for, on which day."""
        ...

    def of_groups(self, groups: Iterable[str]) -> Iterable[Standing]:
        """All of these groups."""
        ...

    def get(self, ids: Iterable[str]) -> Iterable[Standing]:
        """Those of these ids that there are."""
        ...

    def judged(self, ids: Iterable[str]) -> Iterable[Judgement]:
        """The open judgements `same`, `different` and `split` that any of these takes part in."""
        ...

    def bonds(self, leads: Iterable[str]) -> Iterable[Judgement]:
        """As `judged`, of all that follow one of these."""
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
    reports_of_older_rules: int = 0  # that were settled before an upgrade of the rules, and all settled again
    articles_held: int = 0  # new ones whose reports make no events until somebody has decided
    held: tuple[str, ...] = ()  # one line each: of which source, why
    faults: tuple[str, ...] = ()  # one line each: which source or page, what went wrong
    alarms: tuple[str, ...] = ()  # one line each, of those that were not known before: which source, what is wrong
