"""Counts over all events, read from the tallies that are kept with the facets (`tracker.store.facets`).

No event is looked at but for days and weeks, and for first days, of the few values that are shown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.query.counting import FIELDS, Field, Values, iso, period, ranked
from tracker.store.connection import Connection
from tracker.store.facets import FIELDS as PLAIN

STANDS = "value NOT IN (SELECT id FROM entity WHERE merged_into IS NOT NULL)"
ONE = "SELECT value, number, events, 1 AS weight FROM facet_key WHERE field = '{facet}' AND {stands}"
LESS = (
    "UNION ALL SELECT {twice} AS value, number, events, -1 FROM facet_key"
    " WHERE field = '{facet}' AND {twice} IS NOT NULL AND {stands}"
)
# Of one facet: in the order of an index.
TOP = """
SELECT value, events, (SELECT count(*) FROM facet_key WHERE field = '{facet}' AND {stands}) AS many
FROM facet_key WHERE field = '{facet}' AND {stands} ORDER BY events DESC, value LIMIT ?
"""
TOTALS = """
SELECT value, sum(events * weight) AS events, count(*) OVER () AS many FROM ({terms}) GROUP BY value
ORDER BY 2 DESC, 1 LIMIT ?
"""
KEYS = "SELECT value, number, weight FROM ({terms}) WHERE value IN (SELECT value FROM json_each(?))"
CELLS = "SELECT value, number, events FROM facet_key WHERE field = 'cell'"
MONTHS = "SELECT key, month, events FROM facet_month WHERE key IN (SELECT value FROM json_each(?))"
DAYS = "SELECT key, day, count(*) FROM event_facet WHERE key = ? GROUP BY day"
FIRST = "SELECT min(day) FROM event_facet WHERE key = ? AND day > 0"
EXACTLY = """
SELECT value, events FROM facet_key WHERE field = ?1 AND value IN (SELECT value FROM json_each(?2))
"""
ALL = "SELECT number, events FROM facet_key WHERE field = 'all'"


@dataclass(slots=True)
class Tally:
    """Counts by values and period (None: all of them); `total` is of all events by period."""

    events: int
    counts: dict[Values, Counter[str | None]]  # of the values that are shown, most first
    total: Counter[str | None]
    values: int
    first: dict[Values, str] = field(default_factory=dict)


def tell(db: Connection, by: Sequence[str], *, per: str | None, top: int | None, first: bool) -> Tally | None:
    """Counts over all events; None where no tallies are kept of these fields together."""
    row = db.row(ALL)
    every, events = (0, 0) if row is None else (row[0], row[1])
    keys: dict[Values, list[tuple[int, int]]]  # numbers of facets with their weights
    if len(by) == 1:
        totals, keys, values = _of_field(db, FIELDS[by[0]], top)
    elif all(FIELDS[name].plain for name in by):
        totals, keys, values = _of_cells(db, by, top)
    elif tuple(by) == ("actor_country", "target_country"):
        totals, keys, values = _of_field(db, FIELDS["pair"], top)
        totals = {tuple(pair.split(">")): count for (pair,), count in totals.items()}
        keys = {tuple(pair.split(">")): told for (pair,), told in keys.items()}
    else:
        return None
    tally = Tally(
        events, {key: Counter({None: count}) for key, count in totals.items()}, Counter({None: events}), values
    )
    if per is not None:
        tally.total = _periods(db, [(every, 1)] if row is not None else [], per)
        tally.counts = {key: _periods(db, keys[key], per) for key in totals}
    if first:
        tally.first = {key: day for key in totals if (day := _first(db, keys[key]))}
    return tally


def exactly(db: Connection, by: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The events of some combinations that one facet holds together."""
    facet = by[0] if len(by) == 1 else "pair"
    wanted = {f"{left}>{right}": (left, right) for left, right in pairs}
    return {wanted[row["value"]]: row["events"] for row in db.rows(EXACTLY, (facet, json.dumps(list(wanted))))}


def _of_field(
    db: Connection, one: Field, top: int | None
) -> tuple[dict[Values, int], dict[Values, list[tuple[int, int]]], int]:
    """The values of a field with most events, and their facets."""
    stands = STANDS if one.named == "party" else "1"
    terms = " UNION ALL ".join(ONE.format(facet=facet, stands=stands) for facet in one.facets)
    if one.less:
        terms += " " + LESS.format(facet=one.less, twice=one.twice, stands=stands)
    sql = TOTALS if len(one.facets) > 1 else TOP
    rows = db.rows(sql.format(terms=terms, facet=one.facets[0], stands=stands), (-1 if top is None else top,))
    keys: dict[Values, list[tuple[int, int]]] = {(row["value"],): [] for row in rows}
    for row in db.rows(KEYS.format(terms=terms), (json.dumps([row["value"] for row in rows]),)):
        keys[(row["value"],)].append((row["number"], row["weight"]))
    return {(row["value"],): row["events"] for row in rows}, keys, rows[0]["many"] if rows else 0


def _of_cells(
    db: Connection, by: Sequence[str], top: int | None
) -> tuple[dict[Values, int], dict[Values, list[tuple[int, int]]], int]:
    """The combinations of plain fields with most events, and the cells that they consist of."""
    places = [PLAIN.index(name) for name in by]
    totals: Counter[Values] = Counter()
    keys: dict[Values, list[tuple[int, int]]] = {}
    for row in db.rows(CELLS):
        cell = json.loads(row["value"])
        values = tuple(cell[place] for place in places)
        if None not in values:
            totals[values] += row["events"]
            keys.setdefault(values, []).append((row["number"], 1))
    return {values: totals[values] for values in ranked(totals, top)}, keys, len(totals)


def _periods(db: Connection, keys: Iterable[tuple[int, int]], per: str) -> Counter[str | None]:
    """The events of some facets by period."""
    weights = dict(keys)
    found: Counter[str | None] = Counter()
    if per in ("day", "week"):
        rows = [row for key in weights for row in db.tuples(DAYS, (key,))]
    else:
        rows = list(db.tuples(MONTHS, (json.dumps(list(weights)),)))
    for key, number, events in rows:
        found[period(iso(number), per)] += weights[key] * events
    return +found


def _first(db: Connection, keys: Sequence[tuple[int, int]]) -> str:
    """The first day of some facets."""
    days = [row[0] for key, weight in keys if weight > 0 for row in db.rows(FIRST, (key,)) if row[0]]
    return iso(min(days)) if days else ""
