"""Sightings of articles in sources: what a listing held, and which of it is still to be fetched.

Which sighting an item is stands in `sightings`. Whether a page is worth fetching again is decided by the caller; here
it is only remembered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from tracker.model import Item
from tracker.store.codec import stamp, stamp_or_none, when
from tracker.store.connection import Connection, Value
from tracker.store.sightings import Known, item_id, same, second_id, told

RECHECK_LEAST = timedelta(hours=1)  # between two looks at a page whose entry keeps changing
MOST_CHECKS = 12  # looks at a page in all, for entries that never stop changing

INSERT = """
INSERT INTO item (id, source_id, key, guid, url, title, author, published, published_basis, language, is_whole,
  article_id, state, first_seen_at, last_seen_at, summary, content, via, url_id, told)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
FIND = """
SELECT id, guid, url_id, title, via, told, state FROM item WHERE id IN (?, ?)
UNION SELECT id, guid, url_id, title, via, told, state FROM item WHERE source_id = ? AND url_id = ?
ORDER BY id
"""
EDIT = """
UPDATE item SET title = ?, author = ?, published = ?, published_basis = ?, summary = ?, content = ?, told = ?
WHERE id = ?
"""
MOVE = "UPDATE item SET url = ?, url_id = ?, article_id = ?, next_try_at = NULL WHERE id = ? AND state = 'pending'"
# An article whose entry has changed: its page is looked at again, at once, or a while from now where it was had just
# before; where there is none, its text is made anew.
LOOK_AGAIN = f"""
UPDATE page SET next_check_at = CASE
  WHEN fetched_at <= ?1 THEN ?2 WHEN next_check_at < ?3 THEN next_check_at ELSE ?3 END
WHERE article_id = (SELECT article_id FROM item WHERE id = ?4) AND checks < {MOST_CHECKS}
"""  # noqa: S608 - a constant
MAKE_AGAIN = """
UPDATE item SET state = 'pending', attempts = 0, next_try_at = CASE WHEN is_whole THEN NULL ELSE ? END
WHERE id = ? AND state = 'stored' AND NOT EXISTS (SELECT 1 FROM page WHERE page.article_id = item.article_id)
"""
# The stored article that an address leads to: by itself, or as others that lead there have shown.
LEADS_TO = """
SELECT id FROM article WHERE id = ?
UNION ALL SELECT article_id FROM item WHERE url_id = ? AND state = 'stored' LIMIT 1
"""
DUE = """
FROM item INDEXED BY item_pending CROSS JOIN source ON source.id = item.source_id
WHERE item.state = 'pending' AND (item.next_try_at IS NULL OR item.next_try_at <= ?) AND source.active = 1
  AND (? IS NULL OR item.source_id IN (SELECT value FROM json_each(?)))
"""
QUEUE = f"SELECT item.id, item.article_id {DUE} ORDER BY item.article_id, item.via IS NOT NULL, item.source_id, item.id"
WAITING = f"SELECT count(DISTINCT item.article_id) {DUE}"
# Nothing can be had: dropped, unless the article is stored and only a later look at it failed.
FAIL = """
UPDATE item SET attempts = attempts + 1, next_try_at = ?, reason = ?, state = CASE
  WHEN ? THEN 'pending' WHEN EXISTS (SELECT 1 FROM article WHERE id = item.article_id) THEN 'stored' ELSE 'dropped' END
WHERE id = ?
"""

# Words of sightings that no listing holds any more; the pending ones are still to be made into articles.
UNLISTED = "state <> 'pending' AND last_seen_at < ? AND coalesce(summary, content) IS NOT NULL"
WINDOW = "SELECT rowid FROM item WHERE rowid > ? ORDER BY rowid LIMIT ?"
SHORT = f"FROM item WHERE rowid > ? AND rowid <= ? AND {UNLISTED}"
LOOKED_AT = 5  # rows looked at for each that may lose its words in one step, which costs ten times as much


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingItem:
    """An item whose article is to be fetched; `attempts` have failed so far."""

    id: str
    item: Item
    article_id: str
    attempts: int


class Items:
    """The noun `item`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def see(self, pairs: Iterable[tuple[Item, str]], now: datetime) -> int:
        """Store what a listing held: items, each with the id of the article that its address leads to.

        An item that the source has shown before is noted as still listed; where it tells something else than before,
        its article is to be looked at again.

        Returns:
            How many items had not been seen in this source before.
        """
        with self._db.batch():
            return sum(self._see(item, url_id, now) for item, url_id in pairs)

    def knows_any(self, pairs: Iterable[tuple[Item, str]]) -> bool:
        """Whether the source has shown one of these items before."""
        return any(self._find(item, url_id)[0] is not None for item, url_id in pairs)

    def queue(self, now: datetime, limit: int, *, only: Collection[str] = ()) -> list[str]:
        """Ids of items of active sources to fetch now, one per article, of some sources or all.

        The order does not depend on when they were seen, and mixes the hosts. An article's own source goes before a
        post that leads to it.
        """
        found: dict[str, str] = {}
        for row in self._db.stream(QUEUE, (stamp(now), *_only(only))):
            if row["article_id"] not in found:
                if len(found) == limit:
                    break
                found[row["article_id"]] = row["id"]
        return list(found.values())

    def get(self, key: str) -> PendingItem | None:
        """An item that is still to be fetched, or None."""
        row = self._db.row("SELECT * FROM item WHERE id = ? AND state = 'pending'", (key,))
        return None if row is None else _pending(row)

    def sighting(self, article_id: str, source_id: str | None) -> Item | None:
        """A sighting of an article: in this source, or else the first in any; None where it has none."""
        sql = "SELECT * FROM item WHERE article_id = ? ORDER BY source_id = ? DESC, first_seen_at, id LIMIT 1"
        row = self._db.row(sql, (article_id, source_id or ""))
        return None if row is None else _item(row)

    def waiting(self, now: datetime, *, only: Collection[str] = ()) -> int:
        """How many articles are to be fetched now."""
        return self._db.number(WAITING, (stamp(now), *_only(only)))

    def fail(self, key: str, reason: str, retry_at: datetime | None) -> None:
        """Note that the article could not be had: tried again at `retry_at`, or never where that is None."""
        self._db.run(FAIL, (stamp_or_none(retry_at), reason, int(retry_at is not None), key))

    def put_off(self, key: str, until: datetime) -> None:
        """Note that the article was not asked for; no try is counted."""
        self._db.run("UPDATE item SET next_try_at = ? WHERE id = ?", (stamp(until), key))

    def old(self, before: datetime) -> int:
        """How many sightings, last listed before this time, hold their listing's words."""
        return self._db.number(f"SELECT count(*) FROM item WHERE {UNLISTED}", (stamp(before),))  # noqa: S608

    def shorten(self, before: datetime, most: Callable[[], int]) -> Iterator[int]:
        """Let go of the words that listings held before this time, in steps of so many rows at most.

        Titles and addresses stay, and what tells an item when it comes again.
        """
        place = 0
        while rows := self._db.rows(WINDOW, (place, LOOKED_AT * (size := most()))):
            window = (place, rows[-1]["rowid"], stamp(before))
            old = self._db.rows(f"SELECT rowid {SHORT} ORDER BY rowid LIMIT ?", (*window, size))
            place = old[-1]["rowid"] if len(old) == size else rows[-1]["rowid"]
            yield self._shorten((window[0], place, window[2])) if old else 0

    def _shorten(self, window: tuple[Value, ...]) -> int:
        """Take rows out and put them in again: an UPDATE would leave as many pages, most of each of them empty."""
        with self._db.batch():
            rows = self._db.rows(f"SELECT rowid, * {SHORT} ORDER BY rowid", window)
            if rows:
                names = rows[0].keys()
                places = ", ".join("?" * len(names))
                self._db.run(f"DELETE {SHORT}", window)
                short = [[None if name in ("summary", "content") else row[name] for name in names] for row in rows]
                self._db.many(f"INSERT INTO item ({', '.join(names)}) VALUES ({places})", short)  # noqa: S608
        return len(rows)

    def _see(self, item: Item, url_id: str, now: datetime) -> int:
        """1 for a new item, 0 for one that was known (and is now noted as still listed)."""
        known, taken = self._find(item, url_id)
        if known is None:
            key = second_id(item, url_id) if item_id(item) in taken else item_id(item)
            article = self._db.row(LEADS_TO, (url_id, url_id))
            self._db.run(INSERT, _row(key, item, url_id, article["id"] if article else None, stamp(now)))
            return 1
        row = taken[known.id]
        self._db.run("UPDATE item SET last_seen_at = ? WHERE id = ?", (stamp(now), known.id))
        if row["url_id"] != url_id and row["state"] == "pending":
            self._db.run(MOVE, (item.url, url_id, url_id, known.id))
        self._compare(item, known.id, row["told"], now)
        return 0

    def _find(self, item: Item, url_id: str) -> tuple[Known | None, dict[str, Row]]:
        """The sighting that this item is, and all that share its GUID or its address, by id."""
        rows = self._db.rows(FIND, (item_id(item), second_id(item, url_id), item.source_id, url_id))
        candidates = [
            Known(id=row["id"], guid=row["guid"], url_id=row["url_id"], title=row["title"], via=row["via"])
            for row in rows
        ]
        return same(item, url_id, candidates), {row["id"]: row for row in rows}

    def _compare(self, item: Item, key: str, before: str | None, now: datetime) -> None:
        """Keep what the source tells now, and have its article looked at again where that is something else."""
        tells = told(item)
        if tells == before:
            return
        date = item.published
        values = (item.title, item.author, date.value if date else None, date.basis if date else None)
        self._db.run(EDIT, (*values, item.summary, item.content, tells, key))
        if before is not None:
            self._db.run(LOOK_AGAIN, (stamp(now - RECHECK_LEAST), stamp(now), stamp(now + RECHECK_LEAST), key))
            self._db.run(MAKE_AGAIN, (stamp(now + RECHECK_LEAST), key))


def _only(sources: Collection[str]) -> tuple[Value, Value]:
    names = json.dumps(sorted(sources)) if sources else None
    return names, names


def _row(key: str, item: Item, url_id: str, article_id: str | None, now: str) -> tuple[Value, ...]:
    return (
        key,
        item.source_id,
        item.guid or item.via or item.url,
        item.guid,
        item.url,
        item.title,
        item.author,
        item.published.value if item.published else None,
        item.published.basis if item.published else None,
        item.language,
        int(item.is_whole),
        article_id or url_id,
        "stored" if article_id else "pending",
        now,
        now,
        item.summary,
        item.content,
        item.via,
        url_id,
        told(item),
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
        via=row["via"],
    )
