"""JSON and JSON lines: any text comes back, one object a line, whatever a reader takes for the end of a line."""

from __future__ import annotations

import io
import json
from typing import Any

import export_samples as samples
from hypothesis import given

from tracker.export import cells, objects
from tracker.model import EVENT_COLUMNS, SEPARATOR, Cell, CellKind


def expected(row: tuple[Cell, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for column, cell in zip(EVENT_COLUMNS, row, strict=True):
        text = cells.whole(cell) if isinstance(cell, str) else cell
        told[column.name] = text
        if column.kind is CellKind.LIST:
            told[column.name] = str(text).split(SEPARATOR) if text else []
    return told


@given(samples.ROWS)
def test_any_rows_come_back(rows: list[tuple[Cell, ...]]) -> None:
    wanted = [expected(row) for row in rows]
    lines, array = io.BytesIO(), io.BytesIO()
    objects.jsonl(objects.from_rows(rows), lines)
    objects.json_array(objects.from_rows(rows), array)
    told = lines.getvalue().decode("utf-8").splitlines()
    assert [json.loads(line) for line in told] == wanted
    assert json.loads(array.getvalue().decode("utf-8")) == wanted


def test_a_line_has_the_keys_of_the_timeline_in_their_order() -> None:
    (found,) = objects.from_rows([samples.row()])
    assert tuple(found) == samples.NAMES
    assert (found["targets"], found["instruments"], found["subtype"]) == (["China", "Huawei"], [], None)
