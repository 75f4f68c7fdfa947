"""What stands behind an event and beside it: the words that show it, its articles' other events, its measure's ties."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tracker.query import events, measures, passages
from tracker.query.answers import EventDetail, EventRow, LinkRow, ReportRow
from tracker.query.passages import Passage
from tracker.query.still import still
from tracker.store.connection import Connection

MOST_READ = 60  # articles of an event that are looked through for others
BESIDE = """
SELECT other.event_id AS id, count(DISTINCT other.article_id) AS articles
FROM (SELECT article_id FROM report WHERE event_id = ?1 ORDER BY published, id LIMIT ?2) AS own
CROSS JOIN report AS other ON other.article_id = own.article_id
CROSS JOIN event ON event.id = other.event_id
WHERE event.id <> ?1 AND event.verdict IS NOT 'reject'
GROUP BY 1 ORDER BY 2 DESC, event.day DESC, 1 LIMIT ?3
"""
TELLERS = """
SELECT report.id, report.article_id, source.name AS source_name, source.tier, report.published,
  article.published_basis
FROM report JOIN article ON article.id = report.article_id LEFT JOIN source ON source.id = article.source_id
WHERE report.id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Where a report stands: the article, its outlet with how far that is trusted, and the day."""

    article_id: str
    source_name: str | None
    tier: str | None
    published: str | None
    published_basis: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """`passages` are of the reports that were asked for; `beside` are those that most of the same articles tell."""

    passages: Mapping[str, tuple[Passage, ...]]
    beside: tuple[EventRow, ...]
    ties: tuple[LinkRow, ...]


@still
def background(db: Connection, event: EventDetail, reports: Iterable[ReportRow], *, limit: int = 6) -> Background:
    """Of an event; the passages of some of its reports, at most so many others that its articles tell."""
    ids = [row["id"] for row in db.rows(BESIDE, (event.id, MOST_READ, limit))]
    rows = events.by_ids(db, ids)
    return Background(
        passages=passages.of_reports(db, {one.id: one.quote for one in reports}),
        beside=tuple(rows[key] for key in ids),
        ties=measures.links(db, event.event.measure_id),
    )


def tellers(db: Connection, report_ids: Collection[str]) -> dict[str, Teller]:
    """Who tells some reports, by the ids of these."""
    return {
        row["id"]: Teller(**{name: row[name] for name in Teller.__slots__})
        for row in db.rows(TELLERS, (json.dumps(list(report_ids)),))
    }
