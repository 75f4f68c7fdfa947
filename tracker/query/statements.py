"""A page of the timeline as one SELECT with its values in it, which any SQLite program can run as it stands.

    SELECT timeline.*
    FROM event_facet AS place CROSS JOIN timeline …

It goes the way that the question itself goes (`tracker.query.plan`), so that it is as quick; facets are spelt by their
names, not by their numbers. For people who want to see, or change, what they were shown: nothing here asks it.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from tracker.query.counting import iso
from tracker.query.plan import NO_DAY, OF_EVENT, Asked, Condition, Plan
from tracker.store.connection import Connection, Value

MOST_SPELT = 60  # facets by their names; of more, the question that finds them, or their numbers
WAYS = {"newest": "DESC", "oldest": "ASC"}
# The view has none that a person rejected, which are told by their own row.
VIEW, OWN = ("timeline", "timeline.*"), ("event AS rejected", "rejected.day AS date, rejected.*")
FACETS = """
SELECT field, facet_key.value FROM json_each(?) AS wanted CROSS JOIN facet_key ON facet_key.number = wanted.value
ORDER BY field, facet_key.value
"""
# What Datasette refuses anywhere in a question, also within a text.
REFUSED = re.compile("pragma", re.IGNORECASE)


def statement(db: Connection, where: Condition, *, order: str = "newest", limit: int = 100) -> str:
    """The events of a condition in the order of the timeline, the first `limit`."""
    plan = where.plan
    assert plan is not None
    if order == "newest" and plan.known() is not None and not plan.asked and "IS NOT" in plan.standing[0]:
        return f"SELECT *\nFROM timeline\nLIMIT {limit:d}"
    source, tests = _source(db, plan)
    name, columns = VIEW if "IS NOT" in plan.standing[0] else OWN
    way = WAYS[order]
    page = "\n".join(
        (
            "SELECT event.id, event.day, event.number",
            f"FROM {source}",
            *(f"{'WHERE' if place == 0 else '  AND'} {test}" for place, test in enumerate(tests)),
            f"ORDER BY {_order(source, way)}",
            f"LIMIT {limit:d}",
        )
    )
    alias = name.rpartition(" ")[2]
    return (
        f"WITH page AS (\n{textwrap.indent(page, '  ')}\n)\nSELECT {columns}\n"
        f"FROM page CROSS JOIN {name} ON {alias}.id = page.id\nORDER BY page.day {way}, page.number {way}"
    )


def literal(value: Value) -> str:
    """A value as SQL spells it, in one that Datasette takes."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if not isinstance(value, str):
        return repr(value)
    told = "'" + value.replace("'", "''").replace("\0", "") + "'"
    return REFUSED.sub(lambda found: f"{found[0][:3]}' || '{found[0][3:]}", told)


def spelt(sql: str, values: Sequence[Value]) -> str:
    """A question with its values in it; what is bound stands as a question mark and nothing else does."""
    first, *rest = sql.split("?")
    return first + "".join(f"{literal(value)}{part}" for value, part in zip(values, rest, strict=True))


def _source(db: Connection, plan: Plan) -> tuple[str, list[str]]:
    """What the events are taken from, and what is asked of each."""
    drives = plan.driver()
    others = [one for one in sorted(plan.asked, key=lambda one: (bool(one.sql), one.events)) if one is not drives]
    tests = [*(_test(db, one) for one in others), *(spelt(*test) for test in plan.tests), *_late(plan)]
    first, last = plan.first, plan.last
    if drives is plan.every or drives.sql:
        tests = [*_between("event.day", iso(first), iso(last) if last < NO_DAY else ""), spelt(*plan.standing), *tests]
        if not drives.sql:
            return "event", tests
        return (
            f"({spelt(drives.sql, drives.values).strip()}) AS found\nCROSS JOIN event ON event.number = found.number",
            tests,
        )
    keys, days = _keys(db, drives), _between("place.day", first or "", last if last < NO_DAY else "")
    if drives.orders:
        return "event_facet AS place\nCROSS JOIN event ON event.number = place.number", [
            f"place.key = ({keys})",
            *days,
            *tests,
        ]
    places = f"(SELECT DISTINCT day, number FROM event_facet WHERE key IN (\n  {keys}\n)) AS place"  # noqa: S608 - literals
    return f"{places}\nCROSS JOIN event ON event.number = place.number", [*days, *tests]


def _order(source: str, way: str) -> str:
    name = "place" if "AS place" in source else "event"
    return f"{name}.day {way}, {name}.number {way}"


def _between(name: str, first: int | str, last: int | str) -> Iterator[str]:
    if first:
        yield f"{name} >= {literal(first)}"
    if last:
        yield f"{name} <= {literal(last)}"


def _late(plan: Plan) -> Iterator[str]:
    for clause in plan.late:
        yield f"(event.at >= {plan.since} OR {spelt(*clause)})"


def _test(db: Connection, one: Asked) -> str:
    """Whether an event has something that is asked for, its facets by their names."""
    sql, values = one.test(OF_EVENT, few=True)
    if not one.keys:  # the plus keeps SQLite from looking up all that are told, where it goes through events in order
        return spelt(sql.replace("event.number IN", "+event.number IN"), values)
    keys = _keys(db, one)
    if "?" in sql:
        sql, values = sql.replace("SELECT value FROM json_each(?)", keys), ()
    return sql.replace(f"key IN ({', '.join(map(str, one.keys))})", f"key IN ({keys})")


def _keys(db: Connection, one: Asked) -> str:
    """A question for the numbers of facets."""
    if len(one.keys) <= MOST_SPELT:
        rows = db.rows(FACETS, (json.dumps(one.keys),))
        fields = [
            _any(name, [row["value"] for row in some]) for name, some in groupby(rows, key=lambda row: row["field"])
        ]
        return f"SELECT number FROM facet_key WHERE {' OR '.join(fields)}"  # noqa: S608 - literals
    if one.found[0]:
        return f"SELECT number FROM ({spelt(*one.found).strip()})"  # noqa: S608 - literals
    return ", ".join(map(str, one.keys))


def _any(name: str, values: Sequence[str]) -> str:
    told = ", ".join(map(literal, values))
    return f"field = {literal(name)} AND value {f'IN ({told})' if len(values) > 1 else f'= {told}'}"
