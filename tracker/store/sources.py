"""The sources of the configuration, and what is remembered of each between refreshes.

A source that leaves the configuration stays in the table, inactive, because its articles do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tracker.model import Fetched, Source, SourceState
from tracker.store.codec import dumps, moment, stamp, stamp_or_none
from tracker.store.connection import Connection
from tracker.store.fetches import describe

UPSERT = """
INSERT INTO source (id, name, kind, url, tier, language, country, tags, interval_seconds, verified_on, enabled, active,
  first_seen_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, url = excluded.url, tier = excluded.tier,
  language = excluded.language, country = excluded.country, tags = excluded.tags,
  interval_seconds = excluded.interval_seconds, verified_on = excluded.verified_on, enabled = excluded.enabled,
  active = 1
"""


class Sources:
    """The noun `source`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def sync(self, sources: Iterable[Source], now: datetime) -> None:
        """Make the table say what the configuration says."""
        with self._db.batch():
            self._db.run("UPDATE source SET active = 0")
            self._db.many(UPSERT, (_row(source, stamp(now)) for source in sources))

    def states(self) -> dict[str, SourceState]:
        """Source id to its state, for every source ever synchronised."""
        rows = self._db.rows("SELECT id, next_due_at, failures, last_success_at FROM source ORDER BY id")
        return {
            row["id"]: SourceState(
                source_id=row["id"],
                next_due=moment(row["next_due_at"]),
                failures=row["failures"],
                last_success=moment(row["last_success_at"]),
            )
            for row in rows
        }

    def remember(self, state: SourceState, outcome: Fetched, now: datetime) -> None:
        """Store the state that followed from an answer, with that answer in short."""
        note = describe(outcome)
        self._db.run(
            "UPDATE source SET next_due_at = ?, failures = ?, last_success_at = ?, last_asked_at = ?,"
            " last_outcome = ?, last_reason = ? WHERE id = ?",
            (
                stamp_or_none(state.next_due),
                state.failures,
                stamp_or_none(state.last_success),
                stamp(now),
                note.outcome,
                note.reason,
                state.source_id,
            ),
        )


def _row(source: Source, now: str) -> tuple[str | int | None, ...]:
    return (
        source.id,
        source.name,
        source.kind,
        source.url,
        source.tier,
        source.language,
        source.country,
        dumps(source.tags),
        round(source.interval.total_seconds()),
        source.verified_on,
        int(source.enabled),
        now,
    )
