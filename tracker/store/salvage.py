"""A damaged database copied into a new one, row by row, around the pages that cannot be read.

A table that SQLite still reads to its end is copied by it; of another one every row is taken that stands on a whole
page, also where the page that led there is gone (`btree`). What follows from the rest is made anew; what refers to lost
rows is cut off, and will be fetched, read or settled again. The damaged file is only read. Without sums of its pages
nobody can tell a number or a word that was changed within a row.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tracker.errors import StoreError
from tracker.store import heading, soundness
from tracker.store.btree import INDEX_INTERIOR, INDEX_LEAF, TABLE_LEAF, Pages, Row, Seen, UnreadableError, Value
from tracker.store.connection import APPLICATION_ID, Connection, open_database
from tracker.store.migrations import STEPS, migrate
from tracker.store.reports import Reports

OF_THE_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}  # wrong where the new file is, and not with a row
# What SQLite says of a file, where that holds bytes that are no text: Python cannot even tell it.
UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
TYPES = {"TEXT": (str,), "INTEGER": (int,), "REAL": (float, int), "BLOB": (bytes,)}
# What the loss of rows asks for: an article that is gone is fetched again, an event is told anew by its reports.
CONSEQUENCES = (
    """
INSERT INTO source (id, name, kind, url, tier, language, tags, interval_seconds, enabled, active, first_seen_at)
SELECT source_id, source_id, 'feed', '', 'major', 'en', '[]', 3600, 1, 0, min(first_seen_at) FROM item
WHERE source_id NOT IN (SELECT id FROM source) GROUP BY source_id""",  # until feeds.yaml is read again
    """
UPDATE item SET state = 'pending', attempts = 0, next_try_at = NULL
WHERE state = 'stored' AND article_id NOT IN (SELECT id FROM article)""",
    """
INSERT INTO measure (id, title, first_seen_at, stale)
SELECT measure_id, min(summary), min(first_seen_at), 1 FROM event
WHERE measure_id NOT IN (SELECT id FROM measure) GROUP BY measure_id""",
    """
UPDATE article SET reader = NULL WHERE id IN (
  SELECT article_id FROM mention WHERE entity_id NOT IN (SELECT id FROM entity))""",
    "UPDATE event SET stale = 1",
    "UPDATE measure SET stale = 1",
    "UPDATE entity SET unsettled = 1",
)
# Tables that say nothing of which reports tell one event: where only they have lost rows, everything stands.
APART = frozenset(
    "alarm alias alert change fetch host item mention message outbox page redirect robots upkeep validator".split()
)
# What was read in each article, by an index of it: articles that have less are read again.
READ = {
    "report": "SELECT article_id, count(*) FROM {}.report INDEXED BY report_of_article GROUP BY 1",
    "mention": "SELECT article_id, count(*) FROM {}.mention INDEXED BY mention_of_entity GROUP BY 1",
}
# Reports that stand nowhere are settled like new ones.
UNPLACED = """
INSERT INTO report_standing (id, group_id, published)
SELECT id, article_id, coalesce(published, '') FROM report WHERE id NOT IN (SELECT id FROM report_standing)
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as rows hold it."""

    name: str
    types: tuple[type, ...]
    is_number: bool  # it is the number of the row, and not kept within it


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the schema."""

    name: str
    columns: tuple[Column, ...]  # in the order in which rows have them
    has_number: bool  # it is not WITHOUT ROWID

    @property
    def names(self) -> list[str]:
        """What is written: the columns, and the number of the row where no column is that."""
        names = [f'"{column.name}"' for column in self.columns]
        return ["rowid", *names] if self.is_numbered_apart else names

    @property
    def is_numbered_apart(self) -> bool:
        """Whether its rows have a number that is no column."""
        return self.has_number and not any(column.is_number for column in self.columns)


@dataclass(slots=True)
class Salvaged:
    """What became of a damaged database."""

    rows: int = 0  # that were saved
    lost: dict[str, int] = field(default_factory=dict)  # table -> rows that its indexes know and nobody can read
    damaged: dict[str, int] = field(default_factory=dict)  # table -> places that could not be read
    cut: dict[str, int] = field(default_factory=dict)  # table -> rows left out, or emptied of what they led to
    mended: dict[str, int] = field(default_factory=dict)  # table -> rows with bytes that are no text, now marked

    @property
    def has_lost(self) -> bool:
        """Whether anything is missing now that was stored."""
        return bool(self.lost or self.damaged or self.cut)


def salvage(damaged: Path, made: Path) -> Salvaged:
    """Copy what can be read of a damaged database into a new file, brought to the present schema.

    Raises:
        StoreError: nothing can be read, or there is no room for the new file.
    """
    _require_room(damaged, made)
    number = _version(damaged)
    done = Salvaged()
    with closing(open_database(made, read_only=False)) as db:
        db.run("PRAGMA synchronous = off")  # until it is whole; then it is synchronised once
        db.run("PRAGMA foreign_keys = off")
        migrate(db, steps=STEPS[:number])
        tables = [_table(db, name) for name in soundness.stored(db)]
        with soundness.without_triggers(db):
            for table in tables:
                db.run(f'DELETE FROM "{table.name}"')  # noqa: S608 - what the schema itself has put there
            _copy(db, damaged, tables, done)
        migrate(db)
        with db.batch(), soundness.without_triggers(db):
            done.mended = soundness.mend_text(db)
            done.cut = cut(db, {*done.lost, *done.damaged})
        soundness.rebuild(db)
        done.rows = sum(db.number(f'SELECT count(*) FROM "{name}"') for name in soundness.stored(db))  # noqa: S608 - of the schema
        db.run("PRAGMA foreign_keys = on")
    _synchronise(made)
    return done


def _require_room(damaged: Path, made: Path) -> None:
    size, free = damaged.stat().st_size, shutil.disk_usage(made.parent).free
    if free < size * 1.2:
        raise StoreError(
            f"{made.parent}: {free // 1_000_000} MB are free, and the new file wants {int(size * 1.2) // 1_000_000};"
            " free space and run again"
        )


def _version(path: Path) -> int:
    """The number of the schema that a file says it has; all that is read of it rests on that."""
    try:
        with Pages(path) as pages:
            found = heading.marks(pages.page(1))
    except (OSError, UnreadableError, struct.error) as error:
        raise StoreError(f"{path}: nothing of it can be read ({error}); restore a backup") from error
    if found.application != APPLICATION_ID or not 0 < found.version <= len(STEPS):
        raise StoreError(f"{path}: its head does not say that it is a tracker database; restore a backup")
    return found.version


def _table(db: Connection, name: str) -> Table:
    (about,) = db.rows("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", (name,))
    rows = [row for row in db.rows("SELECT * FROM pragma_table_xinfo(?)", (name,)) if row["hidden"] != 2]
    if about["wr"]:  # the primary key first
        rows.sort(key=lambda row: (row["pk"] == 0, row["pk"]))
    keys = [row for row in rows if row["pk"]]
    columns = tuple(
        Column(
            name=row["name"],
            types=TYPES.get(row["type"], (str, int, float, bytes)),
            is_number=not about["wr"] and len(keys) == 1 and bool(row["pk"]) and row["type"] == "INTEGER",
        )
        for row in rows
    )
    return Table(name, columns, has_number=not about["wr"])


def _copy(db: Connection, damaged: Path, tables: list[Table], done: Salvaged) -> None:
    """What SQLite reads by itself, then the rest."""
    known: dict[str, int | None] = {}
    told: dict[str, dict[str, int]] = {}
    left, number = list(tables), 0
    with suppress(*UNREADABLE), _attached(db, damaged):
        left = [table for table in tables if not _copied(db, table)]
        known = {table.name: _expected(db, table) for table in left}
        told = {name: _told(db, "damaged", name) for name in READ if name in known}
        number = _sequence(db)
    if left:
        with Pages(damaged) as pages:
            _read(db, pages, left, done)
    for table in left:
        here = db.number(f'SELECT count(*) FROM "{table.name}"')  # noqa: S608 - of the schema
        expected = known.get(table.name)
        if expected is not None and expected > here:
            done.lost[table.name] = expected - here
        if expected is not None and expected <= here:
            done.damaged.pop(table.name, None)  # all of it is here all the same
    for name, wanted in told.items():
        here_of = _told(db, "main", name)
        less = [(article_id,) for article_id, count in wanted.items() if here_of.get(article_id) != count]
        db.many("UPDATE article SET reader = NULL WHERE id = ?", less)
    with suppress(sqlite3.DatabaseError):  # no number that the log of changes had is given again
        db.raw.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'change'", (number,))


@contextmanager
def _attached(db: Connection, damaged: Path) -> Iterator[None]:
    db.raw.execute("ATTACH ? AS damaged", (f"{damaged.absolute().as_uri()}?mode=ro",))
    try:
        yield
    finally:
        db.raw.execute("DETACH damaged")


def _copied(db: Connection, table: Table) -> bool:
    """Whether SQLite could copy a whole table."""
    names = ", ".join(table.names)
    try:
        with db.batch():
            db.raw.execute(
                f'INSERT INTO main."{table.name}" ({names}) SELECT {names} FROM damaged."{table.name}" NOT INDEXED'  # noqa: S608 - of the schema
            )
    except (*UNREADABLE, StoreError) as error:
        if _code(error) == sqlite3.SQLITE_FULL:
            raise
        return False
    return True


def _code(error: Exception) -> int:
    """What SQLite says is wrong; 0 where it is not SQLite who says it."""
    return int(getattr(error.__cause__ or error, "sqlite_errorcode", 0)) & 0xFF


def _expected(db: Connection, table: Table) -> int | None:
    """How many rows a table has by the longest of its indexes that can be read; None where there is none."""
    counts = []
    for row in db.rows("SELECT name FROM pragma_index_list(?) WHERE partial = 0", (table.name,)):
        with suppress(*UNREADABLE):
            sql = f'SELECT count(*) FROM damaged."{table.name}" INDEXED BY "{row["name"]}"'  # noqa: S608 - of the schema
            plan = " ".join(str(step[3]) for step in db.raw.execute(f"EXPLAIN QUERY PLAN {sql}"))
            if row["name"] in plan:
                counts.append(int(db.raw.execute(sql).fetchone()[0]))
    return max(counts, default=None)


def _told(db: Connection, where: str, name: str) -> dict[str, int]:
    """Article to how many rows a table has of it; none where that cannot be read."""
    with suppress(*UNREADABLE):
        return {str(row[0]): int(row[1]) for row in db.raw.execute(READ[name].format(where))}
    return {}


def _sequence(db: Connection) -> int:
    """The last number that the log of changes gave."""
    with suppress(*UNREADABLE):
        row = db.raw.execute("SELECT seq FROM damaged.sqlite_sequence WHERE name = 'change'").fetchone()
        return 0 if row is None else int(row[0])
    return 0


def _read(db: Connection, pages: Pages, tables: list[Table], done: Salvaged) -> None:
    """Every row of these tables that stands on a whole page."""
    schema = Seen()
    roots = {str(row.values[1]): (str(row.values[0]), row.values[3]) for row in pages.rows(1, schema) if _is_thing(row)}
    seen = schema.pages
    wanting: list[Table] = []
    with db.batch():
        for table in tables:
            found = Seen()
            _, root = roots.get(table.name, ("table", 0))
            refused = _insert(db, table, pages.rows(int(str(root)), found))
            seen |= found.pages
            if found.faults or refused:
                done.damaged[table.name] = found.faults + refused
                wanting.append(table)
        if schema.faults:  # nobody can tell an index from a table WITHOUT ROWID
            wanting = [table for table in wanting if table.has_number]
        if wanting:
            _read_strays(db, pages, wanting, roots, seen)


def _is_thing(row: Row) -> bool:
    return len(row.values) >= 4 and isinstance(row.values[3], int) and row.values[3] > 0


def _read_strays(
    db: Connection, pages: Pages, tables: list[Table], roots: dict[str, tuple[str, Value]], seen: set[int]
) -> None:
    """Rows on whole pages that nothing leads to any more, of the one table that they can be of."""
    here = {table.name for table in tables}
    odd: set[int] = set()  # how many values a row has of the indexes that are damaged too
    for name, (kind, root) in roots.items():
        if name not in here:
            tree = pages.tree(int(str(root)))
            seen |= tree.pages
            if tree.faults and kind == "index":
                odd.add(len(db.rows("SELECT 1 FROM pragma_index_xinfo(?)", (name,))))
    seen |= pages.free()
    for number in range(2, pages.count + 1):
        kind_of = 0 if number in seen else pages.kind(number)
        if kind_of not in {TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR}:
            continue
        rows = list(pages.leaf(number, Seen()))
        fitting = [one for one in tables if one.has_number == (kind_of == TABLE_LEAF) and _fit(one, rows)]
        if len(fitting) == 1 and (kind_of == TABLE_LEAF or not odd & {len(row.values) for row in rows}):
            _insert(db, fitting[0], rows)


def _fit(table: Table, rows: list[Row]) -> bool:
    """Whether rows may be of a table, by how many values they have and of what kind."""
    return bool(rows) and all(
        0 < len(row.values) <= len(table.columns)
        and len(table.columns) - len(row.values) <= len(table.columns) // 3  # columns that later schemas added
        and all(
            value is None or isinstance(value, column.types)
            for value, column in zip(row.values, table.columns, strict=False)
        )
        for row in rows
    )


def _insert(db: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Write rows that may be anything; how many the table does not take."""
    refused = 0
    for names, values in _written(table, rows):
        sql = f'INSERT OR IGNORE INTO "{table.name}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})'  # noqa: S608 - of the schema
        try:
            db.raw.execute(sql, values)
        except (sqlite3.DatabaseError, OverflowError) as error:
            if _code(error) in OF_THE_DISK:
                raise
            refused += 1
    return refused


def _written(table: Table, rows: Iterable[Row]) -> Iterator[tuple[list[str], list[Value]]]:
    names = table.names
    for row in rows:
        values = [
            row.number if column.is_number else value
            for column, value in zip(table.columns, row.values, strict=False)
        ]  # fmt: skip
        if table.is_numbered_apart:
            values.insert(0, row.number)
        yield names[: len(values)], values


def cut(db: Connection, lost: Collection[str] = ()) -> dict[str, int]:
    """Have no row lead to one that is lost, and see to it that what is lost is made again where it can be.

    Empties what may be empty of references to nothing, and leaves out the other rows that hold one. To be called in a
    batch, without triggers, and with foreign keys off.

    Args:
        db: the database.
        lost: tables of which rows are lost.

    Returns:
        Table to how many rows were changed or left out.
    """
    if not lost and not soundness.references(db):
        return {}
    for sql in CONSEQUENCES:
        db.run(sql)
    found: Counter[str] = Counter()
    tables = soundness.stored(db)
    while step := Counter({name: count for name in tables if (count := _cut_table(db, name))}):
        found += step
    if {*lost, *found} - APART:
        db.run(UNPLACED)
        Reports(db).reset()
    return dict(found)


def _cut_table(db: Connection, name: str) -> int:
    count = 0
    required = {row["name"] for row in db.rows('SELECT name FROM pragma_table_info(?) WHERE "notnull" OR pk', (name,))}
    for key in db.rows('SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', (name,)):
        column, parent, of = key["from"], key["table"], key["to"]
        where = f'WHERE "{column}" IS NOT NULL AND "{column}" NOT IN (SELECT "{of}" FROM "{parent}")'  # noqa: S608 - of the schema
        undo = f'DELETE FROM "{name}"' if column in required else f'UPDATE "{name}" SET "{column}" = NULL'  # noqa: S608 - as above
        count += db.run(f"{undo} {where}")
    return count


def _synchronise(path: Path) -> None:
    """Have the file on the disk, whatever happens next."""
    for one in (path, path.parent):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
