"""Events that hold some words: ranked where they are few, else in the order of the timeline."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from tracker.query import plan
from tracker.query.answers import EventHit, Snippet
from tracker.query.events import by_ids
from tracker.query.filters import Condition
from tracker.query.hits import MOST_RANKED, Found, Place, snippets
from tracker.query.words import Match, match
from tracker.store.connection import Connection

# A word in the summary says more than one in a quote.
RANKED = """
SELECT score, number FROM (
  SELECT bm25(event_fts, 8.0, 4.0, 4.0, 1.0) AS score, event.number AS number
  FROM event_fts CROSS JOIN event ON event.number = event_fts.rowid WHERE event_fts MATCH ? AND {where}
) WHERE {beyond} ORDER BY score, number LIMIT ?
"""
DATED = "SELECT day, number FROM ({places}) LIMIT ?"
NUMBERS = "SELECT number, id FROM event WHERE id IN (SELECT value FROM json_each(?))"
IDS = "SELECT number, id FROM event WHERE number IN (SELECT value FROM json_each(?))"


def find(
    db: Connection,
    query: Match,
    where: Condition,
    *,
    by: Literal["rank", "date"] | None,
    limit: int,
    after: Place | None,
) -> Found[EventHit]:
    """A page of the events that hold the words, and pass the condition."""
    expression = query.whole()
    assert expression is not None
    assert where.plan is not None
    held = plan.of_words(db, expression)
    order = by or ("rank" if held.events <= MOST_RANKED else "date")
    if order == "rank":
        places = _ranked(db, expression, where, limit + 1, after)
    else:
        asked = replace(where.plan, asked=(*where.plan.asked, held)).condition()
        sql, values = asked.places("newest", None if after is None else (int(after[0]), after[1]))
        places = [(row[0], row[1]) for row in db.rows(DATED.format(places=sql), (*values, limit + 1))]
    shown = [number for _, number in places[:limit]]
    ids = {row["number"]: row["id"] for row in db.rows(IDS, (json.dumps(shown),))}
    rows, words = by_ids(db, list(ids.values())), snippets(db, "event_fts", expression, shown)
    return Found(
        hits=tuple(EventHit(event=rows[ids[number]], snippet=words[number]) for number in shown),
        order=order,
        next=places[limit - 1] if len(places) > limit > 0 else None,
    )


def snippets_of(db: Connection, text: str, ids: Collection[str]) -> dict[str, Snippet]:
    """Of each of some events the words around what a text asks for, where it has them."""
    expression = match(text).whole()
    if expression is None:
        return {}
    numbers = {row["number"]: row["id"] for row in db.rows(NUMBERS, (json.dumps(list(ids)),))}
    return {numbers[number]: one for number, one in snippets(db, "event_fts", expression, numbers).items()}


def _ranked(db: Connection, expression: str, where: Condition, limit: int, after: Place | None) -> list[Place]:
    sql = RANKED.format(where=where.sql, beyond="1" if after is None else "(score, number) > (?, ?)")
    beyond = () if after is None else (float(after[0]), after[1])
    return [(row[0], row[1]) for row in db.rows(sql, (expression, *where.values, *beyond, limit))]
