"""Parquet: the rows of the timeline with proper types, a group of rows at a time.

A date of the world stays the text that is known (`2024-07`), with its precision and the first and last day that it may
mean beside it as dates. Lists are lists. Text is kept as it is.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import Any, BinaryIO

from tracker.export import cells
from tracker.extras import needed
from tracker.model import EVENT_COLUMNS, SEPARATOR, Cell, CellKind

GROUP = 20_000  # rows
PRECISIONS = MappingProxyType({4: "year", 7: "month", 10: "day"})
PARTS = ("precision", "from", "to")


def columns() -> dict[str, str]:
    """The columns with their types, as Arrow names them."""
    found = {}
    for column in EVENT_COLUMNS:
        found[column.name] = ARROW[column.kind]
        if column.kind is CellKind.DATE:
            stem = column.name.removesuffix("_on")
            found |= {f"{stem}_{part}": "string" if part == "precision" else "date32" for part in PARTS}
    return found


def write(rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """Write rows of EVENT_COLUMNS; at most one group of rows is in memory."""
    arrow = needed("pyarrow", "Parquet")
    schema = arrow.schema([(name, _type(arrow, kind)) for name, kind in columns().items()])
    source = iter(rows)
    with needed("pyarrow.parquet", "Parquet").ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(source, GROUP)):
            values = [found for place, column in enumerate(EVENT_COLUMNS)
                      for found in _columns(column.kind, [row[place] for row in group])]  # fmt: skip
            arrays = [arrow.array(found, type=field.type) for found, field in zip(values, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema), row_group_size=GROUP)


def span(prefix: str) -> tuple[date, date]:
    """The first and the last day that an ISO prefix may mean."""
    year, month, day = (*map(int, prefix.split("-")), 0, 0)[:3]
    last = day or calendar.monthrange(year, month or 12)[1]
    return date(year, month or 1, day or 1), date(year, month or 12, last)


def _columns(kind: CellKind, found: list[Cell]) -> Iterator[list[Any]]:
    if kind is CellKind.DATE:
        prefixes = [None if cell is None else str(cell)[:10] for cell in found]
        spans = [None if prefix is None else span(prefix) for prefix in prefixes]
        yield prefixes
        yield [None if prefix is None else PRECISIONS[len(prefix)] for prefix in prefixes]
        yield [None if one is None else one[0] for one in spans]
        yield [None if one is None else one[1] for one in spans]
    else:
        yield [READ[kind](cell) for cell in found]


def _text(cell: Cell) -> Cell:
    return cells.whole(cell) if isinstance(cell, str) else cell


def _list(cell: Cell) -> list[str]:
    return cells.whole(str(cell)).split(SEPARATOR) if cell else []


def _day(cell: Cell) -> date | None:
    return date.fromisoformat(str(cell)) if cell else None


def _plain(cell: Cell) -> Cell:
    return cell


def _type(arrow: Any, name: str) -> Any:
    return arrow.list_(arrow.string()) if name == "list<string>" else getattr(arrow, name)()


READ: Mapping[CellKind, Callable[[Cell], Any]] = MappingProxyType(
    {
        CellKind.TEXT: _text,
        CellKind.WORD: _text,
        CellKind.LIST: _list,
        CellKind.DAY: _day,
        CellKind.INTEGER: _plain,
        CellKind.NUMBER: _plain,
    }
)
ARROW: Mapping[CellKind, str] = MappingProxyType(
    {
        CellKind.TEXT: "string",
        CellKind.WORD: "string",
        CellKind.DATE: "string",
        CellKind.DAY: "date32",
        CellKind.LIST: "list<string>",
        CellKind.INTEGER: "int64",
        CellKind.NUMBER: "float64",
    }
)
