"""docs/python.md: what it says of methods, forms and columns is so, and its first example runs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tracker import errors
from tracker.query import Events, Timeline, forms

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
CALL = re.compile(r"`(\w+)\(([^`]*?)\)`")
POLARS = {
    "Enum": pl.Enum,
    "Date": pl.Date,
    "String": pl.String,
    "List(String)": pl.List,
    "Float64": pl.Float64,
    "Int64": pl.Int64,
}
PANDAS = {"ordered category": "category", "object": "object"}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def cells(title: str) -> Iterator[list[str]]:
    """The rows of a section's table, without their head."""
    rows = [line.strip("| ").split(" | ") for line in section(title).splitlines() if line.startswith("|")]
    yield from rows[2:]


CALLS = [found.groups() for row in cells("Questions") for found in CALL.finditer(f"{row[0]}")]


@pytest.mark.parametrize(("name", "given"), CALLS, ids=[name for name, _ in CALLS])
def test_a_method_is_there_with_its_words(name: str, given: str) -> None:
    known = inspect.signature(getattr(Timeline, name)).parameters
    for word in filter(None, given.split(", ")):
        assert word.strip("*=").partition("=")[0] in known, (name, word)


def test_every_form_is_told() -> None:
    assert {name for name in forms.ANSWERS if f"`{name}`" not in section("The JSON form")} == set()


def test_the_columns_of_frames_are_told(timeline: Timeline) -> None:
    pandas, polars = timeline.timeline().to_pandas(), timeline.timeline().to_polars()
    told = set()
    for names, one, other in cells("Data frames"):
        for name in re.findall(r"`(\w+)`", names):
            told.add(name)
            kind = re.split(r"[:,]", one)[0]
            assert str(pandas[name].dtype) == PANDAS.get(kind, kind), name
            assert isinstance(polars.schema[name], POLARS[other]), name
    assert told == set(pandas.columns) == set(polars.columns)


def test_the_errors_are_there() -> None:
    named = re.findall(r"`(\w+Error)`", section("Opening"))
    assert len(named) >= 6
    assert all(issubclass(getattr(errors, name), errors.TrackerError) for name in named)


def test_what_is_shown_runs(timeline: Timeline, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.removeprefix("    ") for line in PAGE.splitlines()[2:7]]
    code = "\n".join(lines).replace("db/tracker.db", str(timeline.path)).replace("2024-10", "2024-06")
    exec(compile(code, "docs/python.md", "exec"), {})
    assert "US Commerce Department acted on chip tools against China." in capsys.readouterr().out


def test_what_is_shown_of_sequences_runs(timeline: Timeline) -> None:
    shown = [line.strip() for line in section("Events").splitlines() if line.startswith("    ")]
    names = {"t": timeline}
    exec(compile("\n".join(shown), "docs/python.md", "exec"), names)
    assert isinstance(names["events"], Events)
