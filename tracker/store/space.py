"""The room that the database's files take: free pages given back to the file system, the write-ahead log emptied.

Nothing here waits for anybody. Only a file that was made for it, as all new ones are, can give pages back in steps; one
of an earlier tracker has to be rewritten once. Does not decide how much is given back.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.errors import BusyError, StoreError
from tracker.store.connection import BUSY_SECONDS, Connection, translated

INCREMENTAL = 2  # of PRAGMA auto_vacuum: free pages are given back when it is asked for
ROOM = 2.2  # times the file's size that rewriting it takes: the copy, then the log
LOOK_EVERY = 100_000  # instructions of SQLite after which Python has its turn, and hears signals


class Space:
    """The noun `space`: pages of the file and of its log."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    @property
    def pages(self) -> int:
        """Pages of the file."""
        return self._db.number("PRAGMA page_count")

    @property
    def page_size(self) -> int:
        """Bytes of a page."""
        return self._db.number("PRAGMA page_size")

    @property
    def free_pages(self) -> int:
        """Pages of the file that hold nothing; they are used again before it grows."""
        return self._db.number("PRAGMA freelist_count")

    @property
    def gives_back(self) -> bool:
        """Whether it can give pages back in steps."""
        return self._db.number("PRAGMA auto_vacuum") == INCREMENTAL

    def give_back(self, most: int) -> int:
        """Give back so many free pages at most, in a transaction of their own; how many went."""
        before = self.free_pages
        with translated(self._db.path):  # a script, since a statement without columns is only begun by `execute`
            self._db.raw.executescript(f"PRAGMA incremental_vacuum({most:d})")
        return before - self.free_pages

    def empty_log(self) -> bool:
        """Bring the log into the file and cut it off, unless somebody still reads from it; whether it is empty.

        In two steps, for the second keeps writers waiting and so must find nothing left to do.
        """
        with self._impatient():
            for mode in ("passive", "truncate"):
                row = self._db.row(f"PRAGMA wal_checkpoint({mode})")
        return row is not None and not row[0]

    def rewrite(self) -> None:
        """Write the whole file anew, so that from then on it gives pages back; readers go on, writers wait.

        A signal that ends the process ends it at once, and then nothing has changed.

        Raises:
            StoreError: there is not room enough.
            BusyError: somebody writes.
        """
        self._require_room()
        with self._impatient(), translated(self._db.path):
            self._db.raw.execute("PRAGMA temp_store = file")  # where the copy is made
            self._db.raw.execute(f"PRAGMA auto_vacuum = {INCREMENTAL}")
            self._db.raw.set_progress_handler(lambda: 0, LOOK_EVERY)
            try:
                self._db.raw.execute("VACUUM")
            finally:
                self._db.raw.set_progress_handler(None, 0)
                self._db.raw.execute("PRAGMA temp_store = memory")

    def _require_room(self) -> None:
        needed = int(ROOM * self.pages * self.page_size)
        free = shutil.disk_usage(self._db.path.parent).free
        if free < needed:
            raise StoreError(
                f"{self._db.path}: rewriting it takes {needed >> 20} MB for a while, and {free >> 20} MB are free;"
                " free space and run again"
            )

    @contextmanager
    def _impatient(self) -> Iterator[None]:
        """Within, whoever holds a lock is not waited for."""
        self._db.rows("PRAGMA busy_timeout = 0")
        try:
            yield
        except BusyError as busy:
            raise BusyError(f"{self._db.path}: somebody is writing to it; try again") from busy
        finally:
            self._db.rows(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
