"""The files of a database, and where they lie: there, ours, whole, writable, not left behind, on a disk that locks."""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tracker.doctor.findings import Found, Patient, fine, note, unknown, wrong
from tracker.errors import DamagedError, StoreError
from tracker.store import heading, holder
from tracker.store.connection import SALVAGE, open_database

MEGABYTE = 1_000_000
LEAST_FREE = 100 * MEGABYTE  # of the disk, below which a refresh may not end
LEAST_NODES = 100
LARGE_LOG = 200 * MEGABYTE
# How the names of files go on that were put aside -> what they are.
ASIDE = {"damaged": "what earlier repairs found damaged is kept", "replaced": "what earlier restores replaced is kept"}
BESIDE = ("", "-wal", "-shm", "-journal", ".lock")


def there(patient: Patient) -> Iterator[Found]:
    """Whether there is a file that can be opened as a database of ours."""
    path = patient.database
    if not path.exists():
        yield note(f"{path}: there is none yet", "run `tracker refresh`; or `tracker restore`, if there was one")
        return
    try:
        open_database(path, read_only=True).close()
    except StoreError as error:
        yield wrong(str(error), SALVAGE if isinstance(error, DamagedError) else "see the line above")
        return
    if not path.stat().st_size and not _log(path):
        yield wrong(f"{path}: is empty", "`tracker restore` a backup; without one, `tracker refresh` begins anew")
        return
    yield fine(f"{path}, {path.stat().st_size / MEGABYTE:.1f} MB")


def size(patient: Patient) -> Iterator[Found]:
    """Whether the file is as long as its head says; a log that was left behind may have the rest."""
    path = patient.database
    with suppress(OSError, struct.error):
        first, length = heading.head(path), path.stat().st_size
        if not first.startswith(heading.MAGIC):
            return
        page = struct.unpack_from(">H", first, 16)[0] or 1
        page = 65536 if page == 1 else page
        changed, pages, told = (struct.unpack_from(">I", first, at)[0] for at in (24, 28, 92))
        if changed != told or pages == 0:
            return  # an old SQLite wrote it, which did not keep the number up
        if length < pages * page and not _log(path):
            yield wrong(f"it ends after {length} bytes and should have {pages * page}: it was cut off", SALVAGE)
        elif length % page:
            yield note(f"it ends within a page, after {length} bytes", "nothing is lost by that alone")


def permissions(patient: Patient) -> Iterator[Found]:
    """Whether this user may read and write the files, and make new ones beside them."""
    path = patient.database
    folder = path.absolute().parent
    for one in (path.with_name(path.name + ending) for ending in BESIDE):
        if one.exists() and not os.access(one, os.R_OK | os.W_OK):
            may = "only be read" if os.access(one, os.R_OK) else "not be read"
            yield wrong(f"{one} may {may} by user {os.geteuid()}; it belongs to {one.stat().st_uid}", _OWN)
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield wrong(f"{folder}: user {os.geteuid()} may make no files there, which SQLite needs to", _OWN)


_OWN = "give it to the user who runs the tracker (chown, chmod), and run the tracker as one user only"


def left_behind(patient: Patient) -> Iterator[Found]:
    """Whether a log lies beside the file that nobody has taken in, as after a crash."""
    path = patient.database
    log, journal = _log(path), path.with_name(path.name + "-journal")
    if not path.exists() and path.with_name(path.name + "-wal").exists():
        yield wrong(
            "its write-ahead log is there and the file is not", "put back the file: the log is worth nothing alone"
        )
    elif log > LARGE_LOG:
        yield note(f"the write-ahead log has {log / MEGABYTE:.0f} MB", "a reader that never ends holds it up: end it")
    elif log and _living(path) is None:
        yield note("a write-ahead log holds what was written last", "nothing to do: the next command takes it in")
    if journal.exists() and journal.stat().st_size:
        yield note("a rollback journal was left by a process that died", "nothing to do: the next command heeds it")


def lock(patient: Patient) -> Iterator[Found]:
    """Who writes at present, and whether that process lives."""
    path = patient.database
    for ending, doing in ((".lock", "writing"), (".alerts.lock", "sending alerts")):
        file = path.with_name(path.name + ending)
        left = _left(file)
        if left is None:
            continue
        me = holder.myself()
        if left.is_of(me) and holder.started(left.pid) is not None and holder.started(left.pid) == left.started:
            yield note(f"{left} is {doing} at present")
        elif holder.may_live(left, me, shared=holder.is_shared(file)):
            yield wrong(
                f"{file.name}: {left} on {left.host} holds it, which cannot be asked from here",
                f"if it died there, empty the file: truncate -s 0 {file}",
            )
        else:
            yield note(f"{file.name}: left by {left}, which died", "nothing to do: the next run takes it over")

    yield from _foreign(path)


def _foreign(path: Path) -> Iterator[Found]:
    """Who keeps SQLite's own locks, by what Linux tells; nothing is opened, which would drop ours."""
    ours = _left(path.with_name(path.name + ".lock"))
    known = {os.getpid(), *((ours.pid,) if ours is not None else ())}
    for ending, bytes_of, doing in (("-shm", WAL_WRITE, "is writing"), ("", DATABASE, "has it locked")):
        for pid in sorted(_lockers(path.with_name(path.name + ending), bytes_of) - known):
            yield note(
                f"another program ({_name(pid)}, process {pid}) {doing} at present, past the tracker's lock",
                "wait for it or end it: a refresh gives up after some seconds",
            )


# Bytes on which SQLite keeps the locks of writers: in the index of the log, and in the file itself.
WAL_WRITE, DATABASE = range(120, 121), range(0x4000_0000, 0x4000_0200)
LOCKS = Path("/proc/locks")


def _lockers(file: Path, bytes_of: range) -> set[int]:
    """The processes that keep a lock for writing on some of these bytes of a file."""
    found: set[int] = set()
    with suppress(OSError, ValueError):
        node = file.stat().st_ino
        for line in LOCKS.read_text(encoding="utf-8").splitlines():
            _, kind, _, mode, pid, place, first, last, *_ = line.split()
            if (kind, mode, int(place.rpartition(":")[2])) == ("POSIX", "WRITE", node) and int(pid) > 0:
                end = bytes_of.stop if last == "EOF" else int(last) + 1
                found |= {int(pid)} if int(first) < bytes_of.stop and end > bytes_of.start else set()
    return found


def _name(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    return "unknown"


def disk(patient: Patient) -> Iterator[Found]:
    """Whether there is room for what the next refresh writes, and for a copy of the file."""
    folder = _existing(patient.database.absolute().parent)
    free = shutil.disk_usage(folder).free
    size_now = patient.database.stat().st_size if patient.database.exists() else 0
    nodes = os.statvfs(folder)
    if free < LEAST_FREE:
        yield wrong(f"{free / MEGABYTE:.0f} MB are free at {folder}", "free space: a refresh may not be able to end")
    elif free < size_now * 1.2:
        yield note(
            f"{free / MEGABYTE:.0f} MB are free, less than the database has",
            "a backup on this disk, an upgrade and a repair want as much as it has",
        )
    else:
        yield fine(f"{free / MEGABYTE:.0f} MB are free")
    if nodes.f_files and nodes.f_favail < LEAST_NODES:
        yield wrong(f"{nodes.f_favail} files can still be made at {folder}", "delete some: the disk has no more inodes")


def file_system(patient: Patient) -> Iterator[Found]:
    """Whether the disk keeps locks, without which two writers would damage the file."""
    folder = _existing(patient.database.absolute().parent)
    with suppress(OSError):
        mounts = holder.MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
        kind = holder.kind_of(folder.resolve(), mounts)
        if kind in holder.SHARED:
            yield note(f"{folder} is on a network file system ({kind})", "use a local disk: others may not heed locks")
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.lockf(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if os.access(folder, os.W_OK):
            yield wrong(f"{folder}: files cannot be locked there ({error.strerror})", "use a local disk")
        else:
            yield unknown(f"{folder}: no file can be made there ({error.strerror}), so locks were not tried")


def kept(patient: Patient) -> Iterator[Found]:
    """What earlier repairs and restores have put aside."""
    for ending, what in ASIDE.items():
        files = sorted(patient.database.absolute().parent.glob(f"{glob.escape(patient.database.name)}.{ending}-*"))
        if files:
            used = sum(file.stat().st_size for file in files)
            yield note(
                f"{what}: {files[0].name} {'…' if files[1:] else ''}({used / MEGABYTE:.0f} MB)",
                "delete it, with what begins alike, when nothing is missed any more",
            )


def _log(path: Path) -> int:
    """How large the write-ahead log is."""
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0


def _left(file: Path) -> holder.Holder | None:
    with suppress(OSError), file.open("rb") as opened:
        return holder.read(opened.read(holder.LONGEST))
    return None


def _living(path: Path) -> holder.Holder | None:
    """Who writes to the database, if that process lives."""
    left = _left(path.with_name(path.name + ".lock"))
    return left if left is not None and holder.started(left.pid) == left.started else None


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())
