"""What alerts have to tell, once each: how far each has looked, and the facts that wait for their message.

A fact is noted once for each alert and channel, however often it is found. It decides nothing: what is worth telling,
and when, comes in; the messages are in `tracker.store.messages`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.model.alerts import Fact, Trigger
from tracker.store.codec import dumps, stamp
from tracker.store.connection import Connection

IN = "IN (SELECT value FROM json_each(?))"
CHANGES = """
SELECT cursor, what, id, kind, fields FROM change WHERE cursor > ? AND what <> 'article' ORDER BY cursor LIMIT ?
"""
# Into what the events were merged that are no more.
HEIRS = f"""
WITH RECURSIVE heir (id) AS (
  SELECT new_id FROM redirect WHERE old_id {IN}
  UNION SELECT redirect.new_id FROM heir JOIN redirect ON redirect.old_id = heir.id
)
SELECT id FROM heir
"""  # noqa: S608 - a constant
# The event that brought a measure to where it stands.
STEPS = """
SELECT event_id FROM measure_step WHERE measure_id = ? AND status = ? AND event_id IS NOT NULL
ORDER BY position DESC LIMIT 1
"""
# The first fact of its kind that is told of an event under any of its ids.
FIRST = """
WITH RECURSIVE family (member) AS (
  VALUES (?) UNION SELECT redirect.old_id FROM family JOIN redirect ON redirect.new_id = family.member
)
SELECT min(number) FROM family JOIN outbox ON outbox.subject = family.member
WHERE alert = ? AND channel = ? AND kind = ? AND key = ? AND dropped IS NULL
"""
# The cursor at which each event, or the first of those that were merged into it, was new.
BORN = """
WITH RECURSIVE family (id, member) AS (
  SELECT value, value FROM json_each(?)
  UNION SELECT family.id, redirect.old_id FROM family JOIN redirect ON redirect.new_id = family.member
)
SELECT family.id AS id, min(change.cursor) AS cursor FROM family JOIN change ON change.id = family.member
WHERE change.kind = 'new' AND change.what = 'event' GROUP BY family.id
"""
# Facts that were noted of an event under any of its ids.
FAMILY_TOLD = """
WITH RECURSIVE family (id, member) AS (
  SELECT value, value FROM json_each(?)
  UNION SELECT family.id, redirect.old_id FROM family JOIN redirect ON redirect.new_id = family.member
)
SELECT DISTINCT family.id AS id, outbox.channel, outbox.kind, outbox.key
FROM family JOIN outbox ON outbox.subject = family.member WHERE outbox.alert = ?
"""
# But for plans that a later step of their measure stopped before their day, as the view `upcoming` has it.
EFFECTIVE = """
SELECT id, effective_on, effective_from FROM event
WHERE effective_from BETWEEN ? AND ? AND status <> 'rejected' AND verdict IS NOT 'reject' AND NOT EXISTS (
  SELECT 1 FROM measure_step AS stop
  WHERE stop.measure_id = event.measure_id AND stop.event_id <> event.id
    AND stop.status IN ('ended', 'rejected', 'suspended', 'delayed')
    AND stop.day >= event.day AND stop.day <= event.effective_to)
ORDER BY effective_from, id
"""
CONTESTED = f"SELECT event_id, field FROM contradiction WHERE position = 0 AND event_id {IN} ORDER BY event_id, field"  # noqa: S608
ALARMS = """
SELECT alarm.source_id, alarm.kind, alarm.since_at, alarm.detail, source.name, source.tags
FROM alarm JOIN source ON source.id = alarm.source_id
WHERE alarm.until_at IS NULL AND alarm.since_at > ? ORDER BY alarm.since_at, alarm.source_id, alarm.kind
"""
NOTE = """
INSERT INTO outbox (alert, channel, kind, subject, key, detail, noted_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (alert, channel, kind, subject, key) DO NOTHING
"""
DUE = """
SELECT number, alert, channel, kind, subject, key, detail FROM outbox
WHERE message_id IS NULL AND dropped IS NULL AND due_at <= ? ORDER BY due_at, number
"""
ORPHANS = f"""
UPDATE outbox SET dropped = 'the alert or its channel is no more'
WHERE message_id IS NULL AND dropped IS NULL AND alert || char(10) || channel NOT {IN}
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How far an alert has looked."""

    begun_cursor: int
    begun_at: str
    cursor: int
    looked_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A row of the log of changes about an event or a measure."""

    cursor: int
    what: str
    id: str
    kind: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A fact that waits for its message."""

    number: int
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """An alarm about a source that sounds."""

    source_id: str
    name: str
    tags: tuple[str, ...]
    alarm: str
    since: str
    detail: str


class Outbox:
    """The nouns `alert` and `outbox`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def looks(self) -> dict[str, Look]:
        """Alert to how far it has looked."""
        rows = self._db.rows("SELECT name, begun_cursor, begun_at, cursor, looked_at FROM alert")
        return {row["name"]: Look(**{name: row[name] for name in Look.__slots__}) for row in rows}

    def begin(self, alert: str, now: datetime, since: str | None) -> Look:
        """Begin an alert with what comes, or with what became known from a day on."""
        cursor = self.cursor(before=since)
        begun = stamp(now) if since is None else since
        look = Look(begun_cursor=cursor, begun_at=begun, cursor=cursor, looked_at=begun)
        self._db.run(
            "INSERT INTO alert (name, begun_at, begun_cursor, cursor, looked_at) VALUES (?, ?, ?, ?, ?)",
            (alert, begun, cursor, cursor, begun),
        )
        return look

    def forget(self, kept: Collection[str]) -> None:
        """Forget how far others than these alerts have looked: one that comes back begins anew."""
        self._db.run(f"DELETE FROM alert WHERE name NOT {IN}", (dumps(sorted(kept)),))  # noqa: S608 - a constant

    def cursor(self, *, before: str | None = None) -> int:
        """The end of the log of changes, or where it stood before a day."""
        if before is None:
            return self._db.number("SELECT coalesce(max(cursor), 0) FROM change")
        return self._db.number("SELECT coalesce(max(cursor), 0) FROM change WHERE changed_at < ?", (before,))

    def changes(self, after: int, limit: int) -> list[Logged]:
        """What happened to events and measures after a cursor, in order."""
        return [
            Logged(
                cursor=row["cursor"],
                what=row["what"],
                id=row["id"],
                kind=row["kind"],
                fields=json.loads(row["fields"]),
            )
            for row in self._db.rows(CHANGES, (after, limit))
        ]

    def heirs(self, event_ids: Iterable[str]) -> set[str]:
        """The events that some were merged into."""
        return {row["id"] for row in self._db.rows(HEIRS, (dumps(sorted(event_ids)),))}

    def step(self, measure_id: str, status: str) -> str | None:
        """The event that last brought a measure to a status."""
        row = self._db.row(STEPS, (measure_id, status))
        return None if row is None else str(row["event_id"])

    def born(self, event_ids: Iterable[str]) -> dict[str, int]:
        """Event id to the cursor at which it, or the first event that was merged into it, was new."""
        return {row["id"]: row["cursor"] for row in self._db.rows(BORN, (dumps(sorted(event_ids)),))}

    def told(self, alert: str, event_ids: Iterable[str]) -> set[tuple[str, str, str, str]]:
        """(event, channel, trigger, key) of what was noted of events under any of their ids."""
        rows = self._db.rows(FAMILY_TOLD, (dumps(sorted(event_ids)), alert))
        return {(row["id"], row["channel"], row["kind"], row["key"]) for row in rows}

    def taking_effect(self, first: str, last: str) -> list[tuple[str, str, str]]:
        """(id, date as known, first day of it) of the events that take effect between two days and were not stopped."""
        rows = self._db.rows(EFFECTIVE, (first, last))
        return [(row["id"], row["effective_on"], row["effective_from"]) for row in rows]

    def contested(self, event_ids: Iterable[str]) -> dict[str, list[str]]:
        """Event id to the fields on which its reports disagree."""
        found: dict[str, list[str]] = {}
        for row in self._db.rows(CONTESTED, (dumps(sorted(event_ids)),)):
            found.setdefault(row["event_id"], []).append(row["field"])
        return found

    def alarms(self, after: str) -> list[Sounding]:
        """The alarms that sound and began after a time."""
        return [
            Sounding(
                source_id=row["source_id"],
                name=row["name"],
                tags=tuple(json.loads(row["tags"])),
                alarm=row["kind"],
                since=row["since_at"],
                detail=row["detail"],
            )
            for row in self._db.rows(ALARMS, (after,))
        ]

    def note(self, alert: str, facts: Iterable[tuple[Fact, datetime]], *, cursor: int, now: datetime) -> int:
        """Keep facts with when they are due, and how far the alert has looked, all or nothing; how many are new."""
        with self._db.batch():
            new = sum(
                self._db.run(
                    NOTE,
                    (
                        fact.alert,
                        fact.channel,
                        fact.trigger.value,
                        fact.subject,
                        fact.key,
                        dumps(dict(fact.detail)),
                        stamp(now),
                        stamp(due),
                    ),
                )
                for fact, due in facts
            )
            self._db.run("UPDATE alert SET cursor = ?, looked_at = ? WHERE name = ?", (cursor, stamp(now), alert))
        return new

    def due(self, now: datetime) -> list[Noted]:
        """The facts that are to be put into messages, in order."""
        return [
            Noted(
                number=row["number"],
                fact=Fact(
                    alert=row["alert"],
                    channel=row["channel"],
                    trigger=Trigger(row["kind"]),
                    subject=row["subject"],
                    key=row["key"],
                    detail=json.loads(row["detail"]),
                ),
            )
            for row in self._db.rows(DUE, (stamp(now),))
        ]

    def is_first(self, noted: Noted, event_id: str) -> bool:
        """Whether nothing else tells the same of the event that a fact's event has become."""
        fact = noted.fact
        row = self._db.row(FIRST, (event_id, fact.alert, fact.channel, fact.trigger.value, fact.key))
        return row is None or row[0] in {None, noted.number}

    def drop(self, numbers: Iterable[int], why: str) -> None:
        """Facts that will not be told."""
        self._db.many("UPDATE outbox SET dropped = ? WHERE number = ?", ((why, number) for number in numbers))

    def drop_orphans(self, known: Iterable[tuple[str, str]]) -> None:
        """Facts of alerts and channels other than these will not be told."""
        self._db.run(ORPHANS, (dumps([f"{alert}\n{channel}" for alert, channel in known]),))

    def hasten(self, now: datetime) -> None:
        """Have all facts due now, for a rehearsal."""
        self._db.run("UPDATE outbox SET due_at = ? WHERE message_id IS NULL AND dropped IS NULL", (stamp(now),))
