"""Temporary tables that stand before those of the database and hold, of what changed since a moment, what was then.

A temporary table hides the one of its name: whatever asks of `event` on such a connection asks of the past.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tracker.store.connection import Connection

# Tables with what they are filled from: past states, and in SQL what each is of them.
TABLES = (
    "event",
    "event_party",
    "event_item",
    "contradiction",
    "measure_step",
    "report",
    "facet_key",
    "event_facet",
    "facet_month",
    "event_keys",
    "event_line",
    "event_fts",
    "facet_fts",
)
DDL = """
SELECT type, sql FROM main.sqlite_schema
WHERE sql IS NOT NULL AND tbl_name IN ({names})
  AND (type IN ('table', 'index') OR name LIKE 'facet\\_fts\\_%' ESCAPE '\\')
ORDER BY type = 'trigger', type = 'index', name LIKE '%fts', name
"""
TEMPORARY = (  # how a statement is written that makes the same thing temporary
    (re.compile(r"^CREATE (VIRTUAL |)TABLE \"?(\w+)\"?"), r"CREATE \1TABLE temp.\2"),
    (re.compile(r"^CREATE (UNIQUE |)INDEX (\w+)"), r"CREATE \1INDEX temp.\2"),
    (re.compile(r"^CREATE TRIGGER (\w+)"), r"CREATE TEMP TRIGGER \1"),
)
PAST = """
CREATE TEMP TABLE past (id TEXT PRIMARY KEY, number INTEGER, sources INTEGER, url TEXT, state TEXT);
CREATE TEMP TABLE past_moment (moment TEXT, cursor INTEGER);
CREATE TEMP VIEW change AS SELECT * FROM main.change WHERE cursor <= (SELECT cursor FROM past_moment);
CREATE TEMP VIEW redirect AS SELECT * FROM main.redirect WHERE redirected_at <= (SELECT moment FROM past_moment);
CREATE TEMP TABLE past_measure (id TEXT PRIMARY KEY, title TEXT, state TEXT);
"""
# The first change after a moment tells what was before it; what came only with it is not there.
FIRST = """
SELECT change.id, change.was AS state FROM (
  SELECT id, min(cursor) AS cursor FROM main.change WHERE cursor > ?1 AND what = '{what}' GROUP BY id) AS first
JOIN main.change ON change.cursor = first.cursor
"""
CHANGED = "SELECT id FROM main.change WHERE cursor > ?1 AND what = '{what}'"
FILL: Mapping[str, str] = MappingProxyType(
    {
        "past_measure": f"""INSERT INTO past_measure
SELECT id, state ->> 'title', state FROM ({FIRST.format(what="measure")})""",  # noqa: S608 - constants
        "past": f"""INSERT INTO past
SELECT id, state ->> 'number', state ->> 'sources', state ->> 'url', state FROM (
  {FIRST.format(what="event")} WHERE change.kind <> 'new'
  UNION ALL SELECT event_state.id, state FROM main.event JOIN main.event_state USING (id)
  WHERE event.measure_id IN (SELECT id FROM past_measure) AND event.id NOT IN ({CHANGED.format(what="event")}))""",  # noqa: S608 - constants
        "event_party": """INSERT INTO event_party
SELECT past.id, one.value ->> 0, one.value ->> 1, one.value ->> 2, one.value ->> 3
FROM past, json_each(state, '$.parties') AS one""",
        "event_item": """INSERT INTO event_item
SELECT past.id, one.value ->> 0, one.value ->> 1, one.value ->> 2, one.value ->> 3
FROM past, json_each(state, '$.things') AS one""",
        "contradiction": """INSERT INTO contradiction
SELECT past.id, one.value ->> 0, one.value ->> 1, one.value ->> 2, one.value ->> 3, one.value ->> 4, one.value ->> 5
FROM past, json_each(state, '$.disputes') AS one""",
        "measure_step": """INSERT INTO measure_step
SELECT past_measure.id, one.value ->> 0, one.value ->> 1, one.value ->> 2, one.value ->> 3, one.value ->> 4,
  one.value ->> 5
FROM past_measure, json_each(state, '$.steps') AS one
UNION ALL SELECT * FROM main.measure_step
WHERE measure_id IN (SELECT measure_id FROM event) AND measure_id NOT IN (SELECT id FROM past_measure)""",
        "facet_key": """INSERT INTO facet_key (field, value, events)
SELECT one.value ->> 0, one.value ->> 1, count(*) FROM past, json_each(state, '$.facets') AS one GROUP BY 1, 2""",
        "event_facet": """INSERT INTO event_facet
SELECT facet_key.number, event.at, past.number FROM past, json_each(state, '$.facets') AS one
JOIN event ON event.number = past.number
JOIN facet_key ON facet_key.field = one.value ->> 0 AND facet_key.value = one.value ->> 1""",
        "facet_month": """INSERT INTO facet_month
SELECT key, day / 100, count(*) FROM event_facet GROUP BY 1, 2""",
        "event_keys": """INSERT INTO event_keys
SELECT number, day, json_group_array(key) FROM (SELECT * FROM event_facet ORDER BY number, key) GROUP BY number""",
        "event_fts": """INSERT INTO event_fts (rowid, summary, parties, items, quotes)
SELECT number, state ->> 'summary',
  (SELECT group_concat(one.value ->> 3, ' · ') FROM json_each(state, '$.parties') AS one),
  (SELECT group_concat(one.value ->> 2, ' · ') FROM json_each(state, '$.things') AS one),
  state ->> 'quotes'
FROM past""",
    }
)
# Which reports an event had: those that it has, without what came since, with what went; the first move of each tells.
REPORTS = """
WITH move AS (
  SELECT change.id AS event_id, one.value AS report_id, side.key AS came, min(cursor)
  FROM main.change, json_each(fields, '$.reports') AS side, json_each(side.value) AS one
  WHERE cursor > ?1 AND what = 'event' GROUP BY 1, 2)
INSERT OR IGNORE INTO report ({names}) SELECT {values} FROM (
  SELECT event_id, id AS report_id FROM main.report WHERE event_id IN (SELECT id FROM past)
  EXCEPT SELECT event_id, report_id FROM move WHERE came
  UNION SELECT event_id, report_id FROM move WHERE NOT came AND event_id IN (SELECT id FROM past)) AS member
JOIN main.report AS kept ON kept.id = member.report_id
"""
FILL_DETAILS = """
UPDATE report SET detail = (SELECT detail FROM main.report WHERE id = report.id)
WHERE event_id IN (SELECT value FROM json_each(?))
"""


def make(db: Connection) -> None:
    """Make the tables, empty."""
    db.raw.execute("PRAGMA foreign_keys = off")  # what the past names may be no more
    names = ", ".join(f"'{name}'" for name in TABLES)
    for row in db.rows(DDL.format(names=names)):
        db.raw.execute(_temporary(row["sql"]))
    db.raw.executescript(PAST)


def fill(db: Connection, cursor: int, moment: str) -> None:
    """Fill them with what was at a moment, after a change, in place of what they held."""
    for name in (*reversed(TABLES), "past", "past_measure", "past_moment"):
        db.rows(f"DELETE FROM temp.{name}")  # noqa: S608 - constants
    db.rows("INSERT INTO past_moment VALUES (?, ?)", (moment, cursor))
    for name, sql in FILL.items():
        db.rows(sql, (cursor,) if "?1" in sql else ())
        if name == "past":
            db.rows(_events(db))
            db.rows(_reports(db), (cursor,))


def fill_details(db: Connection, event_ids: Sequence[str]) -> None:
    """What the reports of some events say, which is left out else."""
    db.rows(FILL_DETAILS, (json.dumps(list(event_ids)),))


def _temporary(sql: str) -> str:
    for written, other in TEMPORARY:
        sql = written.sub(other, sql, count=1)
    return sql


def _reports(db: Connection) -> str:
    """Every column but what a report says, with the event that it was in."""
    names = [row["name"] for row in db.rows("SELECT name FROM pragma_table_info('report', 'temp')")]
    other = {"event_id": "member.event_id", "detail": "'{}'"}
    return REPORTS.format(names=", ".join(names), values=", ".join(other.get(name, f"kept.{name}") for name in names))


def _events(db: Connection) -> str:
    """Every column that a state tells."""
    known = {row[0] for row in db.rows("SELECT one.key FROM past, json_each(state) AS one LIMIT 99")}
    columns = [
        row["name"]
        for row in db.rows("SELECT name FROM pragma_table_info('event', 'temp')")
        if row["name"] in known - {"id"}
    ]
    told = ", ".join(f"state ->> '{name}'" for name in columns)
    return f"INSERT INTO event (id, {', '.join(columns)}) SELECT id, {told} FROM past" if columns else "SELECT 1"  # noqa: S608 - names of columns
