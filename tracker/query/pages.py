"""The original pages that articles were taken from, as far as they are still kept: hostile content as it came."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.model import Page
from tracker.query.ids import one_article, one_source
from tracker.store import pages
from tracker.store.connection import Connection

KEPT = """
SELECT page.* FROM page JOIN article ON article.id = page.article_id
WHERE page.encoding = 'zlib' AND (? IS NULL OR article.source_id = ?) AND (? IS NULL OR page.fetched_at >= ?)
ORDER BY page.fetched_at, page.article_id
"""


def kept(db: Connection, source: str | None, since: str | None) -> Iterator[Page]:
    """The pages, the oldest first, one by one: of one source or all, fetched on a day (ISO 8601) or later."""
    if source is not None:
        one_source(db, source)
    for row in db.stream(KEPT, (source, source, since, since)):
        yield pages.read(row)


def original(db: Connection, article: str) -> Page | None:
    """The page that one article was taken from; None where there was none, or it is not kept any more."""
    row = db.row(pages.ORIGINAL, (one_article(db, article),))
    return None if row is None else pages.read(row)
