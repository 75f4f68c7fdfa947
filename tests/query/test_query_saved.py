"""`tracker queries`, and `--query` where events are chosen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import query_samples
from click.testing import CliRunner, Result

from tracker.cli.group import commands
from tracker.errors import InputError, NotFoundError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    query_samples.build(tmp_path / "t.db")
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    base = ["--config", str(folder / "feeds.yaml"), "--db", str(folder / "t.db")]
    return CliRunner().invoke(commands, [*base, *words], catch_exceptions=True)


def ids(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [row["id"] for row in json.loads(result.output)]


def test_a_saved_query_asks_as_its_filters_do(folder: Path) -> None:
    plain = ids(run(folder, "timeline", "--target", "CN", "--oldest", "--json"))
    assert plain
    kept = run(folder, "queries", "add", "on-china", "--target", "CN", "--oldest", "--title", "On China")
    assert f"{len(plain)} events now" in kept.output
    assert ids(run(folder, "timeline", "--query", "on-china", "--json")) == plain
    assert f"on-china  {len(plain):>6}  On China" in run(folder, "queries").output
    assert "tracker timeline --target CN --oldest" in run(folder, "queries", "show", "on-china").output
    removed = run(folder, "queries", "remove", "on-china")
    assert removed.output == "removed: tracker timeline --target CN --oldest\n"
    assert "no query is saved" in run(folder, "queries").output


def test_filters_beside_a_saved_query_go_before_its_own(folder: Path) -> None:
    run(folder, "queries", "add", "restricting", "--direction", "restrict", "--target", "CN")
    both = ids(run(folder, "timeline", "--direction", "restrict", "--target", "US", "--json"))
    assert ids(run(folder, "timeline", "--query", "restricting", "--target", "US", "--json")) == both


def test_a_query_that_no_filter_knows_is_not_kept(folder: Path) -> None:
    refused = run(folder, "queries", "add", "late", "--since", "soon")
    assert isinstance(refused.exception, InputError)
    assert not (folder / "queries.yaml").exists()
    missing = run(folder, "timeline", "--query", "late")
    assert isinstance(missing.exception, NotFoundError)
