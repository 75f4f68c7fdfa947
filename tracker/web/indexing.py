"""The index of facets of one database, held for all threads: loaded and brought up in a thread of its own.

Pages wait a moment for it and then take what there is: no counts before it is loaded, and after a change those of a
moment ago, which is as long as it takes to look at what changed, and two seconds more where that takes long.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

from tracker.errors import TrackerError
from tracker.query import Timeline
from tracker.query.facets import CURSOR, NUMBER, Index
from tracker.store.connection import Connection

LOADED, FOLLOWED = 2.0, 0.05  # seconds from its beginning that pages wait for it: a hundred thousand events take one
# What was written while pages wait no longer is followed again after a while: so many times as long as it took, at most
# so many seconds. Else a writer without a pause would have that go on all the time.
PAUSE, LONGEST = 10, 2.0


class Keeper:
    """Holds the index of a database file."""

    def __init__(self, path: Path) -> None:
        """For a file, which is read when the index is asked for first."""
        self._path = path
        self._index: Index | None = None
        self._work: threading.Thread | None = None
        self._until = 0.0
        self._pause = 0.0  # until when what is written is not followed
        self._starting = threading.Lock()

    def index(self, timeline: Timeline) -> Index | None:
        """The index of the database as it is now, or was a moment ago; None as long as it is being loaded."""
        if self._index is None or timeline.ask(lambda db, _: _state(db)) != (self._index.cursor, self._index.number):
            with self._starting:
                if time.monotonic() > self._pause and (self._work is None or not self._work.is_alive()):
                    self._until = time.monotonic() + (LOADED if self._index is None else FOLLOWED)
                    self._work = threading.Thread(target=self._bring_up, name="tracker-index", daemon=True)
                    self._work.start()
                working, until = self._work, self._until
            if working is not None:
                working.join(max(0.0, until - time.monotonic()))
        return self._index

    def _bring_up(self) -> None:
        """Load the index, or take over what changed."""
        try:
            with Timeline.open(self._path) as timeline:
                held, begun = self._index, time.monotonic()
                self._index = timeline.ask(lambda db, _: held.follow(db) if held else Index.load(db))
                if held and (took := time.monotonic() - begun) > FOLLOWED:
                    self._pause = time.monotonic() + min(PAUSE * took, LONGEST)
        except (TrackerError, sqlite3.Error):
            return  # what is wrong with the file, the question itself will say; the next one tries again


def _state(db: Connection) -> tuple[int, int]:
    """What an index of now would be called by."""
    return db.number(CURSOR), db.number(NUMBER)
