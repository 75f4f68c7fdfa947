"""Which events pass filters, as masks over the arrays of an index (`tracker.query.facet_columns`).

What filters ask for is told by `tracker.query.filters` as a plan; its keys and its days are looked up in the arrays.
Sets of events that a question gives, and tests of an event's own row, are asked of the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from tracker.errors import InputError
from tracker.query import facet_rows, parties, plan
from tracker.query.counting import iso
from tracker.query.dates import AXES
from tracker.query.facet_columns import Chosen, Part, Values
from tracker.query.filters import EXACTLY, THINGS, Filters, condition
from tracker.query.plan import Asked, Clause, Plan
from tracker.store.codec import folded
from tracker.store.connection import Connection, Value
from tracker.store.facets import REJECTED

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

Marks: TypeAlias = "tuple[Array, ...]"  # one for each part

MOST_TESTED = 50_000  # events whose rows are read
DATED = ("since", "until", "on")  # filters that the arrays of days answer
MEANT = "SELECT field, facet_key.value FROM json_each(?) AS wanted JOIN facet_key ON facet_key.number = wanted.value"
THESE = "SELECT group_concat(number) FROM ({sql})"
# Of few events, those that pass tests of their rows.
TESTED = "SELECT group_concat(number) FROM event WHERE number IN (SELECT value FROM json_each(?)) AND {tests}"
COUNTRIES = ("country", "pair")  # fields in which a country may be called by its name


class TooManyError(InputError):
    """Too many events would have to be looked at one by one."""

    def __init__(self) -> None:
        """With what to do."""
        super().__init__(f"more than {MOST_TESTED:,} events would have to be looked at one by one; narrow the question")


@dataclass(frozen=True, slots=True)
class Masks:
    """What filters mean for the parts of an index; what was asked once is remembered for the others."""

    db: Connection
    parts: Sequence[Part]
    known: Mapping[str, Values]
    asked: dict[Asked, Marks] = field(default_factory=dict)
    chosen: dict[str, tuple[Chosen, ...]] = field(default_factory=dict)
    # By tests of rows: whose were looked at, and who passed.
    looked: dict[Clause, tuple[list[Array], list[Array]]] = field(default_factory=dict)

    def of(self, filters: Filters) -> tuple[Chosen, ...]:
        """The events that pass; relative dates are none (`dates.absolute` goes first). Raises InputError."""
        key = repr(sorted(filters.items()))
        if key not in self.chosen:
            told, marks = self._all(filters)
            self.chosen[key] = tuple(Chosen.of(mask) for mask in (self._tested(told, marks) if told.tests else marks))
        return self.chosen[key]

    def bound(self, questions: Iterable[Filters]) -> None:
        """Raise TooManyError where any of some questions asks to look at too many events, before one is looked at."""
        for filters in questions:
            told, marks = self._all(filters)
            if not told.tests:
                return  # one that narrows less has no more of them
            _bound(self._doubted(told, marks))

    def meant(self, name: str, text: str) -> str:
        """The value of a field that a filter's text names."""
        if name == "language":
            return text.lower()
        if name in THINGS and text.startswith(EXACTLY):
            return folded(text[1:])
        if name in COUNTRIES:
            return ">".join(parties.country(self.db, one.strip()) or one.strip().upper() for one in text.split(">"))
        return text

    def _all(self, filters: Filters) -> tuple[Plan, list[Array]]:
        """What is asked, and for each part the events that pass but for tests of their rows."""
        if (axis := filters.get("on") or "announced") not in AXES:
            raise InputError(f"unknown axis: {axis!r}; one of {', '.join(AXES)}")
        rest = cast("Filters", {name: value for name, value in filters.items() if name not in DATED})
        told = condition(self.db, rest).plan
        assert told is not None
        return told, [self._marked(place, told, filters, axis) for place in range(len(self.parts))]

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

        codes: dict[str, list[int]] = {}
        for shown, value in self.db.tuples(MEANT, (json.dumps(keys),)):
            name = shown.removeprefix(REJECTED)
            codes.setdefault(name, []).append(self.known[facet_rows.HELD[name]].codes.get(value, 0))
        wanted = {}
        for name, some in codes.items():
            wanted[name] = np.zeros(self.known[facet_rows.HELD[name]].size, dtype=bool)
            wanted[name][some] = True
            wanted[name][0] = False
        found = []
        for part in self.parts:
            mask = np.zeros(len(part), dtype=bool)
            for name, told in wanted.items():
                mask |= part.columns[name].marked(told, len(part))
            found.append(mask)
        return tuple(found)

    def _numbers(self, sql: str, values: tuple[Value, ...]) -> Marks:
        """Events whose numbers a question gives."""
        numbers = facet_rows.joined(self.db, THESE.format(sql=sql), values)
        return tuple(part.holds(numbers) for part in self.parts)

    def _tested(self, told: Plan, marks: list[Array]) -> list[Array]:
        """Those that pass the tests of their rows, too; each event is looked at once, whatever else is asked of it."""
        import numpy as np  # noqa: PLC0415 - as above

        sql = " AND ".join(f"({sql})" for sql, _ in told.tests)
        values = tuple(value for _, some in told.tests for value in some)
        none = [np.zeros(len(part), dtype=bool) for part in self.parts]
        seen, passing = self.looked.get((sql, values), (none, self._sure(told) or none))
        doubted = self._doubted(told, marks)
        _bound(doubted)
        few = [part.numbers[mask & ~old] for mask, old, part in zip(doubted, seen, self.parts, strict=True)]
        wanted = json.dumps([number for some in few for number in some.tolist()])
        numbers = facet_rows.joined(self.db, TESTED.format(tests=sql), (wanted, *values))
        passing = [old | part.holds(numbers) for old, part in zip(passing, self.parts, strict=True)]
        self.looked[sql, values] = [old | mask for old, mask in zip(seen, marks, strict=True)], passing
        return [mask & found for mask, found in zip(marks, passing, strict=True)]

    def _sure(self, told: Plan) -> list[Array] | None:
        """What passes the tests for sure, where that is known of any."""
        return None if told.sure is None else list(self._asked(told.sure))

    def _doubted(self, told: Plan, marks: list[Array]) -> list[Array]:
        """Those whose rows have to be looked at."""
        sure = self._sure(told)
        return marks if sure is None else [mask & ~one for mask, one in zip(marks, sure, strict=True)]


def _bound(marks: Iterable[Array]) -> None:
    import numpy as np  # noqa: PLC0415 - as above

    if sum(map(np.count_nonzero, marks)) > MOST_TESTED:
        raise TooManyError


def months(parts: Sequence[Part], some: Sequence[Chosen], axis: str | None) -> tuple[tuple[str, int], ...]:
    """How many of some events lie in each month, by the first day on which they may."""
    import numpy as np  # noqa: PLC0415 - as above

    total = np.zeros(0, dtype=np.int64)
    for part, chosen in zip(parts, some, strict=True):
        found = np.bincount(chosen.picked(part.days[axis or "announced"]) // 100)
        total, found = (total, found) if len(total) > len(found) else (found, total)
        total[: len(found)] += found
    there = np.flatnonzero(total).tolist()
    return tuple((iso(month), int(total[month])) for month in there if month)


def _number(day: str) -> int:
    return int(day.replace("-", ""))
