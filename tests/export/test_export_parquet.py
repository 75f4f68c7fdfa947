"""Parquet: types, dates with their precision, any text."""

from __future__ import annotations

import io
from datetime import date

import export_samples as samples
import pyarrow.parquet
import pytest
from hypothesis import given, settings

from tracker.export import cells, parquet
from tracker.model import SEPARATOR, Cell


def table(rows: list[tuple[Cell, ...]]) -> pyarrow.Table:
    out = io.BytesIO()
    parquet.write(rows, out)
    return pyarrow.parquet.read_table(io.BytesIO(out.getvalue()))


def test_columns_have_their_types() -> None:
    found = table([samples.row()])
    assert {field.name: str(field.type).replace("element", "item") for field in found.schema} == {
        name: {"date32": "date32[day]", "float64": "double", "list<string>": "list<item: string>"}.get(kind, kind)
        for name, kind in parquet.columns().items()
    }
    (one,) = found.to_pylist()
    assert (one["date"], one["targets"], one["instruments"]) == (date(2024, 6, 25), ["China", "Huawei"], [])
    assert (one["confidence"], one["origins"]) == (0.75, 2)


@pytest.mark.parametrize(
    ("known", "precision", "first", "last"),
    [
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", "day", date(2024, 2, 29), date(2024, 2, 29)),
        (None, None, None, None),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(
    known: str | None, precision: str | None, first: date | None, last: date | None
) -> None:
    (one,) = table([samples.row(effective_on=known)]).to_pylist()
    told = [one[f"effective_{part}"] for part in ("on", *parquet.PARTS)]
    assert told == [known, precision, first, last]


def test_rows_are_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP", 2)
    out = io.BytesIO()
    parquet.write([samples.row(id=f"e{n}") for n in range(5)], out)
    found = pyarrow.parquet.ParquetFile(io.BytesIO(out.getvalue()))
    assert (found.num_row_groups, found.metadata.num_rows) == (3, 5)


@settings(max_examples=30)
@given(samples.ROWS)
def test_any_rows_come_back(rows: list[tuple[Cell, ...]]) -> None:
    found = table(rows).to_pylist()
    place = samples.NAMES.index
    for row, one in zip(rows, found, strict=True):
        summary, actors = row[place("summary")], row[place("actors")]
        assert one["summary"] == (None if summary is None else cells.whole(str(summary)))
        assert one["actors"] == (cells.whole(str(actors)).split(SEPARATOR) if actors else [])
