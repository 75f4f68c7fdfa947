"""One writer at a time: a lock on a file beside the database, which the kernel frees when its holder dies.

It guards whole runs against each other; SQLite itself guards each transaction. The lock file stays where it is:
removing it would let two holders lock two different files. Who holds it stands in it (`holder`); a line that a dead
process left is written over, which is told to the log.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from tracker.errors import BusyError, StoreError
from tracker.journal import tell
from tracker.store import holder
from tracker.store.holder import Holder

WRITING = "is writing to this database; wait for it to end, or end it"
PATIENCE = 0.5  # seconds for which a taken lock is tried again: maintenance gives it back after each of its short steps
LOOK_EVERY = 0.005  # seconds


class WriterLock:
    """The lock of one database; taken again by its holder it counts, so that runs can nest.

    `doing` says what a process does that holds it, for whoever is refused.
    """

    def __init__(self, database: Path, *, doing: str = WRITING) -> None:
        """Name the lock file; nothing is taken yet."""
        self.path = database.with_name(database.name + ".lock")
        self._doing = doing
        self._file: int | None = None
        self._depth = 0

    def acquire(self) -> None:
        """Take the lock or raise BusyError with the holder's process id."""
        if self._file is None:
            self._file = self._take()
        self._depth += 1

    def release(self) -> None:
        """Give back one taking; the last one frees the lock."""
        self._depth -= 1
        if self._depth == 0 and self._file is not None:
            os.truncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def _take(self) -> int:
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                f"{self.path}: the lock file cannot be opened: {error.strerror}; run the tracker as its owner,"
                " or give that user the folder"
            ) from error
        try:
            self._lock(file)
        except BaseException:
            os.close(file)
            raise
        return file

    def _lock(self, file: int) -> None:
        """Lock the open file and write our line into it."""
        me = holder.myself()
        try:
            _take_patiently(file)
        except OSError as error:
            raise self._refusal(_named(file), me, error) from error
        left = _named(file)
        if left is not None and left != me:
            if holder.may_live(left, me, shared=holder.is_shared(self.path)):
                raise BusyError(self._elsewhere(left))
            tell("lock taken over", level="warning", path=str(self.path), died=left.pid, host=left.host)
        try:
            os.truncate(file, 0)
            os.pwrite(file, me.line.encode("ascii"), 0)
        except OSError as error:  # the disk is full, as a rule
            raise StoreError(f"{self.path}: cannot be written: {error.strerror}; free space and run again") from error

    def _refusal(self, held: Holder | None, me: Holder, error: OSError) -> StoreError:
        if not isinstance(error, BlockingIOError):
            return StoreError(f"{self.path}: this file system does not lock files: {error.strerror}; use a local disk")
        if held is None:
            return BusyError(f"{self.path}: another process {self._doing}")
        where = "" if held.is_of(me) and held.host == me.host else f" on {held.host}"
        return BusyError(f"{self.path}: {held}{where} {self._doing}")

    def _elsewhere(self, left: Holder) -> str:
        """What to do about a line of another machine on a file system that may not tell us of its lock."""
        return (
            f"{self.path}: {left} on {left.host} {self._doing}; if it died there, empty this file "
            f"(truncate -s 0 {self.path.name}). Network file systems may not lock between machines: use a local disk"
        )


def _take_patiently(file: int) -> None:
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends:
                raise
            time.sleep(LOOK_EVERY)
        else:
            return


def _named(file: int) -> Holder | None:
    return holder.read(os.pread(file, holder.LONGEST, 0))
