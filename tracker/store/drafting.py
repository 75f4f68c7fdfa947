"""A database written anew beside itself, and put in its place when it is whole.

The draft is a file that nobody else sees, so that it needs no journal: what goes wrong with it costs the draft alone.
It becomes the database by its name where nobody else has that open, which writes each page once; else its pages are
written over the database as one transaction, and whoever has it open goes on and sees them then. Killed at any time,
the database is as it was or what the draft is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import BusyError, StoreError
from tracker.saving import sync_folder
from tracker.store.connection import BUSY_SECONDS, Connection, open_database, translated

NAME = ".{}.filling"
BESIDE = ("", "-wal", "-shm", "-journal")
SETTINGS = {"journal_mode": "off", "synchronous": "off", "foreign_keys": "off", "cache_size": -256_000}  # in KiB


@contextmanager
def draft(db: Connection) -> Iterator[Connection]:
    """A copy of a database, to be changed and then put in its place; the caller holds it (`Store.writing`).

    References are not looked up row by row in it: see that they are right.

    Raises:
        StoreError: the draft or the database cannot be written, as when the disk is full.
    """
    database = db.path.resolve()
    file = database.with_name(NAME.format(database.name))
    _create(file, database.stat().st_mode & 0o666 | 0o600)
    try:
        with translated(db.path):
            made = Connection(open_database(file, read_only=False).raw, db.path)
            try:
                db.raw.backup(made.raw)
                for name, value in SETTINGS.items():
                    made.run(f"PRAGMA {name} = {value}")
                yield made
                _put(made, file, db, database)
            finally:
                made.close()
    finally:
        _remove(file)


def _put(made: Connection, file: Path, db: Connection, database: Path) -> None:
    if not _is_alone(db):
        made.raw.backup(db.raw)
        return
    made.run("PRAGMA journal_mode = wal")  # as the database has it
    made.close()
    _sync(file)
    db.close()
    try:
        file.replace(database)
    finally:
        db.raw = open_database(database, read_only=False).raw
    sync_folder(database.parent)


def _is_alone(db: Connection) -> bool:
    """Whether nobody else has it open: then it can be parted from its write-ahead log."""
    db.run("PRAGMA busy_timeout = 0")
    try:
        mode = db.row("PRAGMA journal_mode = delete")
    except BusyError:
        return False
    finally:
        db.run(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    return mode is not None and mode[0] == "delete"


def _create(file: Path, mode: int) -> None:
    """An empty file that those may read who may read the database; what a run left that was killed goes."""
    try:
        _remove(file)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode))
    except OSError as error:
        raise StoreError(f"{file}: cannot be written: {error.strerror}") from error


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(file: Path) -> None:
    for end in BESIDE:
        file.with_name(file.name + end).unlink(missing_ok=True)
