"""Whether a database is what it should be: questions that find damage, and what follows from the rest made anew.

What is found comes back as values. Whatever only repeats what other tables say (full text, facets and their tallies,
lines of exports, indexes) can be made anew at any time, by `rebuild`; what was stored once, never. A damaged file is
the matter of `tracker.store.salvage`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import cache
from pathlib import Path

from tracker.errors import BusyError, StoreError
from tracker.store import facets
from tracker.store.connection import Connection
from tracker.store.events import WORDS
from tracker.store.migrations import STEPS, migrate, version

MOST_TOLD = 20  # faults of one kind
MOST_LOOKED_AT = 10_000_000  # of SQLite's own, since very many may be none
# SQLite 3.40 takes a column for NULL that stands before one of the primary key in a table WITHOUT ROWID: it is asked.
NULLS = re.compile(r"NULL value in (\w+)\.(\w+)")
AT_ONCE = 2000  # events looked at together
# Tables that only repeat what others say; those of full text have tables of their own, named after them.
DERIVED = ("facet_key", "event_facet", "facet_month", "event_keys", "event_line", "facet_stale", "facet_stale_party")
FULL_TEXT = ("article_fts", "event_fts", "facet_fts")
# What full text should know of and does not, and the other way round.
SEARCHED = {
    "article_fts": ("SELECT number FROM article", "SELECT id FROM article_fts_docsize"),
    "event_fts": ("SELECT number FROM event", "SELECT id FROM event_fts_docsize"),
    "facet_fts": (
        "SELECT number FROM facet_key WHERE field IN ('item', 'instrument', '~item', '~instrument')",
        "SELECT id FROM facet_fts_docsize",
    ),
}
# What is kept because counting it takes too long, beside what it counts: how many rows differ.
TALLIES = {
    "events of each facet": """
SELECT count(*) FROM facet_key LEFT JOIN (SELECT key, count(*) AS events FROM event_facet GROUP BY key) AS real
ON real.key = facet_key.number WHERE facet_key.events IS NOT real.events""",
    "events of each facet and month": """
SELECT count(*) FROM (
  SELECT key, month, events FROM facet_month
  EXCEPT SELECT key, day / 100, count(*) FROM event_facet GROUP BY 1, 2)""",
    "facets of all events": """
SELECT abs((SELECT coalesce(sum(json_array_length(keys)), 0) FROM event_keys) - (SELECT count(*) FROM event_facet))""",
    "events without facets": "SELECT count(*) FROM event WHERE number NOT IN (SELECT number FROM event_keys)",
    "facets without an event": "SELECT count(*) FROM event_keys WHERE number NOT IN (SELECT number FROM event)",
    "lines of exports": "SELECT count(*) FROM event WHERE number NOT IN (SELECT number FROM event_line)",
    "facets that are still to be written": "SELECT count(*) FROM facet_stale",
}
REPORTS = """
SELECT count(*) FROM event WHERE stale = 0 AND reports <> (SELECT count(*) FROM report WHERE event_id = event.id)
"""
# Times of our own clock that are written whenever the tracker runs; the newest of each.
TIMES = (
    "SELECT max(last_asked_at) FROM source",
    "SELECT max(fetched_at) FROM (SELECT fetched_at FROM fetch ORDER BY number DESC LIMIT 1000)",
    "SELECT max(changed_at) FROM (SELECT changed_at FROM change ORDER BY cursor DESC LIMIT 1000)",
    "SELECT max(done_at) FROM upkeep",
)
IDS = f"SELECT id FROM event WHERE number {facets.AMONG}"  # noqa: S608 - a constant
NAMED = f"""
SELECT event_keys.number, event_keys.day, facet_key.field, facet_key.value
FROM event_keys CROSS JOIN json_each(event_keys.keys) AS one JOIN facet_key ON facet_key.number = one.value
WHERE event_keys.number {facets.AMONG}
"""  # noqa: S608 - as above
SCHEMA = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql IS NOT NULL"

Things = Mapping[tuple[str, str], str]  # (kind, name) -> SQL


def structure(db: Connection, *, thorough: bool = False) -> list[str]:
    """What SQLite's own check finds wrong with the file; a thorough one compares each index with its table too."""
    found: list[str] = []
    blamed: dict[str, bool] = {}
    try:
        for row in db.raw.execute(f"PRAGMA {'integrity_check' if thorough else 'quick_check'}({MOST_LOOKED_AT})"):
            fault = str(row[0])
            if match := NULLS.fullmatch(fault):
                if fault not in blamed:
                    blamed[fault] = db.row(f'SELECT 1 FROM "{match[1]}" WHERE "{match[2]}" IS NULL') is not None  # noqa: S608 - names of the schema
                if not blamed[fault]:
                    continue
            found.append(fault)
            if len(found) == MOST_TOLD:
                break
    except (sqlite3.DatabaseError, StoreError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise
        found.append(str(error))
    return [] if found == ["ok"] else [fault for fault in found if fault != "ok"]


def schema(db: Connection) -> tuple[dict[str, str], list[str]]:
    """What is missing of the schema that the file says it has, by name with its SQL, and what is otherwise."""
    wanted, there = expected(version(db)), things(db)
    missing = {f"{kind} {name}": sql for (kind, name), sql in wanted.items() if (kind, name) not in there}
    other = [f"{kind} {name}" for (kind, name), sql in wanted.items() if there.get((kind, name), sql) != sql]
    return missing, other


def references(db: Connection) -> dict[str, int]:
    """Table to how many of its rows lead to rows that are not there."""
    found: dict[str, int] = {}
    for row in db.stream("PRAGMA foreign_key_check"):
        name = f"{row['table']} to {row['parent']}"
        found[name] = found.get(name, 0) + 1
    return found


def full_text(db: Connection) -> dict[str, int]:
    """Index to how many rows it knows that are not there, or does not know."""
    found = {}
    for table, (real, known) in SEARCHED.items():
        sql = f"SELECT (SELECT count(*) FROM ({real} EXCEPT {known})) + (SELECT count(*) FROM ({known} EXCEPT {real}))"  # noqa: S608 - constants
        if count := db.number(sql):
            found[table] = count
    return found


def words(db: Connection) -> list[str]:
    """The indexes for full text that do not agree with themselves or their texts; needs a connection that may write."""
    found = []
    for table in FULL_TEXT:
        rank = 1 if table == "article_fts" else 0  # 1: compare it with the table, all of whose rows it has
        try:
            with db.batch(rehearsal=True):
                db.raw.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', {rank})")  # noqa: S608 - constants
        except BusyError:
            raise
        except (sqlite3.DatabaseError, StoreError):
            found.append(table)
    return found


def tallies(db: Connection) -> dict[str, int]:
    """What is counted wrongly, and in how many rows."""
    return {name: count for name, sql in TALLIES.items() if (count := db.number(sql))}


def miscounted(db: Connection) -> int:
    """How many events say another number of reports than they have."""
    return db.number(REPORTS)


def wrong_facets(db: Connection) -> int:
    """How many events have other facets than their rows say; asks for each anew."""
    wrong = 0
    for numbers in _numbers(db):
        told = facets.facets(db, numbers)
        named = _named(db, numbers)
        wrong += sum(named.get(number) != (day, some) for number, (day, some) in told.items())
    return wrong


def unreadable(db: Connection) -> dict[str, int]:
    """Table to how many of its rows hold text that is none, such as a damaged byte makes it; reads everything."""
    found: dict[str, int] = {}
    for table in stored(db):
        names = [row["name"] for row in db.rows(f"SELECT name FROM pragma_table_info('{table}') WHERE type = 'TEXT'")]  # noqa: S608 - names of the schema
        if not names:
            continue
        chosen = ", ".join(f'CAST("{name}" AS BLOB)' for name in names)
        wrong = sum(not _is_text(row) for row in db.tuples(f'SELECT {chosen} FROM "{table}"'))  # noqa: S608 - as above
        if wrong:
            found[table] = wrong
    return found


def mend_text(db: Connection) -> dict[str, int]:
    """Put U+FFFD for every byte that makes text none; table to how many rows were mended."""
    db.raw.create_function("is_text", 1, lambda value: _is_text((value,)), deterministic=True)
    db.raw.create_function("as_text", 1, lambda value: value.decode("utf-8", errors="replace"), deterministic=True)
    mended = {}
    for table in unreadable(db):
        names = [row["name"] for row in db.rows(f"SELECT name FROM pragma_table_info('{table}') WHERE type = 'TEXT'")]  # noqa: S608 - names of the schema
        mended[table] = sum(
            db.run(f'UPDATE OR IGNORE "{table}" SET "{name}" = as_text(CAST("{name}" AS BLOB))'  # noqa: S608 - as above
                   f' WHERE "{name}" IS NOT NULL AND NOT is_text(CAST("{name}" AS BLOB))')
            for name in names
        )  # fmt: skip
    return mended


def newest(db: Connection) -> datetime | None:
    """The newest time that our own clock has told the database; what a damaged byte has made none is none."""
    times = []
    for sql in TIMES:
        if (row := db.row(sql)) is not None and row[0] is not None:
            with suppress(ValueError):
                times.append(datetime.fromisoformat(row[0]))
    return max(times, default=None)


def stored(db: Connection) -> list[str]:
    """The tables whose rows nothing else tells."""
    rows = db.rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    return sorted(
        row["name"] for row in rows
        if not row["name"].startswith(("sqlite_", "_sqlite_", *FULL_TEXT)) and row["name"] not in DERIVED
    )  # fmt: skip


@cache
def expected(number: int) -> Things:
    """What the schema of this number consists of."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        raw.row_factory = sqlite3.Row
        db = Connection(raw, Path(":memory:"))
        migrate(db, steps=STEPS[:number])
        return things(db)


def things(db: Connection) -> Things:
    """What the schema of a database consists of."""
    return {(row["type"], row["name"]): row["sql"] for row in db.rows(SCHEMA)}


def rebuild(db: Connection) -> None:
    """Make all anew that follows from what is stored: missing indexes and triggers, full text, facets and tallies."""
    with db.batch():
        with without_triggers(db):
            missing, _ = schema(db)
            for name, sql in missing.items():
                if name.partition(" ")[0] in {"index", "view"}:
                    db.run(sql)
            for table in DERIVED:
                db.run(f"DELETE FROM {table}")  # noqa: S608 - constants
            db.run("INSERT INTO facet_fts (facet_fts) VALUES ('delete-all')")
            db.run("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")
            db.run("INSERT INTO event_fts (event_fts) VALUES ('rebuild')")  # else rows are not found that are to go
            db.run("DELETE FROM event_fts")
            for numbers in _numbers(db):
                rows = db.rows(IDS, (_list(numbers),))
                db.many(WORDS, ((row["id"],) for row in rows))
            db.run("UPDATE event SET stale = 1 WHERE number IN (SELECT number FROM event AS one WHERE "
                   "reports <> (SELECT count(*) FROM report WHERE event_id = one.id))")  # fmt: skip
        facets.fill(db)
        db.run("REINDEX")


@contextmanager
def without_triggers(db: Connection) -> Iterator[None]:
    """Rows are written as they are; at the end all triggers stand that the schema has."""
    there = {name: sql for (kind, name), sql in things(db).items() if kind == "trigger"}
    wanted = {name: sql for (kind, name), sql in expected(version(db)).items() if kind == "trigger"}
    for name in there:
        db.run(f'DROP TRIGGER "{name}"')
    yield
    for sql in (there | wanted).values():
        db.run(sql)


def _numbers(db: Connection) -> Iterator[list[int]]:
    """The numbers of all events, some at a time."""
    last = -1
    while found := [
        row[0] for row in db.rows("SELECT number FROM event WHERE number > ? ORDER BY number LIMIT ?", (last, AT_ONCE))
    ]:
        yield found
        last = found[-1]


def _named(db: Connection, numbers: Iterable[int]) -> dict[int, tuple[int, frozenset[facets.Facet]]]:
    """Number of an event to its day and facets, as they are kept."""
    rows = db.rows(NAMED, (_list(numbers),))
    found: dict[int, tuple[int, set[facets.Facet]]] = {}
    for row in rows:
        found.setdefault(row["number"], (row["day"], set()))[1].add((row["field"], row["value"]))
    return {number: (day, frozenset(some)) for number, (day, some) in found.items()}


def _list(numbers: Iterable[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


def _is_text(values: Iterable[bytes | None]) -> bool:
    try:
        for value in values:
            if value is not None:
                value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
