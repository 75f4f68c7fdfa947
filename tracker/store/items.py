"""Sightings of articles in sources: what a listing held, and which of it is still to be fetched.

An item's natural key is its GUID, or its URL where the source gives none. Whether a page is worth fetching again is
decided by the caller; here it is only remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from tracker.model import Done, Fetched, Item, Page, Request, SourceState
from tracker.store.codec import digest, stamp, stamp_or_none, when
from tracker.store.connection import Connection
from tracker.store.fetches import Fetches, Note, describe
from tracker.store.sources import Sources

INSERT = """
INSERT INTO item (id, source_id, key, guid, url, title, author, published, published_basis, language, is_whole,
  article_id, state, first_seen_at, last_seen_at, summary, content)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
DUE = """
FROM item INDEXED BY item_pending CROSS JOIN source ON source.id = item.source_id
WHERE item.state = 'pending' AND (item.next_try_at IS NULL OR item.next_try_at <= ?) AND source.active = 1
"""
PENDING = f"SELECT item.* {DUE} ORDER BY item.article_id, item.source_id, item.id"
WAITING = f"SELECT count(DISTINCT item.article_id) {DUE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingItem:
    """An item whose article is not stored yet and is due to be fetched; `attempts` have failed so far."""

    id: str
    item: Item
    article_id: str
    attempts: int


def item_id(item: Item) -> str:
    """The id of a sighting: a hash of the source and the item's natural key in it."""
    return digest(item.source_id, item.guid or item.url)


class Items:
    """The noun `item`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection
        self._fetches = Fetches(connection)
        self._sources = Sources(connection)

    def record_listing(
        self,
        request: Request,
        outcome: Fetched,
        pairs: Iterable[tuple[Item, str]],
        *,
        state: SourceState,
        now: datetime,
        milliseconds: int | None = None,
    ) -> int:
        """Store one answer of a source, all or nothing: request, validators, state and the items it listed.

        Args:
            request: what was asked.
            outcome: the answer; a page that could not be parsed is a `Poison`.
            pairs: the items, each with the id of the article it leads to.
            state: the source's state after this answer.
            now: the time of the refresh.
            milliseconds: how long the answer took.

        Returns:
            How many items had not been seen in this source before.
        """
        with self._db.batch():
            self._fetches.log(state.source_id, request.url, describe(outcome), now, milliseconds)
            if isinstance(outcome, Done) and isinstance(outcome.value, Page):
                self._fetches.keep_validators(request.url, outcome.value)
            self._sources.remember(state, outcome, now)
            return sum(self._see(item, article_id, stamp(now)) for item, article_id in pairs)

    def pending(self, now: datetime, limit: int) -> list[PendingItem]:
        """Items of active sources to fetch now, one per article; the order does not depend on when they were seen."""
        found: dict[str, PendingItem] = {}
        for row in self._db.stream(PENDING, (stamp(now),)):
            if row["article_id"] not in found:
                if len(found) == limit:
                    break
                found[row["article_id"]] = _pending(row)
        return list(found.values())

    def waiting(self, now: datetime) -> int:
        """How many items are to be fetched now."""
        return self._db.number(WAITING, (stamp(now),))

    def fail(
        self, item_id: str, reason: str, retry_at: datetime | None, now: datetime, *, milliseconds: int | None = None
    ) -> None:
        """Note that the article could not be had: tried again at `retry_at`, or never where that is None."""
        with self._db.batch():
            self._db.run(
                "UPDATE item SET state = ?, attempts = attempts + 1, next_try_at = ?, reason = ? WHERE id = ?",
                ("dropped" if retry_at is None else "pending", stamp_or_none(retry_at), reason, item_id),
            )
            row = self._db.row("SELECT source_id, url FROM item WHERE id = ?", (item_id,))
            if row is not None:
                note = Note(outcome="poison" if retry_at is None else "failed", reason=reason)
                self._fetches.log(row["source_id"], row["url"], note, now, milliseconds)

    def _see(self, item: Item, article_id: str, now: str) -> int:
        """1 for a new item, 0 for one that was known (and is now noted as still listed)."""
        key = item_id(item)
        if self._db.run("UPDATE item SET last_seen_at = ? WHERE id = ?", (now, key)):
            return 0
        stored = self._db.row("SELECT 1 FROM article WHERE id = ?", (article_id,)) is not None
        self._db.run(INSERT, _row(key, item, article_id, "stored" if stored else "pending", now))
        return 1


def _row(key: str, item: Item, article_id: str, state: str, now: str) -> tuple[str | int | None, ...]:
    return (
        key,
        item.source_id,
        item.guid or item.url,
        item.guid,
        item.url,
        item.title,
        item.author,
        item.published.value if item.published else None,
        item.published.basis if item.published else None,
        item.language,
        int(item.is_whole),
        article_id,
        state,
        now,
        now,
        item.summary,
        item.content,
    )


def _pending(row: Row) -> PendingItem:
    return PendingItem(id=row["id"], item=_item(row), article_id=row["article_id"], attempts=row["attempts"])


def _item(row: Row) -> Item:
    return Item(
        source_id=row["source_id"],
        url=row["url"],
        title=row["title"],
        guid=row["guid"],
        author=row["author"],
        published=when(row["published"], row["published_basis"]),
        summary=row["summary"],
        content=row["content"],
        language=row["language"],
        is_whole=bool(row["is_whole"]),
    )
