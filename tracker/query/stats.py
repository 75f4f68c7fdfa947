"""The health of the sources, and the database in numbers."""

from __future__ import annotations

from sqlite3 import Row
from typing import Any

from tracker.query.answers import SourceRow, Stats
from tracker.store.connection import Connection

FLAGS = ("enabled", "active")


def sources(db: Connection) -> list[SourceRow]:
    """Every source with its health, by id."""
    return [_source(row) for row in db.rows("SELECT * FROM source_health")]


def _source(row: Row) -> SourceRow:
    values: dict[str, Any] = {name: bool(row[name]) if name in FLAGS else row[name] for name in SourceRow.__slots__}
    return SourceRow(**values)


def stats(db: Connection) -> Stats:
    """How much there is of everything."""
    span = db.row("SELECT min(day), max(day) FROM event WHERE day <> ''")
    assert span is not None
    return Stats(
        sources=_count(db, "source WHERE active = 1"),
        items=_count(db, "item"),
        articles=_count(db, "article"),
        copies=_count(db, "article WHERE origin <> id"),
        unread=_tally(
            db, "SELECT unread, count(*) FROM article WHERE unread IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        reports=_count(db, "report"),
        events=_count(db, "event"),
        measures=_count(db, "measure"),
        parties=_count(db, "entity"),
        first_date=span[0],
        last_date=span[1],
        types=_tally(db, "SELECT type, count(*) FROM event GROUP BY 1 ORDER BY 2 DESC, 1"),
        statuses=_tally(db, "SELECT status, count(*) FROM event GROUP BY 1 ORDER BY 2 DESC, 1"),
        months=_tally(db, "SELECT substr(day, 1, 7), count(*) FROM event WHERE day <> '' GROUP BY 1 ORDER BY 1"),
    )


def _count(db: Connection, what: str) -> int:
    return db.number(f"SELECT count(*) FROM {what}")  # noqa: S608 - constants above


def _tally(db: Connection, sql: str) -> dict[str, int]:
    return {row[0]: row[1] for row in db.rows(sql)}
