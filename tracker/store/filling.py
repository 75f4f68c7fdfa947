"""An empty database filled with whole tables at once: what a lake holds, resolved already.

All in one transaction: it holds everything or nothing. Rows are written as they come, without the triggers that note
row by row what follows from them; that is made at the end, by the code that keeps it otherwise. A database that holds
articles is not filled but grows as with any refresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tracker.errors import StoreError
from tracker.store import soundness
from tracker.store.bulk import COLUMNS, Rows
from tracker.store.codec import dumps, stamp
from tracker.store.connection import Connection
from tracker.store.events import WORDS

TIMES = {
    "source": ("first_seen_at",),
    "article": ("stored_at", "changed_at"),
    "entity": ("first_seen_at",),
    "event": ("first_seen_at", "changed_at"),
    "measure": ("first_seen_at",),
}
FOUND_BY = {f"{level}_key": f"{level}_standing" for level in ("article", "report", "event")}
LOGGED = ("article", "event", "measure")
HOLDS = "SELECT 1 FROM article UNION ALL SELECT 1 FROM entity UNION ALL SELECT 1 FROM change LIMIT 1"
INDEXES = """
SELECT name, sql FROM sqlite_schema
WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(?)) ORDER BY name
"""
SETTINGS = {"foreign_keys": 0, "cache_size": -256_000}  # the latter in KiB, below zero
NEW = "INSERT INTO change (changed_at, what, id, kind) SELECT ?, '{table}', id, 'new' FROM {table} ORDER BY rowid"


class Filling:
    """The filling of one database; `begin`, `add` as often as need be, `end`: in one batch."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        """For a database that holds no article."""
        self._db = connection
        self._now = stamp(now)
        self._next = dict.fromkeys(FOUND_BY.values(), 1)
        self._first = dict(self._next)

    def begin(self) -> None:
        """See that nothing is there.

        Raises:
            StoreError: there are articles.
        """
        if not is_empty(self._db):
            raise StoreError(f"{self._db.path}: holds articles already, so it cannot be filled at once")

    def add(self, tables: Rows) -> None:
        """Write rows of tables; what they refer to is written before them, or before the end."""
        for table, rows in tables.items():
            if table in FOUND_BY:
                self._find(table, rows)
                continue
            if table in self._next:  # numbers follow those before, as SQLite gives them
                self._first[table], self._next[table] = self._next[table], self._next[table] + len(rows)
            self._db.insert(*_into(table, self._now), rows)

    def end(self) -> None:
        """Write what follows from the rows: full text, the log, what is counted."""
        self._db.run("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")
        self._db.run(WORDS.replace("WHERE id = ?", "ORDER BY number"))
        for table in LOGGED:
            self._db.run(NEW.format(table=table), (self._now,))
        self._db.run("INSERT INTO facet_stale SELECT number FROM event")

    def _find(self, table: str, rows: Iterable[Any]) -> None:
        """The keys of the things that were written last."""
        self._db.insert(f"INSERT INTO {table}", f"(?, ?, ?, ? + {self._first[FOUND_BY[table]]})", rows)


def is_empty(connection: Connection) -> bool:
    """Whether it holds no article and nothing that came of one."""
    return connection.row(HOLDS) is None


def fill(connection: Connection, batches: Iterable[Rows], now: datetime) -> None:
    """Fill an empty database, all or nothing; the caller holds it (`Store.writing`).

    Raises:
        StoreError: it holds articles, or cannot be written.
    """
    filling = Filling(connection, now)
    with _at_once(connection), connection.batch():
        filling.begin()
        with soundness.without_triggers(connection):
            with _without_indexes(connection):
                for tables in batches:
                    filling.add(tables)
            filling.end()
        _check(connection)


@contextmanager
def _at_once(db: Connection) -> Iterator[None]:
    """References are not looked up row by row (`_check` does), and few pages are written before the end."""
    usual = {name: db.number(f"PRAGMA {name}") for name in SETTINGS}
    for name, value in SETTINGS.items():
        db.run(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        for name, value in usual.items():
            db.run(f"PRAGMA {name} = {value}")


@contextmanager
def _without_indexes(db: Connection) -> Iterator[None]:
    """Indexes are built of whole tables, sorted, instead of row by row."""
    found = {row["name"]: row["sql"] for row in db.rows(INDEXES, (dumps(list(COLUMNS)),))}
    for name in found:
        db.run(f'DROP INDEX "{name}"')
    yield
    for sql in found.values():
        db.run(sql)


def _check(db: Connection) -> None:
    """See that nothing refers to what is not there."""
    if (wrong := db.row("PRAGMA foreign_key_check")) is not None:
        raise StoreError(f"{db.path}: a row of {wrong['table']} names a row of {wrong['parent']} that the lake lacks")


def _into(table: str, now: str) -> tuple[str, str]:
    """The statement that inserts rows, and what stands in it for one."""
    times = TIMES.get(table, ())
    names = ", ".join(f'"{name}"' for name in (*COLUMNS[table], *times))
    verb = "INSERT OR IGNORE" if table == "alias" else "INSERT"  # many articles call a party so
    row = ["?"] * len(COLUMNS[table]) + [f"'{now}'"] * len(times)
    return f"{verb} INTO {table} ({names})", f"({', '.join(row)})"
