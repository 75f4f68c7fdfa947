"""Why two things are one, or are not: the score with its reasons, whether they were compared at all, what people said.

It recounts the decision from what was compared when it was made (the profiles that the store keeps) and decides
nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from tracker.errors import InputError, StoreError
from tracker.model import Score, Standing
from tracker.query import JudgementRow, Subject, Timeline
from tracker.query.answers import as_dict
from tracker.resolve.profile import unpack
from tracker.resolve.rules import LEVELS, RESOLVER, Level, Rules, explain
from tracker.store import Store

START = "bias"  # the reason that no two things can do without
MOST_COMPARED = 40  # reports of each side that the most alike pair is looked for among, those that lead first


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """What counts for (weight above 0) or against two things being one, in words; the weight is in log odds."""

    what: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two reports (of the level "measure": two events) compared.

    `score` is from 0 to 1; from `threshold` on the two are linked, if they share one of the `keys` by which they can
    meet. `turns` are the reasons without which it would have come out the other way, the fewest.
    """

    level: str
    one: str  # id of the report, or of the event's leading report
    two: str
    score: float
    threshold: float
    reasons: tuple[ReasonRow, ...]
    keys: tuple[str, ...]
    turns: tuple[ReasonRow, ...]

    @property
    def linked(self) -> bool:
        """Whether the two are alike enough, and met."""
        return bool(self.keys) and self.score >= self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why two things are one event, or steps of one measure, or neither.

    `leaders` compares the reports that lead the two; `best` those of their reports that are most alike, where these are
    others. `measure` compares the two events as steps of one measure. `judgements` are those that hold between them.
    """

    one: Subject
    two: Subject
    same_event: bool
    same_measure: bool
    leaders: Comparison | None  # None: not settled yet, or two measures
    best: Comparison | None
    measure: Comparison | None
    judgements: tuple[JudgementRow, ...]

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Why one report is in its event: how it compares with the report that it follows; None for one that leads."""

    report: Subject
    leads: bool
    compared: Comparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyOne:
    """Why the reports of one event are one event, the report that leads it first."""

    event: Subject
    members: tuple[Member, ...]
    judgements: tuple[JudgementRow, ...]

    to_dict = as_dict


def why(store: Store, one: str, two: str) -> Why:
    """Why two events, reports or measures are one, or are not.

    Args:
        store: the database; reading will do.
        one: the id of an event, a report or a measure, a former id, or a beginning of one.
        two: the other one.

    Raises:
        NotFoundError: nothing has one of the ids.
        InputError: they are one and the same thing, or a measure and no measure.
        StoreError: other rules than the present ones have put the reports together.
    """
    require_present_rules(store)
    with Timeline.open(store.path) as timeline:
        left, right = (timeline.subject(text, among=("event", "measure", "report")) for text in (one, two))
        if left.id == right.id:
            raise InputError(_alike(one, two, left))
        if (left.what == "measure") != (right.what == "measure"):
            raise InputError(f"{left.id} ({left.what}) and {right.id} ({right.what}) are of two kinds; name two of one")
        places = [timeline.places(side.report_ids) for side in (left, right)]
        judgements = _between(timeline, left, right)
    events, measures = ([{place[n] for place in side} for side in places] for n in (0, 1))
    compared = None if left.what == "measure" else _events(store, left, right)
    return Why(
        one=left,
        two=right,
        same_event=left.what != "measure" and bool(events[0] & events[1]),
        same_measure=bool(measures[0] & measures[1]),
        leaders=compared and compared[0],
        best=compared and compared[1],
        measure=None if events[0] == events[1] else _measures(store, events[0], events[1]),
        judgements=judgements,
    )


def why_one(store: Store, event: str, *, limit: int | None = None) -> WhyOne:
    """Why the reports of an event are one event; at most so many of them, those that lead first.

    Raises NotFoundError; StoreError as for `why`.
    """
    require_present_rules(store)
    held = store.reports.held()
    with Timeline.open(store.path) as timeline:
        found = timeline.subject(event, among=("event",))
        known = {one.id: one for one in sorted(held.get(found.report_ids), key=lambda one: (not one.leads, one.rank))}
        told = list(dict.fromkeys((*known, *found.report_ids)))[:limit]
        subjects = {key: timeline.subject(key, among=("report",)) for key in told}
        judgements = timeline.judged(found.report_ids)
    leads = {known[key].lead for key in told if key in known}
    leading = {one.id: one for one in held.get(filter(None, leads))}
    members = [_member(subjects[key], known.get(key), leading) for key in told]
    members.sort(key=lambda one: (not one.leads, -(one.compared.score if one.compared else 0.0), one.report.id))
    return WhyOne(event=found, members=tuple(members), judgements=judgements)


def is_by_present_rules(store: Store) -> bool:
    """Whether the present rules have put all reports together; else the next decision settles everything anew."""
    return not store.reports.settled_otherwise(RESOLVER)


def require_present_rules(store: Store) -> None:
    """Raise StoreError where other rules have put reports together: what they compared cannot be recounted."""
    if not is_by_present_rules(store):
        raise StoreError(
            f"{store.path}: an earlier version of the rules put these reports together;"
            " `tracker reprocess --stage resolve` settles them anew"
        )


def compare(one: Standing, two: Standing, level: Level) -> Comparison:
    """Two things as resolution compares them."""
    rules = LEVELS[level]
    score = explain(unpack(one.profile), unpack(two.profile), level)
    reasons = tuple(ReasonRow(what=r.what, words=r.words, weight=r.weight) for r in score.reasons)
    return Comparison(
        level=level,
        one=one.id,
        two=two.id,
        score=score.value,
        threshold=rules.at,
        reasons=reasons,
        keys=_shared(rules, one.profile, two.profile),
        turns=turns(reasons, score, rules.at),
    )


def turns(reasons: Sequence[ReasonRow], score: Score, threshold: float) -> tuple[ReasonRow, ...]:
    """The fewest reasons without which the score would be on the other side; none where no such reasons are enough."""
    missing = log_odds(threshold) - log_odds(score.value)
    told = (r for r in reasons if r.what != START and r.weight * missing < 0)
    against = sorted(told, key=lambda r: -abs(r.weight))
    taken: list[ReasonRow] = []
    for reason in against:
        if sum(abs(r.weight) for r in taken) >= abs(missing):
            break
        taken.append(reason)
    return tuple(taken) if taken and sum(abs(r.weight) for r in taken) >= abs(missing) else ()


def log_odds(chance: float) -> float:
    """In which weights are added up; bounded for chances of 0 and 1."""
    bounded = min(max(chance, 1e-12), 1 - 1e-12)
    return math.log(bounded / (1 - bounded))


def _shared(rules: Rules, one: str, two: str) -> tuple[str, ...]:
    """The keys under which the one finds the other."""
    stands = rules.keys(two)
    found = {key for ask in rules.asks(one) for key, day in stands if ask.finds(key, day)}
    return tuple(sorted(found))


def _events(store: Store, left: Subject, right: Subject) -> tuple[Comparison, Comparison | None] | None:
    """The leaders of two sides compared, and the two reports that are most alike, where these are others."""
    sides = [list(store.reports.held().get(side.report_ids)) for side in (left, right)]
    if not all(sides):
        return None
    leaders = [_leaders(side) for side in sides]
    first = _best(leaders[0], leaders[1])
    best = _best(*(sorted(side, key=lambda one: (not one.leads, one.rank))[:MOST_COMPARED] for side in sides))
    return first, None if {best.one, best.two} == {first.one, first.two} else best


def _leaders(side: Sequence[Standing]) -> list[Standing]:
    """Those that others follow, else the first in rank."""
    return [one for one in side if one.lead == one.id] or [min(side, key=lambda one: one.rank)]


def _best(left: Iterable[Standing], right: Iterable[Standing]) -> Comparison:
    rules = LEVELS["event"]
    pairs = [pair for pair in product(left, right) if pair[0].id != pair[1].id]
    one, two = max(pairs, key=lambda pair: (rules.score(pair[0].profile, pair[1].profile), pair[0].id, pair[1].id))
    return compare(one, two, "event")


def _measures(store: Store, left: Iterable[str], right: Iterable[str]) -> Comparison | None:
    """The two most alike of the events of two sides, as steps of one measure; None where none has been settled."""
    sides = [list(store.events.held().get(_leads(store, ids))) for ids in (left, right)]
    if not all(sides):
        return None
    rules = LEVELS["measure"]
    pairs = [pair for pair in product(*(side[:MOST_COMPARED] for side in sides)) if pair[0].id != pair[1].id]
    if not pairs:
        return None
    one, two = max(pairs, key=lambda pair: rules.score(pair[0].profile, pair[1].profile))
    return compare(one, two, "measure")


def _leads(store: Store, event_ids: Iterable[str]) -> list[str]:
    return sorted(store.events.leads(event_ids).values())


def _between(timeline: Timeline, left: Subject, right: Subject) -> tuple[JudgementRow, ...]:
    """The judgements that hold and touch both."""
    scopes = dict.fromkeys((left.scope, "measure"))
    touching = [one for scope in scopes for one in timeline.judged(left.report_ids, scope=scope)]
    return tuple(one for one in touching if set(right.report_ids) & {*one.left, *one.right})


def _member(report: Subject, standing: Standing | None, leading: Mapping[str, Standing]) -> Member:
    if standing is None or standing.lead in {None, standing.id}:
        return Member(report=report, leads=standing is not None, compared=None)
    leader = leading.get(str(standing.lead))
    return Member(report=report, leads=False, compared=compare(leader, standing, "event") if leader else None)


def _alike(one: str, two: str, found: Subject) -> str:
    """Why there is nothing to compare."""
    if one == two:
        return f"{one!r} twice; name two {found.what}s, or one alone to see why its reports are one event"
    return f"{one!r} and {two!r} are one {found.what} by now: {found.id}; `tracker why {found.id}` says why"
