"""The timeline in the order of another date than its own: when events take effect, or when they were first seen.

The dates are gone through and each event is looked at until a page is full; where that would take long, since few pass
all that is asked for, all that do are put in order. Events without the date are not told. The timeline's own order is
in `tracker.query.events`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from tracker.errors import InputError
from tracker.query.answers import EventRow
from tracker.query.events import COLUMNS, ORDERS, Order, event_row
from tracker.query.filters import Condition
from tracker.query.plan import MOST_SORTED, Plan
from tracker.query.still import still
from tracker.store.connection import Connection, Value

Axis = Literal["effective", "first_seen"]

LOOK = 4  # times as much work as to find one event by what is asked for: to look at one of a date
MARK = "~"  # between the date and the event of a place


@dataclass(frozen=True, slots=True)
class Column:
    """Where a date stands, what tells events of one date apart, and the index in that order."""

    date: str
    tie: str
    index: str
    place: re.Pattern[str]


AXES: Mapping[Axis, Column] = MappingProxyType(
    {
        "effective": Column(
            "effective_from", "id", "event_by_effect", re.compile(r"(\d{4}-\d{2}-\d{2})~([\w-]+)", re.ASCII)
        ),
        "first_seen": Column(
            "first_seen_at", "number", "event_by_seen", re.compile(r"(\d{4}-[\d:T.+-]+)~(\d{1,18})", re.ASCII)
        ),
    }
)
KEYS = "event.{date} AS at, event.{tie} AS tie, event.number AS number"
SCANNED = "SELECT {keys} FROM event INDEXED BY {index} WHERE event.{date} IS NOT NULL AND ({where})"
COLLECTED = """
SELECT {keys} FROM ({places}) AS place CROSS JOIN event ON event.number = place.number WHERE event.{date} IS NOT NULL
"""
PAGE = """
SELECT {columns}, page.at AS on_axis, page.tie AS tie
FROM ({inner} {beyond} ORDER BY 1 {way}, 2 {way} LIMIT ?) AS page
CROSS JOIN event ON event.number = page.number ORDER BY page.at {way}, page.tie {way}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """A page of events, each with the day (ISO 8601) that it stands at, and what the next page is asked for `after`."""

    events: tuple[tuple[str, EventRow], ...]
    next: str | None


@still
def page(db: Connection, where: Condition, axis: Axis, *, limit: int, after: str | None, order: Order) -> Along:
    """Some events of a condition in the order of an axis.

    Raises:
        InputError: `after` is no `next` of this axis.
    """
    column, (way, beyond) = AXES[axis], ORDERS[order]
    inner, values = _inner(where, column, limit)
    later: tuple[Value, ...] = ()
    if after is not None:
        later = _place(after, column)
    text = PAGE.format(
        columns=COLUMNS,
        inner=inner,
        beyond=f"AND (event.{column.date}, event.{column.tie}) {beyond} (?, ?)" if later else "",
        way=way,
    )
    rows = list(db.rows(text, (*values, *later, limit + 1)))
    shown = rows[:limit]
    return Along(
        events=tuple((row["on_axis"][:10], event_row(row)) for row in shown),
        next=f"{shown[-1]['on_axis']}{MARK}{shown[-1]['tie']}" if len(rows) > limit > 0 else None,
    )


def _inner(where: Condition, column: Column, limit: int) -> tuple[str, tuple[Value, ...]]:
    """The dates of all events of a condition, in no order."""
    keys = KEYS.format(date=column.date, tie=column.tie)
    if where.plan is not None and _is_rare(where.plan, limit):
        places, values = where.any_order()
        return COLLECTED.format(keys=keys, places=places, date=column.date), values
    return SCANNED.format(keys=keys, index=column.index, date=column.date, where=where.sql), where.values


def _is_rare(plan: Plan, limit: int) -> bool:
    """Whether to find all events is less work than to look at events until there are so many, if chance mixes them."""
    events = plan.driver().events
    share = math.prod(one.events / max(plan.every.events, 1) for one in plan.asked if not one.but)
    return events <= MOST_SORTED or events * share < LOOK * limit


def _place(after: str, column: Column) -> tuple[Value, ...]:
    told = column.place.fullmatch(after)
    if told is None:
        raise InputError(f"not a place in this order: {after!r}; use the `next` of a page")
    return told[1], int(told[2]) if column.tie == "number" else told[2]
