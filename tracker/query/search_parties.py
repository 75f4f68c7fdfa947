"""Parties whose names hold some words, those called just so first, then the most active; and names that come near."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from tracker.query import parties, plan
from tracker.query.answers import PartyRow
from tracker.query.asks import Asks
from tracker.query.filters import Condition, Filters, is_narrowed
from tracker.query.hits import Found, Place
from tracker.query.words import Match
from tracker.store.codec import folded
from tracker.store.connection import Connection, Value

MOST = 1_000  # parties of one search
NEAR = 5  # names that are told where nobody is called so
NEAR_ENOUGH = 75.0  # of 100, by RapidFuzz's WRatio
# How well a name fits (0: it is the text; 1: it begins so; 2: it holds the words), then in how many events they are.
NAMED = """
SELECT coalesce(entity.merged_into, entity.id) AS id,
  min(CASE WHEN alias.folded = ? THEN 0 WHEN instr(alias.folded, ?) = 1 THEN 1 ELSE 2 END) AS fit
FROM alias JOIN entity ON entity.id = alias.entity_id WHERE alias.how <> 'pronoun' AND {held} GROUP BY 1
"""
ORDERED = """
SELECT id FROM ({named}) AS named
ORDER BY fit,
  (SELECT coalesce(sum(events), 0) FROM facet_key WHERE field IN ('actor', 'target') AND value = id) DESC, id
LIMIT ?
"""


def find(
    db: Connection, query: Match, where: Condition, filters: Filters, *, limit: int, after: Place | None
) -> Found[PartyRow]:
    """A page of the parties whose names hold the words, and that take part in an event that passes the condition."""
    start = 0 if after is None else after[1]
    called = _called(db, query)
    ids = list(islice(_taking_part(db, called, where) if is_narrowed(filters) else called, start, start + limit + 1))
    rows = {row.id: row for row in parties.rows(db, ids[:limit], limit)}
    more = len(ids) > limit > 0
    return Found(hits=tuple(rows[key] for key in ids[:limit]), order="rank", next=(0, start + limit) if more else None)


def near(db: Asks, text: str) -> tuple[str, ...]:
    """Names that are spelt much like a text, the likest first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only needed where nothing was found

    names = {row["folded"]: row["name"] for row in db.rows("SELECT folded, name FROM alias WHERE how <> 'pronoun'")}
    found = process.extract(folded(text), list(names), scorer=fuzz.WRatio, score_cutoff=NEAR_ENOUGH, limit=NEAR)
    return tuple(dict.fromkeys(names[name] for name, _, _ in found))


def _called(db: Connection, query: Match) -> Iterator[str]:
    groups = [[folded(term) for term in group] for group in query.terms]
    text = " ".join(group[0] for group in groups)
    tests = [" OR ".join("instr(alias.folded, ?)" for _ in group) for group in groups]
    tests += ["NOT instr(alias.folded, ?)" for _ in query.without]
    values: tuple[Value, ...] = (*(one for group in groups for one in group), *map(folded, query.without))
    named = NAMED.format(held=" AND ".join(f"({test})" for test in tests))
    return (row["id"] for row in db.rows(ORDERED.format(named=named), (text, text, *values, MOST)))


def _taking_part(db: Connection, ids: Iterator[str], where: Condition) -> Iterator[str]:
    assert where.plan is not None
    for key in ids:
        held = plan.asked(db, [(role, [key]) for role in ("actor", "target")])
        both = replace(where.plan, asked=(*where.plan.asked, held)).condition()
        sql, values = both.places("newest")
        if db.row(f"SELECT 1 FROM ({sql} LIMIT 1)", values) is not None:  # noqa: S608 - bound
            yield key
