"""A backup put in the place of a database: first seen to be whole, then written over it as one transaction.

Whoever has the database open goes on and sees the restored state from then on. A database that is too damaged to be
written gives way to another file instead, as one that is not there; then others have to open it again. What was there
before is kept beside it. Killed at any time, the database is as before or restored.
"""

from __future__ import annotations

import glob
import os
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tracker.backups import copying, manifest, packing
from tracker.backups.copying import Contents
from tracker.backups.manifest import STAMP, Backup
from tracker.backups.packing import Check
from tracker.errors import DamagedError, InputError, NewerDatabaseError, StoreError
from tracker.saving import free, sync_folder
from tracker.store import Store
from tracker.store.connection import Connection, open_database
from tracker.store.lock import WriterLock
from tracker.store.upkeep import RESTORED

PART = ".{}.restoring"
ASIDE = "{}.replaced-{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of it: what the database holds now, and where that is which it held before."""

    file: Path
    made_at: datetime | None  # None where no manifest tells
    contents: Contents
    aside: Path | None
    was_damaged: bool = False  # others have to open the database again


def restore(file: Path, database: Path, *, now: datetime, check: Check = lambda: None) -> Restored:
    """Put a backup, or a database that was kept, in the place of a database.

    Args:
        file: a backup; where its manifest lies beside it, it must agree.
        database: what is restored; need not be there.
        now: the present time, aware.
        check: called again and again; what it raises ends it with the database as it was.

    Raises:
        InputError: the file is not there, or not what its manifest says.
        BusyError: somebody is writing to the database.
        ForeignDatabaseError: what is there is no tracker database.
        StoreError: the file holds no whole database; there is no room.
    """
    if file.resolve() == database.resolve():
        raise InputError(f"{file}: is the database itself; name a backup")
    _make_folder(database)
    lock = WriterLock(database)
    lock.acquire()
    part = database.with_name(PART.format(database.name))
    try:
        _tidy(database, part)
        with copying.told_of(file, part, packing.ANOTHER):
            backup, contents = _unpacked(file, part, check=check)
        damaged = _is_damaged(database)
        _bring_up(part, now)
        aside = free(database.with_name(ASIDE.format(database.name, now.astimezone(UTC).strftime(STAMP))))
        kept = _move(part, database, aside) if damaged else _write_over(part, database, aside, check=check)
    except OSError as error:
        raise StoreError(
            f"{error.filename or database}: {error.strerror or error}; the database is as it was"
        ) from error
    finally:
        copying.gone(part)
        lock.release()
    made_at = None if backup is None else backup.made_at
    return Restored(file=file, made_at=made_at, contents=contents, aside=kept, was_damaged=damaged and kept is not None)


def _unpacked(file: Path, part: Path, *, check: Check) -> tuple[Backup | None, Contents]:
    """What a file holds as a database of its own, whole, and what its manifest says of it."""
    if not packing.is_packed(file):
        return None, copying.copied(file, part, check=check)
    backup = manifest.read(file) if manifest.manifest(file).exists() else None
    copying.room(part.parent, 2 * backup.plain_bytes if backup else file.stat().st_size)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(part, flags, copying.mode(file)), "wb") as out:
        sums = packing.unpack(file, out, most=backup.plain_bytes if backup else None, check=check)
    if backup is not None:
        packing.compare(backup, sums)
    contents = copying.whole(part, check=check)
    if backup is not None and (contents.schema, contents.counts) != (backup.schema, backup.counts):
        raise InputError(f"{file}: does not hold what its manifest says; {packing.ANOTHER}")
    return backup, contents


def _bring_up(part: Path, now: datetime) -> None:
    """Have the present schema, since readers may have the database open, and a mark by which they know it anew."""
    with Store.open(part) as store, store.writing(), store.batch():
        store.upkeep.done(RESTORED, now)
    copying.standing_alone(part)
    copying.synced(part)


def _is_damaged(database: Path) -> bool:
    """Whether another file has to take the database's place: it is not there, or SQLite cannot open it.

    Raises ForeignDatabaseError for what is none of ours, StoreError for what cannot be written.
    """
    if not database.exists():
        return True
    try:
        open_database(database, read_only=False).close()
    except (NewerDatabaseError, DamagedError):
        return True
    return False


def _write_over(part: Path, database: Path, aside: Path, *, check: Check) -> Path | None:
    """Write it over the database; a copy of what was there is kept, if that was anything."""
    with closing(open_database(database, read_only=True)) as connection:
        held, needed = _holds_something(connection), copying.size(connection)
    copying.room(database.parent, part.stat().st_size + (needed if held else 0))
    if held:
        copy = aside.with_name(f".{aside.name}.part")
        try:
            copying.copied_as_is(database, copy, check=check)
            copying.synced(copy)
            copy.replace(aside)
        finally:
            copying.gone(copy)
    copying.written_over(part, database, check=check)
    sync_folder(database.parent)
    return aside if held else None


def _holds_something(connection: Connection) -> bool:
    try:
        return any(copying.contents(connection).counts.values())
    except StoreError:  # damaged within
        return True


def _move(part: Path, database: Path, aside: Path) -> Path | None:
    """Put it where the database was; that keeps its log, which must not be taken for one of the restored database."""
    is_there = database.exists()
    if is_there:
        try:
            os.link(database, aside)
        except OSError:  # a file system without links
            database.replace(aside)
    for end in ("-wal", "-journal"):
        with suppress(FileNotFoundError):
            database.with_name(database.name + end).replace(aside.with_name(aside.name + end))
    database.with_name(database.name + "-shm").unlink(missing_ok=True)
    part.replace(database)
    sync_folder(database.parent)
    return aside if is_there else None


def _tidy(database: Path, part: Path) -> None:
    """Remove what a run left that was killed: nobody else is at work here."""
    copying.gone(part)
    for left in database.parent.glob(f".{glob.escape(database.name)}.replaced-*.part*"):
        left.unlink(missing_ok=True)


def _make_folder(database: Path) -> None:
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{database.parent}: the directory cannot be made: {error.strerror}") from error
