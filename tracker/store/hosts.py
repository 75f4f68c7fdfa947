"""What hosts have asked for and said, kept between runs: pauses, and robots.txt. Does not judge how long it holds."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from tracker.model import RobotsText
from tracker.store.codec import stamp
from tracker.store.connection import Connection

LONGEST = timedelta(days=2)  # no host rests for longer: a time further ahead was set by a clock that was wrong


class Hosts:
    """The nouns `host` and `robots`; a `tracker.model.RobotsMemory`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def rests(self, now: datetime) -> dict[str, datetime]:
        """Host to the time until which it wants to be left alone, for those that still do."""
        sql = "SELECT name, rests_until_at FROM host WHERE rests_until_at > ? AND rests_until_at <= ?"
        rows = self._db.rows(sql, (stamp(now), stamp(now + LONGEST)))
        return {row["name"]: datetime.fromisoformat(row["rests_until_at"]) for row in rows}

    def keep_rests(self, rests: Mapping[str, datetime], now: datetime) -> None:
        """Remember these pauses and forget those that are over."""
        if rests == self.rests(now):
            return
        with self._db.batch():
            self._db.run("DELETE FROM host")
            self._db.many(
                "INSERT INTO host (name, rests_until_at) VALUES (?, ?)",
                ((name, stamp(until)) for name, until in sorted(rests.items()) if until > now),
            )

    def get(self, origin: str, /) -> RobotsText | None:
        """What the origin said last when it was asked for its robots.txt, however long ago, or None."""
        row = self._db.row("SELECT * FROM robots WHERE origin = ?", (origin,))
        if row is None:
            return None
        return RobotsText(
            origin=origin,
            status=row["status"],
            body=None if row["body"] is None else zlib.decompress(row["body"]),
            fetched_at=datetime.fromisoformat(row["fetched_at"]),
        )

    def old(self, before: datetime) -> int:
        """How many texts were asked for before this time, and not since."""
        return self._db.number("SELECT count(*) FROM robots WHERE fetched_at < ?", (stamp(before),))

    def prune(self, before: datetime, most: int) -> int:
        """Forget texts that were asked for before this time, so many at most; how many."""
        sql = "DELETE FROM robots WHERE rowid IN (SELECT rowid FROM robots WHERE fetched_at < ? LIMIT ?)"
        return self._db.run(sql, (stamp(before), most))

    def put(self, text: RobotsText, /) -> None:
        """Keep this in place of what the origin said before."""
        body = None if text.body is None else zlib.compress(text.body)
        self._db.run(
            "INSERT OR REPLACE INTO robots (origin, status, body, fetched_at) VALUES (?, ?, ?, ?)",
            (text.origin, text.status, body, stamp(text.fetched_at)),
        )
