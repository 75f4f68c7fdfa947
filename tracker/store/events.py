"""Events and measures as resolution made them, and where each report belongs.

It writes consensus, it does not make it. Every change of an event leaves a row in the log of changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tracker.model import Event, Measure, Placement
from tracker.store.changes import log_change
from tracker.store.codec import bounds, dumps, folded, stamp
from tracker.store.connection import Connection, Value
from tracker.store.entities import entity_id, keep_parties
from tracker.store.measures import drop_empty, first_steps, keep_measures

COLUMNS = (
    "type",
    "status",
    "direction",
    "certainty",
    "announced_on",
    "announced_basis",
    "effective_on",
    "effective_basis",
    "confidence",
    "summary",
    "origins",
    "measure_id",
    "subtype",
)
DATES = ("announced_from", "announced_to", "effective_from", "effective_to")
INSERT = f"""
INSERT INTO event (id, {", ".join(COLUMNS + DATES)}, reports, day, first_seen_at, changed_at)
VALUES ({", ".join("?" * (1 + len(COLUMNS + DATES)))}, 0, '', ?, ?)
"""  # noqa: S608 - names are constants
UPDATE = f"""
UPDATE event SET {", ".join(f"{name} = ?" for name in COLUMNS + DATES)}, stale = 0 WHERE id = ?
"""  # noqa: S608 - names are constants
# How many reports, when the first of them appeared, and the day under which the timeline shows the event.
SETTLE = """
UPDATE event SET
  reports = (SELECT count(*) FROM report WHERE event_id = event.id),
  first_reported = (SELECT min(published) FROM report WHERE event_id = event.id),
  day = coalesce(announced_from,
    (SELECT substr(min(published) || substr('0000-01-01', length(min(published)) + 1), 1, 10)
      FROM report WHERE event_id = event.id), '')
WHERE id = ?
"""
INDEX = """
INSERT INTO event_fts (rowid, summary, parties, items, quotes)
SELECT number, summary,
  (SELECT group_concat(name, ' · ') FROM (
    SELECT name FROM event_party WHERE event_id = event.id ORDER BY role, position)),
  (SELECT group_concat(name, ' · ') FROM (
    SELECT name FROM event_item WHERE event_id = event.id ORDER BY kind, position)),
  (SELECT group_concat(quote, ' · ') FROM (
    SELECT DISTINCT quote FROM report WHERE event_id = event.id ORDER BY published, id))
FROM event WHERE id = ?
"""


class Events:
    """The nouns `event`, `event_party`, `event_item`, `measure` and `redirect`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def save(
        self,
        events: Iterable[Event],
        placements: Iterable[Placement] = (),
        *,
        now: datetime,
        measures: Iterable[Measure] = (),
        redirects: Mapping[str, str] | None = None,
    ) -> int:
        """Store events as they now are, all or nothing, and put their reports into them.

        Args:
            events: new and changed events, each with all its reports; one that is unchanged does no harm. A report that
                such an event had and no longer names becomes unplaced, unless another one names it.
            placements: the decisions that led there, kept with their scores and reasons.
            now: the time of the run.
            measures: titles of measures; one without bears the summary of its first step.
            redirects: id of an event that is no more to the id of the event that took its reports.

        Returns:
            How many events are new.
        """
        saved, moment, gone = {event.id: event for event in events}, stamp(now), redirects or {}
        titles = {measure.id: measure.title for measure in measures}
        with self._db.batch():
            before = {event_id: self._snapshot(event_id) for event_id in saved}
            for event in saved.values():
                self._write(event, moment, known=before[event.id] is not None)
            robbed = self._place(saved)
            self._explain(placements)
            left = self._redirect(gone, moment)
            self.touch(robbed - saved.keys() - gone.keys(), moment)
            for event_id in saved:
                self._finish(event_id, before[event_id], moment)
            left |= {str(old["measure_id"]) for old in before.values() if old is not None}
            self._settle_measures({event.measure_id for event in saved.values()} | left, titles, moment)
        return sum(1 for old in before.values() if old is None)

    def touch(self, event_ids: Iterable[str], now: str) -> None:
        """Mark events whose reports changed as stale; take those away that have no report left."""
        for event_id in sorted(event_ids):
            if self._db.row("SELECT 1 FROM report WHERE event_id = ?", (event_id,)) is None:
                drop_empty(self._db, self._remove(event_id, "removed", now), now)
            else:
                self._db.run("UPDATE event SET stale = 1 WHERE id = ?", (event_id,))

    def stale(self, limit: int) -> list[str]:
        """Ids of events to be resolved again because their reports changed."""
        return [
            row["id"] for row in self._db.rows("SELECT id FROM event WHERE stale = 1 ORDER BY id LIMIT ?", (limit,))
        ]

    def of_measure(self, measure_id: str) -> list[str]:
        """Ids of a measure's events in their order."""
        rows = self._db.rows("SELECT id FROM event WHERE measure_id = ? ORDER BY day, id", (measure_id,))
        return [row["id"] for row in rows]

    def _write(self, event: Event, now: str, *, known: bool) -> None:
        """The event's own row, its parties and its items."""
        if known:
            self._db.run(UPDATE, (*_columns(event), event.id))
        else:
            self._db.run(INSERT, (event.id, *_columns(event), now, now))
            self._db.run("DELETE FROM redirect WHERE old_id = ?", (event.id,))
        keep_parties(self._db, {*event.actors, *event.targets}, now)
        self._db.run("DELETE FROM event_party WHERE event_id = ?", (event.id,))
        self._db.many(
            "INSERT INTO event_party (event_id, role, position, entity_id, name) VALUES (?, ?, ?, ?, ?)",
            _parties(event),
        )
        self._db.run("DELETE FROM event_item WHERE event_id = ?", (event.id,))
        self._db.many(
            "INSERT INTO event_item (event_id, kind, position, name, folded) VALUES (?, ?, ?, ?, ?)", _items(event)
        )

    def _place(self, saved: Mapping[str, Event]) -> set[str]:
        """Put every report where it belongs; the ids of the events that lost one."""
        wanted = {report_id: event.id for event in saved.values() for report_id in event.report_ids}
        released = [
            row["id"]
            for event_id in saved
            for row in self._db.rows("SELECT id FROM report WHERE event_id = ?", (event_id,))
            if row["id"] not in wanted
        ]
        self._db.many(
            "UPDATE report SET event_id = NULL, event_score = NULL, placement = NULL WHERE id = ?",
            ((key,) for key in released),
        )
        robbed = set()
        for report_id, event_id in wanted.items():
            row = self._db.row("SELECT event_id FROM report WHERE id = ?", (report_id,))
            if row is not None and row["event_id"] != event_id:
                robbed.add(row["event_id"])
                self._db.run("UPDATE report SET event_id = ? WHERE id = ?", (event_id, report_id))
        return robbed - {None}

    def _explain(self, placements: Iterable[Placement]) -> None:
        """Keep with each report why it is where it is."""
        self._db.many(
            "UPDATE report SET event_score = ?, placement = ? WHERE id = ?",
            (
                (placement.event_score.value if placement.event_score else None, dumps(placement), placement.report_id)
                for placement in placements
            ),
        )

    def _settle_measures(self, measure_ids: set[str], titles: Mapping[str, str], now: str) -> None:
        keep_measures(self._db, {**first_steps(self._db, measure_ids), **titles}, now)
        drop_empty(self._db, measure_ids | titles.keys(), now)

    def _redirect(self, redirects: Mapping[str, str], now: str) -> set[str]:
        """Let old ids lead to new ones; the measures that lost an event."""
        left: set[str] = set()
        for old, new in redirects.items():
            left |= self._remove(old, "merged", now)
            self._db.run("UPDATE redirect SET new_id = ? WHERE new_id = ?", (new, old))
            self._db.run(
                "INSERT OR REPLACE INTO redirect (old_id, new_id, redirected_at) VALUES (?, ?, ?)", (old, new, now)
            )
        return left

    def _remove(self, event_id: str, kind: str, now: str) -> set[str]:
        """Take an event away, its reports unplaced; the measure it was a step of."""
        row = self._db.row("SELECT number, measure_id FROM event WHERE id = ?", (event_id,))
        if row is None:
            return set()
        self._db.run(
            "UPDATE report SET event_id = NULL, event_score = NULL, placement = NULL WHERE event_id = ?", (event_id,)
        )
        self._db.run("DELETE FROM event_fts WHERE rowid = ?", (row["number"],))
        self._db.run("DELETE FROM event WHERE id = ?", (event_id,))
        log_change(self._db, "event", event_id, kind, now)
        return {row["measure_id"]}

    def _finish(self, event_id: str, before: Mapping[str, object] | None, now: str) -> None:
        """Once its reports are placed: counts and day, the log of changes, the words for search."""
        self._db.run(SETTLE, (event_id,))
        after = self._snapshot(event_id)
        assert after is not None
        if before == after:
            return
        if before is None:
            log_change(self._db, "event", event_id, "new", now)
        else:
            changed = {name: [before[name], new] for name, new in after.items() if before[name] != new}
            log_change(self._db, "event", event_id, "updated", now, changed)
            self._db.run("UPDATE event SET changed_at = ? WHERE id = ?", (now, event_id))
        self._db.run("DELETE FROM event_fts WHERE rowid = (SELECT number FROM event WHERE id = ?)", (event_id,))
        self._db.run(INDEX, (event_id,))

    def _snapshot(self, event_id: str) -> dict[str, object] | None:
        """All that a change of an event can be seen by, or None where there is no such event."""
        row = self._db.row(f"SELECT {', '.join(COLUMNS)} FROM event WHERE id = ?", (event_id,))  # noqa: S608 - names are constants
        if row is None:
            return None
        parties = self._db.rows(
            "SELECT role, entity_id FROM event_party WHERE event_id = ? ORDER BY position", (event_id,)
        )
        items = self._db.rows("SELECT kind, name FROM event_item WHERE event_id = ? ORDER BY position", (event_id,))
        reports = self._db.rows("SELECT id FROM report WHERE event_id = ? ORDER BY id", (event_id,))
        return {name: row[name] for name in COLUMNS} | {
            "actors": [party["entity_id"] for party in parties if party["role"] == "actor"],
            "targets": [party["entity_id"] for party in parties if party["role"] == "target"],
            "items": [item["name"] for item in items if item["kind"] == "item"],
            "instruments": [item["name"] for item in items if item["kind"] == "instrument"],
            "reports": [report["id"] for report in reports],
        }


def _columns(event: Event) -> tuple[Value, ...]:
    """The values of COLUMNS and DATES, in their order."""
    announced, effective = event.announced_on, event.effective_on
    return (
        event.type,
        event.status,
        event.direction,
        event.certainty,
        announced.value if announced else None,
        announced.basis if announced else None,
        effective.value if effective else None,
        effective.basis if effective else None,
        event.confidence,
        event.summary,
        event.origins,
        event.measure_id,
        event.subtype,
        *(bounds(announced.value) if announced else (None, None)),
        *(bounds(effective.value) if effective else (None, None)),
    )


def _parties(event: Event) -> Iterator[tuple[Value, ...]]:
    for role, parties in (("actor", event.actors), ("target", event.targets)):
        for position, party in enumerate(parties):
            yield event.id, role, position, entity_id(party), party.name


def _items(event: Event) -> Iterator[tuple[Value, ...]]:
    for kind, names in (("item", event.items), ("instrument", event.instruments)):
        for position, name in enumerate(names):
            yield event.id, kind, position, name, folded(name)
