"""Articles, their older texts, and of which other one each is a copy.

It stores what it is given: which text an article has, and of which other one it is a copy, is decided elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from sqlite3 import Row

from tracker.model import Article, Judgement, Notice, Standing, TextFrom
from tracker.store.changes import log_change
from tracker.store.codec import dumps, stamp, when
from tracker.store.connection import Connection, Value
from tracker.store.standings import Keys, Level, Standings

COLUMNS = (
    "source_id",
    "url",
    "title",
    "published",
    "published_basis",
    "published_span",
    "language",
    "text_from",
    "author",
    "modified",
    "site",
    "content_hash",
    "unread",
    "text",
    "notice",
    "wire",
)
INSERT = f"""
INSERT INTO article (id, {", ".join(COLUMNS)}, origin, scheme, stored_at, changed_at)
VALUES ({", ".join("?" * (len(COLUMNS) + 5))})
"""  # noqa: S608 - names are constants
UPDATE = f"""
UPDATE article SET {", ".join(f"{column} = ?" for column in COLUMNS)}, reader = NULL, changed_at = ? WHERE id = ?
"""  # noqa: S608 - names are constants
REVISE = """
INSERT OR REPLACE INTO article_revision
  (article_id, content_hash, title, text, published, modified, stored_at, replaced_at)
SELECT id, content_hash, title, text, published, modified, changed_at, ? FROM article WHERE id = ?
"""
TO_READ = """
SELECT * FROM article WHERE unread IS NULL AND reader IS NULL ORDER BY published, id LIMIT ?
"""
STALE = "UPDATE event SET stale = 1 WHERE id IN (SELECT event_id FROM report WHERE article_id = ?)"
REOPEN = """
UPDATE article SET reader = NULL WHERE unread IS NULL AND reader <> ?1 AND (?2 IS NULL OR published >= ?2)
  AND (NOT ?4 OR source_id IN (SELECT value FROM json_each(?3)))
"""
OTHER_SCHEME = "SELECT * FROM article WHERE scheme IS NULL OR scheme < ? OR scheme > ? LIMIT ?"
CREDITS = "UPDATE article SET wire = ?1, notice = ?2 WHERE id = ?3 AND (wire IS NOT ?1 OR notice IS NOT ?2)"
BROUGHT_UP = "UPDATE article SET scheme = ? WHERE id = ? AND scheme IS NOT ?"
ORIGINS = "SELECT id, origin FROM article WHERE id IN (SELECT value FROM json_each(?))"
WITH_TEXT = "SELECT * FROM article WHERE content_hash = ? AND source_id = ? AND id <> ? AND unread IS NULL ORDER BY id"


def _no_judgements(_db: Connection, _ids: Iterable[str]) -> list[Judgement]:
    """People decide about events, not about copies."""
    return []


COPIES = Level(name="article", judged=_no_judgements, is_judged=lambda _db: False)


class Articles:
    """The nouns `article` and `article_revision`, and who repeats whom; originals are kept by `pages`.

    `copies` is what clustering asks for an article's like; what it decided is kept by `follow`.
    """

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection
        self.copies = Standings(connection, COPIES)

    def save(
        self,
        item_id: str | None,
        article: Article,
        *,
        now: datetime,
        note: str | None = None,
        scheme: str | None = None,
    ) -> bool:
        """Store an article, all or nothing, and settle every item that leads to it.

        A known article whose text changed keeps its old text as a revision and is to be read again.

        Args:
            item_id: the item that led here; None where there was none.
            article: the text.
            now: the time of the refresh.
            note: why the text is not from the page ("404: the feed's text was used").
            scheme: of the signature by which it is put among its copies next (`follow`), in the same transaction.

        Returns:
            Whether the article is new.
        """
        with self._db.batch():
            known = self._db.row("SELECT content_hash FROM article WHERE id = ?", (article.id,))
            if known is None:
                self._insert(article, scheme, stamp(now))
            elif known["content_hash"] != article.content_hash:
                self._revise(article, stamp(now))
            self.settle(item_id, article.id, note)
        return known is None

    def get(self, article_id: str) -> Article | None:
        """The stored article, or None."""
        row = self._db.row("SELECT * FROM article WHERE id = ?", (article_id,))
        return None if row is None else _article(row)

    def known(self) -> frozenset[str]:
        """The ids of all that is stored."""
        return frozenset(row["id"] for row in self._db.stream("SELECT id FROM article"))

    def with_text(self, source_id: str, content_hash: str, *, but: str) -> Article | None:
        """Another readable article of this source with the same text, or None."""
        row = self._db.row(WITH_TEXT, (content_hash, source_id, but))
        return None if row is None else _article(row)

    def follow(self, standings: Iterable[Standing], keys: Keys, *, scheme: str) -> None:
        """Keep whom articles follow as their origin; events that rest on one that follows another now become stale.

        `keys` are those under which new articles stand; `scheme` names what these are compared by.
        """
        standings = tuple(standings)
        placed = {one.id: one.lead or one.id for one in standings}
        with self._db.batch():
            self.copies.stand(standings, keys)
            before = self._db.rows(ORIGINS, (json.dumps(list(placed)),))
            moved = [(placed[row["id"]], row["id"]) for row in before if placed[row["id"]] != row["origin"]]
            self._db.many("UPDATE article SET origin = ? WHERE id = ?", moved)
            self._db.many(STALE, ((key,) for _, key in moved))
            self._db.many(BROUGHT_UP, ((scheme, key, scheme) for key in keys))

    def keep_credits(self, articles: Iterable[Article]) -> None:
        """Keep whose text articles are and what they take back; events that rest on one that changed become stale."""
        with self._db.batch():
            for one in articles:
                if self._db.run(CREDITS, (one.wire, one.notice, one.id)):
                    self._db.run(STALE, (one.id,))

    def of_other_scheme(self, scheme: str, limit: int) -> list[Article]:
        """Articles that do not stand among their copies by this scheme."""
        return [_article(row) for row in self._db.rows(OTHER_SCHEME, (scheme, scheme, limit))]

    def waiting(self) -> int:
        """How many articles no reader has read and one should."""
        return self._db.number("SELECT count(*) FROM article WHERE unread IS NULL AND reader IS NULL")

    def unread(self, limit: int) -> list[Article]:
        """Articles that no reader has read and one should, oldest first (by published date, then id)."""
        return [_article(row) for row in self._db.rows(TO_READ, (limit,))]

    def reopen(self, reader: str, *, since: str | None = None, sources: Collection[str] = ()) -> int:
        """Let articles be read again that another version of the reader has read; how many they are.

        With `since` (an ISO day) those alone that were published then or later, with `sources` those of these sources.
        """
        return self._db.run(REOPEN, (reader, since, json.dumps(list(sources)), bool(sources)))

    def set_aside(self, article_id: str, reason: str) -> None:
        """Mark an article as not to be read, with the reason."""
        self._db.run("UPDATE article SET unread = ? WHERE id = ?", (reason, article_id))

    def settle(self, item_id: str | None, article_id: str, note: str | None) -> None:
        """Mark this item and all others that lead to the article as stored, also those that named it by another id."""
        row = self._db.row("SELECT article_id FROM item WHERE id = ?", (item_id,))
        named = article_id if row is None else row["article_id"]
        self._db.run(
            "UPDATE item SET state = 'stored', article_id = ?, next_try_at = NULL, reason = NULL"
            " WHERE article_id IN (?, ?) AND state <> 'stored'",
            (article_id, article_id, named),
        )
        self._db.run("UPDATE item SET article_id = ?, reason = ? WHERE id = ?", (article_id, note, item_id))

    def _insert(self, article: Article, scheme: str | None, now: str) -> None:
        self._db.run(INSERT, (article.id, *columns(article), article.id, scheme, now, now))
        log_change(self._db, "article", article.id, "new", now)

    def _revise(self, article: Article, now: str) -> None:
        self._db.run(REVISE, (now, article.id))
        self._db.run(UPDATE, (*columns(article), now, article.id))
        self._db.run(STALE, (article.id,))
        log_change(self._db, "article", article.id, "updated", now)


def columns(article: Article) -> tuple[Value, ...]:
    """The values of COLUMNS, in their order."""
    published = article.published
    return (
        article.source_id,
        article.url,
        article.title,
        published.value if published else None,
        published.basis if published else None,
        dumps(published.span) if published and published.span else None,
        article.language,
        article.text_from,
        article.author,
        article.modified,
        article.site,
        article.content_hash,
        article.unread,
        article.text,
        article.notice,
        article.wire,
    )


def _article(row: Row) -> Article:
    return Article(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        published=when(row["published"], row["published_basis"], row["published_span"]),
        language=row["language"],
        text_from=TextFrom(row["text_from"]),
        source_id=row["source_id"],
        author=row["author"],
        modified=row["modified"],
        site=row["site"],
        content_hash=row["content_hash"],
        unread=row["unread"],
        notice=Notice(row["notice"]) if row["notice"] else None,
        wire=row["wire"],
    )
