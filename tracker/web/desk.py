"""Threads that answer questions, each with a connection of its own and a limit to how long it asks."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from tracker.query import Timeline
from tracker.query.facets import Index
from tracker.store.connection import open_database
from tracker.store.migrations import require_current
from tracker.store.upkeep import restored_at
from tracker.web.indexing import Keeper
from tracker.web.memo import Memo

T = TypeVar("T")

THREADS = 4

Which = tuple[int, int, str | None]


class TooSlowError(Exception):
    """A question took longer than a page may take."""


class Desk:
    """Answers questions about one database file in threads."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime], seconds: float, threads: int = THREADS) -> None:
        """For a file, which is opened when the first question comes."""
        self._path = path
        self._clock = clock
        self._seconds = seconds
        self._own = threading.local()
        self._opening = threading.Lock()
        self._which: Which | None = None  # the file that the index is of
        self._keeper = Keeper(path)
        self.memo = Memo()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="tracker")
        self._historian = ThreadPoolExecutor(1, thread_name_prefix="tracker-past")

    async def ask(self, question: Callable[[Timeline], T], *, past: bool = False) -> T:
        """The answer, given by a thread while others are served.

        What asks of the past is answered by one thread: what is made ready for a moment costs seconds, and stays there.

        Raises:
            TooSlowError: it took too long.
            TrackerError: the database cannot be used, or the question is none.
        """
        threads = self._historian if past else self._pool
        return await asyncio.get_running_loop().run_in_executor(threads, self.answer, question)

    def answer(self, question: Callable[[Timeline], T]) -> T:
        """As `ask`, in this thread."""
        timeline = self._timeline()
        self._own.until = time.monotonic() + self._seconds
        try:
            return question(timeline)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise TooSlowError from error
            raise

    def index(self, timeline: Timeline) -> Index | None:
        """The facets of all events; None as long as they are being loaded."""
        return self._keeper.index(timeline)

    def _timeline(self) -> Timeline:
        """The connection of this thread; a new one where a backup took the place of what it has open."""
        timeline: Timeline | None = getattr(self._own, "timeline", None)
        which = _which(self._path, timeline)
        if timeline is not None and self._own.which != which:
            self._own.timeline = None
            timeline.close()
            timeline = None
        if timeline is None:
            connection = open_database(self._path, read_only=True)
            try:
                require_current(connection)
            except BaseException:
                connection.close()
                raise
            connection.end_when(self._late)
            timeline = self._own.timeline = Timeline(connection, clock=self._clock)
            which = self._own.which = _which(self._path, timeline)
            with self._opening:
                if self._which != which:
                    self._which, self._keeper, self.memo = which, Keeper(self._path), Memo()
        return timeline

    def _late(self) -> bool:
        return time.monotonic() > float(self._own.until)


def _which(path: Path, timeline: Timeline | None) -> Which | None:
    """What tells a database from another that takes its place, as a file or within it; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, None if timeline is None else timeline.ask(lambda db, _: restored_at(db))
