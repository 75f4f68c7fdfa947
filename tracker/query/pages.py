"""The original pages that articles were taken from, as far as they are still kept: hostile content as it came."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime
from sqlite3 import Row

from tracker.errors import NotFoundError
from tracker.model import Page
from tracker.query.ids import one_article
from tracker.store.connection import Connection

KEPT = """
SELECT page.* FROM page JOIN article ON article.id = page.article_id
WHERE page.encoding = 'zlib' AND (? IS NULL OR article.source_id = ?) AND (? IS NULL OR page.fetched_at >= ?)
ORDER BY page.fetched_at, page.article_id
"""


def kept(db: Connection, source: str | None, since: str | None) -> Iterator[Page]:
    """The pages, the oldest first, one by one: of one source or all, fetched on a day (ISO 8601) or later."""
    if source is not None and db.row("SELECT 1 FROM source WHERE id = ?", (source,)) is None:
        raise NotFoundError(f"no source {source!r} in this database; `tracker sources` lists them")
    for row in db.stream(KEPT, (source, source, since, since)):
        yield _page(row)


def original(db: Connection, article: str) -> Page | None:
    """The page that one article was taken from; None where there was none, or it is not kept any more."""
    row = db.row("SELECT * FROM page WHERE article_id = ? AND encoding = 'zlib'", (one_article(db, article),))
    return None if row is None else _page(row)


def _page(row: Row) -> Page:
    return Page(
        url=row["url"],
        final_url=row["final_url"],
        status=row["status"],
        content_type=row["content_type"],
        body=zlib.decompress(row["body"]),
        fetched_at=datetime.fromisoformat(row["fetched_at"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
    )
