"""The life of a measure: its steps in order of time, where it stands on a day, and its title.

Each event of the measure is a step, on the day on which it happened; a date that an event gives beside it makes another
one (announced in June to hold from July: in force in July, unless something came between). What was missed and is told
later as background has an older date and falls into its place. No clock is read: steps may lie ahead of whoever asks,
and `status_on` says where the measure stands on a day. Which events are steps of one measure is decided elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from tracker.model import Certainty, Direction, Event, EventType, Measure, Status, Step
from tracker.resolve.agreement import is_later, same_actors, same_items, same_targets
from tracker.resolve.days import bounds, gap
from tracker.resolve.summary import readable, title

LIFE = (
    Status.CONSIDERED,
    Status.PROPOSED,
    Status.ANNOUNCED,
    Status.IN_FORCE,
    Status.DELAYED,
    Status.SUSPENDED,
    Status.ENDED,
    Status.REJECTED,
)
EARLY = frozenset({Status.CONSIDERED, Status.PROPOSED, Status.ANNOUNCED})
STOPS = frozenset({Status.DELAYED, Status.SUSPENDED, Status.ENDED, Status.REJECTED})
# Where a measure stands, and what leaves it there: a change that is planned while it holds moves nothing.
STAYS: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.CONSIDERED: frozenset(),
        Status.PROPOSED: frozenset({Status.CONSIDERED}),
        Status.ANNOUNCED: frozenset({Status.CONSIDERED, Status.PROPOSED}),
        Status.IN_FORCE: EARLY,
        Status.DELAYED: EARLY,
        Status.SUSPENDED: EARLY,
        Status.ENDED: frozenset({Status.CONSIDERED}),  # to be proposed anew is a new life, a thought is none
        Status.REJECTED: frozenset(),
    }
)
# Steps that hold, where they give both dates, from the day on which they take effect, and not from that of the word.
HOLD = frozenset({Status.IN_FORCE, Status.SUSPENDED, Status.ENDED})
# Acts about a measure of another type, the nearest to it first: they leave it where it stands.
ASIDE = (EventType.LICENCE_DECISION, EventType.ENFORCEMENT, EventType.COURT_RULING, EventType.COMPANY_RESPONSE)
NEAR = 7  # days within which a step that is told is the one that follows from a date


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A step before those that are told twice are taken out; `event` is whose date or word it is."""

    day: str
    status: Status
    event: Event
    words: str
    is_inferred: bool = False

    @property
    def order(self) -> tuple[date, date, int, bool, str]:
        """Time first, then the order of life; a step that is told before one that follows from it."""
        return (*bounds(self.day), LIFE.index(self.status), self.is_inferred, self.words)


def history(events: Iterable[Event], *, measure_id: str, lead_id: str = "", today: str | None = None) -> Measure:
    """The measure that these events are steps of; at least one.

    `status` and `since` are as of `today` (an ISO day); None: as of the last step that was told.
    """
    known = sorted(events, key=_by_content)
    standing = [e for e in known if stands(e)]
    told = steps(standing)
    last = today or max((bounds(s.day)[1].isoformat() for s in told if not s.inferred), default=None)
    status, since = status_on(told, last) if last else (None, None)
    if status is None and today is None and standing:
        status = max(standing, key=lambda e: LIFE.index(e.status)).status  # nobody gives a date
    return Measure(
        id=measure_id,
        title=title(_clearest(standing or known)),
        event_ids=tuple(e.id for e in known),
        status=status,
        since=since,
        steps=told,
        lead_id=lead_id,
    )


def stands(event: Event) -> bool:
    """Whether an event happened, as far as is known: not withdrawn, not denied, not rejected by a person."""
    return event.origins > 0 and event.verdict != "reject" and event.certainty is not Certainty.DENIED


def status_on(steps: Iterable[Step], day: str) -> tuple[Status | None, str | None]:
    """Where a measure stands on a day (ISO) and since when; nothing before its first step."""
    status: Status | None = None
    since: str | None = None
    for step in steps:
        if bounds(step.day)[0].isoformat() > day:
            continue
        if step.status is not status and (status is None or step.status not in STAYS[status]):
            status, since = step.status, step.day
    return status, since


def steps(events: Sequence[Event]) -> tuple[Step, ...]:
    """The steps that events tell and imply, in order of time; events without any date are none."""
    types = _main(events)
    main = [d for e in events if e.type in types for d in _told(e)]
    drafted = _once([*main, *(d for e in events if e.type in types for d in _implied(e))])
    aside = [d for e in events if e.type not in types for d in _told(e)]
    found: list[Step] = []
    for draft in sorted([*drafted, *aside], key=lambda d: d.order):
        status = draft.status
        if draft.event.type not in types:
            status = _beside(draft.event, status_on(found, "9999")[0])
        found.append(
            Step(
                day=draft.day,
                status=status,
                event_id=draft.event.id,
                words=draft.words,
                inferred=draft.is_inferred,
            )
        )
    return tuple(found)


def _main(events: Iterable[Event]) -> frozenset[EventType]:
    """The types that are the measure's own; the others tell what was done about it."""
    types = Counter(e.type for e in events)
    own = frozenset(types).difference(ASIDE)
    acts = max(ASIDE[:2], key=lambda t: types[t])
    return own or frozenset([t for t in (acts, *ASIDE) if types[t]][:1])


def _beside(event: Event, status: Status | None) -> Status:
    """Where a measure stands after an act about it: a court that rules for those whom it hits stays it."""
    if status in {Status.ENDED, Status.REJECTED}:
        return status
    if event.type is EventType.COURT_RULING and event.direction is Direction.EASE:
        return Status.SUSPENDED
    return status or Status.CONSIDERED


def _told(event: Event) -> Iterator[Drafted]:
    """The step that an event tells, on the day from which it holds."""
    word, effect = _days(event)
    day = effect if event.status in HOLD and is_later(effect, word) else word
    if day is not None:
        yield Drafted(day=day, status=event.status, event=event, words=event.summary)


def _implied(event: Event) -> Iterator[Drafted]:
    """The step that follows from the other date of an event; what is announced for a day gone by holds at once."""
    word, effect = _days(event)
    if word is None or effect is None:
        return
    is_ahead = is_later(effect, word)
    if event.status is Status.ANNOUNCED or (event.status is Status.DELAYED and is_ahead):
        words = f"in force from {readable(effect)}, as {event.status}"
        day = max(effect, word, key=lambda day: bounds(day)[0])
        yield Drafted(day=day, status=Status.IN_FORCE, event=event, words=words, is_inferred=True)
    elif event.status is Status.IN_FORCE and is_ahead:
        words = f"announced for {readable(effect)}"
        yield Drafted(day=word, status=Status.ANNOUNCED, event=event, words=words, is_inferred=True)


def _days(event: Event) -> tuple[str | None, str | None]:
    """When the step was taken, or else takes effect; and when it takes effect."""
    effect = event.effective_on.day if event.effective_on else None
    return (event.announced_on.day if event.announced_on else effect), effect


def _once(drafted: Sequence[Drafted]) -> list[Drafted]:
    """Each step once: none that a fuller account tells too, none that follows from a plan that something stopped."""
    told = [d for d in drafted if not d.is_inferred]
    kept = [d for d in told if not any(_is_same(d, other) for other in told)]
    for one in sorted((d for d in drafted if d.is_inferred), key=lambda d: d.order):
        is_told = any(o.status is one.status and gap(o.day, one.day) <= NEAR for o in kept)
        if not is_told and not any(_stops(o, one) for o in told):
            kept.append(one)
    return kept


def _is_same(vague: Drafted, precise: Drafted) -> bool:
    """Whether a step is told again with more of its date (`2022` and `2022-10-07`)."""
    one, two = vague.event, precise.event
    return (
        vague.status is precise.status
        and one.type is two.type
        and len(vague.day) < len(precise.day)
        and precise.day.startswith(vague.day)
        and (not one.actors or not two.actors or same_actors(one.actors, two.actors))
        and same_targets(one.targets, two.targets)
        and same_items(one.items, two.items)
    )


def _stops(step: Drafted, plan: Drafted) -> bool:
    """Whether a step came after the word of a plan and no later than the day that was planned."""
    word, _ = _days(plan.event)
    if plan.status is not Status.IN_FORCE or step.event is plan.event or step.status not in STOPS or word is None:
        return False
    return not is_later(step.day, plan.day) and not is_later(word, step.day)


def _clearest(events: Sequence[Event]) -> Event:
    """The event after which a measure is called: of its own type, decided and not undone, the one that names most."""
    types = _main(events)
    return min(
        (e for e in events if e.type in types),
        key=lambda e: (
            e.status not in {Status.ANNOUNCED, Status.IN_FORCE},
            e.status in STOPS,
            -sum(map(bool, (e.actors, e.targets, e.items or e.instruments))),
            -e.origins,
            -e.confidence,
            *_by_content(e),
        ),
    )


def _by_content(event: Event) -> tuple[str, int, str, str]:
    word, effect = _days(event)
    return (word or effect or "9999", LIFE.index(event.status), event.summary, event.lead_id or event.id)
