"""What a database wants now and then: when something is due next, and the small steps that keep it in order.

Each step is short, so that it can be stopped between two of them. Does not decide how often, and never rewrites the
whole file (no VACUUM).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from tracker.model.sources import LONGEST_WAIT
from tracker.store.codec import moment, stamp
from tracker.store.connection import Connection

RESTORED = "restored"  # the task of having been put in the place of another database: its history is another one
SEARCHED = ("article_fts", "event_fts", "facet_fts")
# Per index, when the planner's figures are renewed: at a million events 0.2 s for the largest table. With a few hundred
# rows, values that a tenth of all rows have would seem to be rare.
ROWS_LOOKED_AT = 10_000
INDEXED = r"""
SELECT DISTINCT one.name FROM sqlite_schema AS one JOIN pragma_index_list(one.name)
WHERE one.type = 'table' AND one.name NOT LIKE '%\_fts\_%' ESCAPE '\' AND one.name NOT LIKE '\_%' ESCAPE '\'
ORDER BY one.name
"""
# The soonest of what is known to wait: sources that are asked for, pages of new items and of articles to look at again,
# messages. A source never asked is due now, and one whose time a clock that was wrong has set.
NEXT_DUE = """
SELECT min(due) FROM (
  SELECT min(CASE WHEN next_due_at <= ?3 THEN next_due_at ELSE ?1 END) AS due FROM source
    WHERE active = 1 AND enabled = 1 AND id IN (SELECT value FROM json_each(?2))
  UNION ALL SELECT min(coalesce(item.next_try_at, ?1)) FROM item INDEXED BY item_pending
    CROSS JOIN source ON source.id = item.source_id WHERE item.state = 'pending' AND source.active = 1
  UNION ALL SELECT min(next_check_at) FROM page INDEXED BY page_to_check WHERE next_check_at IS NOT NULL
  UNION ALL SELECT min(due_at) FROM outbox INDEXED BY outbox_waiting WHERE message_id IS NULL AND dropped IS NULL
  UNION ALL SELECT min(next_try_at) FROM message WHERE state = 'waiting')
"""

# What waits. Nothing of it is put off for longer than LONGEST_PUT_OFF (a digest comes once a week): what waits longer
# was put off by a clock that was ahead, and is due now.
WAITS = (
    ("item", "next_try_at", "state = 'pending'"),
    ("page", "next_check_at", "next_check_at IS NOT NULL"),
    ("message", "next_try_at", "state = 'waiting'"),
    ("outbox", "due_at", "message_id IS NULL AND dropped IS NULL"),
)
LONGEST_PUT_OFF = timedelta(days=9)
# What has grown old is let go of by the clock, for good. One that has leapt ahead is not believed at once.
CLOCK, LEAP = "clock", "leap"  # tasks: of having seen the time, of having seen it leap
LEAPT = timedelta(days=60)  # from one look at the clock to the next: further than a machine is usually left alone
BELIEVED = timedelta(days=7)  # after a leap the clock is right, if nobody has set it back by then


def restored_at(connection: Connection) -> str | None:
    """When a backup was put in the place of the database last: what is known of its past from before is void."""
    row = connection.row("SELECT done_at FROM upkeep WHERE task = ?", (RESTORED,))
    return None if row is None else str(row["done_at"])


class Upkeep:
    """The noun `upkeep`, and the whole of what waits."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def next_due(self, sources: Collection[str], now: datetime) -> datetime | None:
        """When something will be due next; None where nothing waits.

        Args:
            sources: ids of the sources that are asked for; one that the database does not know is due now.
            now: the present time.
        """
        known = {row["id"] for row in self._db.rows("SELECT id FROM source WHERE active = 1")}
        if not known.issuperset(sources):
            return now
        row = self._db.row(NEXT_DUE, (stamp(now), json.dumps(sorted(sources)), stamp(now + LONGEST_WAIT)))
        return None if row is None else moment(row[0])

    def distrust(self, now: datetime) -> int:
        """Have that due now which a clock that was ahead has put off for too long; how many rows there were."""
        last, count = stamp(now + LONGEST_PUT_OFF), 0
        for table, column, waiting in WAITS:
            where = f"WHERE {waiting} AND {column} > ?"
            if self._db.row(f"SELECT 1 FROM {table} {where}", (last,)) is not None:  # noqa: S608 - constants
                count += self._db.run(f"UPDATE {table} SET {column} = ? {where}", (stamp(now), last))  # noqa: S608 - as above
        return count

    def done_at(self, task: str) -> datetime | None:
        """When a task was done last, or None; None too where damage has left no time there."""
        row = self._db.row("SELECT done_at FROM upkeep WHERE task = ?", (task,))
        try:
            return None if row is None else moment(row["done_at"])
        except ValueError:
            return None

    def done(self, task: str, now: datetime) -> None:
        """Note that a task is done."""
        self._db.run("INSERT OR REPLACE INTO upkeep (task, done_at) VALUES (?, ?)", (task, stamp(now)))

    def see(self, now: datetime) -> bool:
        """Note the time; whether the clock has leapt ahead since it was noted last."""
        last = self.done_at(CLOCK)
        has_leapt = last is not None and now - last > LEAPT
        if has_leapt:
            self.done(LEAP, now)
        if last is None or has_leapt or not timedelta(0) <= now - last < timedelta(hours=1):
            self.done(CLOCK, now)
        return has_leapt

    def doubtful_until(self, now: datetime) -> datetime | None:
        """Until when the clock is not believed, since it has leapt ahead; None where it is."""
        leap, last = self.done_at(LEAP), self.done_at(CLOCK)
        if last is not None and now - last > LEAPT:
            return now + BELIEVED
        return leap + BELIEVED if leap is not None and leap <= now < leap + BELIEVED else None

    def segments(self, table: str) -> int:
        """In how many parts an index for full text lies; a search looks into each."""
        assert table in SEARCHED
        return self._db.number(f"SELECT count(DISTINCT segid) FROM {table}_idx")  # noqa: S608 - asserted

    def merge(self, table: str, pages: int) -> bool:
        """Merge so many pages of an index for full text, below 0: from the beginning; whether there may be more."""
        assert table in SEARCHED
        before = self._db.raw.total_changes
        self._db.run(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608 - asserted
        return self._db.raw.total_changes - before >= 2  # as the documentation of FTS5 says

    def indexed(self) -> list[str]:
        """The tables that have indexes, between which the planner chooses."""
        return [row["name"] for row in self._db.rows(INDEXED)]

    def analyse(self, table: str) -> None:
        """Renew the planner's figures of a table, from a sample of each of its indexes."""
        assert table.isidentifier()
        self._db.rows(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
        self._db.rows(f'ANALYZE main."{table}"')
