"""CSV, TSV and Markdown: any text stays in its cell, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

import export_samples as samples
import pytest
from hypothesis import given

from tracker.export import cells, tables
from tracker.model import EVENT_COLUMNS, Cell, CellKind


def written(write: Callable[[Iterable[Any], BinaryIO], None], found: Iterable[Any]) -> str:
    out = io.BytesIO()
    write(found, out)
    return out.getvalue().decode("utf-8")


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def as_sql_does(row: Sequence[Cell]) -> str:
    """A line of `Timeline.lines`."""
    told = []
    for cell, column in zip(row, EVENT_COLUMNS, strict=True):
        text = "" if cell is None else tables._number(cell) if isinstance(cell, float) else str(cell)
        doubled = text.replace('"', '""')
        told.append(f'"{doubled}"' if column.kind in {CellKind.TEXT, CellKind.LIST} else text)
    return ",".join(told)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("plain", "plain"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        (" =1", "' =1"),
        ("\x00=1", "'=1"),
        ("\u202e=1", "'=1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("two\nlines", "two lines"),
        ("a\u2028b", "a b"),
        ('say "no", then', 'say "no", then'),
        ("\x1b[31mred", "[31mred"),
        ("\ud800x", "x"),
    ],
)
def test_a_cell_is_safe_to_open(cell: str, shown: str) -> None:
    place = samples.NAMES.index("summary")
    rows = [samples.row(summary=cell)]
    assert read(written(tables.csv_rows, rows))[1][place] == shown
    assert written(tables.tsv, rows).split("\n")[1].split("\t")[place] == shown
    line = as_sql_does(rows[0])
    assert read(written(tables.csv_lines, [line]))[1][place] == shown


def test_the_plain_row() -> None:
    head, line, end = written(tables.csv_rows, [samples.row()]).split("\r\n")
    assert head == ",".join(samples.NAMES)
    assert line == (
        'e1,2024-06-25,export_control,"",announced,restrict,confirmed,"United States","China; Huawei","AI chips","",'
        '2024-06-25,2024-07,"The US restricts AI chips",0.75,3,2,2,"https://herald.example/a",m1'
    )
    assert end == ""


def test_numbers_stay_numbers() -> None:
    told = read(written(tables.csv_rows, [samples.row(confidence=-0.5, origins=-3)]))[1]
    assert (told[samples.NAMES.index("confidence")], told[samples.NAMES.index("origins")]) == ("-0.5", "-3")


@given(samples.ROWS)
def test_any_rows_come_back_from_csv(rows: list[tuple[Cell, ...]]) -> None:
    told = read(written(tables.csv_rows, rows))
    assert told == [list(samples.NAMES), *(list(tables._texts(row)) for row in rows)]
    for line in told[1:]:
        for text, column in zip(line, EVENT_COLUMNS, strict=True):
            if column.kind in {CellKind.TEXT, CellKind.WORD, CellKind.LIST}:
                assert not text.startswith(cells.FORMULA)
                assert cells.CONTROLS.search(text) is None


@given(samples.ROWS)
def test_lines_that_are_looked_at_together_are_written_as_cells_are(rows: list[tuple[Cell, ...]]) -> None:
    words = [place for place, column in enumerate(EVENT_COLUMNS) if column.kind is CellKind.WORD]
    safe = [tuple("w1" if place in words else cell for place, cell in enumerate(row)) for row in rows]
    whole = [tuple(cells.whole(cell) if isinstance(cell, str) else cell for cell in row) for row in safe]
    assert written(tables.csv_lines, map(as_sql_does, whole)) == written(tables.csv_rows, whole)


@given(samples.ROWS)
def test_any_rows_come_back_from_tsv(rows: list[tuple[Cell, ...]]) -> None:
    lines = written(tables.tsv, rows).split("\n")
    assert [line.split("\t") for line in lines[1:-1]] == [list(tables._texts(row)) for row in rows]
    assert len(written(tables.tsv, rows).splitlines()) == len(rows) + 1


@given(samples.ROWS)
def test_any_rows_stay_in_their_cells_in_markdown(rows: list[tuple[Cell, ...]]) -> None:
    lines = written(tables.markdown, rows).splitlines()
    assert len(lines) == len(rows) + 2
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines} == {len(tables.SHOWN) + 1}
