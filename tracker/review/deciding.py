"""What people decide: each decision is kept with who, when and why, settled at once, and undone by closing it.

A decision is tied to reports, which outlive events: of events to their reports, of measures to those of their events.
Of parties it is tied to their ids. One that contradicts an earlier one, or says it again, takes its place; the earlier
one is closed, never lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.errors import InputError
from tracker.model import Judgement, JudgementKind, Scope
from tracker.pipeline import settling
from tracker.query import JudgementRow, Subject, Timeline
from tracker.query.answers import as_dict
from tracker.review import evidence, tasks, values
from tracker.store import Store
from tracker.store.codec import digest, stamp

APART = frozenset({"different", "split"})
VERDICTS = frozenset({"accept", "reject"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A judgement and what came of it.

    `replaced` are the earlier judgements whose place it took; `left` and `right` are the ids under which the two things
    stand now (events; of measures, measures). `holds` is False where other judgements keep it from having effect.
    """

    judgement: JudgementRow
    replaced: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    holds: bool

    to_dict = as_dict


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, why and when."""

    who: str
    why: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decision before it is kept."""

    kind: JudgementKind
    subject: Subject
    other: Subject | None = None
    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    field: str | None = None
    value: str | None = None  # JSON


def same(store: Store, one: str, two: str, *, who: str, why: str, now: datetime) -> Decision:
    """Two events, measures, reports or parties are one.

    Args:
        store: the database, opened for writing.
        one: an id, a former id, or a beginning of one.
        two: the other one.
        who: decides.
        why: in words; not empty.
        now: the time of the decision, aware.

    Raises:
        NotFoundError: nothing has one of the ids.
        InputError: they are one thing, or two that cannot be one, or `why` is empty.
        BusyError: another process is writing.
    """
    return _decide(store, lambda timeline: _pair(timeline, JudgementKind.SAME, one, two), By(who, why, now))


def different(store: Store, one: str, two: str, *, who: str, why: str, now: datetime) -> Decision:
    """Two events, measures, reports or parties are not one; arguments and errors as for `same`."""
    return _decide(store, lambda timeline: _pair(timeline, JudgementKind.DIFFERENT, one, two), By(who, why, now))


def split(store: Store, whole: str, parts: Sequence[str], *, who: str, why: str, now: datetime) -> Decision:
    """Some reports of an event, or events of a measure, are not part of it.

    Args:
        store: the database, opened for writing.
        whole: the id of the event or measure.
        parts: ids of the reports (of a measure: events) that are taken out; not all of them.
        who: decides.
        why: in words; not empty.
        now: the time of the decision, aware.

    Raises:
        NotFoundError: nothing has one of the ids.
        InputError: one is no part of the whole, or nothing would be left of it, or `why` is empty.
        BusyError: another process is writing.
    """
    return _decide(store, lambda timeline: _split(timeline, whole, parts), By(who, why, now))


def edit(store: Store, event: str, field: str, value: str, *, who: str, why: str, now: datetime) -> Decision:
    """A field of an event has this value, whatever its reports say.

    Args:
        store: the database, opened for writing.
        event: its id.
        field: the name of the field.
        value: as people write it: parties and things separated by ";", empty for none.
        who: decides.
        why: in words; not empty.
        now: the time of the decision, aware.

    Raises:
        NotFoundError: there is no such event.
        InputError: there is no such field, or it cannot have the value (the message lists what it can have), or `why`
            is empty.
        BusyError: another process is writing.
    """
    return _decide(store, lambda timeline: _edit(store, timeline, event, field, value), By(who, why, now))


def edits(
    store: Store, event: str, changes: Mapping[str, str], *, who: str, why: str, now: datetime
) -> tuple[Decision, ...]:
    """As `edit`, for several fields at once: all of them or, where one value cannot be, none."""

    def drafts(timeline: Timeline) -> list[Draft]:
        return [_edit(store, timeline, event, field, value) for field, value in changes.items()]

    return _decide_all(store, drafts, By(who, why, now))


def accept(store: Store, event: str, *, who: str, why: str = "right as it is", now: datetime) -> Decision:
    """An event is right as it is; arguments and errors as for `edit`."""
    return _decide(store, lambda timeline: _verdict(timeline, JudgementKind.ACCEPT, event), By(who, why, now))


def reject(store: Store, event: str, *, who: str, why: str, now: datetime) -> Decision:
    """An event is no policy event: it is left out of the timeline; arguments and errors as for `edit`."""
    return _decide(store, lambda timeline: _verdict(timeline, JudgementKind.REJECT, event), By(who, why, now))


def again(store: Store, judgement: str, *, who: str, why: str, now: datetime) -> Decision:
    """A judgement holds on what is told now, too: one that says the same takes its place.

    Raises:
        NotFoundError: there is no such judgement.
        InputError: it is closed, or `why` is empty.
        BusyError: another process is writing.
    """
    return _decide(store, lambda timeline: _again(timeline, judgement), By(who, why, now))


def close(store: Store, judgement: str, *, who: str, now: datetime) -> Decision:
    """A judgement holds no more: what it did is undone.

    Raises:
        NotFoundError: there is no such judgement.
        InputError: it was closed before.
        BusyError: another process is writing.
    """
    with store.writing(), Timeline.open(store.path) as timeline:
        found = _open(timeline, judgement)
        with store.batch():
            store.judgements.close(found.id, who=who, now=now)
            settling.settle(store, lambda: now)
        return _outcome(timeline, found.id, ())


def _decide(store: Store, draft: Callable[[Timeline], Draft], by: By) -> Decision:
    """As `_decide_all`, of one."""
    (made,) = _decide_all(store, lambda timeline: [draft(timeline)], by)
    return made


def _decide_all(store: Store, drafts: Callable[[Timeline], Sequence[Draft]], by: By) -> tuple[Decision, ...]:
    """Keep decisions in place of those that they contradict or repeat, settle what they touch: all or nothing."""
    if not by.why.strip():
        raise InputError("a decision needs its reason in a few words (--why)")
    with store.writing(), Timeline.open(store.path) as timeline:
        made: list[tuple[Judgement, tuple[str, ...]]] = []
        for draft in drafts(timeline):
            near = timeline.judged({*draft.left, *draft.right}, scope=draft.subject.scope)
            older = tuple(one.id for one in near if overtakes(draft, one))
            made.append((_judgement(store, timeline, draft, by, after=older), older))
        with store.batch():
            for judged, older in made:
                for key in older:
                    store.judgements.close(key, who=f"{by.who}: {judged.id} took its place", now=by.now)
                store.judgements.add(judged)
            settling.settle(store, lambda: by.now)
        return tuple(_outcome(timeline, judged.id, older) for judged, older in made)


def _judgement(store: Store, timeline: Timeline, draft: Draft, by: By, *, after: Sequence[str]) -> Judgement:
    kind, scope = draft.kind, Scope(draft.subject.scope)
    rests_on = tasks.evidence_of(store, timeline, kind, scope, draft.left, draft.right, draft.field)
    parts = (
        kind,
        scope,
        *draft.left,
        "",
        *draft.right,
        draft.field or "",
        draft.value or "",
        by.who,
        stamp(by.now),
        *after,
    )
    return Judgement(
        id="j" + digest(*parts)[1:],
        kind=kind,
        scope=scope,
        subject=draft.subject.id,
        object=draft.other.id if draft.other else None,
        left=draft.left,
        right=draft.right,
        who=by.who,
        why=by.why.strip(),
        decided=by.now,
        field=draft.field,
        value=draft.value,
        evidence=evidence.packed(rests_on),
    )


def _pair(timeline: Timeline, kind: JudgementKind, one: str, two: str) -> Draft:
    left, right = timeline.subject(one), timeline.subject(two)
    if left.id == right.id:
        also = "" if one == two else f" ({one!r} and {two!r} are one by now)"
        hint = "; `tracker review split` takes reports out of an event" if kind is JudgementKind.DIFFERENT else ""
        raise InputError(f"{left.what} {left.id} cannot be judged against itself{also}{hint}")
    if left.scope != right.scope:
        raise InputError(f"{left.id} ({left.what}) and {right.id} ({right.what}) are of two kinds; name two of one")
    if not set(left.report_ids).isdisjoint(right.report_ids):
        hint = "" if kind is JudgementKind.SAME else "; `tracker review split` takes reports out of an event"
        raise InputError(f"{left.what} {left.id} and {right.what} {right.id} are one already{hint}")
    return Draft(kind=kind, subject=left, other=right, left=left.report_ids, right=right.report_ids)


def _split(timeline: Timeline, whole: str, parts: Sequence[str]) -> Draft:
    found = timeline.subject(whole, among=("event", "measure"))
    what = "report" if found.what == "event" else "event"
    taken: set[str] = set()
    for part in parts:
        one = timeline.subject(part, among=(what,))
        if not set(one.report_ids) <= set(found.report_ids):
            raise InputError(f"{what} {one.id} is not part of {found.what} {found.id}")
        taken |= set(one.report_ids)
    left = tuple(key for key in found.report_ids if key not in taken)
    if not taken or not left:
        raise InputError(f"{found.what} {found.id}: name some of its {what}s and leave some")
    return Draft(kind=JudgementKind.SPLIT, subject=found, left=left, right=tuple(sorted(taken)))


def _edit(store: Store, timeline: Timeline, event: str, field: str, value: str) -> Draft:
    found = timeline.subject(event, among=("event",))
    cluster = store.reports.cluster(found.id)
    assert cluster is not None
    given = values.read(timeline, field, value, cluster)
    return Draft(kind=JudgementKind.EDIT, subject=found, left=found.report_ids, field=field, value=given)


def _verdict(timeline: Timeline, kind: JudgementKind, event: str) -> Draft:
    found = timeline.subject(event, among=("event",))
    return Draft(kind=kind, subject=found, left=found.report_ids)


def _again(timeline: Timeline, judgement: str) -> Draft:
    old = _open(timeline, judgement)
    what = {"party": "entity"}.get(old.scope, old.scope)
    subject = Subject(what=what, id=old.subject, words="", report_ids=old.left)
    other = None if old.object is None else Subject(what=what, id=old.object, words="", report_ids=old.right)
    value = None if old.field is None else json.dumps(old.value, ensure_ascii=False)
    return Draft(
        kind=JudgementKind(old.kind),
        subject=subject,
        other=other,
        left=old.left,
        right=old.right,
        field=old.field,
        value=value,
    )


def _open(timeline: Timeline, judgement: str) -> JudgementRow:
    """A judgement that holds; InputError for one that was closed."""
    found = timeline.judgement(judgement)
    if found.closed_at is not None:
        raise InputError(f"judgement {found.id} was closed on {found.closed_at[:10]} by {found.closed_by}")
    return found


def overtakes(new: Draft, old: JudgementRow) -> bool:
    """Whether a judgement takes the place of an older one about the same things: it says the opposite, or the same."""
    if new.kind is JudgementKind.EDIT or old.kind == JudgementKind.EDIT:
        return new.kind == old.kind and new.field == old.field and _touch(new.left, old.left)
    if new.kind in VERDICTS or old.kind in VERDICTS:
        return new.kind in VERDICTS and old.kind in VERDICTS and _touch(new.left, old.left)
    sides = ((new.left, new.right), (new.right, new.left))
    if new.kind is JudgementKind.SAME and old.kind in APART:
        return any(_touch(old.left, one) and _touch(old.right, other) for one, other in sides)
    # What takes a few reports out of one that was put together leaves the rest together: the later decision wins.
    return any({*old.left} <= {*one} and {*old.right} <= {*other} for one, other in sides)


def _touch(one: Sequence[str], two: Sequence[str]) -> bool:
    return not set(one).isdisjoint(two)


def _outcome(timeline: Timeline, judgement_id: str, replaced: tuple[str, ...]) -> Decision:
    """What a judgement has made, as the database is now."""
    judged = timeline.judgement(judgement_id)
    left, right = (_standing(timeline, judged.scope, ids) for ids in (judged.left, judged.right))
    return Decision(
        judgement=judged, replaced=replaced, left=left, right=right, holds=_holds(timeline, judged, left, right)
    )


def _standing(timeline: Timeline, scope: str, ids: Sequence[str]) -> tuple[str, ...]:
    """The ids under which the reports of one side stand now."""
    if scope == Scope.PARTY:
        return tuple(timeline.standing(ids))
    return tuple(dict.fromkeys(place[scope == Scope.MEASURE] for place in timeline.places(ids)))


def _holds(timeline: Timeline, judged: JudgementRow, left: Sequence[str], right: Sequence[str]) -> bool:
    if judged.closed_at is not None:
        return False
    if judged.kind == JudgementKind.SAME:
        return len({*left, *right}) == 1
    if judged.kind in APART:
        return not _touch(left, right)
    details = [timeline.event(key) for key in left]
    if judged.field is not None:
        return all(judged.field in one.edited for one in details)
    return all(one.verdict == judged.kind for one in details)
