"""Full-text search over events and articles, best first."""

from __future__ import annotations

import json
from sqlite3 import Row

from tracker.query.answers import ArticleHit, EventHit, Hits
from tracker.query.events import by_ids
from tracker.query.filters import STANDING
from tracker.query.words import CLOSE, OPEN, match, snippet
from tracker.store.connection import Connection

# A word in the summary says more than one in a quote. Ordered by rank alone, FTS5 cuts snippets of the best rows only.
EVENTS = f"""
SELECT event.id, snippet(event_fts, -1, ?, ?, '…', 24) AS snippet
FROM event_fts JOIN event ON event.number = event_fts.rowid
WHERE event_fts MATCH ? AND rank MATCH 'bm25(8.0, 4.0, 4.0, 1.0)' AND {STANDING} ORDER BY rank LIMIT ?
"""  # noqa: S608 - a constant
ARTICLES = """
SELECT article.id, article.url, article.title, article.published, article.source_id, article.language, article.unread,
  (SELECT json_group_array(event_id) FROM (
    SELECT DISTINCT event_id FROM report WHERE article_id = article.id AND event_id IS NOT NULL ORDER BY position)
  ) AS event_ids,
  found.snippet
FROM (
  SELECT rowid, snippet(article_fts, -1, ?, ?, '…', 24) AS snippet, rank AS score
  FROM article_fts WHERE article_fts MATCH ? AND rank MATCH 'bm25(6.0, 1.0)' ORDER BY rank LIMIT ?
) AS found JOIN article ON article.number = found.rowid ORDER BY found.score, article.id
"""


def search(db: Connection, text: str, limit: int) -> Hits:
    """What holds the words of a text."""
    query = match(text).whole()
    if query is None:
        return Hits(events=(), articles=())
    values = (OPEN, CLOSE, query, limit)
    found = [(row["id"], snippet(row["snippet"])) for row in db.rows(EVENTS, values)]
    rows = by_ids(db, [event_id for event_id, _ in found])
    return Hits(
        events=tuple(EventHit(event=rows[event_id], snippet=words) for event_id, words in found),
        articles=tuple(_article(row) for row in db.rows(ARTICLES, values)),
    )


def _article(row: Row) -> ArticleHit:
    return ArticleHit(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        published=row["published"],
        source_id=row["source_id"],
        language=row["language"],
        unread=row["unread"],
        event_ids=tuple(json.loads(row["event_ids"])),
        snippet=snippet(row["snippet"]),
    )
