"""The health of the sources, and the database in numbers."""

from __future__ import annotations

from sqlite3 import Row
from typing import Any

from tracker.query import requests
from tracker.query.answers import Stats
from tracker.query.filters import STANDING
from tracker.query.ids import one_source
from tracker.query.source_answers import SourceDetail, SourceRow
from tracker.store.connection import Connection

FLAGS = ("enabled", "active")
BY_FIELD = f"SELECT {{field}}, count(*) FROM event WHERE {STANDING} GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608 - a constant
BY_MONTH = f"SELECT substr(day, 1, 7), count(*) FROM event WHERE day <> '' AND {STANDING} GROUP BY 1 ORDER BY 1"  # noqa: S608 - a constant


def sources(db: Connection) -> list[SourceRow]:
    """Every source with its health, by id."""
    return [_source(row) for row in db.rows("SELECT * FROM source_health")]


def source(db: Connection, source_id: str, limit: int) -> SourceDetail:
    """One source with its alarms and the last requests for its listings, at most `limit` of each."""
    row = db.row("SELECT * FROM source_health WHERE id = ?", (one_source(db, source_id),))
    assert row is not None
    return SourceDetail(
        source=_source(row),
        alarms=requests.alarms(db, source_id, limit=limit),
        fetches=requests.listings(db, source_id, limit=limit),
    )


def _source(row: Row) -> SourceRow:
    values: dict[str, Any] = {name: bool(row[name]) if name in FLAGS else row[name] for name in SourceRow.__slots__}
    return SourceRow(**values)


def stats(db: Connection) -> Stats:
    """How much there is of everything."""
    span = db.row(f"SELECT min(day), max(day) FROM event WHERE day <> '' AND {STANDING}")  # noqa: S608 - a constant
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
        events=_count(db, f"event WHERE {STANDING}"),
        measures=_count(db, "measure"),
        parties=_count(db, "entity"),
        first_date=span[0],
        last_date=span[1],
        types=_tally(db, BY_FIELD.format(field="type")),
        statuses=_tally(db, BY_FIELD.format(field="status")),
        months=_tally(db, BY_MONTH),
    )


def _count(db: Connection, what: str) -> int:
    return db.number(f"SELECT count(*) FROM {what}")  # noqa: S608 - constants above


def _tally(db: Connection, sql: str) -> dict[str, int]:
    return {row[0]: row[1] for row in db.rows(sql)}
