"""The originals of articles, compressed, and when each is to be looked at again.

A page that has been kept for long enough loses its body and keeps its row. When that is, and when a page is looked at
again, is decided by the caller.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from tracker.model import Page
from tracker.store.codec import fingerprint, stamp, stamp_or_none
from tracker.store.connection import Connection

KEEP = """
INSERT OR REPLACE INTO page (article_id, url, final_url, status, content_type, etag, last_modified, fetched_at, size,
  encoding, body, body_hash, checks, next_check_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ORIGINAL = "SELECT * FROM page WHERE article_id = ? AND encoding = 'zlib'"
TO_CHECK = """
SELECT page.article_id, page.url, page.etag, page.last_modified, page.body_hash, page.checks, page.next_check_at,
  article.source_id
FROM page INDEXED BY page_to_check JOIN article ON article.id = page.article_id
WHERE page.next_check_at <= ? AND (? IS NULL OR article.source_id IN (SELECT value FROM json_each(?)))
ORDER BY page.next_check_at, page.article_id LIMIT ?
"""
PRUNE = """
UPDATE page SET encoding = 'pruned', body = x'' WHERE article_id IN (
  SELECT article_id FROM page WHERE encoding = 'zlib' AND fetched_at < ? ORDER BY fetched_at LIMIT ?)
"""
# The newest original with which all that are as new or newer are more than so many bytes.
BEYOND = """
SELECT fetched_at FROM (
  SELECT fetched_at, sum(length(body)) OVER (ORDER BY fetched_at DESC) AS total FROM page WHERE encoding = 'zlib')
WHERE total > ? ORDER BY fetched_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A page that is due to be looked at again, as it was last time."""

    article_id: str
    source_id: str | None
    url: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    checks: int  # so far
    due: datetime


def read(row: Row) -> Page:
    """The page of a row that still has its body."""
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


class Pages:
    """The noun `page`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def keep(
        self,
        article_id: str,
        page: Page,
        *,
        with_body: bool = True,
        next_check: datetime | None = None,
        checks: int = 0,
    ) -> None:
        """Keep the answer that an article was taken from, in place of an earlier one."""
        values = (
            article_id,
            page.url,
            page.final_url,
            page.status,
            page.content_type,
            page.etag,
            page.last_modified,
            stamp(page.fetched_at),
            len(page.body),
            "zlib" if with_body else "pruned",
            zlib.compress(page.body, 6) if with_body else b"",
            fingerprint(page.body),
            checks,
            stamp_or_none(next_check),
        )
        self._db.run(KEEP, values)

    def get(self, article_id: str) -> Page | None:
        """The original that the article was taken from; None where there was none, or it is not kept any more."""
        row = self._db.row(ORIGINAL, (article_id,))
        return None if row is None else read(row)

    def to_check(self, now: datetime, limit: int, *, only: Collection[str] = ()) -> list[Recheck]:
        """Pages to look at again now, the longest due first, of articles of some sources or all."""
        names = json.dumps(sorted(only)) if only else None
        return [
            Recheck(
                article_id=row["article_id"],
                source_id=row["source_id"],
                url=row["url"],
                etag=row["etag"],
                last_modified=row["last_modified"],
                body_hash=row["body_hash"],
                checks=row["checks"],
                due=datetime.fromisoformat(row["next_check_at"]),
            )
            for row in self._db.rows(TO_CHECK, (stamp(now), names, names, limit))
        ]

    def checked(self, article_id: str, next_check: datetime | None) -> None:
        """Note that a page was looked at and brought nothing new."""
        self._db.run(
            "UPDATE page SET checks = checks + 1, next_check_at = ? WHERE article_id = ?",
            (stamp_or_none(next_check), article_id),
        )

    def old(self, before: datetime) -> int:
        """How many bodies were fetched before this time."""
        sql = "SELECT count(*) FROM page WHERE encoding = 'zlib' AND fetched_at < ?"
        return self._db.number(sql, (stamp(before),))

    def newest_of(self, most_bytes: int) -> datetime | None:
        """The time from which on the bodies take no more than this; None where all of them take no more."""
        row = self._db.row(BEYOND, (most_bytes,))
        return None if row is None else datetime.fromisoformat(row["fetched_at"]) + timedelta(microseconds=1)

    def prune(self, before: datetime, most: int) -> int:
        """Let go of the oldest bodies that were fetched before this time, so many at most; how many went."""
        return self._db.run(PRUNE, (stamp(before), most))
