"""Alarms about sources: since when one sounds and until when it did. What is alarming is decided by the caller."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from tracker.store.codec import stamp
from tracker.store.connection import Connection

OF_LATE = "SELECT unread, origin <> id AS copy FROM article WHERE source_id = ? ORDER BY stored_at DESC, id LIMIT ?"
BEGIN = "INSERT OR REPLACE INTO alarm (source_id, kind, since_at, detail) VALUES (?, ?, ?, ?)"
TELL = "UPDATE alarm SET detail = ? WHERE source_id = ? AND kind = ? AND until_at IS NULL"
END = "UPDATE alarm SET until_at = ? WHERE source_id = ? AND kind = ? AND until_at IS NULL"


class Alarms:
    """The noun `alarm`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def sounding(self, source_id: str) -> dict[str, str]:
        """Kind to detail of the alarms of a source that sound now."""
        rows = self._db.rows("SELECT kind, detail FROM alarm WHERE source_id = ? AND until_at IS NULL", (source_id,))
        return {row["kind"]: row["detail"] for row in rows}

    def settle(
        self, source_id: str, found: Mapping[str, str], *, among: Collection[str], now: datetime
    ) -> tuple[str, ...]:
        """Make those of some kinds that sound the ones found (kind to detail); the kinds that are new among them."""
        before = {kind: detail for kind, detail in self.sounding(source_id).items() if kind in among}
        if before == found:
            return ()
        with self._db.batch():
            for kind in sorted(before.keys() - found.keys()):
                self._db.run(END, (stamp(now), source_id, kind))
            for kind in sorted(found.keys() & before.keys()):
                self._db.run(TELL, (found[kind], source_id, kind))
            new = tuple(sorted(found.keys() - before.keys()))
            for kind in new:
                self._db.run(BEGIN, (source_id, kind, stamp(now), found[kind]))
        return new

    def of_late(self, source_id: str, limit: int) -> list[tuple[str | None, bool]]:
        """Of the last articles of a source, newest first: why each is not read, and whether it is a copy."""
        return [(row["unread"], bool(row["copy"])) for row in self._db.rows(OF_LATE, (source_id, limit))]
