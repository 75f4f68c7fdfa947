"""One field against another under any filters, counted from an index in memory: who restricts whom.

Other than `Timeline.matrix` it counts parties with what belongs to them, as the filters do, and tells what the shown
values leave out. The cells of a row do not add up to its total: an event counts in each column that it has a value of,
once in the total, and among the others where it has none of those shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker.query.answers import as_dict
from tracker.query.counting import FIELDS, known
from tracker.query.counts import spelt
from tracker.query.facet_columns import Chosen, Part
from tracker.query.facet_masks import Masks
from tracker.query.facet_rows import HELD
from tracker.query.facets import Index, leading
from tracker.query.filters import Filters
from tracker.store.connection import Connection

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

BITS = 32  # values of a side: an event's are told by as many bits


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSide:
    """A value of a row or column: its name, how many events have it, and how many of these none of the shown others."""

    value: str
    name: str
    events: int
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How many events have a value of one field and one of another; `cells` holds a list for each row.

    `events` pass the filters. `row_values` and `column_values` say how many values there are in all.
    """

    row_field: str
    column_field: str
    events: int
    row_values: int
    column_values: int
    rows: tuple[GridSide, ...]
    columns: tuple[GridSide, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def most(self) -> int:
        """The greatest number of a cell."""
        return max((events for line in self.cells for events in line), default=0)

    to_dict = as_dict


@dataclass(frozen=True, slots=True)
class _Side:
    """A field with the values that are shown of it, most first."""

    field: str
    values: tuple[str, ...]
    totals: tuple[int, ...]
    many: int
    names: dict[str, str]

    def told(self, others: Sequence[int]) -> tuple[GridSide, ...]:
        return tuple(
            GridSide(value=value, name=self.names[value], events=events, others=left)
            for value, events, left in zip(self.values, self.totals, others[: len(self.values)], strict=True)
        )


def grid(index: Index, db: Connection, filters: Filters, rows: str, columns: str, *, top: int) -> Grid:
    """Two fields against each other, of each the `top` values (at most `BITS`) that most events have.

    Filters come with settled dates (`dates.absolute`).

    Raises:
        InputError: a field or a filter is none.
    """
    known((rows, columns))
    with db.reading():
        some = Masks(db, index.parts, index.known).of(filters)
        left, right = (_side(index, db, name, some, top) for name in (rows, columns))
    cells, rest, below = _crossed(*(_bits(index, side.field, side.values, some) for side in (left, right)))
    return Grid(
        row_field=rows,
        column_field=columns,
        events=sum(one.events for one in some),
        row_values=left.many,
        column_values=right.many,
        rows=left.told(rest),
        columns=right.told(below),
        cells=tuple(tuple(line[: len(right.values)]) for line in cells[: len(left.values)]),
    )


def named(index: Index, db: Connection, filters: Filters, field: str) -> int:
    """How many of the events that pass filters have any value of a field; raises InputError as `grid`."""
    import numpy as np  # noqa: PLC0415 - other questions need no arrays

    known((field,))
    with db.reading():
        some = Masks(db, index.parts, index.known).of(filters)
    return int(np.count_nonzero(_bits(index, field, None, some)))


def _side(index: Index, db: Connection, name: str, some: Sequence[Chosen], top: int) -> _Side:
    import numpy as np  # noqa: PLC0415 - as above

    one = FIELDS[name]
    counts = index.counts(name, tuple(some))
    values = tuple(leading(db, counts, index.known[HELD[one.facets[0]]], top, parties=one.named == "party"))
    return _Side(
        field=name,
        values=values,
        totals=tuple(int(counts[_code(index, name, value)]) for value in values),
        many=int(np.count_nonzero(counts)),
        names=spelt(db, one.named, values),
    )


def _code(index: Index, name: str, value: str) -> int:
    return index.known[HELD[FIELDS[name].facets[0]]].codes[value]


def _bits(index: Index, name: str, values: Sequence[str] | None, some: Sequence[Chosen]) -> Array:
    """Of each chosen event which of some values it has: a bit for each, the first the lowest; of None one for any."""
    import numpy as np  # noqa: PLC0415 - as above

    meant = np.full(index.known[HELD[FIELDS[name].facets[0]]].size, values is None).astype(np.uint64)
    meant[0] = 0
    for place, value in enumerate(values or ()):
        meant[_code(index, name, value)] = 1 << place
    told = [_of_part(part, FIELDS[name].facets, meant, one) for part, one in zip(index.parts, some, strict=True)]
    return np.concatenate(told) if told else np.zeros(0, dtype=np.uint64)


def _of_part(part: Part, facets: Sequence[str], meant: Array, chosen: Chosen) -> Array:
    import numpy as np  # noqa: PLC0415 - as above

    found: Array = np.zeros(chosen.events, dtype=meant.dtype)
    for column in (part.columns[facet] for facet in facets):
        for told in column.dense:
            found |= meant[chosen.picked(told)]
        there = chosen.mask[column.owners] & (meant[column.codes] > 0)
        if there.any():
            places = np.cumsum(chosen.mask) - 1
            np.bitwise_or.at(found, places[column.owners[there]], meant[column.codes[there]])
    return found


def _crossed(of_rows: Array, of_columns: Array) -> tuple[list[list[int]], list[int], list[int]]:
    """How many events have both of each two values, and how many of each row and column none of the other side's."""
    import numpy as np  # noqa: PLC0415 - as above

    alike, events = np.unique(of_rows << BITS | of_columns, return_counts=True)
    rows, columns = alike >> BITS, alike & ((1 << BITS) - 1)
    places = np.arange(BITS, dtype=np.uint64)
    has_row, has_column = (side[:, None] >> places & np.uint64(1) for side in (rows, columns))
    counted = events.astype(np.float64)  # exact, and multiplied much faster than whole numbers
    cells = has_row.T.astype(np.float64) @ (has_column * counted[:, None])
    rest = has_row.T @ (counted * (columns == 0))
    below = has_column.T @ (counted * (rows == 0))
    return cells.astype(int).tolist(), rest.astype(int).tolist(), below.astype(int).tolist()
