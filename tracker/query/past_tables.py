"""Temporary tables that stand before those of the database and hold, of what changed since a moment, what was then.

A temporary table or view hides what has its name: whatever asks of `event` on such a connection asks of the past. What
the order of the timeline and the facets need is kept; the rest is read out of the states when it is looked at, or is
filled in when a question needs it. What has been filled holds whatever is written later, so that only what changed for
the first time since is added.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal

from tracker.store import facets
from tracker.store.connection import Connection, open_database

Need = Literal["facets", "words", "reports", "steps"]  # what only some questions ask of

# Tables that are made anew in the form of those of the database.
TABLES = (
    "event",
    "measure_step",
    "report",
    "report_amount",
    "facet_key",
    "event_facet",
    "event_fts",
    "facet_fts",
)
DDL = """
SELECT type, sql FROM main.sqlite_schema
WHERE sql IS NOT NULL AND tbl_name IN ({names})
  AND (type = 'table' OR name = 'report_of_event' OR name LIKE 'facet\\_fts\\_%' ESCAPE '\\')
ORDER BY type = 'trigger', type = 'index', name LIKE '%fts', name
"""
TEMPORARY = (  # how a statement is written that makes the same thing temporary
    (re.compile(r"^CREATE (VIRTUAL |)TABLE \"?(\w+)\"?"), r"CREATE \1TABLE temp.\2"),
    (re.compile(r"^CREATE (UNIQUE |)INDEX (\w+)"), r"CREATE \1INDEX temp.\2"),
    (re.compile(r"^CREATE TRIGGER (\w+)"), r"CREATE TEMP TRIGGER \1"),
)
# `turn`: with which filling it came; `told`: whether its reports are there.
PAST = """
CREATE TEMP TABLE past (
  id TEXT PRIMARY KEY, number INTEGER, measure_id TEXT, sources INTEGER, url TEXT, state TEXT, turn INTEGER,
  told INTEGER NOT NULL DEFAULT 0
);
CREATE TEMP TABLE past_measure (id TEXT PRIMARY KEY, title TEXT, state TEXT);
CREATE TEMP TABLE past_moment (moment TEXT, cursor INTEGER);
CREATE TEMP VIEW change AS SELECT * FROM main.change WHERE cursor <= (SELECT cursor FROM past_moment);
CREATE TEMP VIEW redirect AS SELECT * FROM main.redirect WHERE redirected_at <= (SELECT moment FROM past_moment);
CREATE TEMP VIEW event_party AS SELECT past.id AS event_id, one.value ->> 0 AS role, one.value ->> 1 AS position,
  one.value ->> 2 AS entity_id, one.value ->> 3 AS name
FROM past, json_each(state, '$.parties') AS one;
CREATE TEMP VIEW event_item AS SELECT past.id AS event_id, one.value ->> 0 AS kind, one.value ->> 1 AS position,
  one.value ->> 2 AS name, one.value ->> 3 AS folded
FROM past, json_each(state, '$.things') AS one;
CREATE TEMP VIEW contradiction AS SELECT past.id AS event_id, one.value ->> 0 AS field, one.value ->> 1 AS position,
  one.value ->> 2 AS value, one.value ->> 3 AS origins, one.value ->> 4 AS reports, one.value ->> 5 AS because
FROM past, json_each(state, '$.disputes') AS one;
CREATE TEMP VIEW event_keys AS SELECT event.number AS number, event.at AS day,
  (SELECT json_group_array(facet_key.number) FROM json_each(state, '$.facets') AS one
    JOIN facet_key ON facet_key.field = one.value ->> 0 AND facet_key.value = one.value ->> 1) AS keys
FROM event CROSS JOIN past ON past.id = event.id;
CREATE TEMP VIEW facet_month AS SELECT "key", day / 100 AS month, 1 AS events FROM event_facet;
"""
# The first change after a moment (?1) tells what was before it; what came only with it was not there. Looked for is
# where that was logged after the last filling (?2), in the order of the log: in that of ids all of it would be gone
# through. What was written of and is not logged yet is noted as it was.
FIRST = """
SELECT change.id, change.was AS state FROM (
  SELECT id, min(cursor) AS cursor FROM main.change AS told NOT INDEXED
  WHERE cursor > ?2 AND what = '{what}' AND NOT EXISTS (
    SELECT 1 FROM main.change AS former
    WHERE former.id = told.id AND former.cursor > ?1 AND former.cursor <= ?2 AND former.what = '{what}')
  GROUP BY id) AS first
JOIN main.change ON change.cursor = first.cursor WHERE change.kind <> 'new'
UNION ALL SELECT id, was FROM main.change_before
WHERE what = '{what}' AND NOT EXISTS (
  SELECT 1 FROM main.change WHERE change.id = change_before.id AND cursor > ?1 AND what = '{what}')
"""
MEASURES = f"""
INSERT OR IGNORE INTO past_measure SELECT id, state ->> 'title', state FROM ({FIRST.format(what="measure")})
"""  # noqa: S608 - constants
EVENTS = f"""
INSERT OR IGNORE INTO past
SELECT id, state ->> 'number', state ->> 'measure_id', state ->> 'sources', state ->> 'url', state, ?3, 0 FROM (
  {FIRST.format(what="event")}
  UNION ALL SELECT event_state.id, event_state.state FROM past_measure
  CROSS JOIN main.event ON event.measure_id = past_measure.id JOIN main.event_state ON event_state.id = event.id
  WHERE event.id NOT IN (SELECT id FROM past UNION SELECT id FROM main.change_before WHERE what = 'event')
    AND NOT EXISTS (SELECT 1 FROM main.change WHERE change.id = event.id AND cursor > ?1 AND what = 'event'))
"""  # noqa: S608 - constants
FACETS = "SELECT past.number, at, state -> '$.facets' FROM past JOIN event ON event.id = past.id WHERE turn > ?"
# That all have, so that the timeline as a whole needs no others: it stands in its order.
EVERY = """
INSERT INTO event_facet (key, day, number)
SELECT CASE WHEN verdict IS 'reject' THEN 2 ELSE 1 END, at, event.number
FROM past JOIN event ON event.id = past.id WHERE turn = ? ORDER BY 1, 2, 3
"""
EVERY_KEYS = {("all", ""): 1, (f"{facets.REJECTED}all", ""): 2}
KEYS = "INSERT INTO facet_key (number, field, value, events) VALUES (?, ?, ?, ?)"
COUNTED = "UPDATE facet_key SET events = events + ?2 WHERE number = ?1"
COUNTED_EVERY = """
UPDATE facet_key SET events = (SELECT count(*) FROM event_facet WHERE key = facet_key.number) WHERE number <= 2
"""
STEPS = """
INSERT OR IGNORE INTO measure_step
SELECT past_measure.id, one.value ->> 0, one.value ->> 1, one.value ->> 2, one.value ->> 3, one.value ->> 4,
  one.value ->> 5
FROM past_measure, json_each(state, '$.steps') AS one
UNION ALL SELECT * FROM main.measure_step WHERE measure_id IN (
  SELECT measure_id FROM past EXCEPT SELECT id FROM past_measure EXCEPT SELECT measure_id FROM measure_step)
"""
WORDS = """
INSERT INTO event_fts (rowid, summary, parties, items, quotes)
SELECT number, state ->> 'summary',
  (SELECT group_concat(one.value ->> 3, ' · ') FROM json_each(state, '$.parties') AS one),
  (SELECT group_concat(one.value ->> 2, ' · ') FROM json_each(state, '$.things') AS one),
  state ->> 'quotes'
FROM past WHERE turn > ?
"""
# Which reports an event had: of each report the first row since the moment tells where it was, else it is where it was.
# An event that was made anew since has none of those that it has now.
TOLD = """
CREATE TEMP TABLE told AS
WITH asked AS (
  SELECT past.id, coalesce((SELECT min(cursor) FROM main.change
    WHERE change.id = past.id AND cursor > ?1 AND what = 'event' AND kind = 'new'), 9e18) AS anew
  FROM json_each(?2) AS one JOIN past ON past.id = one.value WHERE NOT told),
member AS (
  SELECT asked.id AS event_id, was.report_id FROM asked
  CROSS JOIN main.report_was AS was ON was.event_id = asked.id AND was.cursor >= ?1 AND was.cursor < anew
  WHERE NOT EXISTS (SELECT 1 FROM main.report_was AS former
    WHERE former.report_id = was.report_id AND former.cursor >= ?1 AND former.cursor < was.cursor
      AND former.event_id IS NOT was.event_id)
  UNION SELECT asked.id, report.id FROM asked CROSS JOIN main.report ON report.event_id = asked.id
  WHERE anew = 9e18
    AND NOT EXISTS (SELECT 1 FROM main.report_was WHERE report_was.report_id = report.id AND cursor >= ?1))
SELECT event_id, report_id AS id, coalesce(
  (SELECT state FROM main.report_was WHERE report_was.report_id = member.report_id AND cursor >= ?1
    AND state IS NOT NULL ORDER BY cursor LIMIT 1),
  (SELECT state FROM main.report_state WHERE report_state.id = member.report_id)) AS state
FROM member
"""
REPORTS = (
    "INSERT OR IGNORE INTO report (id, event_id, {names}) SELECT id, event_id, {told} FROM told WHERE state IS NOT NULL"
)
AMOUNTS = "INSERT OR IGNORE INTO report_amount SELECT told.id, {told} FROM told, json_each(state, '$.amounts') AS one"


def beside(present: Connection) -> Connection:
    """A connection to the same database, for tables of the past: what those name may be no more."""
    connection = open_database(present.path, read_only=True)
    connection.raw.execute("PRAGMA foreign_keys = off")
    if present.late is not None:
        connection.end_when(present.late)
    return connection


class Tables:
    """The tables of one moment, on a connection of their own."""

    def __init__(self, db: Connection, cursor: int, moment: str) -> None:
        """Make them, empty; `cursor` is the last change of the moment."""
        self._db = db
        self.cursor = cursor
        self._filled = cursor  # up to here the log is in them
        self._turn = 0
        self._turns: dict[Need, int] = {
            "facets": 0,
            "words": 0,
            "reports": 0,
            "steps": 0,
        }  # up to which each need is filled
        self._keys = dict(EVERY_KEYS)
        names = ", ".join(f"'{name}'" for name in TABLES)
        for row in db.rows(DDL.format(names=names)):
            db.raw.execute(_temporary(row["sql"]))
        for sql in PAST.split(";"):  # as a script they would end what is being read
            db.raw.execute(sql)
        db.rows("INSERT INTO past_moment VALUES (?, ?)", (moment, cursor))
        db.many(KEYS, ((key, *name, 0) for name, key in EVERY_KEYS.items()))

    def fill(self, newest: int) -> None:
        """Add what the log holds up to its newest change, and what was written of and is not in it yet."""
        self._turn += 1
        values = (self.cursor, self._filled)
        self._db.rows(MEASURES, values)
        self._db.rows(EVENTS, (*values, self._turn))
        self._fill_events()
        self._db.rows(EVERY, (self._turn,))
        self._db.rows(COUNTED_EVERY)
        self._filled = newest

    def need(self, needs: Collection[Need]) -> None:
        """Fill what some questions ask of and others do not."""
        fills = {
            "facets": self._fill_facets,
            "words": self._fill_words,
            "reports": self._tell_all,
            "steps": self._fill_steps,
        }
        for one in needs:
            if self._turns[one] < self._turn:
                fills[one](self._turns[one])
                self._turns[one] = self._turn

    def tell(self, event_ids: Sequence[str]) -> None:
        """What the reports of some events said."""
        self._db.rows(TOLD, (self.cursor, json.dumps(list(event_ids))))
        known = {row[0] for row in self._db.rows("SELECT one.key FROM told, json_each(state) AS one LIMIT 99")}
        names = [name for name in _columns(self._db, "report") if name in known]
        if names:
            self._db.rows(REPORTS.format(names=", ".join(names), told=_read(names)))
            places = range(len(_columns(self._db, "report_amount")) - 1)
            self._db.rows(AMOUNTS.format(told=", ".join(f"one.value ->> {place}" for place in places)))
        self._db.rows("DROP TABLE temp.told")
        self._db.rows(
            "UPDATE past SET told = 1 WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(event_ids)),)
        )

    def _fill_events(self) -> None:
        """Every column that a state tells."""
        known = {row[0] for row in self._db.rows("SELECT one.key FROM past, json_each(state) AS one LIMIT 99")}
        names = [name for name in _columns(self._db, "event") if name in known]
        if names:
            sql = f"INSERT INTO event (id, {', '.join(names)}) SELECT id, {_read(names)} FROM past WHERE turn = ?"  # noqa: S608 - names of columns
            self._db.rows(sql, (self._turn,))

    def _fill_facets(self, since: int) -> None:
        """The facets of the events that came after a turn."""
        places = [
            (self._keys.setdefault((field, value), len(self._keys) + 1), day, number)
            for number, day, told in self._db.tuples(FACETS, (since,))
            for field, value in json.loads(told or "[]")
            if (field, value) not in EVERY_KEYS
        ]
        events = Counter(key for key, _, _ in places)
        begun = self._db.number("SELECT coalesce(max(number), 0) FROM facet_key")
        self._db.many(KEYS, ((key, *name, events[key]) for name, key in self._keys.items() if key > begun))
        self._db.numbers(COUNTED, ((key, many) for key, many in events.items() if key <= begun))
        self._db.numbers("INSERT INTO event_facet (key, day, number) VALUES (?, ?, ?)", sorted(places))

    def _fill_words(self, since: int) -> None:
        self._db.rows(WORDS, (since,))

    def _fill_steps(self, _: int) -> None:
        self._db.rows(STEPS)

    def _tell_all(self, _: int) -> None:
        self.tell([row["id"] for row in self._db.rows("SELECT id FROM past WHERE NOT told")])


def _temporary(sql: str) -> str:
    for written, other in TEMPORARY:
        sql = written.sub(other, sql, count=1)
    return sql


def _columns(db: Connection, table: str) -> list[str]:
    return [row["name"] for row in db.rows("SELECT name FROM pragma_table_info(?, 'temp')", (table,))]


def _read(names: Sequence[str]) -> str:
    """Columns out of a state."""
    return ", ".join(f"state ->> '{name}'" for name in names)
