"""`tracker lake`, and `--lake` of the commands that ask: the newsroom's timeline answers alike from both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.cli.group import commands
from tracker.config import Config
from tracker.errors import InputError, LakeError
from tracker.query import Timeline


@pytest.fixture(scope="module")
def database(stocked: Config) -> Path:
    return stocked.settings.database


@pytest.fixture(scope="module")
def lake(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    told = json.loads(here("--db", database, "lake", folder, "--json"))
    with Timeline.open(database) as timeline:
        assert told["rows"]["event"] == timeline.count() + timeline.count(rejected=True)
    assert told["bytes"] == sum(file.stat().st_size for file in folder.rglob("*.parquet"))
    assert "events and " in here("--db", database, "lake", folder)
    return folder


def here(*args: object) -> str:
    done = CliRunner().invoke(commands, [str(arg) for arg in args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    "asked",
    [
        "timeline --json --since 2024",
        "timeline --actor US --oldest",
        "timeline --text chip* --format csv",
        "upcoming --json",
        "counts --by party --json",
        "trend --by type --per quarter --json",
        "matrix --json",
        "party US --json",
        "export csv --type export_control",
        "export jsonl --reports -n 5",
        "export stix -n 5",
        "export atom",
    ],
)
def test_a_lake_answers_as_its_database(asked: str, database: Path, lake: Path) -> None:
    stable = [line for line in here("--db", database, *asked.split()).splitlines() if "updated" not in line]
    other = [
        line
        for line in here("--db", lake / "none.db", *asked.split(), "--lake", lake).splitlines()
        if "updated" not in line
    ]
    assert stable == other


def test_an_event_and_its_measure(database: Path, lake: Path) -> None:
    (event, *_) = json.loads(here("timeline", "--lake", lake, "--json", "-n", 1))
    for command, key in (("show", event["id"]), ("measure", event["measure_id"])):
        assert here("--db", database, command, key, "--json") == here(command, key, "--json", "--lake", lake)


def test_words_are_searched_by_date(lake: Path) -> None:
    assert json.loads(here("search", "chips", "--in", "events", "--lake", lake, "--json"))["orders"] == {
        "events": "date"
    }


def test_what_a_lake_cannot_tell_is_an_error(lake: Path, tmp_path: Path) -> None:
    for asked in ("lag", "brief", "timeline --as-of 2024", "timeline --changed-since 1", "search chips"):
        with pytest.raises(InputError, match="lake"):
            here(*asked.split(), "--lake", lake) if asked != "search chips" else here(
                *asked.split(), "--in", "articles", "--lake", lake
            )
    with pytest.raises(LakeError, match="no timeline lies there"):
        here("timeline", "--lake", tmp_path)
