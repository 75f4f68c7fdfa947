"""Which events pass filters, as masks over the arrays of an index (`tracker.query.facet_columns`).

What filters ask for is told by `tracker.query.filters` as a plan; its keys and its days are looked up in the arrays.
Sets of events that a question gives, and tests of an event's own row, are asked of the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from tracker.errors import InputError
from tracker.query import facet_rows, parties, plan
from tracker.query.counting import iso
from tracker.query.dates import AXES
from tracker.query.facet_columns import Chosen, Part, Values
from tracker.query.filters import Filters, condition
from tracker.query.plan import Asked, Plan
from tracker.store.connection import Connection, Value
from tracker.store.facets import REJECTED

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

Marks: TypeAlias = "tuple[Array, ...]"  # one for each part

DATED = ("since", "until", "on")  # filters that the arrays of days answer
MEANT = "SELECT field, facet_key.value FROM json_each(?) AS wanted JOIN facet_key ON facet_key.number = wanted.value"
THESE = "SELECT group_concat(number) FROM ({sql})"
# Of few events, those that pass tests of their rows.
TESTED = "SELECT group_concat(number) FROM event WHERE number IN (SELECT value FROM json_each(?)) AND {tests}"
COUNTRIES = ("country", "pair")  # fields in which a country may be called by its name


@dataclass(frozen=True, slots=True)
class Masks:
    """What filters mean for the parts of an index; what was asked once is remembered for the others."""

    db: Connection
    parts: Sequence[Part]
    known: Mapping[str, Values]
    asked: dict[Asked, Marks] = field(default_factory=dict)

    def of(self, filters: Filters) -> tuple[Chosen, ...]:
        """The events that pass; relative dates are none (`dates.absolute` goes first). Raises InputError."""
        if (axis := filters.get("on") or "announced") not in AXES:
            raise InputError(f"unknown axis: {axis!r}; one of {', '.join(AXES)}")
        rest = cast("Filters", {name: value for name, value in filters.items() if name not in DATED})
        told = condition(self.db, rest).plan
        assert told is not None
        marks = [self._marked(place, told, filters, axis) for place in range(len(self.parts))]
        if told.tests:
            marks = self._tested(told, marks)
        return tuple(Chosen.of(mask) for mask in marks)

    def meant(self, name: str, text: str) -> str:
        """The value of a field that a filter's text names."""
        if name == "language":
            return text.lower()
        if name in COUNTRIES:
            return ">".join(parties.country(self.db, one.strip()) or one.strip().upper() for one in text.split(">"))
        return text

    def _marked(self, place: int, told: Plan, filters: Filters, axis: str) -> Array:
        """The events of one part that pass, but for tests of their rows."""
        part = self.parts[place]
        mask: Array = part.alive & (part.rejected == bool(filters.get("rejected")))
        for one in told.asked:
            found = self._asked(one)[place]
            mask &= ~found if one.but else found
        first, last = part.days[axis], part.days["first_seen" if axis == "first_seen" else f"{axis}_last"]
        if since := filters.get("since"):
            day = _number(since)
            mask &= ((first >= day) | (last >= day)) & (first >= day // 10000 * 10000)
        if until := filters.get("until"):
            mask &= (first <= _number(until)) & ((first > 0) | (axis == "announced"))
        if told.first or told.last < plan.NO_DAY:
            mask &= (part.days["announced"] >= told.first) & (part.days["announced"] <= told.last)
        return mask

    def _asked(self, one: Asked) -> Marks:
        if one not in self.asked:
            self.asked[one] = self._numbers(one.sql, one.values) if one.sql else self._keys(one.keys)
        return self.asked[one]

    def _keys(self, keys: tuple[int, ...]) -> Marks:
        """Events with any of some facets."""
        import numpy as np  # noqa: PLC0415 - other questions need no arrays

        wanted: dict[str, Array] = {}
        for shown, value in self.db.tuples(MEANT, (json.dumps(keys),)):
            name = shown.removeprefix(REJECTED)
            values = self.known[facet_rows.HELD[name]]
            code = values.codes.get(value, 0)
            wanted.setdefault(name, np.zeros(values.size, dtype=bool))[code] = code > 0
        found = []
        for part in self.parts:
            mask = np.zeros(len(part), dtype=bool)
            for name, codes in wanted.items():
                mask |= part.columns[name].marked(codes, len(part))
            found.append(mask)
        return tuple(found)

    def _numbers(self, sql: str, values: tuple[Value, ...]) -> Marks:
        """Events whose numbers a question gives."""
        numbers = facet_rows.joined(self.db, THESE.format(sql=sql), values)
        return tuple(part.holds(numbers) for part in self.parts)

    def _tested(self, told: Plan, marks: list[Array]) -> list[Array]:
        """Those that pass the tests of their rows, too."""
        tests = " AND ".join(f"({sql})" for sql, _ in told.tests)
        values = tuple(value for _, some in told.tests for value in some)
        if sum(int(mask.sum()) for mask in marks) <= plan.MOST_SORTED:
            told_of = zip(marks, self.parts, strict=True)
            few = [number for mask, part in told_of for number in part.numbers[mask].tolist()]
            numbers = facet_rows.joined(self.db, TESTED.format(tests=tests), (json.dumps(few), *values))
            passed: Marks = tuple(part.holds(numbers) for part in self.parts)
        else:
            passed = self._numbers(*told.numbers())
        return [mask & found for mask, found in zip(marks, passed, strict=True)]


def months(parts: Sequence[Part], some: Sequence[Chosen], axis: str | None) -> tuple[tuple[str, int], ...]:
    """How many of some events lie in each month, by the first day on which they may."""
    import numpy as np  # noqa: PLC0415 - as above

    total = np.zeros(0, dtype=np.int64)
    for part, chosen in zip(parts, some, strict=True):
        days = chosen.picked(part.days[axis or "announced"])
        found = np.bincount(days // 10000 * 12 + days // 100 % 100)
        found[: len(total)] += total[: len(found)]
        total = np.concatenate([found, total[len(found) :]])
    there = [(month, int(total[month])) for month in np.flatnonzero(total).tolist() if month]
    return tuple((iso((month - 1) // 12 * 100 + (month - 1) % 12 + 1), events) for month, events in there)


def _number(day: str) -> int:
    return int(day.replace("-", ""))
