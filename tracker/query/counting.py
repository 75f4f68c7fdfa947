"""What events can be counted by: fields of facets, periods, and the answers that hold the counts.

A field's values are those of its facets; what an event has several of (parties, items, sources) counts once for each.
It reads no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal

from tracker.errors import InputError
from tracker.query.answers import as_dict
from tracker.spelling import nearest

Per = Literal["day", "week", "month", "quarter", "year"]
Named = Literal["party", "source", "thing", "parties", ""]

Values = tuple[str, ...]

PERIODS: tuple[Per, ...] = ("day", "week", "month", "quarter", "year")
# The first day that a date may mean, on each axis.
AXES: Mapping[str, str] = MappingProxyType(
    {
        "announced": "event.day",
        "effective": "event.effective_from",
        "first_seen": "substr(event.first_seen_at, 1, 10)",
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field to count by.

    Its values are those of `facets`, each once for an event; `less` is the facet of those that two of them have, told
    by `twice` where its value is another. A `plain` field is a column, of which an event has one value or none.
    """

    facets: tuple[str, ...]
    plain: bool = False
    less: str = ""
    twice: str = "value"
    named: Named = ""


# Of pairs those whose two sides are one country.
LEFT = "substr(value, 1, instr(value, '>') - 1)"
SAME = f"CASE WHEN {LEFT} = substr(value, instr(value, '>') + 1) THEN {LEFT} END"

FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "type": Field(("type",), plain=True),
        "subtype": Field(("subtype",), plain=True),
        "status": Field(("status",), plain=True),
        "direction": Field(("direction",), plain=True),
        "certainty": Field(("certainty",), plain=True),
        "actor": Field(("actor",), named="party"),
        "target": Field(("target",), named="party"),
        "party": Field(("actor", "target"), less="both", named="party"),
        "party_kind": Field(("party_kind",)),
        "country": Field(("actor_seat", "target_seat"), less="pair", twice=SAME),
        "actor_country": Field(("actor_seat",)),
        "target_country": Field(("target_seat",)),
        "pair": Field(("pair",)),
        "actor_target": Field(("actor_target",), named="parties"),
        "item": Field(("item",), named="thing"),
        "instrument": Field(("instrument",), named="thing"),
        "source": Field(("source",), named="source"),
        "tier": Field(("tier",)),
        "tag": Field(("tag",)),
        "language": Field(("language",)),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """How many events have some values, in a period where one is asked for.

    `values` holds one for each field that is counted by; `names` the same as people read it (of parties and sources,
    whose values are ids). Without values it is all events of the period. `first` is their first day, where asked.
    """

    values: tuple[str, ...]
    names: tuple[str, ...]
    period: str | None
    events: int
    first: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The counts of one value, for each period of a trend; without a value those of all others."""

    value: str | None
    name: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Counts in the order of time: every period from the first to the last, also those without events.

    `whole`: the series add up to all events; else one event may stand in several. `undated` events are in no period.
    """

    by: tuple[str, ...]
    per: str
    on: str
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    whole: bool
    undated: int

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts of events: the values with most of them first, each in the order of the periods.

    `events` is how many pass the filters; `values` how many values (of two fields: combinations) there are in all.
    `others` is what is left in each period: only for fields of which an event has one value or none.
    """

    by: tuple[str, ...]
    per: str | None
    on: str
    events: int
    values: int
    rows: tuple[CountRow, ...]
    others: tuple[CountRow, ...] = ()

    def table(self) -> tuple[tuple[str, ...], list[tuple[str | int | None, ...]]]:
        """The names of the columns, and the rows; names stand beside ids, the others at the end without a value."""
        named = [FIELDS[name].named for name in self.by]
        head = [
            told for name, kind in zip(self.by, named, strict=True) for told in (name, f"{name}_name")[: 1 + bool(kind)]
        ]
        dated = any(row.first for row in self.rows)
        columns = (*head, *([self.per] if self.per else []), "events", *(["first"] if dated else []))
        return columns, [self._cells(row, named, dated=dated) for row in (*self.rows, *self.others)]

    def trend(self) -> Trend:
        """The same as series over time; raises InputError where no period was asked for."""
        if self.per is None:
            raise InputError("a trend is told by day, week, month, quarter or year; name one")
        told: dict[Values, tuple[str, Counter[str | None]]] = {}
        for row in (*self.rows, *self.others):
            told.setdefault(row.values, (", ".join(row.names), Counter()))[1][row.period] += row.events
        dated = {when for _, periods in told.values() for when in periods if when is not None}
        periods = tuple(span(min(dated), max(dated), self.per)) if dated else ()
        unnamed = "others" if self.by else "events"
        return Trend(
            by=self.by,
            per=self.per,
            on=self.on,
            periods=periods,
            series=tuple(
                Series(
                    value=", ".join(values) or None,
                    name=name or unnamed,
                    events=tuple(counted[when] for when in periods),
                )
                for values, (name, counted) in told.items()
            ),
            whole=all(FIELDS[name].plain for name in self.by),
            undated=sum(counted[None] for _, counted in told.values()),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        columns, rows = self.table()
        told = [dict(zip(columns, row, strict=True)) for row in rows]
        answer: dict[str, Any] = {name: getattr(self, name) for name in ("per", "on", "events", "values")}
        return {"by": list(self.by)} | answer | {"rows": told[: len(self.rows)], "others": told[len(self.rows) :]}

    def _cells(self, row: CountRow, named: Sequence[str], *, dated: bool) -> tuple[str | int | None, ...]:
        values = row.values or (None,) * len(self.by)
        names = row.names or (None,) * len(self.by)
        told = [
            one
            for value, name, kind in zip(values, names, named, strict=True)
            for one in (value, name)[: 1 + bool(kind)]
        ]
        return (*told, *([row.period] if self.per else []), row.events, *([row.first] if dated else []))


def known(by: Sequence[str]) -> tuple[Field, ...]:
    """The fields of some names.

    Raises:
        InputError: there is no such field, one is named twice, or there are more than two.
    """
    for name in by:
        if name not in FIELDS:
            near = nearest(name, tuple(FIELDS))
            remedy = f"did you mean {near!r}?" if near else f"use {', '.join(FIELDS)}"
            raise InputError(f"events cannot be counted by {name!r}; {remedy}")
    if len(set(by)) < len(by) or len(by) > 2:
        raise InputError(f"events are counted by one field or by two different ones, not by {', '.join(by)}")
    return tuple(FIELDS[name] for name in by)


def period(day: str, per: str) -> str | None:
    """The period that a day lies in: 2024-06-25, 2024-W26 (ISO 8601), 2024-06, 2024-Q2, 2024; None for no day."""
    if not day:
        return None
    if per == "week":
        year, week, _ = date.fromisoformat(day).isocalendar()
        return f"{year:04}-W{week:02}"
    if per == "quarter":
        return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"
    return day[: {"day": 10, "month": 7, "year": 4}[per]]


def span(first: str, last: str, per: str) -> Iterator[str]:
    """Every period from one to another."""
    day, found = _begins(first), first
    yield found
    while found != last:
        day += timedelta(days=1 if per == "day" else 7 if per == "week" else 28)
        if (after := period(day.isoformat(), per)) not in (None, found):
            assert after is not None
            found = after
            yield found


def _begins(told: str) -> date:
    """The first day of a period."""
    if "W" in told:
        return date.fromisoformat(f"{told}-1")
    if "Q" in told:
        return date(int(told[:4]), int(told[-1]) * 3 - 2, 1)
    return date.fromisoformat(told + "-01-01"[len(told) - 4 :] if len(told) < 10 else told)


def iso(number: int) -> str:
    """A day from its number (20240709), or a month from its own (202407); nothing for 0."""
    if not number:
        return ""
    month = f"{number % 100:02}"
    return (
        f"{number // 10000:04}-{number // 100 % 100:02}-{month}" if number > 999999 else f"{number // 100:04}-{month}"
    )


def ranked(counts: Mapping[tuple[str, ...], int], top: int | None) -> list[tuple[str, ...]]:
    """The values with most events first, those with equally many by their spelling; at most so many."""
    order = sorted(counts, key=lambda values: (-counts[values], values))
    return order if top is None else order[:top]
