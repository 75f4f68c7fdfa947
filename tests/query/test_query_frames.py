"""The timeline as data frames: every value of the rows, in columns of proper types."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from tracker.errors import InputError
from tracker.model import EVENT_COLUMNS, EventType
from tracker.query import Timeline, frames

NAMES = [column.name for column in EVENT_COLUMNS]
# Events with dates to the day, the month, the year and none: what stands beside them.
DATES: list[tuple[str, str | None, str | None, date | None, date | None]] = [
    ("e-api", "2024-06-25", "day", date(2024, 6, 25), date(2024, 6, 25)),
    ("e-tools", "2024-07", "month", date(2024, 7, 1), date(2024, 7, 31)),
    ("e-gallium", "2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
    ("e-undated", None, None, None, None),
]


def plain(value: Any) -> Any:
    """A cell as it is written in JSON."""
    return value.isoformat() if isinstance(value, date) else value


def test_polars_has_every_value(timeline: Timeline) -> None:
    frame = timeline.timeline().to_polars()
    told = [{name: plain(value) for name, value in row.items()} for row in frame.select(NAMES).to_dicts()]
    assert told == timeline.timeline().to_dicts(reports=False)


def test_pandas_has_every_value(timeline: Timeline) -> None:
    frame = timeline.timeline().to_pandas()[NAMES].astype({"date": "string"}).astype("object")
    told = frame.where(frame.notna(), None).to_dict(orient="records")
    assert told == timeline.timeline().to_dicts(reports=False)


def test_polars_columns_have_their_types(timeline: Timeline) -> None:
    schema = timeline.timeline().to_polars().schema
    assert schema["type"] == pl.Enum([one.value for one in EventType])
    assert schema["announced_precision"] == pl.Enum(["year", "month", "day"])
    told = {name: schema[name] for name in ("date", "announced_from", "effective_to", "announced_on", "actors")}
    assert told == {
        "date": pl.Date(),
        "announced_from": pl.Date(),
        "effective_to": pl.Date(),
        "announced_on": pl.String(),
        "actors": pl.List(pl.String),
    }
    assert (schema["report_count"], schema["confidence"], schema["subtype"]) == (pl.Int64(), pl.Float64(), pl.String())


def test_pandas_columns_have_their_types(timeline: Timeline) -> None:
    frame = timeline.timeline().to_pandas()
    kinds = frame.dtypes.astype(str).to_dict()
    assert {kinds[name] for name in ("date", "announced_from", "announced_to", "effective_from")} == {"datetime64[s]"}
    assert {kinds[name] for name in ("type", "status", "direction", "certainty", "announced_precision")} == {"category"}
    assert {kinds[name] for name in ("report_count", "origins", "sources")} == {"int64"}
    assert {kinds[name] for name in ("id", "summary", "announced_on", "url", "subtype")} == {"string"}
    assert (kinds["confidence"], kinds["actors"]) == ("float64", "object")
    assert list(frame["type"].cat.categories) == list(EventType)
    assert frame["announced_precision"].min() == "year"


@pytest.mark.parametrize(("key", "on", "precision", "first", "last"), DATES, ids=[one[0] for one in DATES])
def test_a_date_keeps_its_precision(
    timeline: Timeline, key: str, on: str | None, precision: str | None, first: date | None, last: date | None
) -> None:
    names = ["announced_on", "announced_precision", "announced_from", "announced_to"]
    frame = timeline.timeline().to_polars()
    assert frame.filter(pl.col("id") == key).select(names).row(0) == (on, precision, first, last)
    row = timeline.timeline().to_pandas().set_index("id").loc[key, names]
    days = [None if pd.isna(one) else one.date() for one in row.iloc[2:]]
    assert [None if pd.isna(one) else one for one in row.iloc[:2]] + days == [on, precision, first, last]


def test_no_event_is_a_frame_with_the_same_columns(timeline: Timeline) -> None:
    every, none = timeline.timeline(), timeline.timeline(type="tariff")
    assert (len(none.to_pandas()), len(none.to_polars())) == (0, 0)
    assert (none.to_pandas().dtypes == every.to_pandas().dtypes).all()
    assert none.to_polars().schema == every.to_polars().schema


def test_a_part_and_the_past_are_frames_too(timeline: Timeline) -> None:
    events = timeline.timeline(order="oldest")[1:4]
    assert list(events.to_pandas()["id"]) == list(events.to_polars()["id"]) == [one.id for one in events]
    assert timeline.timeline(as_of="2024-12-01").to_polars().equals(timeline.timeline().to_polars())


def test_frames_go_to_work(timeline: Timeline) -> None:
    frame = timeline.timeline().to_pandas()
    assert frame.explode("actors").groupby("actors").size().to_dict()["OpenAI"] == 2
    by_type = frame["type"].value_counts()
    assert (len(by_type), by_type["export_control"], by_type["tariff"]) == (len(EventType), 2, 0)
    known = timeline.timeline().to_polars().filter(pl.col("announced_precision") >= "month")
    assert known["date"].dt.year().unique().sort().to_list() == [2023, 2024]


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    make = {"pandas": frames.to_pandas, "polars": frames.to_polars}[name]
    with pytest.raises(InputError, match=f"to_{name} needs {name}, which is not installed; pip install {name}"):
        make(())


def test_asking_loads_neither(timeline: Timeline) -> None:
    code = (
        f"import sys, tracker\nwith tracker.open({str(timeline.path)!r}) as t:\n  assert len(list(t.timeline())) == 8\n"
        "print(*sys.modules.keys() & {'pandas', 'polars', 'pydantic'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == ""
