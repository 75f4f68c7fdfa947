"""What is most worth a person's look: judgements whose evidence has changed, then what resolution was least sure of.

Bounded: it looks at the events that changed last, and takes the most contested and the least sure by an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from tracker.model import JudgementKind, Scope, Standing
from tracker.query import JudgementRow, Timeline
from tracker.query.answers import as_dict
from tracker.resolve.rules import LEVELS, Rules
from tracker.review import evidence
from tracker.review.explaining import log_odds, require_present_rules
from tracker.store import Store

LOOKED_AT = 200  # events that changed last, for decisions that were close
MEMBERS = 20  # reports looked at of each of them
CLOSE = 0.4  # in log odds: a score so near to the threshold is a close decision
UNSURE = 0.6  # confidence below which an event that many tell is worth a look
FIELDS = 3  # contested fields looked up for each event that is wanted
JUDGEMENTS = 1000  # the newest that hold, looked through for changed evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to look at. `ids` are what a command about it wants: two things, one event, or a judgement."""

    kind: str  # "changed", "close", "contested" or "unsure"
    ids: tuple[str, ...]
    words: str
    detail: tuple[str, ...]

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An event that may be another one, with the score of the two; from `threshold` on they would be one."""

    event_id: str
    score: float
    threshold: float


def queue(store: Store, *, limit: int = 20, again: Sequence[Task] | None = None) -> list[Task]:
    """What to look at first: changed judgements, then in turn close decisions, contested fields and unsure events.

    Args:
        store: the database; reading will do.
        limit: how many at most.
        again: what `asked_again` gave some time ago; those that were closed since are left out.

    Raises:
        StoreError: other rules than the present ones have put the reports together.
    """
    require_present_rules(store)
    with Timeline.open(store.path) as timeline:
        if again is None:
            again = list(changed(store, timeline))
        else:
            again = [task for task in again if timeline.judgement(task.ids[0]).closed_at is None]
        rest = zip_longest(
            close_calls(store, timeline, limit),
            _contested(timeline, limit),
            _unsure(timeline, limit),
        )
        others = (task for tasks in rest for task in tasks if task is not None)
        return list(islice(chain(again, others), limit))


def asked_again(store: Store) -> list[Task]:
    """The judgements that are to be made again: what takes longest of the queue where people have decided much."""
    with Timeline.open(store.path) as timeline:
        return list(changed(store, timeline))


def changed(store: Store, timeline: Timeline) -> Iterator[Task]:
    """The judgements that hold and whose evidence is not what it was, the newest first."""
    for one in timeline.judgements(closed=False, limit=JUDGEMENTS):
        changes = evidence.changes(one.evidence, current(store, timeline, one))
        if changes:
            what = " and ".join(filter(None, (one.subject, one.object)))
            field = f" {one.field} = {one.value}" if one.field else ""
            words = f"{one.kind}{field} for {what}, by {one.who} on {one.decided_at[:10]}: {one.why}"
            yield Task(kind="changed", ids=(one.id,), words=words, detail=changes)


def current(store: Store, timeline: Timeline, judged: JudgementRow) -> evidence.Facets:
    """What a judgement would rest on, were it made now."""
    return evidence_of(store, timeline, judged.kind, judged.scope, judged.left, judged.right, judged.field)


def evidence_of(
    store: Store,
    timeline: Timeline,
    kind: str,
    scope: str,
    left: Sequence[str],
    right: Sequence[str],
    field: str | None,
) -> evidence.Facets:
    """What such a judgement rests on, as the database is now."""
    if scope == Scope.PARTY:
        return {}  # what a party is called is no evidence: names come and go with every article
    if kind in {JudgementKind.SAME, JudgementKind.DIFFERENT, JudgementKind.SPLIT}:
        return evidence.of_sides(store.reports.reports(left), store.reports.reports(right))
    places = timeline.places(left)
    if not places:
        return evidence.of_sides((), ())
    event_id = places[0][0]
    if field is not None:
        cluster = store.reports.cluster(event_id)
        return evidence.of_field(cluster, field) if cluster else {}
    detail = timeline.event(event_id)
    return evidence.of_event(detail.event, detail.edited)


def close_calls(store: Store, timeline: Timeline, limit: int, *, within: float = CLOSE) -> list[Task]:
    """Pairs whose score is near the threshold (`within`, in log odds), among what changed last; the closest first."""
    rules = LEVELS["event"]
    found: dict[frozenset[str], tuple[float, str, str]] = {}
    for event_id in timeline.recent(limit=LOOKED_AT):
        for one, two in _pairs(store, rules, event_id):
            score = rules.score(one.profile, two.profile)
            if abs(log_odds(score) - log_odds(rules.at)) <= within:
                found.setdefault(frozenset((one.id, two.id)), (score, one.id, two.id))
    ranked = sorted(found.values(), key=lambda pair: (abs(log_odds(pair[0]) - log_odds(rules.at)), pair))
    tasks = (_close(timeline, rules, *pair) for pair in ranked)
    return list(islice(filter(None, tasks), limit))


def near(store: Store, event_id: str, *, limit: int = 8) -> list[Near]:
    """Other events that come near to one, the nearest first: those that share a key with a report that leads in it."""
    rules, found = LEVELS["event"], dict[str, float]()
    own = store.reports.of_event(event_id)
    held = store.reports.held()
    for one in held.get(own[:MEMBERS]):
        if one.leads:
            others = (other for other in held.leading(rules.asks(one.profile)) if other.id not in own)
            for other in others:
                found[other.id] = max(rules.score(one.profile, other.profile), found.get(other.id, 0.0))
    homes = store.reports.event_ids(found)
    scores: dict[str, float] = {}
    for key, score in found.items():
        if (home := homes.get(key)) is not None and home != event_id:
            scores[home] = max(score, scores.get(home, 0.0))
    ranked = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    return [Near(event_id=key, score=scores[key], threshold=rules.at) for key in ranked]


def _pairs(store: Store, rules: Rules, event_id: str) -> Iterator[tuple[Standing, Standing]]:
    """The leaders of an event with their followers, and with the leaders of other events that they found."""
    held = store.reports.held()
    standings = {one.id: one for one in held.get(store.reports.of_event(event_id)[:MEMBERS])}
    for one in standings.values():
        leader = standings.get(one.lead or "")
        if leader is not None and leader.id != one.id:
            yield leader, one
        if one.leads:
            yield from ((one, other) for other in held.leading(rules.asks(one.profile)) if other.id not in standings)


def _is_judged(timeline: Timeline, one: str, two: str) -> bool:
    """Whether a person has decided about the two."""
    return any(two in {*judged.left, *judged.right} for judged in timeline.judged([one]) if judged.right)


def _close(timeline: Timeline, rules: Rules, value: float, left: str, right: str) -> Task | None:
    """A close decision as a task; None where others have decided, or an event counts no more."""
    places = [timeline.places([key]) for key in (left, right)]
    if not all(places) or _is_judged(timeline, left, right):
        return None
    (one, _), (two, _) = places[0][0], places[1][0]
    if (value >= rules.at) != (one == two):
        return None
    if not all(_counts(timeline, key) for key in {one, two}):
        return None
    ids = (left, right) if one == two else (one, two)
    what = f"two reports are one event, {one}" if one == two else f"{one} and {two} are two events"
    told = (timeline.subject(key, among=("report", "event")).words for key in ids)
    held = "one event" if one == two else "two events"
    score = f"held to be {held}: score {value:.3f}, one event from {rules.at:.3f} on"
    return Task(kind="close", ids=ids, words=f"{what}, by little", detail=(*told, score))


def _counts(timeline: Timeline, event_id: str) -> bool:
    """Whether an event was neither rejected by a person nor withdrawn by all who told it."""
    detail = timeline.event(event_id)
    return detail.verdict != "reject" and detail.event.origins > 0


def _contested(timeline: Timeline, limit: int) -> Iterable[Task]:
    """Events with their contested fields, that which most accounts contest first."""
    fields: dict[str, list[str]] = {}
    summaries: dict[str, str] = {}
    for found in timeline.contested(limit=limit * FIELDS):
        one, event = found.contradiction, found.event
        values = "; ".join(f"{told.words} ({told.origins})" for told in (one.taken, *one.others))
        fields.setdefault(event.id, []).append(f"{one.field}: {values}")
        summaries[event.id] = event.summary
    for event_id, told in fields.items():
        yield Task(kind="contested", ids=(event_id,), words=summaries[event_id], detail=tuple(told))


def _unsure(timeline: Timeline, limit: int) -> Iterable[Task]:
    for event in timeline.unsure(below=UNSURE, limit=limit):
        words = f"told by {event.origins} independent accounts, confidence {event.confidence:.2f}"
        yield Task(kind="unsure", ids=(event.id,), words=words, detail=(event.summary,))
