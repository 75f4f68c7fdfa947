"""What commands print with `--json` is of the form that `tracker schema` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from tracker.cli.group import commands
from tracker.config import Config
from tracker.errors import NotFoundError
from tracker.query import Timeline

# Words of a command and the form of its answer; of lists, of each one in them.
PRINTED = {
    "timeline -n 500 --json": "EventRow",
    "timeline -n 5 --format json": "EventRow",
    "upcoming --json": "EventRow",
    "show EVENT --json": "EventDetail",
    "measure EVENT --json": "MeasureDetail",
    "party CN --json": "PartyDossier",
    "search chips --json": "Hits",
    "changes --since 0 --json": "Changes",
    "counts --by type --per month --json": "Counts",
    "trend --by actor --json": "Trend",
    "matrix --json": "Matrix",
    "lag --by source --json": "Lags",
    "sources --json": "SourceRow",
}


@pytest.fixture(scope="module")
def database(stocked: Config) -> Path:
    return stocked.settings.database


def printed(database: Path, *words: str) -> str:
    result = CliRunner().invoke(commands, ["--db", str(database), *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("words", PRINTED)
def test_answers_are_of_their_form(database: Path, words: str) -> None:
    with Timeline.open(database) as timeline:
        key = max(timeline.stream(), key=lambda event: event.origins).id
    schema = json.loads(printed(database, "schema", PRINTED[words]))
    told = json.loads(printed(database, *(key if word == "EVENT" else word for word in words.split())))
    check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))
    found: list[Any] = told if isinstance(told, list) else [told]
    assert found or words.startswith("upcoming")
    for one in found:
        check.validate(one)


@pytest.mark.parametrize(("words", "form"), [("jsonl", "EventRow"), ("jsonl --reports", "EventDetail")])
def test_exports_are_of_their_form(database: Path, words: str, form: str) -> None:
    check = jsonschema.Draft202012Validator(json.loads(printed(database, "schema", form)))
    lines = printed(database, "export", *words.split(), "-n", "20").splitlines()
    assert lines
    for line in lines:
        check.validate(json.loads(line))


def test_the_forms_are_listed() -> None:
    lines = CliRunner().invoke(commands, ["schema"]).stdout.splitlines()
    assert {line.split()[0] for line in lines} >= set(PRINTED.values())
    assert all(len(line.split(maxsplit=1)[1]) > 10 for line in lines)


def test_a_form_that_is_none_is_told() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'EventRow'"):
        CliRunner().invoke(commands, ["schema", "EvenRow"], catch_exceptions=False)
