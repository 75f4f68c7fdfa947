"""The shape of answers: a row is one line when piped, and is broken under its own text on a narrow terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import RenderableType

from tracker.cli import alerts_text, counts_text, render
from tracker.cli.group import commands
from tracker.config import Config
from tracker.query import ArticleHit, Hits, Matrix, Snippet
from tracker.query.counts import Side


@pytest.fixture(scope="module")
def database(stocked: Config) -> Path:
    return stocked.settings.database


def asked(database: Path, *words: str) -> list[str]:
    result = CliRunner().invoke(commands, ["--db", str(database), *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


@pytest.mark.parametrize("words", [("timeline",), ("search", "chips"), ("counts", "--by", "type"), ("sources",)])
def test_piped_lines_have_no_blanks_at_their_ends(database: Path, words: tuple[str, ...]) -> None:
    lines = asked(database, *words)
    assert lines == [line.rstrip() for line in lines]


def test_a_piped_row_is_one_line(database: Path) -> None:
    rows = asked(database, "timeline", "-n", "500")
    assert len(rows) - 1 == len(asked(database, "timeline", "-n", "500", "--format", "jsonl"))


def article(title: str, snippet: str, *hits: tuple[int, int]) -> Hits:
    hit = ArticleHit(
        id="a1",
        url="https://paper.example/one",
        title=title,
        published="2024-12-02T10:00:00+00:00",
        published_basis="feed",
        source_id="paper",
        language="en",
        unread=None,
        event_ids=(),
        snippet=Snippet(text=snippet, hits=hits),
    )
    return Hits(events=(), articles=(hit,), parties=(), near=(), orders={"articles": "rank"}, next={})


TITLE = "US adds 140 names to the Entity List"
FOUND = [
    (TITLE, [f"2024-12-02  {TITLE}", "            https://paper.example/one"]),
    ("…names to the Entity List", [f"2024-12-02  {TITLE}", "            https://paper.example/one"]),
    ("The list grew.", [f"2024-12-02  {TITLE}", "            The list grew.", "            https://paper.example/one"]),
]


@pytest.mark.parametrize(("snippet", "lines"), FOUND)
def test_a_snippet_that_is_the_title_is_not_said_twice(snippet: str, lines: list[str]) -> None:
    assert shown(render.hits(article(TITLE, snippet)))[1:] == lines


def test_hits_are_marked_where_they_stand_in_the_title() -> None:
    snippet = "…to the Entity List"
    marked, *_ = render._titled(TITLE, Snippet(text=snippet, hits=((8, 14),)))
    assert [marked.plain[span.start : span.end] for span in marked.spans] == ["Entity"]


def test_a_broken_title_goes_on_under_itself() -> None:
    lines = shown(render.hits(article(TITLE, TITLE)), width=34)[1:3]
    assert lines == ["2024-12-02  US adds 140 names to", "            the Entity List"]


def test_a_long_line_of_the_log_of_alerts_goes_on_under_itself() -> None:
    row = {
        "sent_at": "2024-12-02T10:00:00+00:00",
        "state": "sent",
        "alert": "chips",
        "channel": "log",
        "kind": "file",
        "title": TITLE,
        "error": None,
    }
    lines = shown(iter(alerts_text.log_lines([row])), width=60)
    assert lines == [
        "2024-12-02 10:00  sent      chips → log (file): US adds 140",
        "                            names to the Entity List",
    ]


def shown(parts: Iterator[RenderableType], *, width: int = render.PIPED_WIDTH) -> list[str]:
    return render.text(*parts, width=width).splitlines()


def grid(events: int | None) -> Matrix:
    return Matrix(
        row_field="actor",
        column_field="target",
        events=30,
        pairs=3,
        rows=(Side(value="gov:us", name="United States", events=events),),
        columns=tuple(Side(value=name, name=name, events=events) for name in ("China", "Netherlands", "Japan")),
        cells=((12, 3, 0),),
    )


NARROW = [
    (60, ["target →       China  Netherlands  Japan", "United States     12            3      ·"], ""),
    (40, ["target →       China  Netherlands  Japan", "United States     12            3      ·"], ""),
    (39, ["target →       China  Netherlands", "United States     12            3"], "1 more column in a wider window"),
    (20, ["target →       China", "United States     12"], "2 more columns in a wider window"),
]


@pytest.mark.parametrize(("width", "lines", "note"), NARROW)
def test_a_grid_has_the_columns_that_there_is_room_for(width: int, lines: list[str], note: str) -> None:
    _, *told, last = shown(counts_text.matrix(grid(None), width=width))
    assert told == lines
    assert last.partition("several; ")[2] == (f"{note} or in a file (-o)" if note else "")


def test_a_grid_keeps_its_sums_and_says_what_they_are() -> None:
    lines = shown(counts_text.matrix(grid(30), width=30))
    assert lines[1:3] == ["target →       China  events", "United States     12      30"]
    assert "events: all of the row, also without a target or with one that is not shown" in lines[3]
