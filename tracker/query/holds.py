"""What is held back and waits for a decision, as whoever decides wants to see it. It decides nothing."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from sqlite3 import Row

from tracker.model.assertions import Breach
from tracker.query.answers import as_dict
from tracker.query.ids import one_source
from tracker.store.connection import Connection
from tracker.store.holds import breaches

SHOWN = 5  # articles of a hold
BEGINNING = 200  # characters of a text
OPEN = """
SELECT number, source_id, since_at, held_at, reasons,
  (SELECT count(*) FROM held WHERE hold = number) AS articles,
  (SELECT count(*) FROM held JOIN report USING (article_id) WHERE hold = number) AS reports
FROM hold WHERE decided_at IS NULL AND (?1 IS NULL OR source_id IN (SELECT value FROM json_each(?1))) ORDER BY source_id
"""
ARTICLES = f"""
SELECT article.id, title, url, published, substr(text, 1, {BEGINNING}) AS beginning,
  (SELECT count(*) FROM report WHERE article_id = article.id) AS reports
FROM held CROSS JOIN article ON article.id = held.article_id
WHERE hold = ? ORDER BY reports DESC, stored_at DESC, article.id LIMIT ?
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldArticle:
    """An article that is held back; `reports`: how many events it tells."""

    id: str
    title: str
    url: str | None
    published: str | None
    beginning: str  # of its text
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """What is held back of a source, why, and those of its articles that tell most events."""

    source_id: str
    since_at: str
    held_at: str
    articles: int
    reports: int
    reasons: tuple[Breach, ...]
    shown: tuple[HeldArticle, ...]

    to_dict = as_dict


def holds(db: Connection, source_ids: Collection[str] = ()) -> list[HoldRow]:
    """What is held back of some sources, or of all where none is named, by source.

    Raises:
        NotFoundError: there is no such source; the message names one that comes near.
    """
    wanted = json.dumps([one_source(db, key) for key in source_ids]) if source_ids else None
    return [_hold(db, row) for row in db.rows(OPEN, (wanted,))]


def _hold(db: Connection, row: Row) -> HoldRow:
    return HoldRow(
        source_id=row["source_id"],
        since_at=row["since_at"],
        held_at=row["held_at"],
        articles=row["articles"],
        reports=row["reports"],
        reasons=breaches(row["reasons"]),
        shown=tuple(HeldArticle(**dict(one)) for one in db.rows(ARTICLES, (row["number"], SHOWN))),
    )
