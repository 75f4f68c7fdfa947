"""Articles that hold some words: ranked where they are few, else the newest first.

Filters that an article can answer for itself (source, tier, tag, language, dates: of its publication) are asked of it;
of all others one event that it reports must pass them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from sqlite3 import Row
from typing import Any, Literal, cast

from tracker.query import dates, density
from tracker.query.answers import ArticleHit
from tracker.query.filters import Condition, Filters, condition, is_narrowed, several
from tracker.query.hits import MOST_RANKED, Found, Place, snippets
from tracker.query.plan import Clause
from tracker.query.words import Match
from tracker.store.connection import Connection, Value

OWN = ("source", "tier", "tag", "language")
DATES = ("since", "until")
MOST_EVENTS = 5_000  # that pass the filters, whose articles are looked at instead of all
HOLD = "SELECT rowid FROM article_fts WHERE article_fts MATCH ?"
# The words are looked for in each article, or all that hold them are told first.
HELD = {
    True: "EXISTS (SELECT 1 FROM article_fts WHERE article_fts MATCH ? AND article_fts.rowid = article.number)",
    False: f"article.number IN ({HOLD})",
}
RANKED = """
SELECT score, number FROM (
  SELECT bm25(article_fts, 6.0, 1.0) AS score, article_fts.rowid AS number FROM article_fts {join}
  WHERE article_fts MATCH ? AND {where}
) WHERE {beyond} ORDER BY score, number LIMIT ?
"""
JOIN = "CROSS JOIN article ON article.number = article_fts.rowid"
# Those that are looked at, in order; what holds the words is tested of them one by one, so that it ends with the page.
DATED = """
SELECT published, number FROM (
  SELECT published, number FROM {source} WHERE {own} ORDER BY published DESC, number DESC LIMIT -1
) AS article WHERE {held} LIMIT ?
"""
OF_WORDS = f"({HOLD}) AS told CROSS JOIN article ON article.number = told.rowid"
OF_EVENTS = """(
  SELECT DISTINCT article.number AS one FROM ({places}) AS place CROSS JOIN event ON event.number = place.number
  CROSS JOIN report ON report.event_id = event.id CROSS JOIN article ON article.id = report.article_id
) AS told CROSS JOIN article ON article.number = told.one"""
REPORTS = """EXISTS (SELECT 1 FROM report CROSS JOIN event ON event.id = report.event_id
  WHERE report.article_id = (SELECT id FROM article AS this WHERE this.number = article.number) AND {where})"""
SOURCES = """
SELECT id FROM source WHERE (?1 = '[]' OR id IN (SELECT value FROM json_each(?1)))
  AND (?2 = '[]' OR tier IN (SELECT value FROM json_each(?2)))
  AND (?3 = '[]' OR EXISTS (SELECT 1 FROM json_each(tags) AS tag WHERE tag.value IN (SELECT value FROM json_each(?3))))
"""
# Whoever is known by its month or year alone may have been published on any day of it.
SINCE = """(published >= ? OR length(published) = 7 AND published >= substr(?, 1, 7)
  OR length(published) = 4 AND published >= substr(?, 1, 4))"""
OF_SOURCES = "+source_id IN (SELECT value FROM json_each(?))"
SHOWN = """
SELECT article.number, article.id, article.url, article.title, article.published, article.published_basis,
  article.source_id, article.language, article.unread, (SELECT json_group_array(event_id) FROM (
    SELECT DISTINCT event_id FROM report WHERE article_id = article.id AND event_id IS NOT NULL ORDER BY position)
  ) AS event_ids
FROM article WHERE number IN (SELECT value FROM json_each(?))
"""


def find(
    db: Connection,
    query: Match,
    filters: Filters,
    *,
    by: Literal["rank", "date"] | None,
    limit: int,
    after: Place | None,
) -> Found[ArticleHit]:
    """A page of the articles that hold the words, and pass the filters."""
    expression = query.whole()
    assert expression is not None
    many = density.many(db, "article_fts", expression)
    order = by or ("rank" if many <= MOST_RANKED else "date")
    own, where = _asked(db, filters)
    if order == "rank":
        places = _ranked(db, expression, own, where, limit + 1, after)
    else:
        places = _dated(db, expression, many, own, where, limit + 1, after)
    shown = [number for _, number in places[:limit]]
    rows = {row["number"]: row for row in db.rows(SHOWN, (json.dumps(shown),))}
    words = snippets(db, "article_fts", expression, shown)
    return Found(
        hits=tuple(_hit(rows[number], words[number]) for number in shown),
        order=order,
        next=places[limit - 1] if len(places) > limit > 0 else None,
    )


def _asked(db: Connection, filters: Filters) -> tuple[list[Clause], Condition | None]:
    """What is asked of an article itself, and of an event that it reports."""
    rest: dict[str, Any] = dict(filters)
    told = {name: several(rest.pop(name, None)) for name in OWN}
    found: list[Clause] = []
    if told["source"] or told["tier"] or told["tag"]:
        lists = tuple(json.dumps(told[name]) for name in OWN[:3])
        ids = [row["id"] for row in db.rows(SOURCES, lists)]
        one = len(ids) == 1  # an index has the articles of one source in order
        found.append(("source_id = ?", (ids[0],)) if one else (OF_SOURCES, (json.dumps(ids),)))
    if told["language"]:
        lower = json.dumps([one.lower() for one in told["language"]])
        found.append(("+language IN (SELECT value FROM json_each(?))", (lower,)))
    if (rest.get("on") or "announced") == "announced":
        settled = dates.absolute(filters, None)
        for name in (*DATES, "between", "last"):
            rest.pop(name, None)
        found += _published(settled)
    narrowed = cast("Filters", rest)
    return found, condition(db, narrowed) if is_narrowed(narrowed) else None


def _published(settled: dict[str, Any]) -> Iterator[Clause]:
    if since := settled.get("since"):
        yield SINCE, (since, since, since)
        yield "published >= ?", (since[:4],)  # a bound that an index can serve
    if until := settled.get("until"):
        yield "published <= ?", (until + dates.DAYS_END,)


def _ranked(
    db: Connection, expression: str, own: list[Clause], where: Condition | None, limit: int, after: Place | None
) -> list[Place]:
    tests = [*own, *([] if where is None else [(REPORTS.format(where=where.sql), where.values)])]
    sql, values = _all(tests)
    text = RANKED.format(
        join=JOIN if tests else "", where=sql, beyond="1" if after is None else "(score, number) > (?, ?)"
    )
    beyond = () if after is None else (float(after[0]), after[1])
    return [(row[0], row[1]) for row in db.rows(text, (expression, *values, *beyond, limit))]


def _dated(
    db: Connection,
    expression: str,
    many: int,
    own: list[Clause],
    where: Condition | None,
    limit: int,
    after: Place | None,
) -> list[Place]:
    """Whatever is fewest is put in order; else the articles are walked as they stand."""
    source: Clause = ("article", ())
    held: list[Clause] = [(HELD[many > density.MOST_TOLD], (expression,))]
    reports: list[Clause] = [] if where is None else [(REPORTS.format(where=where.sql), where.values)]
    if many <= density.MOST_COUNTED:
        source, held = (OF_WORDS, (expression,)), reports
    elif where is not None and _few(db, where):
        sql, values = where.any_order()
        source = OF_EVENTS.format(places=sql), values
    else:
        held = [*held, *reports]
    found: list[Place] = []
    for part in _parts(after):  # what has no date stands last
        if len(found) < limit:
            sql, values = _all([part, *own])
            tests, more = _all(held)
            text = DATED.format(source=source[0], own=sql, held=tests)
            rows = db.rows(text, (*source[1], *values, *more, limit - len(found)))
            found += [(row["published"] or "", row["number"]) for row in rows]
    return found


def _parts(after: Place | None) -> list[Clause]:
    if after is None:
        return [("published IS NOT NULL", ()), ("published IS NULL", ())]
    if after[0] == "":
        return [("published IS NULL AND number < ?", (after[1],))]
    return [("(published, number) < (?, ?)", (str(after[0]), after[1])), ("published IS NULL", ())]


def _few(db: Connection, where: Condition) -> bool:
    sql, values = where.any_order()
    return db.number(f"SELECT count(*) FROM ({sql} LIMIT ?)", (*values, MOST_EVENTS + 1)) <= MOST_EVENTS  # noqa: S608 - bound


def _all(parts: list[Clause]) -> tuple[str, tuple[Value, ...]]:
    return " AND ".join(f"({sql})" for sql, _ in parts) or "1", tuple(value for _, values in parts for value in values)


def _hit(row: Row, words: Any) -> ArticleHit:
    values = {name: row[name] for name in ArticleHit.__slots__ if name not in {"event_ids", "snippet"}}
    return ArticleHit(**values, event_ids=tuple(json.loads(row["event_ids"])), snippet=words)
