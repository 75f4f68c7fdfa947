"""Counts of events by fields and periods; who restricts whom.

Over everything they are read from tallies (`tracker.query.tallies`), else the events are looked at one by one
(`tracker.query.sifting`): the answers are the same. Rejected events count only where they are asked for.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tracker.errors import InputError
from tracker.query import sifting, tallies
from tracker.query.answers import as_dict
from tracker.query.counting import AXES, FIELDS, PERIODS, CountRow, Counts, Named, Values, known
from tracker.query.filters import Condition, Filters, is_narrowed
from tracker.query.still import still
from tracker.query.tallies import Tally
from tracker.store.connection import Connection

NAMES = {
    "party": "SELECT id, name FROM entity WHERE id IN (SELECT value FROM json_each(?))",
    "source": "SELECT id, name FROM source WHERE id IN (SELECT value FROM json_each(?))",
    "thing": """SELECT wanted.value AS id, coalesce(
      (SELECT name FROM event_item WHERE folded = wanted.value ORDER BY event_id LIMIT 1), wanted.value) AS name
      FROM json_each(?) AS wanted""",
}
BETWEEN = ">"  # of two parties
# Two fields that one facet holds together.
PAIRED = {("actor", "target"): ("actor_target",)}
Spell = Callable[[Named, Collection[str]], dict[str, str]]
PAIRS = 2000  # of which those with most events say which rows and columns a matrix shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A row or a column of a matrix: a value, its name, how many events have it; None: of parties it is not told."""

    value: str
    name: str
    events: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """How many events have a value of one field and one of another; `cells` holds a list for each row.

    `events` is how many pass the filters, `pairs` how many combinations there are in all.
    """

    row_field: str
    column_field: str
    events: int
    pairs: int
    rows: tuple[Side, ...]
    columns: tuple[Side, ...]
    cells: tuple[tuple[int, ...], ...]

    to_dict = as_dict


@still
def counts(
    db: Connection,
    where: Condition,
    by: Sequence[str],
    *,
    filters: Filters,
    per: str | None,
    top: int | None,
    first: bool,
    newest: bool,
) -> Counts:
    """Events of a condition, which is that of the filters, by fields and periods.

    With `newest` the values that came up last are shown, with their first days, else those with most events.

    Raises:
        InputError: a field, a period or an axis is none.
    """
    known(by)
    axis, everything = checked(per, filters.get("on")), not is_narrowed(filters)
    first, most = first or newest, None if newest else top
    found = tallies.tell(db, by, per=per, top=most, first=first) if everything and axis == "announced" else None
    if found is None:
        found = sifting.tell(db, where, by, per=per, on=axis, top=most)
    return told(found, by, partial(spelt, db), per=per, on=axis, top=top, first=first, newest=newest)


def told(
    found: Tally,
    by: Sequence[str],
    spell: Spell,
    *,
    per: str | None,
    on: str,
    top: int | None,
    first: bool,
    newest: bool,
) -> Counts:
    """The answer from a tally; `spell` tells the names of values."""
    if newest:
        late = sorted(found.counts, key=lambda values: (found.first.get(values, ""), values), reverse=True)
        found.counts = {values: found.counts[values] for values in late[:top]}
    if by:
        rows = _rows(found, _names(spell, by, found.counts), first=first)
    else:
        rows = [CountRow(values=(), names=(), period=when, events=n) for when, n in _ordered(found.total)]
    return Counts(
        by=tuple(by),
        per=per,
        on=on,
        events=found.events,
        values=found.values if by else 0,
        rows=tuple(rows),
        others=tuple(_others(found)) if by and all(FIELDS[name].plain for name in by) else (),
    )


@still
def matrix(db: Connection, where: Condition, rows: str, columns: str, *, filters: Filters, top: int) -> Matrix:
    """Two fields against each other, of each the `top` values that have most; parties as the events name them.

    Raises:
        InputError: a field is none.
    """
    both, everything = (rows, columns), not is_narrowed(filters)
    known(both)
    by: tuple[str, ...] = PAIRED.get(both, both)
    found = tallies.tell(db, by, per=None, top=PAIRS, first=False) if everything else None
    exact = found is None
    if found is None:
        found = sifting.tell(db, where, by, per=None, on="announced", top=None)
    pairs, shown = heaviest(found, top)
    if not exact and len(pairs) == PAIRS:
        pairs = tallies.exactly(db, by, [(left, right) for left in shown[0] for right in shown[1]])
    left, right = (
        _sides(db, where, field, values, totals=by == both, everything=everything)
        for field, values in zip(both, shown, strict=True)
    )
    return crossed(both, found, pairs, left, right)


def heaviest(found: Tally, top: int) -> tuple[dict[tuple[str, str], int], list[list[str]]]:
    """The events of each combination, and the rows and the columns that have most."""
    pairs = {_two(values): some.total() for values, some in found.counts.items()}
    return pairs, [_heaviest(list(pairs.items())[:PAIRS], place, top) for place in (0, 1)]


def crossed(
    both: tuple[str, str],
    found: Tally,
    pairs: Mapping[tuple[str, str], int],
    left: tuple[Side, ...],
    right: tuple[Side, ...],
) -> Matrix:
    """The matrix of two fields from the events of their combinations."""
    rows, columns = both
    return Matrix(
        row_field=rows,
        column_field=columns,
        events=found.events,
        pairs=found.values,
        rows=left,
        columns=right,
        cells=tuple(tuple(pairs.get((row.value, column.value), 0) for column in right) for row in left),
    )


def checked(per: str | None, on: str | None) -> str:
    """The axis; raises InputError for a period or an axis that is none."""
    if per is not None and per not in PERIODS:
        raise InputError(f"unknown period: {per!r}; one of {', '.join(PERIODS)}")
    if (axis := on or "announced") not in AXES:
        raise InputError(f"unknown axis: {axis!r}; one of {', '.join(AXES)}")
    return axis


def _rows(found: Tally, names: Mapping[Values, Values], *, first: bool) -> list[CountRow]:
    return [
        CountRow(
            values=values,
            names=names[values],
            period=when,
            events=events,
            first=found.first.get(values) if first else None,
        )
        for values, periods in found.counts.items()
        for when, events in _ordered(periods)
    ]


def _others(found: Tally) -> Iterator[CountRow]:
    """What the values that are shown leave of each period."""
    left = Counter(found.total)
    for periods in found.counts.values():
        left.subtract(periods)
    for when, events in _ordered(left):
        if events:
            yield CountRow(values=(), names=(), period=when, events=events)


def _ordered(periods: Mapping[str | None, int]) -> list[tuple[str | None, int]]:
    """In the order of time, what has no date first."""
    return sorted(periods.items(), key=lambda one: one[0] or "")


def _names(spell: Spell, by: Sequence[str], found: Iterable[Values]) -> dict[Values, Values]:
    """Values as people read them."""
    told = list(found)
    named = [spell(FIELDS[name].named, {values[place] for values in told}) for place, name in enumerate(by)]
    return {values: tuple(names[value] for names, value in zip(named, values, strict=True)) for values in told}


def spelt(db: Connection, kind: Named, values: Collection[str]) -> dict[str, str]:
    """Values of a field of a kind, each with its name."""
    names = {value: value for value in values}
    if kind == "parties":
        single = spelt(db, "party", {one for value in values for one in value.split(BETWEEN)})
        return {value: " > ".join(single[one] for one in value.split(BETWEEN)) for value in values}
    if kind:
        names |= {row["id"]: row["name"] for row in db.rows(NAMES[kind], (json.dumps(sorted(values)),))}
    return names


def _two(values: Values) -> tuple[str, str]:
    """The two sides of a combination, which one facet may hold together."""
    left, _, right = values[0].partition(BETWEEN) if len(values) == 1 else (values[0], "", values[1])
    return left, right


def _heaviest(pairs: Iterable[tuple[tuple[str, str], int]], place: int, top: int) -> list[str]:
    sums: Counter[str] = Counter()
    for values, events in pairs:
        sums[values[place]] += events
    return sorted(sums, key=lambda value: (-sums[value], value))[:top]


def _sides(
    db: Connection, where: Condition, field: str, values: Sequence[str], *, totals: bool, everything: bool
) -> tuple[Side, ...]:
    names = spelt(db, FIELDS[field].named, values)
    events: dict[str, int] = {}
    if totals:
        told = tallies.tell(db, (field,), per=None, top=None, first=False) if everything else None
        told = told or sifting.tell(db, where, (field,), per=None, on="announced", top=None)
        events = {value: one.total() for (value,), one in told.counts.items()}
    return tuple(Side(value=value, name=names[value], events=events.get(value)) for value in values)
