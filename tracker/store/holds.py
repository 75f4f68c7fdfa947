"""What is held back: articles to be judged, and those whose reports make no events until somebody has decided.

A new article is to be judged from the moment it is stored, and its reports are not settled before; whether it is held
is decided by the caller, for all that came together in one transaction. A source has one open hold at most.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from sqlite3 import Row
from types import MappingProxyType

from tracker.model.assertions import Arrival, Assertion, Batch, Breach, HeldBack, Ruling
from tracker.store.codec import stamp
from tracker.store.connection import Connection

TEXT_LEAST = 200  # characters; with fewer there is hardly any text
# An article as it is judged. A title that the text begins with was made of it; a date that is the time of fetching is
# none.
ARRIVAL = f"""
SELECT article.id, article.title, article.stored_at, article.unread, article.language, article.origin,
  article.title <> '' AND instr(article.text, rtrim(article.title, ' …')) <> 1 AS is_titled,
  length(article.text) >= {TEXT_LEAST} AS has_text,
  article.published IS NOT NULL AND article.published_basis IS NOT 'fetched' AS has_date,
  coalesce(article.author, '') <> '' AS has_author,
  (SELECT count(*) FROM report WHERE report.article_id = article.id) AS reports
"""  # noqa: S608 - a constant
NEW = f"""
{ARRIVAL}, article.source_id FROM held CROSS JOIN article ON article.id = held.article_id
WHERE held.hold IS NULL AND article.source_id IS NOT NULL ORDER BY article.source_id, article.id
"""
LAST = f"""
{ARRIVAL} FROM article LEFT JOIN held ON held.article_id = article.id
WHERE article.source_id = ? AND NOT (held.article_id IS NOT NULL AND held.hold IS NULL)
ORDER BY article.stored_at DESC, article.id LIMIT ?
"""
# What was released tells what the source is like now: before that it was another one.
PAST = f"""
{ARRIVAL} FROM article
WHERE article.source_id = ?1 AND article.id NOT IN (SELECT article_id FROM held) AND article.stored_at >= coalesce((
  SELECT since_at FROM hold WHERE source_id = ?1 AND decision = 'released' ORDER BY number DESC LIMIT 1), '')
ORDER BY article.stored_at DESC, article.id LIMIT ?2
"""  # noqa: S608 - as above
RELEASED = "SELECT 1 FROM hold WHERE source_id = ? AND decision = 'released' LIMIT 1"
OPEN = "SELECT number FROM hold WHERE source_id = ? AND decided_at IS NULL"
BEGIN = "INSERT INTO hold (source_id, since_at, held_at, reasons) VALUES (?, ?, ?, ?)"
GROW = "UPDATE hold SET since_at = min(since_at, ?), held_at = ?, reasons = ? WHERE number = ?"
LET_GO = """
DELETE FROM held WHERE hold IS NULL AND coalesce((SELECT source_id FROM article WHERE id = article_id), '') NOT IN (
  SELECT value FROM json_each(?))
"""
KEEP = """
UPDATE held SET hold = ? WHERE hold IS NULL AND (SELECT source_id FROM article WHERE id = article_id) = ?
"""
MEANT = """
SELECT number, source_id, reasons,
  (SELECT count(*) FROM held WHERE hold = number) AS articles,
  (SELECT count(*) FROM held JOIN report USING (article_id) WHERE hold = number) AS reports
FROM hold WHERE decided_at IS NULL AND (?1 IS NULL OR source_id IN (SELECT value FROM json_each(?1))) ORDER BY source_id
"""
AGAIN = """
UPDATE item SET state = 'pending', attempts = 0, next_try_at = NULL
WHERE state = 'stored' AND article_id IN (SELECT article_id FROM held WHERE hold = ?)
"""
# What becomes of the articles of a hold; those that are discarded stay in it.
DONE: Mapping[Ruling, tuple[str, ...]] = MappingProxyType(
    {
        Ruling.RELEASED: ("DELETE FROM held WHERE hold = ?",),
        Ruling.DISCARDED: (),
        Ruling.RETRIED: (AGAIN, "UPDATE held SET hold = NULL WHERE hold = ?"),
    }
)


class Holds:
    """The nouns `hold` and `held`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def await_judgement(self, article_id: str) -> None:
        """Have a new article judged before its reports are settled."""
        self._db.run("INSERT OR IGNORE INTO held (article_id) VALUES (?)", (article_id,))

    def waiting(self) -> int:
        """How many articles are to be judged."""
        return self._db.number("SELECT count(*) FROM held WHERE hold IS NULL")

    def batches(self, *, last: Mapping[str, int], usual: int, otherwise: int) -> dict[str, Batch]:
        """What is to be judged, by source.

        Args:
            last: of a source, how many of the articles before are told with its new ones.
            usual: how many published ones are.
            otherwise: as `last`, of a source that is not in it.
        """
        new: dict[str, list[Arrival]] = {}
        for row in self._db.rows(NEW):
            new.setdefault(row["source_id"], []).append(_arrival(row))
        return {
            key: Batch(
                new=tuple(arrivals),
                last=self._arrivals(LAST, key, last.get(key, otherwise)),
                past=self._arrivals(PAST, key, usual),
                is_released=self._db.row(RELEASED, (key,)) is not None,
            )
            for key, arrivals in new.items()
        }

    def keep(
        self, batches: Mapping[str, Batch], broken: Mapping[str, tuple[Breach, ...]], *, now: datetime
    ) -> list[HeldBack]:
        """Hold back what some sources brought and let the rest pass, all or nothing; what is held now of those."""
        with self._db.batch():
            self._db.run(LET_GO, (json.dumps(sorted(broken)),))
            for key, reasons in sorted(broken.items()):
                since = stamp(min(one.stored for one in batches[key].new))
                told = json.dumps([asdict(one) for one in reasons], ensure_ascii=False)
                if self._db.row(OPEN, (key,)) is None:
                    self._db.run(BEGIN, (key, since, stamp(now), told))
                number = self._db.number(OPEN, (key,))
                self._db.run(GROW, (since, stamp(now), told, number))
                self._db.run(KEEP, (number, key))
        return self.open(broken) if broken else []

    def open(self, source_ids: Collection[str] | None = None) -> list[HeldBack]:
        """What is held back and not decided about, of some sources or all, by source."""
        return [_held(row) for row in self._meant(source_ids)]

    def decide(self, ruling: Ruling, source_ids: Collection[str] | None, *, now: datetime) -> list[HeldBack]:
        """Decide about what is held back of some sources or all, all or nothing; what that was."""
        with self._db.batch():
            meant = self._meant(source_ids)
            for row in meant:
                for sql in DONE[ruling]:
                    self._db.run(sql, (row["number"],))
                decided = "UPDATE hold SET decided_at = ?, decision = ? WHERE number = ?"
                self._db.run(decided, (stamp(now), ruling.value, row["number"]))
        return [_held(row) for row in meant]

    def _meant(self, source_ids: Collection[str] | None) -> list[Row]:
        return self._db.rows(MEANT, (None if source_ids is None else json.dumps(sorted(source_ids)),))

    def _arrivals(self, sql: str, source_id: str, limit: int) -> tuple[Arrival, ...]:
        return tuple(map(_arrival, self._db.rows(sql, (source_id, limit))))


def breaches(reasons: str) -> tuple[Breach, ...]:
    """The reasons of a hold, from their column."""
    return tuple(Breach(**one | {"assertion": Assertion(one["assertion"])}) for one in json.loads(reasons))


def _arrival(row: Row) -> Arrival:
    return Arrival(
        id=row["id"],
        title=row["title"],
        stored=datetime.fromisoformat(row["stored_at"]),
        is_titled=bool(row["is_titled"]),
        has_text=bool(row["has_text"]),
        has_date=bool(row["has_date"]),
        has_author=bool(row["has_author"]),
        unread=row["unread"],
        language=row["language"],
        origin=row["origin"],
        reports=row["reports"],
    )


def _held(row: Row) -> HeldBack:
    return HeldBack(
        source_id=row["source_id"],
        articles=row["articles"],
        reports=row["reports"],
        reasons=breaches(row["reasons"]),
    )
