"""`tracker reprocess` as a user meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from process import tracker

from tracker.config import Config
from tracker.store.compare import dump


@pytest.fixture
def database(stocked: Config, tmp_path: Path) -> Path:
    return Path(shutil.copy(stocked.settings.database, tmp_path / "t.db"))


def test_the_same_rules_settle_to_the_same(stocked: Config, database: Path) -> None:
    before = dump(database)
    command = ("--config", stocked.path, "--db", database, "reprocess", "--stage", "resolve")
    told = tracker(*command, "--dry-run")
    assert (told.returncode, "a dry run: nothing was changed in" in told.stdout) == (0, True), told.stderr
    assert "reports settled:" in told.stderr  # the progress
    done = json.loads(tracker(*command, "--json").stdout)
    assert (done["dry_run"], done["articles_read"], done["examples"]) == (False, 0, [])
    assert done["events_before"] == done["events_after"] == len(before["event"])
    assert {name for name, rows in dump(database).items() if rows != before[name]} == set()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--source", "nobody"), 66, "nobody"),
        (("--since", "June"), 65, "--since is 'June'; give an ISO date"),
        (("--stage", "guess"), 2, "'guess' is not one of"),
    ],
)
def test_a_mistake_is_told(stocked: Config, database: Path, words: tuple[str, ...], code: int, said: str) -> None:
    result = tracker("--config", stocked.path, "--db", database, "reprocess", *words)
    assert result.returncode == code
    assert said in result.stderr
