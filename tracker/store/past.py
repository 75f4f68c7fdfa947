"""The past as it is kept: what events and measures were before each change, and letting go of what is too old.

The changes themselves stay, so that every cursor stays good; only what was before them goes, the oldest first. What can
be asked of the past then begins where the last that went ends. Does not decide how old is too old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from tracker.store.codec import stamp
from tracker.store.connection import Connection

# Of changes without a past, whose index holds only those: up to where it has been let go of already.
FORGOTTEN = "SELECT max(cursor) FROM change WHERE was IS NULL AND kind <> 'new' AND what <> 'article'"
BEFORE = "SELECT cursor FROM change WHERE changed_at < ? ORDER BY changed_at DESC, cursor DESC LIMIT 1"
OLD = "FROM change WHERE cursor > ? AND cursor <= ? AND was IS NOT NULL"
FORGET = f"UPDATE change SET was = NULL WHERE cursor IN (SELECT cursor {OLD} ORDER BY cursor LIMIT ?)"  # noqa: S608
PLACES = """
SELECT report_id, cursor FROM report_was WHERE (report_id, cursor) > (?, ?) ORDER BY report_id, cursor LIMIT ?
"""
LEAVE = """
DELETE FROM report_was WHERE (report_id, cursor) > (?, ?) AND (report_id, cursor) <= (?, ?) AND cursor < ?
"""


class Past:
    """The noun of what was: columns `change.was` and the table `report_was`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def old(self, before: datetime) -> int:
        """How many changes hold what was, and are older than this."""
        return self._db.number(f"SELECT count(*) {OLD}", (self._forgotten(), self._last(before)))

    def forget(self, before: datetime, most: int) -> int:
        """Let go of what was before the oldest changes, so many at most; how many."""
        return self._db.run(FORGET, (self._forgotten(), self._last(before), most))

    def leave(self, most: Callable[[], int]) -> Iterator[int]:
        """Let go of where reports were before all of the past that is kept, in steps of so many looked at."""
        first, place = self._forgotten(), ("", 0)
        while first and (rows := self._db.rows(PLACES, (*place, most()))):
            last = (rows[-1]["report_id"], rows[-1]["cursor"])
            yield self._db.run(LEAVE, (*place, *last, first))
            place = last

    def _forgotten(self) -> int:
        row = self._db.row(FORGOTTEN)
        return 0 if row is None else int(row[0] or 0)

    def _last(self, before: datetime) -> int:
        """The last change of those that are older."""
        row = self._db.row(BEFORE, (stamp(before),))
        return 0 if row is None else int(row[0])
