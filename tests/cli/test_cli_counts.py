"""Counts, trends, grids and lags on the command line: what is printed, and the files that are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from rich.console import RenderableType

from tracker.cli import counts_text, render, trend_text
from tracker.cli.group import commands
from tracker.config import Config
from tracker.errors import InputError
from tracker.query import CountRow, Counts, Trend
from tracker.query.counting import Series


@pytest.fixture(scope="module")
def database(stocked: Config) -> Path:
    return stocked.settings.database


def asked(database: Path, *words: str) -> str:
    result: Result = CliRunner().invoke(commands, ["--db", str(database), *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def shown(parts: Iterator[RenderableType]) -> list[str]:
    return [line.rstrip() for line in render.text(*parts).splitlines()]


def test_counts_as_a_table_and_in_forms(database: Path) -> None:
    whole = json.loads(asked(database, "counts", "--by", "type", "--json"))
    assert sum(row["events"] for row in whole["rows"]) == whole["events"] > 0
    first = whole["rows"][0]
    assert first["type"] in asked(database, "counts", "--by", "type").splitlines()[1]
    lines = asked(database, "counts", "--by", "type", "--by", "year", "--format", "csv").splitlines()
    assert lines[0] == "type,year,events"
    assert asked(database, "counts", "--by", "type", "--format", "markdown").startswith("| type | events |\n| --- |")
    row = json.loads(asked(database, "counts", "--by", "actor", "--newest", "--format", "jsonl").splitlines()[0])
    assert list(row) == ["actor", "actor_name", "events", "first"]


def test_filters_narrow_counts(database: Path) -> None:
    whole = json.loads(asked(database, "counts", "--by", "type", "--json"))["rows"][0]
    told = json.loads(asked(database, "counts", "--type", whole["type"], "--json"))
    assert told["events"] == whole["events"]


def test_a_trend_on_the_terminal_and_in_files(database: Path, tmp_path: Path) -> None:
    assert "\x1b" not in asked(database, "trend", "--by", "direction", "--per", "year")
    svg = tmp_path / "trend.svg"
    assert asked(database, "trend", "--by", "type", "--per", "year", "-o", str(svg)) == f"written to {svg}\n"
    told = ["".join(one.itertext()) for one in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert "Policy events by type, per year" in told
    assert any(text.startswith("Source: tracker, ") for text in told)


def test_a_grid_and_the_life_of_a_measure(database: Path, tmp_path: Path) -> None:
    assert "actor_country" in asked(database, "matrix")
    grid, life = tmp_path / "matrix.json", tmp_path / "life.html"
    asked(database, "matrix", "--rows", "type", "--columns", "status", "-o", str(grid))
    assert json.loads(grid.read_text())["title"]["text"] == ["Policy events by type and status"]
    (event,) = json.loads(asked(database, "timeline", "-n", "1", "--json"))
    asked(database, "measure", event["measure_id"], "--chart", str(life))
    assert "<script" not in life.read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("counts", "--by", "types"), "cannot be counted by 'types'; did you mean 'type'?"),
        (("trend", "-o", "a.gif"), "a.gif: no form of a chart; end the name with .svg, .png, .html or .json"),
    ],
)
def test_what_is_not_possible_is_said(database: Path, words: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        asked(database, *words)


def test_one_period_only(database: Path) -> None:
    result = CliRunner().invoke(commands, ["--db", str(database), "counts", "--by", "year", "--per", "month"])
    assert (result.exit_code, "one period, not year and month" in result.stderr) == (2, True)


def test_lags_are_told_or_that_there_are_none(database: Path) -> None:
    assert "official" in asked(database, "lag", "--by", "source")


HOSTILE = "evil\x1b[31m [red]name[/red]\n=1+1"


def row(name: str, events: int, **more: Any) -> CountRow:
    return CountRow(values=(name,), names=(name,), period=None, events=events, **more)


def test_names_of_articles_are_only_text() -> None:
    found = Counts(by=("item",), per=None, on="announced", events=3, values=1, rows=(row(HOSTILE, 3),))
    assert "evil[31m [red]name[/red] =1+1" in shown(counts_text.counts(found))[1]


def series(name: str, *events: int, value: str | None = "x") -> Series:
    return Series(value=value, name=name, events=events)


def test_parts_of_bars_differ_without_colour() -> None:
    found = Trend(
        by=("type",),
        per="year",
        on="announced",
        periods=("2023", "2024"),
        series=(series("tariff", 2, 1), series("sanction", 1, 0), series("others", 0, 1, value=None)),
        whole=True,
        undated=1,
    )
    assert shown(trend_text.trend(found, width=9)) == [
        "██ tariff  3",
        "▒▒ sanction  1",
        "·· others  1",
        "2023  3  ██████▒▒▒",
        "2024  2  ███···",
        "1 event without such a date",
    ]


BARS = [(0, 9, ""), (9, 9, "█" * 30), (1, 900, "▌"), (3, 9, "█" * 10), (0, 0, "")]


@pytest.mark.parametrize(("events", "most", "expected"), BARS)
def test_a_bar_is_as_long_as_its_share(events: int, most: int, expected: str) -> None:
    assert counts_text.bar(events, most) == expected


LINES = [((0, 1, 8), 60, " ▁█"), ((0, 0), 60, "  "), ((1, 1, 4, 4), 2, "▂█"), ((1, 1000), 9, "▁█")]


@pytest.mark.parametrize(("events", "width", "expected"), LINES)
def test_a_line_of_small_bars(events: tuple[int, ...], width: int, expected: str) -> None:
    assert trend_text.line(events, width) == expected


def test_a_brief_in_its_forms(database: Path, tmp_path: Path) -> None:
    page = tmp_path / "brief.html"
    assert asked(database, "brief", "-o", str(page)) == f"written to {page}\n"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    about = asked(database, "brief", "--last", "2d", "--type", "sanction").splitlines()[2]
    assert about.startswith("About type sanction;")
    told = json.loads(asked(database, "brief", "--since", "2000", "--json"))
    assert [section["name"] for section in told["sections"]] == ["new", "changed", "soon", "contradicted", "withdrawn"]
    assert told["sections"][0]["events"] > 0


@pytest.mark.parametrize("words", [("--last", "1d", "--since", "2024"), ("--until", "2024")], ids=str)
def test_a_brief_is_of_one_time(database: Path, words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(commands, ["--db", str(database), "brief", *words])
    assert (result.exit_code, "Usage" in result.stderr) == (2, True)
