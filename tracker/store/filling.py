"""An empty database filled with whole tables at once: what a lake holds, resolved already.

All in one transaction: it holds everything or nothing. Rows are written as they come, without the triggers that note
row by row what follows from them; that is made at the end, by the code that keeps it otherwise. A database that holds
articles is not filled but grows as with any refresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tracker.errors import StoreError
from tracker.store import soundness
from tracker.store.bulk import COLUMNS, Row, Rows
from tracker.store.codec import stamp
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
            if table in self._next:
                self._stand(table, rows)
            elif table in FOUND_BY:
                self._find(table, rows)
            else:
                times = (self._now,) * len(TIMES.get(table, ()))
                self._db.many(_insert(table), ((*row, *times) for row in rows) if times else rows)

    def end(self) -> None:
        """Write what follows from the rows: full text, the log, what is counted."""
        self._db.run("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")
        self._db.run(WORDS.replace("WHERE id = ?", "ORDER BY number"))
        for table in LOGGED:
            self._db.run(NEW.format(table=table), (self._now,))
        self._db.run("INSERT INTO facet_stale SELECT number FROM event")

    def _stand(self, table: str, rows: Sequence[Row]) -> None:
        """Things among their like, with numbers that follow those before."""
        first = self._next[table]
        self._first[table], self._next[table] = first, first + len(rows)
        self._db.many(_insert(table, "number"), ((number, *row) for number, row in enumerate(rows, first)))

    def _find(self, table: str, rows: Iterable[Any]) -> None:
        """The keys of the things that were written last."""
        first = self._first[FOUND_BY[table]]
        found = ((key, leads, day, first + place) for key, leads, day, place in rows)
        self._db.numbers(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", found)  # noqa: S608 - constants


def is_empty(connection: Connection) -> bool:
    """Whether it holds no article and nothing that came of one."""
    return connection.row(HOLDS) is None


def fill(connection: Connection, batches: Iterable[Rows], now: datetime) -> None:
    """Fill an empty database, all or nothing; the caller holds it (`Store.writing`).

    Raises:
        StoreError: it holds articles, or cannot be written.
    """
    filling = Filling(connection, now)
    with connection.batch():
        filling.begin()
        with soundness.without_triggers(connection):
            for tables in batches:
                filling.add(tables)
            filling.end()


def _insert(table: str, *more: str) -> str:
    columns = (*more, *COLUMNS[table], *TIMES.get(table, ()))
    names = ", ".join(f'"{name}"' for name in columns)
    verb = "INSERT OR IGNORE" if table == "alias" else "INSERT"  # many articles call a party so
    return f"{verb} INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
