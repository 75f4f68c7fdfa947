"""Counts of the events of a lake by fields and periods: groups of DuckDB's over the lists of values in its events.

What a field's values are and how counts are told is said in `tracker.query.counting` and `counts`, for a database too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial

from tracker.query import counts
from tracker.query.counting import FIELDS, Counts, Field, Named, known, ranked
from tracker.query.counts import PAIRED, Matrix, Side
from tracker.query.filters import Filters
from tracker.query.lake import Lake
from tracker.query.lake_ground import Test
from tracker.query.tallies import Tally

# Of each axis the day as ISO 8601, or nothing.
DAYS = {
    "announced": "event.day",
    "effective": "coalesce(event.effective_from, '')",
    "first_seen": "substr(event.first_seen_at, 1, 10)",
}
PERIODS = {
    "day": "day",
    "week": "strftime(CAST(nullif(day, '') AS DATE), '%G-W%V')",
    "month": "substr(day, 1, 7)",
    "quarter": "substr(day, 1, 4) || '-Q' || CAST((CAST(substr(day, 6, 2) AS INTEGER) + 2) // 3 AS VARCHAR)",
    "year": "substr(day, 1, 4)",
}
TOTAL = "SELECT {period} AS period, count(*) FROM (SELECT {day} AS day FROM event WHERE {where}) GROUP BY 1"
GROUPS = """
SELECT {values}, {period} AS period, count(*), min(nullif(day, '')) FROM ({told}) {stands} GROUP BY ALL
"""
TOLD = "SELECT {day} AS day, {lists} FROM event WHERE {where}"
ONE = "SELECT day, {kept} unnest({name}) AS {value} FROM ({told})"
STANDS = "{value} NOT IN (SELECT id FROM entity WHERE merged_into IS NOT NULL)"
NAMES = {
    "party": "SELECT id, name FROM entity WHERE id IN (SELECT unnest(?))",
    "source": "SELECT id, name FROM source WHERE id IN (SELECT unnest(?))",
    "thing": """
SELECT value AS id, min(name) AS name FROM facet
WHERE field IN ('item', 'instrument') AND value IN (SELECT unnest(?)) AND name IS NOT NULL GROUP BY 1""",
}


def tell(lake: Lake, where: Test, by: Sequence[str], *, per: str | None, on: str, top: int | None) -> Tally:
    """Counts of the events of a test, as `sifting.tell` gives those of a database."""
    sql, values = where
    day = DAYS[on]
    period = "NULL" if per is None else f"CASE WHEN day = '' THEN NULL ELSE {PERIODS[per]} END"
    total = Counter({row[0]: row[1] for row in lake.stream(TOTAL.format(period=period, day=day, where=sql), values)})
    tally = Tally(total.total(), {}, total, 0)
    if not by:
        return tally
    fields = [FIELDS[name] for name in by]
    found: dict[tuple[str, ...], Counter[str | None]] = {}
    first: dict[tuple[str, ...], str] = {}
    for *told, when, events, earliest in lake.stream(_grouped(fields, period, day, sql), values):
        key = tuple(told)
        found.setdefault(key, Counter())[when] += events
        if earliest:
            first[key] = min(earliest, first.get(key, earliest))
    totals = {key: some.total() for key, some in found.items()}
    tally.values = len(totals)
    tally.counts = {key: found[key] for key in ranked(totals, top)}
    tally.first = {key: first[key] for key in tally.counts if key in first}
    return tally


def counted(
    lake: Lake,
    where: Test,
    by: Sequence[str],
    *,
    filters: Filters,
    per: str | None,
    top: int | None,
    first: bool,
    newest: bool,
) -> Counts:
    """As `counts.counts` of a database; raises InputError for a field, a period or an axis that is none."""
    known(by)
    axis = counts.checked(per, filters.get("on"))
    found = tell(lake, where, by, per=per, on=axis, top=None if newest else top)
    spell = partial(spelt, lake)
    return counts.told(found, by, spell, per=per, on=axis, top=top, first=first or newest, newest=newest)


def matrix(lake: Lake, where: Test, rows: str, columns: str, *, top: int) -> Matrix:
    """As `counts.matrix` of a database; raises InputError for a field that is none."""
    both = (rows, columns)
    known(both)
    by: tuple[str, ...] = PAIRED.get(both, both)
    found = tell(lake, where, by, per=None, on="announced", top=None)
    pairs, shown = counts.heaviest(found, top)
    sides = [_side(lake, where, name, values, totals=by == both) for name, values in zip(both, shown, strict=True)]
    return counts.crossed(both, found, pairs, *sides)


def spelt(lake: Lake, kind: Named, values: Collection[str]) -> dict[str, str]:
    """Values of a field of a kind, each with its name."""
    if kind == "parties":
        single = spelt(lake, "party", {one for value in values for one in value.split(counts.BETWEEN)})
        return {value: " > ".join(single[one] for one in value.split(counts.BETWEEN)) for value in values}
    names = {value: value for value in values}
    if kind and names:
        names |= {row["id"]: row["name"] for row in lake.rows(NAMES[kind], (sorted(values),))}
    return names


def _side(lake: Lake, where: Test, name: str, values: Sequence[str], *, totals: bool) -> tuple[Side, ...]:
    names = spelt(lake, FIELDS[name].named, values)
    events: dict[str, int] = {}
    if totals:
        told = tell(lake, where, (name,), per=None, on="announced", top=None)
        events = {value: one.total() for (value,), one in told.counts.items()}
    return tuple(Side(value=value, name=names[value], events=events.get(value)) for value in values)


def _grouped(fields: Sequence[Field], period: str, day: str, where: str) -> str:
    """The question for how many events have each value of one field, or of two together."""
    names = ["one", "other"][: len(fields)]
    lists = ", ".join(f"{_values(one)} AS {name}s" for name, one in zip(names, fields, strict=True))
    told = TOLD.format(day=day, lists=lists, where=where)
    for place, name in enumerate(names):
        kept = "".join(f"{one}, " for one in (*names[:place], *(f"{later}s" for later in names[place + 1 :])))
        told = ONE.format(kept=kept, name=f"{name}s", value=name, told=told)
    stands = [STANDS.format(value=name) for name, one in zip(names, fields, strict=True) if one.named == "party"]
    return GROUPS.format(
        values=", ".join(names), period=period, told=told, stands=f"WHERE {' AND '.join(stands)}" if stands else ""
    )


def _values(of: Field) -> str:
    """The values of a field, each once."""
    if of.plain:
        return f"list_filter([event.{of.facets[0]}], lambda x: x IS NOT NULL)"
    if len(of.facets) == 1:
        return f"event.facet_{of.facets[0]}"
    return f"list_distinct(list_concat({', '.join(f'event.facet_{name}' for name in of.facets)}))"
