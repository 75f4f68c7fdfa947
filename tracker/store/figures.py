"""The database in figures, for whoever watches over it; counts alone, no contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.store.codec import moment
from tracker.store.connection import Connection

SOURCES = "SELECT coalesce(last_outcome, 'never'), count(*) FROM source WHERE active = 1 AND enabled = 1 GROUP BY 1"
ALARMS = "SELECT kind, count(*) FROM alarm WHERE until_at IS NULL GROUP BY 1"
MESSAGES = "SELECT state, count(*) FROM message WHERE state IN ('waiting', 'sending', 'dead') GROUP BY 1"
FACTS = "SELECT count(*) FROM outbox WHERE message_id IS NULL AND dropped IS NULL"
PENDING = "SELECT count(*) FROM item WHERE state = 'pending'"
HELD = """
SELECT hold.source_id, count(*) FROM hold JOIN held ON held.hold = hold.number WHERE decided_at IS NULL GROUP BY 1
"""
UNREAD = "SELECT count(*) FROM article WHERE unread IS NULL AND reader IS NULL"
COUNTED = ("article", "report", "event", "measure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much there is, and how it stands."""

    rows: Mapping[str, int]  # of the tables in COUNTED
    sources: Mapping[str, int]  # those that are asked for, by their last outcome; "never": not asked yet
    alarms: Mapping[str, int]  # that sound, by kind
    messages: Mapping[str, int]  # that are not through, by state
    facts: int  # to be told that are in no message yet
    pending: int  # items that wait for their article
    unread: int  # articles that wait to be read
    held: Mapping[str, int]  # articles that are held back, by source
    last_success: datetime | None  # when a source last answered
    bytes: Mapping[str, int]  # of the database's files: "main", "wal"


def figures(connection: Connection) -> Figures:
    """As the database stands now."""
    last = connection.row("SELECT max(last_success_at) FROM source")
    path = connection.path
    files = {"main": path, "wal": path.with_name(f"{path.name}-wal")}
    return Figures(
        rows={name: connection.number(f"SELECT count(*) FROM {name}") for name in COUNTED},  # noqa: S608 - constants
        sources=_by(connection, SOURCES),
        alarms=_by(connection, ALARMS),
        messages=_by(connection, MESSAGES),
        facts=connection.number(FACTS),
        pending=connection.number(PENDING),
        unread=connection.number(UNREAD),
        held=_by(connection, HELD),
        last_success=None if last is None else moment(last[0]),
        bytes={name: file.stat().st_size if file.exists() else 0 for name, file in files.items()},
    )


def _by(connection: Connection, sql: str) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.rows(sql)}
