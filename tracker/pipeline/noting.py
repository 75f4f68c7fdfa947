"""What alerts have to tell: the log of changes, the dates ahead and the alarms, as facts in the outbox.

Each alert reads the log from where it was, so that a look costs what has changed and not what there is. What it finds
and how far it has looked are kept together. What is true of the end of a stretch of the log is told, not each step in
between; and what only follows from putting records together (an event that was merged) is no news.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

from tracker.alerts import times
from tracker.errors import InputError
from tracker.model.alerts import Alert, Alerts, Answers, Fact, Trigger
from tracker.store import Store
from tracker.store.outbox import Logged, Look

STRETCH = 2_000  # changes that are looked at together
ASKED = 500  # events that are asked about at once
ALARMS: Mapping[Trigger, frozenset[str]] = MappingProxyType(
    {
        Trigger.SILENT: frozenset({"silent", "failing", "gone"}),  # a source brings nothing any more
        Trigger.HELD: frozenset({"held"}),
    }
)
OF_EVENTS = frozenset({Trigger.NEW, Trigger.STATUS, Trigger.CONTRADICTED})

Told = tuple[Trigger, str, str, Mapping[str, object]]  # trigger, subject, key, detail


@dataclass(slots=True)
class _Seen:
    """What a stretch of the log says of one event."""

    is_new: bool = False
    old_status: str | None = None
    status: str | None = None
    cursor: int = 0  # of the last change of its status
    agreed: set[str] | None = None  # fields that were contested before; None: nothing changed there


@dataclass(slots=True)
class _Stretch:
    """A piece of the log, by what it is about."""

    end: int
    events: dict[str, _Seen] = field(default_factory=dict)
    heirs: set[str] = field(default_factory=set)
    measures: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # id: old status, new status, cursor
    new_measures: set[str] = field(default_factory=set)


def note(alerts: Alerts, store: Store, answers: Answers, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Bring the outbox up to date: how many facts are new, and which alerts could not be asked.

    Args:
        alerts: those that are to be told.
        store: the database, for writing.
        answers: the same, for questions.
        now: the time.
    """
    active = {name: alert for name, alert in alerts.alerts.items() if alert.enabled}
    outbox = store.outbox
    outbox.forget(active)
    outbox.drop_orphans((alert.name, channel) for alert in active.values() for channel in alert.channels)
    known = outbox.looks()
    new, faults = 0, []
    for alert in active.values():
        look = known.get(alert.name) or outbox.begin(alert.name, now, alert.since)
        try:
            new += _look(alert, look, store, answers, now)
        except InputError as error:
            faults.append(f"{alerts.path}: alerts.{alert.name}: {error}")
    return new, tuple(faults)


def _look(alert: Alert, look: Look, store: Store, answers: Answers, now: datetime) -> int:
    """All that is new for one alert."""
    outbox, cursor, new = store.outbox, look.cursor, 0
    if OF_EVENTS.isdisjoint(alert.triggers):
        cursor = outbox.cursor()
    else:
        while rows := outbox.changes(cursor, STRETCH):
            stretch = _stretch(rows, store)
            cursor = stretch.end
            new += _keep(alert, _of_events(alert, look, stretch, store, answers), store, cursor, now)
    timed = [*_taking_effect(alert, look, store, answers, now), *_alarms(alert, look, store)]
    return new + _keep(alert, timed, store, cursor, now)


def _keep(alert: Alert, told: Iterable[Told], store: Store, cursor: int, now: datetime) -> int:
    due = times.due(alert.digest, alert.zone, now)
    facts = [
        (Fact(alert=alert.name, channel=channel, trigger=trigger, subject=subject, key=key, detail=detail), due)
        for trigger, subject, key, detail in told
        for channel in alert.channels
    ]
    known = store.outbox.told(alert.name, {fact.subject for fact, _ in facts}) if facts else set()
    fresh = [
        (fact, due) for fact, due in facts if (fact.subject, fact.channel, fact.trigger.value, fact.key) not in known
    ]
    return store.outbox.note(alert.name, fresh, cursor=cursor, now=now)


def _stretch(rows: list[Logged], store: Store) -> _Stretch:
    """A piece of the log, put together by event and measure."""
    found = _Stretch(end=rows[-1].cursor)
    merged = set()
    for row in rows:
        if row.what == "measure":
            if row.kind == "new":
                found.new_measures.add(row.id)
            elif row.kind == "updated" and "status" in row.fields and row.id not in found.new_measures:
                old, new = row.fields["status"]
                found.measures[row.id] = (found.measures.get(row.id, (old,))[0], new, row.cursor)
        elif row.kind in {"merged", "removed"}:
            found.events.pop(row.id, None)
            merged |= {row.id} if row.kind == "merged" else set()
        else:
            _see(found.events.setdefault(row.id, _Seen()), row)
    found.heirs = store.outbox.heirs(merged) if merged else set()
    return found


def _see(seen: _Seen, row: Logged) -> None:
    seen.is_new = seen.is_new or row.kind == "new"
    if "status" in row.fields:
        old, seen.status = row.fields["status"]
        seen.old_status = seen.old_status or old
        seen.cursor = row.cursor
    if "contradictions" in row.fields and seen.agreed is None:
        seen.agreed = {told[0] for told in row.fields["contradictions"][0]}


def _of_events(alert: Alert, look: Look, stretch: _Stretch, store: Store, answers: Answers) -> list[Told]:
    """What a stretch of the log has for an alert."""
    born = store.outbox.born(stretch.events)
    makers = {Trigger.NEW: _new, Trigger.STATUS: _changed, Trigger.CONTRADICTED: _contradicted}
    found = [
        told
        for trigger, make in makers.items()
        if trigger in alert.triggers
        for told in make(alert, look, stretch, born, store)
    ]
    chosen = _matching(answers, {subject for _, subject, _, _ in found}, alert)
    return [told for told in found if told[1] in chosen]


def _new(alert: Alert, look: Look, stretch: _Stretch, born: Mapping[str, int], store: Store) -> Iterator[Told]:
    """Events that became known since the alert began: the first time that they match is told."""
    del alert, store
    for event_id in stretch.events:
        if born.get(event_id, 0) > look.begun_cursor:
            yield Trigger.NEW, event_id, "new", {}


def _changed(alert: Alert, look: Look, stretch: _Stretch, born: Mapping[str, int], store: Store) -> Iterator[Told]:
    """Events whose status is another, and measures that a step has brought elsewhere."""
    for event_id, seen in stretch.events.items():
        is_change = seen.status is not None and seen.status != seen.old_status and event_id not in stretch.heirs
        if is_change and born.get(event_id, 0) <= look.cursor:
            detail = {"old": seen.old_status, "new": seen.status, "of": "event"}
            yield Trigger.STATUS, event_id, f"change {seen.cursor}", detail
    for measure_id, (old, new, cursor) in stretch.measures.items():
        step = store.outbox.step(measure_id, new) if old != new else None
        if step is None or step in stretch.heirs:
            continue
        seen = stretch.events.get(step, _Seen())
        told_as_new = Trigger.NEW in alert.triggers and seen.is_new
        told_as_change = seen.status is not None and born.get(step, 0) <= look.cursor
        if not told_as_new and not told_as_change:
            yield Trigger.STATUS, step, f"measure {cursor}", {"old": old, "new": new, "of": "measure"}


def _contradicted(alert: Alert, look: Look, stretch: _Stretch, born: Mapping[str, int], store: Store) -> Iterator[Told]:
    """Fields on which the reports disagree that they agreed on before."""
    del alert, look, born
    asked = {key: seen for key, seen in stretch.events.items() if seen.is_new or seen.agreed is not None}
    for event_id, fields in store.outbox.contested(asked).items():
        for name in fields:
            if name not in (asked[event_id].agreed or ()):
                yield Trigger.CONTRADICTED, event_id, name, {"new": name}


def _taking_effect(alert: Alert, look: Look, store: Store, answers: Answers, now: datetime) -> Iterator[Told]:
    """Events that take effect within one of the numbers of days, also those of days on which nobody looked."""
    if Trigger.EFFECTIVE not in alert.triggers:
        return
    today = now.astimezone(alert.zone).date()
    looked = datetime.fromisoformat(look.looked_at)
    first = min(looked.astimezone(alert.zone).date() if looked.tzinfo else looked.date(), today)
    last = today + timedelta(days=max(alert.days))
    rows = store.outbox.taking_effect(first.isoformat(), last.isoformat())
    chosen = _matching(answers, {event_id for event_id, _, _ in rows}, alert)
    for event_id, known, day in rows:
        if event_id in chosen:
            ahead = (date.fromisoformat(day) - today).days
            nearest = min(days for days in alert.days if days >= ahead)
            yield Trigger.EFFECTIVE, event_id, f"{nearest} {known}", {"day": known}


def _alarms(alert: Alert, look: Look, store: Store) -> Iterator[Told]:
    """Sources that bring nothing any more, or of which something is held back."""
    of = {kind: trigger for trigger, kinds in ALARMS.items() if trigger in alert.triggers for kind in kinds}
    for alarm in store.outbox.alarms(look.begun_at) if of else ():
        wanted = not alert.sources or not {alarm.source_id, *alarm.tags}.isdisjoint(alert.sources)
        if wanted and alarm.alarm in of:
            detail = {"alarm": alarm.alarm, "name": alarm.name, "since": alarm.since, "detail": alarm.detail}
            yield of[alarm.alarm], alarm.source_id, f"{alarm.alarm} {alarm.since}", detail


def _matching(answers: Answers, event_ids: Iterable[str], alert: Alert) -> set[str]:
    """Those of some events that the alert's query chooses."""
    ids = sorted(event_ids)
    found: set[str] = set()
    for start in range(0, len(ids), ASKED):
        found |= answers.matching(ids[start : start + ASKED], alert.filters)
    return found
