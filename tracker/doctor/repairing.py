"""What is done about what was found: derived tables made anew, a damaged file replaced by what can be read of it."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tracker import backups
from tracker.doctor import settings
from tracker.doctor.findings import Found, Patient
from tracker.errors import DamagedError
from tracker.model.backups import USUAL
from tracker.saving import free
from tracker.store import Store, soundness
from tracker.store.connection import Connection, open_database
from tracker.store.lock import WriterLock
from tracker.store.salvage import Salvaged, salvage

DOING = "is repairing this database; wait for it to end"


@dataclass(slots=True, kw_only=True)
class Repaired:
    """What was done."""

    done: list[str] = field(default_factory=list)  # in words
    kept: Path | None = None  # the damaged file, where it was replaced
    salvaged: Salvaged | None = None


def repair(patient: Patient) -> Repaired:
    """Mend what can be mended; a second time there is nothing to do.

    Raises:
        BusyError: somebody writes to the database.
        ForeignDatabaseError: the file is no tracker database; it was not touched.
        NewerDatabaseError: a later tracker wrote it; it was not touched.
        StoreError: nothing can be read, or there is no room.
    """
    path, repaired = patient.database, Repaired()
    if not path.exists():
        return repaired
    lock = WriterLock(path, doing=DOING)
    lock.acquire()
    try:
        _take_back(path)
        if _is_damaged(path):
            _replace(path, patient.now, repaired)
            return repaired
    finally:
        lock.release()
    with (
        Store.open(path, before_migration=_keeping(patient)) as store,
        store.writing(),
        closing(open_database(path, read_only=False)) as db,
    ):
        _mend(db, repaired)
    return repaired


def _keeping(patient: Patient) -> Callable[[Path, int], object] | None:
    """A backup before the schema changes, as feeds.yaml has it where that loads."""
    loaded = settings.configured(patient)
    of = USUAL if isinstance(loaded, Found) else loaded.settings.backup
    if not of.before_migration:
        return None
    why = backups.Why.MIGRATION
    return lambda path, _: backups.make(path, of.folder or backups.beside(path), now=patient.now, why=why)


def _is_damaged(path: Path) -> bool:
    """Whether more is wrong than can be made anew within the file.

    Where an index does not agree with its table, nobody can tell which of them is damaged, and rows seem to lead to
    nothing that are led by it: such a file is copied and kept too.
    """
    try:
        db = open_database(path, read_only=True)
    except DamagedError:
        return True
    with closing(db):
        return bool(
            soundness.structure(db, thorough=True)
            or any(name.startswith("table ") for name in soundness.schema(db)[0])
            or soundness.references(db)
            or soundness.unreadable(db)
        )


def _mend(db: Connection, repaired: Repaired) -> None:
    """Make anew what follows from what is stored, where it does not agree with it."""
    db.run("PRAGMA foreign_keys = off")
    missing, _ = soundness.schema(db)
    faults = [*missing, *soundness.words(db), *soundness.full_text(db)]
    counted = sum(soundness.tallies(db).values()) + soundness.miscounted(db)
    if faults or counted or soundness.wrong_facets(db):
        soundness.rebuild(db)
        repaired.done.append("indexes, search, facets and tallies made anew")


def _replace(path: Path, now: datetime, repaired: Repaired) -> None:
    """Put what can be read of a damaged file in its place, and keep that beside it under a dated name."""
    made = path.with_name(f"{path.name}.salvaged")
    _remove(made)
    try:
        repaired.salvaged = salvage(path, made)
        repaired.kept = _kept(path, now)
        made.replace(path)
    finally:
        _remove(made)
    repaired.done.append(f"{repaired.salvaged.rows} rows saved into a new file; the damaged one is {repaired.kept}")


def _kept(path: Path, now: datetime) -> Path:
    """Give a file and its log a second, dated name; after that the log has its first name no more.

    From here to the renaming of the new file the damaged one stands in its place, which is no worse than before. Its
    log must be gone by then: SQLite would read it into whatever file has the name.
    """
    kept = free(path.with_name(f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}"))
    try:
        os.link(path, kept)
    except OSError:  # a file system without second names
        shutil.copyfile(path, kept)
    log = path.with_name(f"{path.name}-wal")
    with suppress(FileNotFoundError):
        log.replace(kept.with_name(f"{kept.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return kept


def _take_back(path: Path) -> None:
    """Undo `_kept` where a repair was killed before the new file had the name: the log is of the file that is there."""
    found = [one for one in path.parent.glob(f"{glob.escape(path.name)}.damaged-*") if one.samefile(path)]
    for kept in found:
        log, there = (one.with_name(f"{one.name}-wal") for one in (kept, path))
        if log.exists() and not (there.exists() and there.stat().st_size):
            log.replace(there)
            path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        if not log.exists():
            kept.unlink()


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal", ".lock"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
