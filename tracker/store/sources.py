"""The sources of the configuration, and what is remembered of each between refreshes.

A source that leaves the configuration stays in the table, inactive, because its articles do. Only rows that differ are
written. When a source is asked again is decided by the caller.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from sqlite3 import Row

from tracker.model import Source, SourceState
from tracker.store.codec import dumps, moment, stamp, stamp_or_none
from tracker.store.connection import Connection, Value
from tracker.store.fetches import Note

# What the configuration says, in the order of `_row`.
COLUMNS = "name kind url tier language country tags interval_seconds verified_on enabled active".split()
UPSERT = f"""
INSERT INTO source (id, {", ".join(COLUMNS)}, first_seen_at) VALUES (?{", ?" * len(COLUMNS)}, ?)
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
"""  # noqa: S608 - names are constants
ADD = """
INSERT OR IGNORE INTO source
  (id, name, kind, url, tier, language, tags, interval_seconds, enabled, active, first_seen_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# A source with another address is another one to ask: due at once, and nothing is held against it.
MOVED_BY_HAND = """
UPDATE source SET moved_to = NULL, gone_at = NULL, owed = NULL, failures = 0, next_due_at = NULL WHERE id = ?
"""
# What its accounts weigh is another matter then.
STALE = """
UPDATE event SET stale = 1
WHERE id IN (SELECT event_id FROM article JOIN report ON report.article_id = article.id WHERE article.source_id = ?)
"""
REMEMBER = """
UPDATE source SET next_due_at = ?, failures = ?, last_success_at = ?, asked = ?, last_new_at = ?, rhythm_seconds = ?,
  usual_items = ?, usual_dated = ?, moved_to = ?, gone_at = ?, owed = ?,
  last_asked_at = ?, last_outcome = ?, last_reason = ?, notes = coalesce(?, notes)
WHERE id = ?
"""


class Sources:
    """The noun `source`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def sync(self, sources: Collection[Source], now: datetime) -> None:
        """Make the table say what the configuration says; events that a source of another tier tells become stale."""
        known = {row["id"]: tuple(row)[1:] for row in self._db.rows(f"SELECT id, {', '.join(COLUMNS)} FROM source")}  # noqa: S608 - names are constants
        rows = {source.id: _row(source) for source in sources}
        differing = {key: row for key, row in rows.items() if known.get(key) != row}
        left = [key for key, row in known.items() if key not in rows and row[-1]]
        if not differing and not left:
            return
        url, tier = COLUMNS.index("url"), COLUMNS.index("tier")
        with self._db.batch():
            self._db.many(UPSERT, ((key, *row, stamp(now)) for key, row in differing.items()))
            self._db.many("UPDATE source SET active = 0 WHERE id = ?", ((key,) for key in left))
            moved = [key for key, row in differing.items() if key in known and known[key][url] != row[url]]
            self._db.many(MOVED_BY_HAND, ((key,) for key in moved))
            weighed = [key for key, row in differing.items() if key in known and known[key][tier] != row[tier]]
            self._db.many(STALE, ((key,) for key in weighed))

    def addresses(self) -> dict[str, str]:
        """Source id to its address, of every source."""
        return {row["id"]: row["url"] for row in self._db.rows("SELECT id, url FROM source ORDER BY id")}

    def add(self, rows: Iterable[Sequence[Value]], now: datetime) -> None:
        """Store sources that no configuration has, such as outlets of an archive (columns as in `bulk`)."""
        self._db.many(ADD, ((*row, stamp(now)) for row in rows))

    def states(self) -> dict[str, SourceState]:
        """Source id to its state, for every source ever synchronised."""
        return {row["id"]: _state(row) for row in self._db.rows("SELECT * FROM source ORDER BY id")}

    def remember(self, state: SourceState, note: Note, now: datetime, *, notes: Iterable[str] | None = None) -> None:
        """Store the state that followed from a refresh, with its last answer in short and what its listings noted.

        `notes` is None where nothing was listed: what was noted before still holds.
        """
        self._db.run(
            REMEMBER,
            (
                stamp_or_none(state.next_due),
                state.failures,
                stamp_or_none(state.last_success),
                state.asked,
                stamp_or_none(state.last_new),
                state.rhythm.total_seconds() if state.rhythm is not None else None,
                state.usual_items,
                state.usual_dated,
                state.moved_to,
                stamp_or_none(state.gone_at),
                state.owed,
                stamp(now),
                note.outcome,
                note.reason,
                None if notes is None else "; ".join(notes),
                state.source_id,
            ),
        )

    def put_off(self, state: SourceState) -> None:
        """Store when a source is due that was not asked after all; what it last answered still holds."""
        self._db.run("UPDATE source SET next_due_at = ? WHERE id = ?", (stamp_or_none(state.next_due), state.source_id))


def _state(row: Row) -> SourceState:
    return SourceState(
        source_id=row["id"],
        next_due=moment(row["next_due_at"]),
        failures=row["failures"],
        last_success=moment(row["last_success_at"]),
        asked=row["asked"],
        last_new=moment(row["last_new_at"]),
        rhythm=None if row["rhythm_seconds"] is None else timedelta(seconds=row["rhythm_seconds"]),
        usual_items=row["usual_items"],
        usual_dated=row["usual_dated"],
        moved_to=row["moved_to"],
        gone_at=moment(row["gone_at"]),
        owed=row["owed"],
    )


def _row(source: Source) -> tuple[Value, ...]:
    """The values of COLUMNS, in their order."""
    return (
        source.name,
        source.kind.value,
        source.url,
        source.tier.value,
        source.language,
        source.country,
        dumps(source.tags),
        round(source.interval.total_seconds()),
        source.verified_on,
        int(source.enabled),
        1,
    )
