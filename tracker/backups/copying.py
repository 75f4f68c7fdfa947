"""One state of a database as a file of its own, copied while others read and write, and seen to be whole.

The copy is taken within one read transaction, so that a writer that goes on neither changes it nor has it begin anew
(https://www.sqlite.org/backup.html), and is left without a write-ahead log: one file is all of it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracker.backups.packing import Check
from tracker.errors import DamagedError, StoreError
from tracker.store import soundness
from tracker.store.connection import Connection, open_database, translated
from tracker.store.migrations import version

STEP = 2_000  # pages between two looks at whether to stop: 8 MB
STEPS = 100_000  # of SQLite's machine between two such looks while a copy is checked
PATIENCE = 30.0  # seconds that another program may keep the database locked while it is written over
BESIDE = ("-wal", "-shm", "-journal", ".lock")  # what lies beside a database by its name
# Tables that are counted; every schema has them.
COUNTED = ("source", "item", "article", "page", "entity", "report", "event", "measure", "judgement", "change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database holds: its schema, and how many rows of each kind."""

    schema: int
    counts: dict[str, int]


def size(connection: Connection) -> int:
    """How many bytes a copy of a database takes."""
    return connection.number("PRAGMA page_count") * connection.number("PRAGMA page_size")


def contents(connection: Connection) -> Contents:
    """What a database holds; a file without tables holds nothing."""
    schema = version(connection)
    names = COUNTED if schema else ()
    counts = {name: connection.number(f"SELECT count(*) FROM {name}") for name in names}  # noqa: S608 - names are constants
    return Contents(schema=schema, counts=counts)


def copied(database: Path, target: Path, *, check: Check) -> Contents:
    """Copy the state of a database as it is now into a new file, and what that is.

    Raises:
        StoreError: the database cannot be read, or is damaged; the disk is full.
    """
    with closing(open_database(database, read_only=True)) as source, source.reading():
        with _interruptible(source.raw, check):
            told = contents(source)  # the first look within the transaction settles which state it is
        _copy(source, target, check)
    with told_of(database, target, "`tracker doctor` says more"):
        found = whole(target, check=check)
    if found != told:
        raise StoreError(f"{database}: is damaged: a copy does not hold what it holds; `tracker doctor` says more")
    return told


def copied_as_is(database: Path, target: Path, *, check: Check) -> None:
    """As `copied`, of a database that may be damaged within."""
    with closing(open_database(database, read_only=True)) as source, source.reading():
        source.number("PRAGMA user_version")
        _copy(source, target, check)


def whole(file: Path, *, check: Check) -> Contents:
    """What a copy holds, which is seen to be whole.

    Raises:
        DamagedError: it is not.
        StoreError: it is no database of ours.
    """
    with closing(open_database(file, read_only=True)) as connection:
        with _interruptible(connection.raw, check):
            faults = soundness.structure(connection)
        if faults:
            raise DamagedError(f"{file}: {faults[0]}")
        with _interruptible(connection.raw, check):
            return contents(connection)


@contextmanager
def told_of(file: Path, copy: Path, remedy: str) -> Iterator[None]:
    """Say what is wrong with a copy of the file that it was made from."""
    try:
        yield
    except DamagedError as error:
        raise DamagedError(f"{file}: the database in it is damaged; {remedy}") from error
    except StoreError as error:
        raise type(error)(str(error).replace(str(copy), str(file))) from error


def written_over(source: Path, database: Path, *, check: Check) -> None:
    """Put what a file holds into a database that is in use, as one transaction of it: others go on, and see it then.

    Raises:
        BusyError: another program kept the database locked.
        StoreError: it cannot be written.
    """
    with (
        closing(open_database(source, read_only=True)) as new,
        closing(open_database(database, read_only=False)) as old,
        translated(database),
    ):
        old.raw.execute("PRAGMA synchronous = full")
        old.raw.execute("BEGIN IMMEDIATE")  # waits for whoever writes, and tells where it takes too long
        old.raw.execute("ROLLBACK")
        new.raw.backup(old.raw, pages=STEP, progress=_patient(check))
        old.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def standing_alone(file: Path) -> None:
    """Have a copy of a database with a write-ahead log do without one."""
    with translated(file), closing(sqlite3.connect(file, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = delete")


def room(folder: Path, wanted: int) -> None:
    """Refuse to begin what the disk has no room for; StoreError says how much is needed."""
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise StoreError(
            f"{folder}: the disk is too full: {wanted / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} MB are free;"
            " free space, or name a folder on another disk"
        )


def gone(file: Path) -> None:
    """Remove a file of our own making, with what SQLite and a lock left beside it."""
    for path in (file, *(file.with_name(file.name + end) for end in BESIDE)):
        path.unlink(missing_ok=True)


def synced(file: Path) -> None:
    """Have a file's bytes on the disk; nothing else in this process may have it open."""
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(source: Connection, target: Path, check: Check) -> None:
    room(target.parent, size(source))
    _create(target, like=source.path)
    with translated(target), closing(sqlite3.connect(target, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = off")
        raw.execute("PRAGMA synchronous = off")
        source.raw.backup(raw, pages=STEP, progress=lambda *_: check())
    standing_alone(target)


def mode(like: Path) -> int:
    """Who may read and write a copy of a file: who may that one, and we, who are to write it."""
    return like.stat().st_mode & 0o666 | 0o600


def _create(target: Path, *, like: Path) -> None:
    """An empty file that those may read who may read the database."""
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode(like)))
    except OSError as error:
        raise StoreError(f"{target}: cannot be written: {error.strerror}") from error


def _patient(check: Check) -> Callable[[int, int, int], None]:
    """Progress of a copy that ends in an error where nothing is copied for a while: the database is kept locked."""
    last = [-1, time.monotonic()]

    def look(status: int, remaining: int, _: int) -> None:
        if remaining:  # else it is done, and must not seem to be stopped
            check()
        if status not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            last[:] = [remaining, time.monotonic()]
        elif time.monotonic() - last[1] > PATIENCE:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error

    return look


@contextmanager
def _interruptible(raw: sqlite3.Connection, check: Check) -> Iterator[None]:
    """Within, what `check` raises ends a long statement too."""
    raised: list[BaseException] = []

    def look() -> int:
        try:
            check()
        except BaseException as error:  # noqa: BLE001 - SQLite swallows it; it is raised below
            raised.append(error)
        return len(raised)

    raw.set_progress_handler(look, STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise raised[0] if raised else KeyboardInterrupt from error
        raise
    finally:
        raw.set_progress_handler(None, 0)
