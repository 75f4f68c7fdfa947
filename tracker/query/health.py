"""How sources do, quickly however many articles there are: counts that are kept, and the last articles of each.

The view `source_health` counts everything; this looks at `SAMPLE` articles of a source at most. What is to be thought
of the figures is said by whoever shows them.
"""

from __future__ import annotations

import json
from datetime import datetime
from sqlite3 import Row
from typing import Any

from tracker.query import requests
from tracker.query.ids import one_source
from tracker.query.source_answers import AlarmRow, SourceArticle, SourceGlance, SourceStory
from tracker.query.still import still
from tracker.store.connection import Connection

SAMPLE = 50  # articles of a source that its shares are of
WEEK = 7 * 86_400.0  # seconds
READ = ("enabled", "active", "tags", "alarms")  # columns that are read before they are told
SOURCES = """
SELECT source.*,
  (SELECT json_group_array(json_object('kind', kind, 'since_at', since_at, 'until_at', until_at, 'detail', detail))
    FROM (SELECT * FROM alarm WHERE source_id = source.id AND until_at IS NULL ORDER BY kind)) AS alarms,
  coalesce((SELECT events FROM facet_key WHERE field = 'source' AND value = source.id), 0) AS events,
  (SELECT count(*) FROM hold JOIN held ON held.hold = hold.number
    WHERE hold.source_id = source.id AND decided_at IS NULL) AS held
FROM source WHERE ?1 IS NULL OR source.id = ?1 ORDER BY id
"""
LATELY = """
SELECT count(*) AS sampled, min(stored_at) AS since_at, total(origin <> id) AS copies,
  total(unread IS NOT NULL) AS unread, total((SELECT count(*) FROM report WHERE article_id = one.id)) AS reports
FROM (SELECT id, origin, unread, stored_at FROM article WHERE source_id = ? ORDER BY stored_at DESC LIMIT ?) AS one
"""
PENDING = "SELECT source_id, count(*) FROM item WHERE state = 'pending' GROUP BY 1"
MONTHS = """
SELECT facet_key.value AS source_id, month, facet_month.events AS events
FROM facet_key CROSS JOIN facet_month ON facet_month.key = facet_key.number AND month BETWEEN ?1 AND ?2
WHERE field = 'source' AND (?3 IS NULL OR facet_key.value = ?3)
"""
ARTICLES = """
SELECT id, title, published, published_basis, language, unread, origin <> id AS is_copy,
  EXISTS (SELECT 1 FROM held WHERE article_id = article.id) AS is_held,
  (SELECT count(*) FROM report WHERE article_id = article.id) AS reports
FROM article WHERE source_id = ? ORDER BY stored_at DESC LIMIT ?
"""


@still
def glance(db: Connection, now: datetime, months: int = 24) -> list[SourceGlance]:
    """Every source, by id; `months`: how many of them its events are counted by, this one included."""
    return _glances(db, None, now, months)


@still
def story(db: Connection, source_id: str, now: datetime, *, limit: int, months: int = 24) -> SourceStory:
    """One source with its alarms, its last requests and its last articles, at most `limit` of each.

    Raises:
        NotFoundError: there is no such source; the message names one that comes near.
    """
    (found,) = _glances(db, one_source(db, source_id), now, months)
    return SourceStory(
        source=found,
        articles=db.number("SELECT count(*) FROM article WHERE source_id = ?", (source_id,)),
        alarms=requests.alarms(db, source_id, limit=limit),
        fetches=requests.listings(db, source_id, limit=limit),
        latest=tuple(_article(one) for one in db.rows(ARTICLES, (source_id, limit))),
    )


def _glances(db: Connection, source_id: str | None, now: datetime, months: int) -> list[SourceGlance]:
    pending = {row[0]: row[1] for row in db.rows(PENDING)}
    last = now.year * 12 + now.month - 1
    names = [month // 12 * 100 + month % 12 + 1 for month in range(last - months + 1, last + 1)]
    spelt = [(month, f"{month // 100}-{month % 100:02}") for month in names]
    told: dict[str, dict[int, int]] = {}
    for row in db.rows(MONTHS, (names[0], names[-1], source_id)):
        told.setdefault(row["source_id"], {})[row["month"]] = row["events"]
    found = []
    for row in db.rows(SOURCES, (source_id,)):
        counted = told.get(row["id"], {})
        by_month = {name: counted.get(month, 0) for month, name in spelt}
        lately = db.rows(LATELY, (row["id"], SAMPLE))[0]
        found.append(_glance(row, _lately(lately, now), pending=pending.get(row["id"], 0), months=by_month))
    return found


def _glance(row: Row, lately: dict[str, Any], **counted: Any) -> SourceGlance:
    others = {*lately, *counted, *READ}
    kept = {name: row[name] for name in SourceGlance.__slots__ if name not in others}
    return SourceGlance(
        **kept,
        **lately,
        **counted,
        enabled=bool(row["enabled"]),
        active=bool(row["active"]),
        tags=tuple(json.loads(row["tags"])),
        alarms=tuple(AlarmRow(**one) for one in json.loads(row["alarms"])),
    )


def _lately(row: Row, now: datetime) -> dict[str, Any]:
    """Rates and shares of the last articles; none where there are none."""
    sampled = int(row["sampled"])
    if not sampled:
        return {"sampled": 0, "per_week": 0.0, "per_article": None, "copies_share": None, "unread_share": None}
    weeks = max(1.0, (now - datetime.fromisoformat(row["since_at"])).total_seconds() / WEEK)
    return {
        "sampled": sampled,
        "per_week": round(sampled / weeks, 2),
        "per_article": round(row["reports"] / sampled, 2),
        "copies_share": round(row["copies"] / sampled, 3),
        "unread_share": round(row["unread"] / sampled, 3),
    }


def _article(row: Row) -> SourceArticle:
    kept = {name: row[name] for name in SourceArticle.__slots__ if name not in {"is_copy", "is_held"}}
    return SourceArticle(**kept, is_copy=bool(row["is_copy"]), is_held=bool(row["is_held"]))
