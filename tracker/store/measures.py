"""Measures as resolution made them: title, where it stands, the steps of its life, and its ties to other measures.

Which events are steps of it is kept with the events (`event.measure_id`), and written here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from tracker.model import Link, LinkKind, Measure, Reason, Score, Status, Step
from tracker.store.changes import log_change
from tracker.store.codec import dumps, loads, stamp
from tracker.store.connection import Connection, Value
from tracker.store.redirects import redirect

SEEN = ("title", "status", "since", "lead_id")
UPSERT = """
INSERT INTO measure (id, title, status, since, lead_id, first_seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (id) DO UPDATE SET title = ?2, status = ?3, since = ?4, lead_id = ?5, stale = 0
"""
STEP = """
INSERT INTO measure_step (measure_id, position, day, status, event_id, words, inferred) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
STEPS = """
SELECT measure_id, position, day, status, event_id, words, inferred FROM measure_step
WHERE measure_id IN (SELECT value FROM json_each(?)) ORDER BY measure_id, position
"""
LINK = """
INSERT OR REPLACE INTO measure_link (measure_id, other_id, kind, event_id, score, reasons) VALUES (?, ?, ?, ?, ?, ?)
"""
HOMES = "SELECT id, measure_id FROM event WHERE id IN (SELECT value FROM json_each(?))"
EMPTY = "SELECT id FROM measure WHERE stale = 1 AND NOT EXISTS (SELECT 1 FROM event WHERE measure_id = measure.id)"


class Measures:
    """The nouns `measure`, `measure_step` and `measure_link`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def save(
        self,
        measures: Iterable[Measure],
        links: Iterable[Link] = (),
        *,
        now: datetime,
        redirects: Mapping[str, str] | None = None,
    ) -> int:
        """Store measures as they now are, all or nothing, and make their events steps of them.

        Measures that are left without events go.

        Args:
            measures: new and changed ones, each with all its events; one that is unchanged does no harm.
            links: all ties of these measures to older ones, in place of those that are stored.
            now: the time of the run.
            redirects: id of a measure that is no more to the id of the one that took its events.

        Returns:
            How many measures are new.
        """
        saved, moment, gone = {measure.id: measure for measure in measures}, stamp(now), redirects or {}
        ids = json.dumps(list(saved))
        with self._db.part():
            rows = self._db.rows("SELECT * FROM measure WHERE id IN (SELECT value FROM json_each(?))", (ids,))
            before = {row["id"]: {name: row[name] for name in SEEN} for row in rows}
            steps = _grouped(self._db.rows(STEPS, (ids,)))
            for measure in saved.values():
                self._keep(measure, before.get(measure.id), steps.get(measure.id, []), moment)
            self._move(saved.values(), moment)
            self._merge(gone, moment)
            self._db.many("DELETE FROM measure_link WHERE measure_id = ?", ((key,) for key in saved))
            self._db.many(LINK, sorted(map(link_row, links)))
            drop_empty(self._db, moment)
        return len(saved.keys() - before.keys())

    def has(self, measure_id: str) -> bool:
        """Whether there is a measure of this id."""
        return self._db.row("SELECT 1 FROM measure WHERE id = ?", (measure_id,)) is not None

    def stale(self, limit: int) -> list[str]:
        """Ids of measures that lost an event and whose history has not been told again since."""
        rows = self._db.rows("SELECT id FROM measure WHERE stale = 1 ORDER BY id LIMIT ?", (limit,))
        return [row["id"] for row in rows]

    def measures(self, measure_ids: Iterable[str]) -> list[Measure]:
        """The measures of these ids, in their order; without those that are no more."""
        wanted = list(dict.fromkeys(measure_ids))
        ids = json.dumps(wanted)
        rows = self._db.rows("SELECT * FROM measure WHERE id IN (SELECT value FROM json_each(?))", (ids,))
        steps = _grouped(self._db.rows(STEPS, (ids,)))
        events: dict[str, list[str]] = {}
        sql = "SELECT id, measure_id FROM event WHERE measure_id IN (SELECT value FROM json_each(?)) ORDER BY day, id"
        for row in self._db.rows(sql, (ids,)):
            events.setdefault(row["measure_id"], []).append(row["id"])
        found = {
            row["id"]: Measure(
                id=row["id"],
                title=row["title"],
                event_ids=tuple(events.get(row["id"], ())),
                status=Status(row["status"]) if row["status"] else None,
                since=row["since"],
                steps=tuple(map(_step, steps.get(row["id"], ()))),
                lead_id=row["lead_id"] or "",
            )
            for row in rows
        }
        return [found[key] for key in wanted if key in found]

    def links(self, measure_ids: Iterable[str]) -> list[Link]:
        """The ties of these measures to older ones, and of newer ones to them."""
        rows = self._db.rows(
            "SELECT * FROM measure_link WHERE measure_id IN (SELECT value FROM json_each(?1))"
            " UNION SELECT * FROM measure_link WHERE other_id IN (SELECT value FROM json_each(?1)) ORDER BY 1, 2, 3",
            (json.dumps(list(measure_ids)),),
        )
        return [
            Link(
                measure_id=row["measure_id"],
                other_id=row["other_id"],
                kind=LinkKind(row["kind"]),
                event_id=row["event_id"],
                score=Score(value=row["score"], reasons=loads(tuple[Reason, ...], row["reasons"])),
            )
            for row in rows
        ]

    def _keep(
        self, measure: Measure, before: Mapping[str, object] | None, old: list[tuple[Value, ...]], now: str
    ) -> None:
        """The measure's row and steps, and what of them is new."""
        after = {"title": measure.title, "status": measure.status, "since": measure.since, "lead_id": measure.lead_id}
        steps = [step_row(measure.id, number, step) for number, step in enumerate(measure.steps)]
        values = (measure.id, measure.title, measure.status, measure.since, measure.lead_id, now)
        self._db.run(UPSERT, values)
        if steps != old:
            self._db.run("DELETE FROM measure_step WHERE measure_id = ?", (measure.id,))
            self._db.many(STEP, steps)
        if before is None:
            log_change(self._db, "measure", measure.id, "new", now)
            self._db.run("DELETE FROM redirect WHERE old_id = ?", (measure.id,))
            return
        changed: dict[str, object] = {
            name: [before[name], new] for name, new in after.items() if before[name] != new and name != "lead_id"
        }
        if steps != old:
            changed["steps"] = [[list(row[2:5]) for row in old], [list(row[2:5]) for row in steps]]
        if changed:
            log_change(self._db, "measure", measure.id, "updated", now, changed)

    def _move(self, measures: Iterable[Measure], now: str) -> None:
        """Make events steps of their measures; those that lost one are to be told again."""
        wanted = {event_id: measure.id for measure in measures for event_id in measure.event_ids}
        for row in self._db.rows(HOMES, (json.dumps(list(wanted)),)):
            old, new = row["measure_id"], wanted[row["id"]]
            if old != new:
                self._db.run("UPDATE event SET measure_id = ? WHERE id = ?", (new, row["id"]))
                known = self._db.run("UPDATE measure SET stale = 1 WHERE id = ?", (old,))
                if known:
                    log_change(self._db, "event", row["id"], "updated", now, {"measure_id": [old, new]})
        self._db.many("UPDATE measure SET stale = 0 WHERE id = ?", ((key,) for key in set(wanted.values())))

    def _merge(self, redirects: Mapping[str, str], now: str) -> None:
        for old, new in sorted(redirects.items()):
            self._db.run("UPDATE OR REPLACE measure_link SET other_id = ? WHERE other_id = ?", (new, old))
            self._db.run("DELETE FROM measure_link WHERE measure_id = ? OR measure_id = other_id", (old,))
            if self._db.run("DELETE FROM measure WHERE id = ?", (old,)):
                log_change(self._db, "measure", old, "merged", now, {"into": [None, new]})
            redirect(self._db, old, new, now)


def drop_empty(connection: Connection, now: str) -> None:
    """Take away the measures that lost their last event."""
    for row in connection.rows(EMPTY):
        connection.run("DELETE FROM measure_link WHERE measure_id = ?1 OR other_id = ?1", (row["id"],))
        connection.run("DELETE FROM measure WHERE id = ?", (row["id"],))
        log_change(connection, "measure", row["id"], "removed", now)


def _grouped(rows: Iterable[Iterable[Value]]) -> dict[str, list[tuple[Value, ...]]]:
    found: dict[str, list[tuple[Value, ...]]] = {}
    for row in map(tuple, rows):
        found.setdefault(str(row[0]), []).append(row)
    return found


def step_row(measure_id: str, position: int, step: Step) -> tuple[Value, ...]:
    """A row of `measure_step`."""
    return (measure_id, position, step.day, step.status, step.event_id, step.words, int(step.inferred))


def _step(row: tuple[Value, ...]) -> Step:
    _, _, day, status, event_id, words, inferred = row
    return Step(
        day=str(day), status=Status(str(status)), event_id=str(event_id), words=str(words), inferred=bool(inferred)
    )


def link_row(link: Link) -> tuple[Value, ...]:
    """A row of `measure_link`."""
    score = link.score
    return (link.measure_id, link.other_id, link.kind, link.event_id, score.value, dumps(score.reasons))
