"""What must hold of files and databases after a kill, and where works begin; for the crash drill.

Databases are read beside nobody else: each is opened and closed here before a process works on it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tracker import backups
from tracker.errors import InputError
from tracker.export import manifest
from tracker.store import soundness
from tracker.store.compare import dump
from tracker.store.connection import open_database
from tracker.store.migrations import STEPS, migrate

Dump = dict[str, list[tuple[object, ...]]]

SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")  # of full-text tables: they depend on the history
# How sources answered last, and when they are to be asked: a source that is asked again after a kill answers twice.
TIMES = frozenset({"source"})
EMPTY = {"TEXT": "''", "BLOB": "x''", "INTEGER": "0", "REAL": "0.0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder in which work was done, beside one where it was not begun, and one where it was done undisturbed."""

    path: Path
    start: Path
    whole: Path


# ---------------------------------------------------------------------------------------------- right after a kill


def unsound(folder: Folder) -> Iterator[str]:
    """What SQLite says of the database; nothing where there is none yet."""
    path = folder.path / "t.db"
    if not path.exists():
        return
    with closing(open_database(path, read_only=True)) as connection:
        yield from soundness.structure(connection, thorough=True)
        yield from (f"foreign key: {tuple(row)}" for row in connection.rows("PRAGMA foreign_key_check"))


def half_done(folder: Folder) -> Iterator[str]:
    """Work of one transaction: all of it is there, or nothing."""
    yield from unsound(folder)
    now = dump(folder.path / "t.db")
    if now != dump(folder.start / "t.db") and now != dump(folder.whole / "t.db"):
        yield "the database is neither as before nor as after"


def half_written(folder: Folder) -> Iterator[str]:
    """A file that is there is whole."""
    yield from unsound(folder)
    file = folder.path / "out"
    if file.exists() and file.read_bytes() != (folder.whole / "out").read_bytes():
        yield f"{file.name} is there and not whole: {file.stat().st_size:,} bytes"


# ------------------------------------------------------------------------------------------------------ in the end


def another_story(folder: Folder) -> Iterator[str]:
    """Tables that tell anything but times otherwise than undisturbed work does."""
    yield from unsound(folder)
    yield from _unequal(dump(folder.path / "t.db"), dump(folder.whole / "t.db"))


def other_tables(folder: Folder) -> Iterator[str]:
    """As `another_story`, of all tables there are: whatever they tell."""
    yield from unsound(folder)
    yield from _unequal(tables(folder.path / "t.db"), tables(folder.whole / "t.db"))


def other_file(folder: Folder) -> Iterator[str]:
    """An export that is not the undisturbed one, or not what its manifest says, or that left something behind."""
    yield from half_written(folder)
    try:
        manifest.verify(folder.path / "out")
    except InputError as error:
        yield str(error)
    yield from (f"left behind: {path.name}" for path in folder.path.iterdir() if path.name.endswith(".part"))


def bad_backups(folder: Folder) -> Iterator[str]:
    """A backup that counts as one is whole, whatever was killed while it was made."""
    yield from unsound(folder)
    for backup in backups.listed(folder.path / "backups"):
        try:
            backups.verify(backup, check=lambda: None)
        except InputError as error:
            yield str(error)


def other_backups(folder: Folder) -> Iterator[str]:
    """As `bad_backups`; and there is one with all rows, and nothing beside what counts."""
    yield from bad_backups(folder)
    made, wanted = (backups.listed(one / "backups") for one in (folder.path, folder.whole))
    if not made or made[0].counts != wanted[0].counts:
        yield f"the last backup holds {made[0].counts if made else 'nothing'}, undisturbed {wanted[0].counts}"
    known = {name for one in made for name in (one.file.name, f"{one.file.name}.json")}
    left = {path.name for path in (folder.path / "backups").iterdir() if not path.name.endswith(".lock")}
    yield from (f"left behind: {name}" for name in sorted(left - known))


def not_restored(folder: Folder) -> Iterator[str]:
    """As `another_story`; and what was there before is kept, and nothing else is left."""
    yield from another_story(folder)
    yield from (f"left behind: {path.name}" for path in folder.path.iterdir() if path.name.endswith(".restoring"))
    if not any("replaced" in path.name for path in folder.path.iterdir()):
        yield "what was there before is not kept"


def told_otherwise(folder: Folder) -> Iterator[str]:
    """Messages that are not told, told twice, or not whole; and what the database says of them."""
    yield from another_story(folder)
    told, wanted = ([json.loads(line) for line in (one / "told.jsonl").read_text("utf-8").splitlines()]
                    for one in (folder.path, folder.whole))  # fmt: skip
    ids = [message["id"] for message in told]
    if len(set(ids)) < len(ids):
        yield f"{len(ids) - len(set(ids))} messages are told twice"
    if {message["id"] for message in wanted} != set(ids):
        yield f"{len(wanted)} messages are to be told, told are {len(set(ids))}"


def _unequal(one: Dump, other: Dump) -> Iterator[str]:
    for table in sorted(one.keys() | other.keys()):
        mine, theirs = one.get(table, []), other.get(table, [])
        if mine != theirs and table not in TIMES:
            odd = sorted(set(mine) ^ set(theirs), key=repr)[:2]
            yield f"{table}: {len(mine)} rows, undisturbed {len(theirs)}; for example {str(odd)[:300]}"


def tables(path: Path) -> Dump:
    """Every table with its rows, but for times and what SQLite keeps for itself."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            if not name.startswith("sqlite_") and not ("_fts_" in name and name.endswith(SHADOWS))
        ]
        found: Dump = {}
        for name in names:
            columns = [
                row[1] for row in connection.execute(f'PRAGMA table_info("{name}")') if not row[1].endswith("_at")
            ]
            told = ", ".join(f'"{column}"' for column in columns)
            found[name] = sorted((tuple(row) for row in connection.execute(f'SELECT {told} FROM "{name}"')), key=repr)
        schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
        return found | {"sqlite_schema": [tuple(row) for row in schema]}


# ----------------------------------------------------------------------------------------------- where works begin


def older(world: Path, path: Path, schema: int) -> None:
    """A database of an older schema with the rows of a present one, in the tables and columns that there were."""
    connection = open_database(path, read_only=False)
    try:
        migrate(connection, steps=STEPS[:schema])
        raw = connection.raw
        raw.execute("PRAGMA foreign_keys = off")
        raw.execute("ATTACH ? AS world", (str(world),))
        names = [row[0] for row in raw.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")]
        raw.execute("BEGIN")
        for name in names:
            _fill(raw, name)
        raw.execute("COMMIT")
        raw.execute("DETACH world")
    finally:
        connection.close()


def _fill(raw: sqlite3.Connection, name: str) -> None:
    """Copy the rows of one table; what was known by another name, or by none, is empty."""
    there = {row[1] for row in raw.execute(f'PRAGMA world.table_info("{name}")')}
    columns = list(raw.execute(f'PRAGMA main.table_info("{name}")'))
    if not there or name.startswith(("sqlite_", "_")) or name.endswith(SHADOWS):
        return
    kept = [row[1] for row in columns if row[1] in there]
    empty = {row[1]: EMPTY[row[2]] for row in columns if row[1] not in there and row[3] and row[4] is None}
    told = ", ".join(f'"{column}"' for column in (*kept, *empty))
    values = ", ".join([*(f'"{column}"' for column in kept), *empty.values()])
    raw.execute(f'INSERT OR IGNORE INTO main."{name}" ({told}) SELECT {values} FROM world."{name}"')


def forget_readings(path: Path) -> None:
    """Have all articles read by other rules."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE article SET reader = 'another' WHERE reader IS NOT NULL")
        connection.commit()


@cache
def backed_up(world: Path) -> Path:
    """A folder with a backup of a database, as of one that is called `t.db`."""
    folder = world.with_name("backed-up")
    folder.mkdir()
    shutil.copy(world, folder / "t.db")
    backups.make(folder / "t.db", folder / "backups", now=datetime(2024, 1, 1, tzinfo=UTC))
    return folder / "backups"


def alter(path: Path) -> None:
    """Have a database tell another story than its backup."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE article SET title = 'Another title' WHERE number % 3 = 0")
        connection.commit()
