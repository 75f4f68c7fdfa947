"""A backup made, step by step: copied, seen to be whole, packed, read again, written down; then the old ones let go.

Each step leaves what was there before as it is, and a run that is killed leaves files that are no backups (`….part`),
which the next one removes.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tracker
from tracker.backups import copying, manifest, packing, rotation
from tracker.backups.manifest import Backup, Why
from tracker.backups.packing import Check
from tracker.errors import InputError, StoreError
from tracker.model.backups import Keep
from tracker.saving import clear, replaced
from tracker.store.lock import WriterLock

MAKING = "is making a backup of this database; wait for it to end"
COPY = ".{}.copy.part"  # the copy while it is packed
PACKED = ".{}.packed.part"  # holds the name that the packed copy gets, until its manifest is there
SHRUNK = 0.5  # of the articles of the last backup; a database with fewer lets no older backup go


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of it: the backup, the ones that were let go, and why none was where that is worth saying."""

    backup: Backup
    removed: tuple[Path, ...]
    warning: str | None = None


def make(
    database: Path,
    folder: Path,
    *,
    now: datetime,
    why: Why = Why.ASKED,
    keep: Keep | None = None,
    check: Check = lambda: None,
) -> Made:
    """Back a database up into a folder.

    Args:
        database: whose; others may read and write it meanwhile.
        folder: made where it is not there.
        now: the present time, aware.
        why: what for.
        keep: which backups of this database stay; None: all.
        check: called again and again; what it raises ends it, and leaves nothing.

    Raises:
        BusyError: another process is making a backup of it.
        StoreError: there is no database, it is damaged, or the backup cannot be written.
    """
    _make_folder(folder)
    lock = WriterLock(folder / database.name, doing=MAKING)
    lock.acquire()
    try:
        _tidy(folder, database)
        backup = _made(database, folder, now=now, why=why, check=check)
        return _rotated(backup, folder, database, keep, now)
    except InputError as error:
        raise StoreError(str(error)) from error
    except OSError as error:
        raise StoreError(
            f"{error.filename or folder}: {error.strerror or error}; look at who owns the folder of backups"
        ) from error
    finally:
        lock.release()


def is_due(folder: Path, database: Path, every: timedelta, now: datetime) -> bool:
    """Whether the last backup is older than it should be; one dated ahead of the clock tells nothing."""
    times = [one.made_at for one in _own(folder, database) if one.made_at <= now]
    return not times or now - max(times) >= every


def _made(database: Path, folder: Path, *, now: datetime, why: Why, check: Check) -> Backup:
    copy, name = folder / COPY.format(database.name), folder / PACKED.format(database.name)
    try:
        contents = copying.copied(database, copy, check=check)
        file = _free(folder, database, now, f"-schema-{contents.schema}" if why is Why.MIGRATION else "")
        copying.room(folder, copy.stat().st_size)
        name.write_text(file.name, encoding="utf-8", errors="surrogateescape")
        with replaced(file) as out:
            os.fchmod(out.fileno(), database.stat().st_mode & 0o666)
            sums = packing.pack(copy, out, check=check)
        backup = Backup(
            file=file,
            database=str(database.resolve()),
            made_at=now.astimezone(UTC),
            why=why,
            schema=contents.schema,
            bytes=sums.bytes,
            sha256=sums.sha256,
            plain_bytes=sums.plain_bytes,
            plain_sha256=sums.plain_sha256,
            counts=contents.counts,
            tracker=tracker.__version__,
        )
        try:
            packing.verify(backup, check=check)
            manifest.write(backup)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return backup
    finally:
        copying.gone(copy)
        name.unlink(missing_ok=True)


def _rotated(backup: Backup, folder: Path, database: Path, keep: Keep | None, now: datetime) -> Made:
    """Let go of what is not to stay. What does not look whole is left for a person to look at."""
    if keep is None:
        return Made(backup=backup, removed=())
    found = _own(folder, database)
    before = next((one for one in found if one.file != backup.file and one.made_at <= now), None)
    had, has = (one.counts.get("article", 0) if one else 0 for one in (before, backup))
    if has < SHRUNK * had:
        told = f"{had:,} articles were in the last backup, {has:,} are in this"
        return Made(backup=backup, removed=(), warning=f"no older backup was removed: {told}")
    stay = rotation.staying(found, keep, now) | {backup.file}
    removed = [one.file for one in found if one.file not in stay]
    for file in removed:
        file.unlink(missing_ok=True)
        manifest.manifest(file).unlink(missing_ok=True)
    return Made(backup=backup, removed=tuple(removed))


def _own(folder: Path, database: Path) -> list[Backup]:
    """The backups of this database that look whole, the newest first; others of its name may lie beside them."""
    return [one for one in manifest.listed(folder, database) if one.is_whole and one.is_of(database)]


def _tidy(folder: Path, database: Path) -> None:
    """Remove what a run left that was killed; a database of a name that begins alike may be backed up here too."""
    copying.gone(folder / COPY.format(database.name))
    name = folder / PACKED.format(database.name)
    if name.exists():
        file = folder / Path(name.read_text(encoding="utf-8", errors="surrogateescape")).name
        if file.name.endswith(manifest.PACKED) and not manifest.manifest(file).exists():
            file.unlink(missing_ok=True)
        name.unlink()
    clear(folder, f"{re.escape(database.stem)}-.*{re.escape(manifest.PACKED)}.*")


def _free(folder: Path, database: Path, now: datetime, of: str) -> Path:
    """A name that no backup has."""
    for number in range(1, 1_000):
        file = folder / manifest.name(database, now, of=of + (f"-{number}" if number > 1 else ""))
        if not file.exists() and not manifest.manifest(file).exists():
            return file
    raise StoreError(f"{folder}: a thousand backups of one second; look at the clock")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError as error:
        raise StoreError(
            f"{folder}: {_above(folder)} is not there; if it is a disk, mount it, else make the folder (mkdir -p)"
        ) from error
    except OSError as error:
        raise StoreError(f"{folder}: the folder of backups cannot be made: {error.strerror}") from error


def _above(folder: Path) -> Path:
    """The first part of a path that is not there."""
    return next(one for one in reversed(folder.absolute().parents) if not one.exists())
