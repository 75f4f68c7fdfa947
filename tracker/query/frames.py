"""Rows of the timeline as data frames of pandas or polars, with proper types; neither is needed until it is asked for.

What may be a partial date stays the text that is known, with its precision and the first and last day it may mean
beside it, under the names that Parquet files have, too.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tracker.errors import InputError
from tracker.model import EVENT_COLUMNS, SEPARATOR, Cell, CellKind, Certainty, Direction, EventType, Status
from tracker.store.codec import bounds

Columns = dict[str, list[Any]]

PRECISIONS: Mapping[int, str] = MappingProxyType({4: "year", 7: "month", 10: "day"})
DAYS = ("from", "to")
# Columns with few values, each with all of them.
WORDS: Mapping[str, type[StrEnum]] = MappingProxyType(
    {"type": EventType, "status": Status, "direction": Direction, "certainty": Certainty}
)


def to_pandas(rows: Iterable[tuple[Cell, ...]]) -> Any:
    """A DataFrame of pandas from rows of EVENT_COLUMNS; raises InputError where it is not installed."""
    pd, np = _needed("pandas"), _needed("numpy")
    told = columns(rows)
    frame: dict[str, Any] = {}
    for column in EVENT_COLUMNS:
        values = told[column.name]
        if column.name in WORDS:
            frame[column.name] = pd.Categorical(values, categories=_values(WORDS[column.name]))
        elif column.kind is CellKind.DAY:
            frame[column.name] = np.array(values, dtype="datetime64[s]")
        elif column.kind is CellKind.LIST:
            frame[column.name] = pd.Series(values, dtype="object")
        else:
            frame[column.name] = pd.array(values, dtype=PANDAS[column.kind])
        if column.kind is CellKind.DATE:
            stem = column.name.removesuffix("_on")
            frame[f"{stem}_precision"] = pd.Categorical(
                told[f"{stem}_precision"], categories=[*PRECISIONS.values()], ordered=True
            )
            for part in DAYS:
                frame[f"{stem}_{part}"] = np.array(told[f"{stem}_{part}"], dtype="datetime64[s]")
    return pd.DataFrame(frame)


def to_polars(rows: Iterable[tuple[Cell, ...]]) -> Any:
    """A DataFrame of polars from rows of EVENT_COLUMNS; raises InputError where it is not installed."""
    pl = _needed("polars")
    kinds = {
        CellKind.TEXT: pl.String,
        CellKind.WORD: pl.String,
        CellKind.DATE: pl.String,
        CellKind.DAY: pl.String,
        CellKind.LIST: pl.List(pl.String),
        CellKind.INTEGER: pl.Int64,
        CellKind.NUMBER: pl.Float64,
    }
    schema: dict[str, Any] = {}
    days = []
    for column in EVENT_COLUMNS:
        word = WORDS.get(column.name)
        schema[column.name] = kinds[column.kind] if word is None else pl.Enum(_values(word))
        if column.kind is CellKind.DAY:
            days.append(column.name)
        if column.kind is CellKind.DATE:
            stem = column.name.removesuffix("_on")
            schema[f"{stem}_precision"] = pl.Enum([*PRECISIONS.values()])
            schema |= {f"{stem}_{part}": pl.String for part in DAYS}
            days += [f"{stem}_{part}" for part in DAYS]
    return pl.DataFrame(columns(rows), schema=schema).with_columns(pl.col(days).str.to_date())


def columns(rows: Iterable[tuple[Cell, ...]]) -> Columns:
    """The values of each column: plain ones, lists as lists, days as ISO texts."""
    told: list[list[Any]] = [[] for _ in EVENT_COLUMNS]
    for row in rows:
        for values, cell in zip(told, row, strict=True):
            values.append(cell)
    found: Columns = {}
    for column, values in zip(EVENT_COLUMNS, told, strict=True):
        if column.kind is CellKind.LIST:
            found[column.name] = [cell.split(SEPARATOR) if cell else [] for cell in values]
        elif column.kind is CellKind.DATE:
            found |= _dates(column.name, values)
        else:
            found[column.name] = values
    return found


def _dates(name: str, values: list[Any]) -> Columns:
    stem = name.removesuffix("_on")
    days = [None if cell is None else cell[:10] for cell in values]
    spans = [(None, None) if day is None else bounds(day) for day in days]
    return {
        name: days,
        f"{stem}_precision": [None if day is None else PRECISIONS[len(day)] for day in days],
        f"{stem}_from": [first for first, _ in spans],
        f"{stem}_to": [last for _, last in spans],
    }


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


def _needed(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise InputError(f"to_{module} needs {module}, which is not installed; pip install {module}") from error


PANDAS: Mapping[CellKind, str] = MappingProxyType(
    {
        CellKind.TEXT: "string",
        CellKind.WORD: "string",
        CellKind.DATE: "string",
        CellKind.INTEGER: "int64",
        CellKind.NUMBER: "float64",
    }
)
