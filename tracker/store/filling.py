"""An empty database filled with whole tables at once: what a lake holds, resolved already.

A draft beside the database takes the rows, without a journal, without the triggers that note row by row what follows
from them, and without indexes; all that is made at the end, of whole tables. The draft becomes the database when it is
whole (`drafting`); a run that is killed leaves the database as it was. A database that holds articles is not filled
but grows as with any refresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from tracker.errors import StoreError
from tracker.store import drafting, facets, soundness
from tracker.store.bulk import COLUMNS, Packed
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
NEW = "INSERT INTO change (changed_at, what, id, kind) SELECT ?, '{table}', id, 'new' FROM {table} ORDER BY rowid"


class Filling:
    """The filling of one draft: `add` as often as need be, then `end`."""

    def __init__(self, draft: Connection, now: datetime) -> None:
        """For a draft that holds no article."""
        self._db = draft
        self._now = stamp(now)
        self._first = dict.fromkeys(FOUND_BY.values(), 1)  # number of the first thing of the batch that is added

    def add(self, batch: Packed) -> None:
        """Write rows of tables; what they refer to is written before them, or before the end."""
        self._db.run("ATTACH ':memory:' AS batch")
        self._db.raw.deserialize(batch.data, name="batch")
        for table in batch.counts:
            self.copy(table)
        self._db.run("DETACH batch")  # statements that were prepared for it are let go of with it
        for table in self._first:  # numbers follow those before, as SQLite gives them
            self._first[table] += batch.counts.get(table, 0)

    def copy(self, table: str) -> None:
        """The rows of one table of the batch."""
        times = TIMES.get(table, ())
        names = ", ".join(f'"{name}"' for name in (*COLUMNS[table], *times))
        told = [f'"{name}"' for name in COLUMNS[table]] + [f"'{self._now}'"] * len(times)
        verb = "INSERT OR IGNORE" if table == "alias" else "INSERT"  # many articles call a party so
        if table in FOUND_BY:
            told[-1] += f" + {self._first[FOUND_BY[table]]}"
        self._db.run(f"{verb} INTO {table} ({names}) SELECT {', '.join(told)} FROM batch.{table} ORDER BY rowid")  # noqa: S608 - constants

    def end(self) -> None:
        """Write what follows from the rows: full text, the log."""
        self._db.run("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")
        for table in LOGGED:
            self._db.run(NEW.format(table=table), (self._now,))


def is_empty(connection: Connection) -> bool:
    """Whether it holds no article and nothing that came of one."""
    return connection.row(HOLDS) is None


def fill(connection: Connection, batches: Iterable[Packed], now: datetime) -> None:
    """Fill an empty database, all or nothing; the caller holds it (`Store.writing`).

    Raises:
        StoreError: it holds articles, or cannot be written.
    """
    if not is_empty(connection):
        raise StoreError(f"{connection.path}: holds articles already, so it cannot be filled at once")
    with drafting.draft(connection) as db:
        with soundness.without_triggers(db):
            filling = Filling(db, now)
            with _without_indexes(db):
                for batch in batches:
                    filling.add(batch)
                filling.end()
            db.run(WORDS.replace("WHERE id = ?", "ORDER BY number"))
        facets.fill(db)
        _check(db)


@contextmanager
def _without_indexes(db: Connection) -> Iterator[None]:
    """Indexes are built of whole tables, sorted, instead of row by row."""
    found = {row["name"]: row["sql"] for row in db.rows(INDEXES, (dumps([*COLUMNS, "change"]),))}
    for name in found:
        db.run(f'DROP INDEX "{name}"')
    yield
    for sql in found.values():
        db.run(sql)


def _check(db: Connection) -> None:
    """See that nothing refers to what is not there."""
    if (wrong := db.row("PRAGMA foreign_key_check")) is not None:
        raise StoreError(f"{db.path}: a row of {wrong['table']} names a row of {wrong['parent']} that the lake lacks")
