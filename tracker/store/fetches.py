"""Every request that was made, and the validators (ETag, Last-Modified) that make the next one cheap.

Validators are written together with what the answer held, never before: a killed refresh asks again and gets it.
Whether they are to be trusted is decided by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.model import Done, Fetched, Page
from tracker.store.codec import moment, stamp, stamp_or_none
from tracker.store.connection import Connection

KEPT = "SELECT * FROM validator WHERE source_id = ? AND url = ?"
# The first row that is kept; rows before it go, also those that a clock that was ahead has written. Where there is
# none, all that are too old go.
FIRST_KEPT = """
SELECT coalesce((SELECT number FROM fetch WHERE fetched_at >= ?1 AND fetched_at <= ?2 ORDER BY number LIMIT 1),
  (SELECT max(number) + 1 FROM fetch WHERE fetched_at < ?1), 0)
"""
PRUNE = "DELETE FROM fetch WHERE number IN (SELECT number FROM fetch WHERE number < ? ORDER BY number LIMIT ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An answer in short: page, unchanged, skipped, failed or poison, with what a log wants to know."""

    outcome: str
    status: int | None = None
    reason: str | None = None
    size: int | None = None
    final_url: str | None = None  # where it is another one than was asked
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the last page of a URL said of itself, and what it was."""

    etag: str | None
    last_modified: str | None
    body_hash: str
    reading: str  # how it was read: other selectors would find other items in the same bytes
    stored_at: datetime  # when the whole page was had last
    misses: int = 0  # how often a whole page had news that a 304 kept back
    distrusted_at: datetime | None = None  # since when they are not sent any more


def describe(outcome: Fetched) -> Note:
    """The short form of an answer."""
    if not isinstance(outcome, Done):
        return Note(outcome=type(outcome).__name__.casefold(), reason=outcome.reason, status=outcome.status)
    value = outcome.value
    if not isinstance(value, Page):
        return Note(outcome="unchanged", status=304, milliseconds=value.milliseconds)
    return Note(
        outcome="page",
        status=value.status,
        size=len(value.body),
        final_url=value.final_url if value.final_url != value.url else None,
        milliseconds=value.milliseconds,
    )


class Fetches:
    """The nouns `fetch` and `validator`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def validators(self, source_id: str, url: str) -> Validators | None:
        """What is known of the last page that the source had from this URL."""
        row = self._db.row(KEPT, (source_id, url))
        if row is None:
            return None
        stored_at = moment(row["stored_at"])
        assert stored_at is not None
        return Validators(
            etag=row["etag"],
            last_modified=row["last_modified"],
            body_hash=row["body_hash"],
            reading=row["reading"],
            stored_at=stored_at,
            misses=row["misses"],
            distrusted_at=moment(row["distrusted_at"]),
        )

    def keep_validators(self, source_id: str, url: str, kept: Validators | None) -> None:
        """Remember what the next request for this URL may send; None forgets it."""
        if kept is None:
            self._db.run("DELETE FROM validator WHERE source_id = ? AND url = ?", (source_id, url))
            return
        self._db.run(
            "INSERT OR REPLACE INTO validator (source_id, url, etag, last_modified, body_hash, reading, misses,"
            " distrusted_at, stored_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                source_id,
                url,
                kept.etag,
                kept.last_modified,
                kept.body_hash,
                kept.reading,
                kept.misses,
                stamp_or_none(kept.distrusted_at),
                stamp(kept.stored_at),
            ),
        )

    def log(self, source_id: str | None, url: str, note: Note, at: datetime) -> None:
        """Note one request."""
        self._db.run(
            "INSERT INTO fetch (source_id, url, fetched_at, outcome, status, reason, bytes, milliseconds, final_url)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                source_id,
                url,
                stamp(at),
                note.outcome,
                note.status,
                note.reason,
                note.size,
                note.milliseconds,
                note.final_url,
            ),
        )

    def answered(self, source_id: str, url: str) -> bool:
        """Whether this URL has ever (as far as the log goes back) answered for the source."""
        sql = "SELECT 1 FROM fetch WHERE source_id = ? AND url = ? AND outcome IN ('page', 'unchanged')"
        return self._db.row(sql, (source_id, url)) is not None

    def first_kept(self, before: datetime, now: datetime) -> int:
        """The number of the row with which the log begins when what is older than `before` has gone."""
        return self._db.number(FIRST_KEPT, (stamp(before), stamp(now)))

    def old(self, first: int) -> int:
        """How many rows of the log come before one."""
        return self._db.number("SELECT count(*) FROM fetch WHERE number < ?", (first,))

    def prune(self, first: int, most: int) -> int:
        """Take the oldest rows before one out of the log, so many at most; how many went."""
        return self._db.run(PRUNE, (first, most))
