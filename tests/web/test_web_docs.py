"""docs/web.md beside the settings, the orders and the canned queries that there are."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from tracker.errors import ConfigError
from tracker.query import Timeline
from tracker.store.connection import open_database
from tracker.web import watching
from tracker.web.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "web.md").read_text(encoding="utf-8")
DATABASE = yaml.safe_load(files("tracker.cli").joinpath("datasette.yaml").read_text(encoding="utf-8"))["databases"]


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_setting_is_documented_with_its_default() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section("In one's own Datasette"), re.MULTILINE))
    assert set(told) == set(Settings.model_fields)
    plain = {name: word[1:-1] for name, word in told.items() if word.startswith("`")}
    defaults = Settings().model_dump()
    assert plain == {name: str(defaults[name]).lower() for name in plain}


def test_a_wrong_setting_is_named() -> None:
    with pytest.raises(ConfigError, match=r"plugins\.tracker\.base: .*begins with a slash"):
        Settings.read({"base": "tracker"})
    with pytest.raises(ConfigError, match=r"plugins\.tracker\.colour"):
        Settings.read({"colour": "red"})


def test_every_order_of_sources_is_documented() -> None:
    assert set(watching.ORDERS) <= set(re.findall(r"`(\w+)`", section("Sources")))


def test_every_table_is_described_to_datasette_or_hidden(demo: Path) -> None:
    db = open_database(demo, read_only=True)
    there = {
        str(row[0])
        for row in db.rows("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
        if not re.search(r"^sqlite_|_fts", row[0])
    }
    db.raw.close()
    told = DATABASE["DATABASE"]["tables"]
    assert set(told) == there
    assert all(one.get("hidden") or one["description"] for one in told.values())


@pytest.mark.parametrize("name", DATABASE["DATABASE"]["queries"])
def test_a_canned_query_answers(demo: Path, name: str) -> None:
    query = DATABASE["DATABASE"]["queries"][name]
    with Timeline.open(demo) as timeline:
        asked = {key: "" for key in re.findall(r":(\w+)", query["sql"]) if key in ("at_least", "type")}
        rows = timeline.ask(lambda db, _: db.raw.execute(query["sql"], asked).fetchall())
    assert rows or name == "coming"  # one day nothing of the demonstration is ahead
    assert f"`{name}`" in PAGE
