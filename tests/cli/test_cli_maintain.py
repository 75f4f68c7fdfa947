"""`tracker maintain` as a user meets it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from process import tracker

from tracker.config import Config
from tracker.store import Store
from tracker.store.compare import dump


@pytest.fixture
def database(stocked: Config, tmp_path: Path) -> Path:
    return Path(shutil.copy(stocked.settings.database, tmp_path / "t.db"))


def test_it_tells_what_it_would_do_does_it_and_leaves_all_else(stocked: Config, database: Path) -> None:
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE fetch SET fetched_at = '2000-01-01T00:00:00+00:00'")
        requests = raw.execute("SELECT count(*) FROM fetch").fetchone()[0]
        raw.execute("DELETE FROM upkeep")  # the newsroom's clock stands still years ago
    before = dump(database)
    command = ("--config", stocked.path, "--db", database, "maintain")
    told = tracker(*command, "--dry-run")
    assert (told.returncode, told.stderr) == (0, "")
    assert f"{requests}  requests to take out of the log" in told.stdout
    assert "a dry run: nothing was changed in" in told.stdout
    assert dump(database) == before
    done = json.loads(tracker(*command, "--json").stdout)
    assert (done["fetches"], done["finished"], done["empty_log"]) == (requests, True, True)
    after = dump(database)
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed == {"item", "page"}  # the newsroom's listings and pages are years old
    again = tracker(*command)
    assert "MB before" in again.stdout
    assert "requests taken" not in again.stdout


def test_it_tells_that_a_clock_which_leapt_ahead_is_not_believed_yet(stocked: Config, database: Path) -> None:
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE fetch SET fetched_at = '2000-01-01T00:00:00+00:00'")
    command = ("--config", stocked.path, "--db", database, "maintain")
    for words in ("--dry-run", ""):
        told = tracker(*command, *words.split())
        assert "the clock went ahead by months since it was looked at last: nothing is let go of" in told.stdout
        assert "requests" not in told.stdout
    done = json.loads(tracker(*command, "--json").stdout)
    assert (done["fetches"], "nothing_pruned_until" in done) == (0, True)


def test_a_file_that_keeps_its_size_is_written_anew_where_that_is_wanted(stocked: Config, database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = delete")
        raw.execute("PRAGMA auto_vacuum = none")
        raw.execute("VACUUM")  # as an earlier tracker made it
    command = ("--config", stocked.path, "--db", database, "maintain")
    assert tracker(*command).returncode == 0
    before = dump(database)
    assert "writes it anew, once" in tracker(*command, "--dry-run").stdout
    told = tracker(*command, "--full")
    assert "the file was written anew" in told.stdout, told.stderr
    with Store.open(database) as store:
        assert store.space.gives_back
    assert {name: rows for name, rows in dump(database).items() if rows != before[name]} == {}
    assert "written anew" not in tracker(*command, "--full").stdout


def test_it_leaves_off_where_another_process_writes(stocked: Config, database: Path) -> None:
    with Store.open(database) as store, store.writing():
        told = tracker("--config", stocked.path, "--db", database, "maintain")
    assert (told.returncode, told.stdout) == (75, "")
    assert "is writing to this database" in told.stderr
