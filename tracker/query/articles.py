"""One article: what it tells and where, who listed it, whose text it is, and the page it was taken from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from sqlite3 import Row
from types import MappingProxyType

from tracker.query import events, places
from tracker.query.answers import EventRow
from tracker.query.article_answers import (
    AccountRow,
    ArticleDetail,
    ArticleRef,
    OriginalRow,
    PlaceRow,
    SightingRow,
)
from tracker.query.ids import one_article
from tracker.query.places import Place
from tracker.query.still import still
from tracker.reach import beyond
from tracker.store.connection import Connection

MOST_SHOWN = 20  # copies, and sightings: an agency's text may have thousands
ARTICLE = """
SELECT article.*, source.name AS source_name, source.tier,
  (SELECT count(*) FROM article_revision WHERE article_id = article.id) AS revisions,
  reader IS NULL AND EXISTS (
    SELECT 1 FROM article_revision WHERE article_id = article.id AND replaced_at = article.changed_at) AS outdated
FROM article LEFT JOIN source ON source.id = article.source_id WHERE article.id = ?
"""
OWN = (
    *("id", "url", "title", "author", "site", "source_id", "source_name", "tier", "published", "published_basis"),
    *("modified", "stored_at", "changed_at", "language", "text_from", "unread", "reader", "notice", "wire"),
    *("revisions", "text"),
)
MENTIONS = """
SELECT mention.field, mention.start, mention."end", standing.id, standing.name FROM mention
JOIN entity ON entity.id = mention.entity_id
JOIN entity AS standing ON standing.id = coalesce(entity.merged_into, entity.id)
WHERE mention.article_id = ?
"""
REPORTS = "SELECT * FROM report WHERE article_id = ? ORDER BY position"
SIGHTINGS = f"""
SELECT item.*, source.name AS source_name FROM item JOIN source ON source.id = item.source_id
WHERE item.article_id = ? ORDER BY item.first_seen_at, item.id LIMIT {MOST_SHOWN}
"""  # noqa: S608 - a constant
OTHERS = """
SELECT article.id, article.title, source.name AS source_name, source.tier, article.url, article.published,
  article.published_basis
FROM article LEFT JOIN source ON source.id = article.source_id
"""
COPIES = f"""{OTHERS}
WHERE article.origin = ?1 AND article.id NOT IN (?1, ?2) ORDER BY article.published, article.id LIMIT {MOST_SHOWN}
"""
COUNTED = "SELECT count(*) FROM article WHERE origin = ?1 AND id NOT IN (?1, ?2)"
# What is marked of a report: kinds of places, and what those are called that are not called as their field.
KINDS = MappingProxyType(
    {
        "quote": "quote",
        "announced_on": "date",
        "effective_on": "date",
        "amount": "amount",
        "item": "item",
        "instrument": "item",
    }
)
WORDS = MappingProxyType({"announced_on": "announced", "effective_on": "effective"})
ORIGINAL = "SELECT *, encoding = 'zlib' AS kept FROM page WHERE article_id = ?"


@still
def detail(db: Connection, article: str) -> ArticleDetail:
    """An article, by its address, its id or the beginning of it.

    Raises:
        NotFoundError: there is no such article, or there are several.
    """
    key = one_article(db, article)
    row = db.row(ARTICLE, (key,))
    assert row is not None
    reports = db.rows(REPORTS, (key,))
    known = events.by_ids(db, list(dict.fromkeys(one["event_id"] for one in reports if one["event_id"])))
    own = {name: row[name] for name in OWN}
    return ArticleDetail(
        **own,
        outdated=bool(row["outdated"]),
        beyond=None if row["unread"] else beyond(row["text"]),
        places=() if row["outdated"] else _places(db, row, reports),
        accounts=tuple(_account(one, known) for one in reports),
        sightings=tuple(_sighting(one) for one in db.rows(SIGHTINGS, (key,))),
        copy_of=_origin(db, row),
        copies=tuple(_ref(one) for one in db.rows(COPIES, (row["origin"], key))),
        copy_count=db.number(COUNTED, (row["origin"], key)),
        original=_original(db.row(ORIGINAL, (key,))),
    )


def _places(db: Connection, article: Row, reports: Iterable[Row]) -> tuple[PlaceRow, ...]:
    """All places of an article, in order; what does not fit its text is left out."""
    texts = {"text": article["text"], "title": article["title"]}
    found: list[PlaceRow] = []
    if article["published_span"]:
        at = places.place(json.loads(article["published_span"]))
        found.append(_place(at, kind="date", leads_to=None, words="published", value=article["published"]))
    for row in reports:
        found += _told(row)
    kept = {one for one in found if _fits(one, texts[one.field])}
    kept |= {one for one in _parties(db, article["id"]) if one.start < one.end <= len(texts[one.field])}
    return tuple(sorted(kept, key=_order))


def _parties(db: Connection, article_id: str) -> Iterator[PlaceRow]:
    for field, start, end, key, name in db.tuples(MENTIONS, (article_id,)):
        yield PlaceRow(field=field, start=start, end=end, kind="party", leads_to=key, words=name, value=None)


def _fits(one: PlaceRow, text: str) -> bool:
    """Whether a place lies in a text and cuts no word of it: readers have told places of a title as of the text."""
    words = text[max(one.start, 0) : one.end]
    cuts = any(pair.isascii() and pair.isalpha() and len(pair) == 2 for pair in _edges(one, text))
    return 0 <= one.start < one.end <= len(text) and words == words.strip() and not cuts


def _edges(one: PlaceRow, text: str) -> tuple[str, str]:
    """The signs on both sides of either end."""
    return text[max(one.start - 1, 0) : one.start + 1], text[one.end - 1 : one.end + 1]


def _order(one: PlaceRow) -> tuple[bool, int, int, str, str, str]:
    """The title first; of what begins at one place the longest."""
    return one.field != "title", one.start, -one.end, one.kind, one.leads_to or "", one.words


def _told(report: Row) -> Iterator[PlaceRow]:
    """The places that tell one event, but those of parties, of which the article has more."""
    for one in places.marked(json.loads(report["detail"])):
        if kind := KINDS.get(one.what):
            words = report["type"] if one.what == "quote" else one.kind or WORDS.get(one.what, one.what)
            value = one.value if kind == "date" else None
            yield _place(one.place, kind=kind, leads_to=report["event_id"], words=words, value=value)


def _place(at: Place, *, kind: str, leads_to: str | None, words: str, value: str | None) -> PlaceRow:
    return PlaceRow(field=at.field, start=at.start, end=at.end, kind=kind, leads_to=leads_to, words=words, value=value)


def _account(row: Row, known: dict[str, EventRow]) -> AccountRow:
    return AccountRow(
        report_id=row["id"],
        event=known.get(row["event_id"]),
        quote=row["quote"],
        type=row["type"],
        status=row["status"],
        announced_on=row["announced_on"],
        effective_on=row["effective_on"],
        confidence=row["confidence"],
        withdrawn=bool(row["withdrawn"]),
    )


def _sighting(row: Row) -> SightingRow:
    return SightingRow(**{name: row[name] for name in SightingRow.__slots__})


def _origin(db: Connection, article: Row) -> ArticleRef | None:
    if article["origin"] == article["id"]:
        return None
    row = db.row(f"{OTHERS} WHERE article.id = ?", (article["origin"],))
    return None if row is None else _ref(row)


def _ref(row: Row) -> ArticleRef:
    return ArticleRef(**dict(row))


def _original(row: Row | None) -> OriginalRow | None:
    if row is None:
        return None
    values = {name: row[name] for name in OriginalRow.__slots__ if name != "kept"}
    return OriginalRow(**values, kept=bool(row["kept"]))
