"""The question of a page as one SELECT: any SQLite program that runs it sees the events of the page."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import facet_world
import pytest
from datasette.utils import validate_sql_select
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.query import Timeline
from tracker.query.statements import literal

SIZE = 150
FILTERS: list[dict[str, Any]] = [
    {},
    {"type": "export_control"},
    {"type": ("export_control", "sanction"), "status": "announced"},
    {"actor": "US"},
    {"target": "CN"},
    {"party": ("co:a", "gov:us")},
    {"party": "users"},
    {"country": ("SG", "CN")},
    {"pair": "US>CN"},
    {"item": "chip"},
    {"item": "chip -tools"},
    {"item": "-gallium"},
    {"instrument": "list"},
    {"source": "herald", "tier": "official"},
    {"tag": "law", "language": "de"},
    {"min_confidence": 0.33},
    {"min_origins": 3},
    {"reviewed": False},
    {"contradicted": True},
    {"rejected": True},
    {"rejected": True, "type": "sanction"},
    {"measure": "m1"},
    {"since": "2024"},
    {"since": "2024-06-25", "until": "2024-06-30"},
    {"between": "2023-01..2024-06", "direction": "ease"},
    {"on": "effective", "since": "2024-06"},
    {"on": "first_seen", "until": "2024-01"},
    {"in_force_on": "2024-06-25"},
    {"upcoming": "2024-06-25"},
    {"amount": ">=1bn USD"},
    {"amount": ("count = 140", "<1bn usd")},
    {"text": "chips"},
    {"text": 'gallium OR "chip tools" -users'},
    {"text": "pragma"},
    {"item": 'it\'s "quoted"; DROP TABLE event; --'},
    {"source": "x' OR 1=1 --"},
    {"subtype": "?:day @day $day"},
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("statements") / "t.db"
    facet_world.write(path, 3, SIZE)
    return path


@pytest.fixture(scope="module")
def world(path: Path) -> Iterator[Timeline]:
    with Timeline.open(path) as timeline:
        yield timeline


def run(path: Path, sql: str) -> list[str]:
    """As Datasette does: it looks at the words first, and nothing is bound."""
    validate_sql_select(sql)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
        raw.row_factory = sqlite3.Row
        return [row["id"] for row in raw.execute(sql)]


def check(world: Timeline, path: Path, filters: dict[str, Any]) -> int:
    for order in ("newest", "oldest"):
        page = world.page(limit=20, order=order, **filters)
        assert run(path, world.statement(limit=20, order=order, **filters)) == [event.id for event in page.events]
    return len(page.events)


@pytest.mark.parametrize("filters", FILTERS, ids=[str(filters) for filters in FILTERS])
def test_it_finds_what_the_page_shows(world: Timeline, path: Path, filters: dict[str, Any]) -> None:
    check(world, path, filters)


@pytest.mark.parametrize("spelt", [0, 60], ids=["by number", "by name"])
@pytest.mark.parametrize("most", [0, 20, 20_000], ids=["walking", "between", "sorting"])
def test_several_together_whatever_drives(
    world: Timeline, path: Path, monkeypatch: pytest.MonkeyPatch, most: int, spelt: int
) -> None:
    monkeypatch.setattr("tracker.query.plan.MOST_SORTED", most)
    monkeypatch.setattr("tracker.query.plan.MOST_TRIED", most)
    monkeypatch.setattr("tracker.query.statements.MOST_SPELT", spelt)
    chance = random.Random(5)
    met = 0
    for _ in range(30):
        one, other = chance.sample(FILTERS, 2)
        try:
            met += bool(check(world, path, one | other))
        except InputError:  # the two leave no day between them
            continue
    assert met > 8


def test_it_names_what_it_asks_for(world: Timeline) -> None:
    sql = world.statement(type="export_control", target="CN", since="2024-06")
    assert "field = 'type' AND value = 'export_control'" in sql
    assert "field = 'target_seat' AND value = 'CN'" in sql
    assert sql.startswith("WITH page AS (")
    assert world.statement() == "SELECT *\nFROM timeline\nLIMIT 100"


def test_the_past_is_no_one_question(world: Timeline) -> None:
    with pytest.raises(InputError, match="as_of"):
        world.statement(as_of="2024-06-25")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.just("PRAGMA x'y"))
def test_a_literal_is_the_value(text: str) -> None:
    sql = f"SELECT {literal(text)}"
    validate_sql_select(sql)
    with closing(sqlite3.connect(":memory:")) as raw:
        assert raw.execute(sql).fetchone()[0] == text


def test_literals_of_other_kinds() -> None:
    assert [literal(value) for value in (None, 3, 0.25, b"\x00'")] == ["NULL", "3", "0.25", "x'0027'"]
