"""Events as resolution made them, and where each report belongs.

It writes consensus, it does not make it. Of an event only what differs from what is stored is written, and every change
leaves a row in the log of changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from tracker.model import Event, Held, Standing
from tracker.store.changes import log_change
from tracker.store.codec import dumps, stamp
from tracker.store.connection import Connection
from tracker.store.entities import entity_id, keep_parties
from tracker.store.event_rows import (
    COLUMNS,
    DATES,
    columns,
    contradictions,
    events,
    items,
    parties,
    seen,
    snapshot,
)
from tracker.store.judgements import among_events, any_events
from tracker.store.redirects import redirect
from tracker.store.standings import Keys, Level, Standings

LEVEL = Level(name="event", judged=among_events, is_judged=any_events)
INSERT = f"""
INSERT INTO event (id, {", ".join(COLUMNS + DATES)}, measure_id, reports, day, first_seen_at, changed_at)
VALUES ({", ".join("?" * (2 + len(COLUMNS + DATES)))}, 0, '', ?, ?)
"""  # noqa: S608 - names are constants
UPDATE = f"""
UPDATE event SET {", ".join(f"{name} = ?" for name in COLUMNS + DATES)}, changed_at = ? WHERE id = ?
"""  # noqa: S608 - names are constants
# How many reports, when the first of them appeared, and the day under which the timeline shows the event.
COUNT = """
UPDATE event SET
  stale = 0,
  reports = (SELECT count(*) FROM report WHERE event_id = event.id),
  first_reported = (SELECT min(published) FROM report WHERE event_id = event.id),
  day = coalesce(announced_from,
    (SELECT substr(min(published) || substr('0000-01-01', length(min(published)) + 1), 1, 10)
      FROM report WHERE event_id = event.id), '')
WHERE id = ?
"""
# What was noted of an event before anything of it was written, where it is another one now.
BECAME = """
SELECT day, first_reported, was ->> 'day' AS old_day, was ->> 'first_reported' AS old_first_reported
FROM change_before JOIN event USING (id) JOIN event_state USING (id) WHERE what = 'event' AND id = ? AND was <> state
"""
# Of an event that many tell, the words of the first ones are enough.
WORDS = """
INSERT INTO event_fts (rowid, summary, parties, items, quotes)
SELECT number, summary,
  (SELECT group_concat(name, ' · ') FROM (
    SELECT name FROM event_party WHERE event_id = event.id ORDER BY role, position)),
  (SELECT group_concat(name, ' · ') FROM (
    SELECT name FROM event_item WHERE event_id = event.id ORDER BY kind, position)),
  (SELECT group_concat(quote, ' · ') FROM (
    SELECT DISTINCT quote FROM (
      SELECT quote FROM report WHERE event_id = event.id ORDER BY published, id LIMIT 12)))
FROM event WHERE id = ?
"""
LEADS = "SELECT id, lead_id FROM event WHERE id IN (SELECT value FROM json_each(?)) AND lead_id IS NOT NULL"
FOLLOWED = """
SELECT DISTINCT event_standing.lead_id FROM event JOIN event_standing ON event_standing.id = event.lead_id
WHERE event.id IN (SELECT value FROM json_each(?))
"""
HOME_MEASURES = "SELECT id, measure_id FROM event WHERE id IN (SELECT value FROM json_each(?))"
MEMBERS = "SELECT id, event_id FROM report WHERE event_id IN (SELECT value FROM json_each(?))"
HOMES = "SELECT id, event_id FROM report WHERE id IN (SELECT value FROM json_each(?))"
# A report that is to be settled stays where it is until then.
RELEASE = """
UPDATE report SET event_id = NULL
WHERE id = ? AND (SELECT unsettled FROM report_standing WHERE report_standing.id = report.id) = 0
"""
WITHDRAWN = "SELECT id FROM report WHERE withdrawn = 1 AND event_id IN (SELECT value FROM json_each(?))"
KNOWN = "SELECT id FROM entity WHERE id IN (SELECT value FROM json_each(?))"
PARTY = "INSERT INTO event_party (event_id, role, position, entity_id, name) VALUES (?, ?, ?, ?, ?)"
ITEM = "INSERT INTO event_item (event_id, kind, position, name, folded) VALUES (?, ?, ?, ?, ?)"
DISPUTE = """
INSERT INTO contradiction (event_id, field, position, value, origins, reports, because) VALUES (?, ?, ?, ?, ?, ?, ?)
"""


class Events:
    """The nouns `event`, `event_party`, `event_item`, `contradiction`, `event_standing` and `event_key`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection
        self._standings = Standings(connection, LEVEL)

    def save(self, events: Iterable[Event], *, now: datetime, redirects: Mapping[str, str] | None = None) -> int:
        """Store events as they now are, all or nothing, and put their reports into them.

        Their measures are kept by `Measures.save`, which has to follow in the same batch where one is new; only a new
        event's `measure_id` is written here.

        Args:
            events: new and changed events, each with all its reports; one that is unchanged does no harm. A settled
                report that such an event had and no longer names belongs to no event, unless another one names it.
            now: the time of the run.
            redirects: id of an event that is no more to the id of the event that took its reports.

        Returns:
            How many events are new.
        """
        saved, moment, gone = {event.id: event for event in events}, stamp(now), redirects or {}
        with self._db.part():
            before = snapshot(self._db, saved)
            new = [event for event in saved.values() if event.id not in before]
            for event in new:
                self._db.run(INSERT, (event.id, *columns(event), event.measure_id, moment, moment))
                self._db.run("DELETE FROM redirect WHERE old_id = ?", (event.id,))
            moves, robbed = self._place(saved)
            for old, other in gone.items():
                lost, _ = moves.get(old, ([], []))
                self._remove(old, "merged", moment, {"into": [None, other], "reports": [lost, []]})
                redirect(self._db, old, other, moment)
            self._withdraw(saved)
            for event in saved.values():
                self._write(event, before.get(event.id), moves.get(event.id), moment)
            self.touch(robbed - saved.keys() - gone.keys(), moment, moves)
        return len(new)

    def touch(
        self, event_ids: Iterable[str], now: str, moves: Mapping[str, tuple[list[str], list[str]]] | None = None
    ) -> None:
        """Mark events whose reports changed as stale; take those away that have no report left.

        `moves` are the reports that went to other events, and those that came, by event.
        """
        for event_id in sorted(event_ids):
            if self._db.row("SELECT 1 FROM report WHERE event_id = ?", (event_id,)) is None:
                self._remove(event_id, "removed", now, {"reports": list(moves[event_id])} if moves else None)
            else:
                self._db.run("UPDATE event SET stale = 1 WHERE id = ?", (event_id,))

    def disturb(self, event_ids: Iterable[str]) -> None:
        """Have the consensus of these events made again."""
        self._db.many("UPDATE event SET stale = 1 WHERE id = ?", ((key,) for key in sorted(set(event_ids))))

    def stale(self, limit: int) -> list[str]:
        """Ids of events whose consensus is to be made again, because their reports changed or a person decided."""
        return [
            row["id"] for row in self._db.rows("SELECT id FROM event WHERE stale = 1 ORDER BY id LIMIT ?", (limit,))
        ]

    def gone(self, limit: int) -> list[str]:
        """What led events that are no more. `forget` them once what followed them is settled."""
        return [row[0] for row in self._db.rows("SELECT lead_id FROM event_gone ORDER BY lead_id LIMIT ?", (limit,))]

    def events(self, event_ids: Iterable[str]) -> list[Event]:
        """The events of these ids, in their order; without those that are no more."""
        return events(self._db, list(event_ids))

    def of_leads(self, lead_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """What leads a measure to all that follow it, itself among them; all by the ids of their leading reports."""
        return self._standings.of_leads(lead_ids)

    def has(self, event_id: str) -> bool:
        """Whether there is an event of this id."""
        return self._db.row("SELECT 1 FROM event WHERE id = ?", (event_id,)) is not None

    def leads(self, event_ids: Iterable[str]) -> dict[str, str]:
        """Event id to the id of its leading report; without those that are no more."""
        rows = self._db.rows(LEADS, (json.dumps(list(event_ids)),))
        return {row["id"]: row["lead_id"] for row in rows}

    def followed(self, event_ids: Iterable[str]) -> set[str]:
        """Whom these events follow into their measures, by leading report; without those that do not stand yet."""
        rows = self._db.rows(FOLLOWED, (json.dumps(list(event_ids)),))
        return {row["lead_id"] for row in rows}

    def measure_ids(self, event_ids: Iterable[str]) -> dict[str, str | None]:
        """Event id to the id of its measure, None where it is in none yet; without those that are no more."""
        rows = self._db.rows(HOME_MEASURES, (json.dumps(list(event_ids)),))
        return {row["id"]: row["measure_id"] or None for row in rows}

    def led_by(self, report_ids: Iterable[str]) -> dict[str, str]:
        """Id of a leading report to the id of its event; without those that lead none."""
        rows = self._db.rows(
            "SELECT lead_id, id FROM event WHERE lead_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(report_ids)),),
        )
        return {row["lead_id"]: row["id"] for row in rows}

    def of_measure(self, measure_id: str) -> list[str]:
        """Ids of a measure's events in their order."""
        rows = self._db.rows("SELECT id FROM event WHERE measure_id = ? ORDER BY day, id", (measure_id,))
        return [row["id"] for row in rows]

    def held(self) -> Held:
        """The events as things that are put together into measures, each by the id of its leading report."""
        return self._standings

    def stand(self, standings: Iterable[Standing], keys: Keys) -> None:
        """Keep where these stand among their like. One that `keys` does not name keeps the keys it had."""
        with self._db.part():
            self._standings.stand(standings, keys)

    def forget(self, lead_ids: Iterable[str]) -> None:
        """What followed these has been settled; those that lead no event any more do not stand among events either."""
        ids = list(lead_ids)
        with self._db.part():
            self._standings.remove(set(ids) - self.led_by(ids).keys())
            self._db.many("DELETE FROM event_gone WHERE lead_id = ?", ((key,) for key in ids))

    def _place(self, saved: Mapping[str, Event]) -> tuple[dict[str, tuple[list[str], list[str]]], set[str]]:
        """Put every report where it belongs; which went and which came to each event, and which events lost one."""
        wanted = {report_id: event.id for event in saved.values() for report_id in event.report_ids}
        there = {row["id"]: row["event_id"] for row in self._db.rows(MEMBERS, (json.dumps(list(saved)),))}
        missing = [key for key, event_id in wanted.items() if there.get(key) != event_id]
        homes = {row["id"]: row["event_id"] for row in self._db.rows(HOMES, (json.dumps(missing),))}
        moves: dict[str, tuple[list[str], list[str]]] = {}
        for key in sorted(there.keys() - wanted.keys()):
            if self._db.run(RELEASE, (key,)):
                moves.setdefault(there[key], ([], []))[0].append(key)
        for key, old in sorted(homes.items()):
            moves.setdefault(wanted[key], ([], []))[1].append(key)
            if old is not None:
                moves.setdefault(old, ([], []))[0].append(key)
        self._db.many("UPDATE report SET event_id = ? WHERE id = ?", ((wanted[key], key) for key in sorted(homes)))
        return moves, set(homes.values()) - {None}

    def _write(
        self,
        event: Event,
        before: Mapping[str, object] | None,
        moves: tuple[list[str], list[str]] | None,
        now: str,
    ) -> None:
        """What differs from what is stored, the log of changes, the words for search."""
        after = seen(event)
        changed = {name: [before[name], new] for name, new in after.items() if before and before[name] != new}
        if before is not None and not changed and moves is None and not self._has_lost(event):
            self._count(event.id, replaced=True)  # the dates and quotes of its reports may be others
            self._log_count(event.id, now)
            return
        if before is not None:
            self._db.run(UPDATE, (*columns(event), now, event.id))
        if before is None or changed:
            self._write_rows(event, now, replaced=before is not None)
        self._count(event.id, replaced=before is not None)
        told = changed | ({"reports": list(moves)} if moves and before is not None else {})
        log_change(
            self._db, "event", event.id, "updated" if before else "new", now, told
        )  # last: see 0006_timeline.sql

    def _log_count(self, event_id: str, now: str) -> None:
        """Note what became of an event by its reports alone, if anything."""
        row = self._db.row(BECAME, (event_id,))
        if row is not None:
            told = {name: [row[f"old_{name}"], row[name]] for name in ("day", "first_reported")}
            fields = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
            log_change(self._db, "event", event_id, "updated", now, fields)

    def _count(self, event_id: str, *, replaced: bool) -> None:
        """What follows from the event's row and those of its reports, perhaps in place of what followed before."""
        self._db.run(COUNT, (event_id,))
        if replaced:
            self._db.run("DELETE FROM event_fts WHERE rowid = (SELECT number FROM event WHERE id = ?)", (event_id,))
        self._db.run(WORDS, (event_id,))

    def _has_lost(self, event: Event) -> bool:
        """Whether reports of it are no more since it was written."""
        return self._db.number("SELECT reports FROM event WHERE id = ?", (event.id,)) != len(event.report_ids)

    def _write_rows(self, event: Event, now: str, *, replaced: bool) -> None:
        named = {entity_id(party): party for party in (*event.actors, *event.targets)}
        known = {row["id"] for row in self._db.rows(KNOWN, (dumps(list(named)),))}
        keep_parties(self._db, [party for key, party in named.items() if key not in known], now)
        for table in ("event_party", "event_item", "contradiction") if replaced else ():
            self._db.run(f"DELETE FROM {table} WHERE event_id = ?", (event.id,))  # noqa: S608 - constants
        self._db.many(PARTY, parties(event))
        self._db.many(ITEM, items(event))
        self._db.many(DISPUTE, contradictions(event))

    def _withdraw(self, saved: Mapping[str, Event]) -> None:
        """Mark the reports that their own outlet took back, and those no more that it did not."""
        wanted = {key for event in saved.values() for key in event.withdrawn}
        there = {row[0] for row in self._db.rows(WITHDRAWN, (dumps(list(saved)),))}
        self._db.many("UPDATE report SET withdrawn = 0 WHERE id = ?", ((key,) for key in sorted(there - wanted)))
        self._db.many("UPDATE report SET withdrawn = 1 WHERE id = ?", ((key,) for key in sorted(wanted - there)))

    def _remove(self, event_id: str, kind: str, now: str, told: Mapping[str, object] | None = None) -> None:
        """Take an event away; a measure that it leaves empty goes when measures are settled."""
        row = self._db.row("SELECT number, measure_id, lead_id FROM event WHERE id = ?", (event_id,))
        if row is None:
            return
        if row["lead_id"] is not None:
            self._db.run("INSERT OR IGNORE INTO event_gone (lead_id) VALUES (?)", (row["lead_id"],))
        self._db.run("UPDATE report SET event_id = NULL WHERE event_id = ?", (event_id,))
        self._db.run("DELETE FROM event_fts WHERE rowid = ?", (row["number"],))
        self._db.run("DELETE FROM event WHERE id = ?", (event_id,))
        self._db.run("UPDATE measure SET stale = 1 WHERE id = ?", (row["measure_id"],))
        log_change(self._db, "event", event_id, kind, now, told)
