"""One writer at a time: a lock on a file beside the database, which the kernel frees when its holder dies.

It guards whole runs against each other; SQLite itself guards each transaction. The lock file stays where it is:
removing it would let two holders lock two different files.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from tracker.errors import BusyError, StoreError


class WriterLock:
    """The lock of one database; taken again by its holder it counts, so that runs can nest."""

    def __init__(self, database: Path) -> None:
        """Name the lock file; nothing is taken yet."""
        self.path = database.with_name(database.name + ".lock")
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
            raise StoreError(f"{self.path}: the lock file cannot be opened: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(file, 32, 0).decode("ascii", "replace").strip()
            os.close(file)
            raise self._refusal(holder, error) from error
        os.truncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode("ascii"), 0)
        return file

    def _refusal(self, holder: str, error: OSError) -> StoreError:
        if isinstance(error, BlockingIOError):
            who = f"process {holder}" if holder else "another process"
            return BusyError(f"{self.path}: {who} is writing to this database; wait for it to end, or end it")
        return StoreError(f"{self.path}: this file system does not lock files: {error.strerror}; use a local disk")
