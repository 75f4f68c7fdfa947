"""Backups by command, by settings, and before each change of the schema."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker import backups
from tracker.cli.group import commands
from tracker.errors import ConfigError, TrackerError
from tracker.store import Store
from tracker.store.connection import SCHEMA_VERSION, open_database
from tracker.store.migrations import STEPS, migrate

CODE = Path(__file__).parents[2] / "tracker"
# Where a database is opened for writing without a backup before its schema changes, and why that is well.
WITHOUT = {
    "store/__init__.py": "its example",
    "backfill/resolving.py": "a scratch database in a temporary folder",
    "review/__init__.py": "its example",
    "backups/restoring.py": "the backup that it is made from stays as it is",
    "cli/holding.py": "a timeline of the present schema was asked before",
    "cli/alerting.py": "whoever calls it has opened the database",
    "web/decisions.py": "the page was asked of a database of the present schema",
}
SETTINGS = """\
settings: {{database: t.db, backup: {backup}}}
sources:
  news:
    - {{id: dead, name: Dead, kind: feed, url: 'http://127.0.0.1:9/feed', tier: major, language: en}}
"""


def old(folder: Path) -> Path:
    """A database with a source, of the schema before the present one."""
    connection = open_database(folder / "t.db", read_only=False)
    migrate(connection, steps=STEPS[:-1])
    connection.run(
        "INSERT INTO source (id, name, kind, url, tier, language, tags, interval_seconds, enabled, active, failures,"
        " next_due_at, first_seen_at) VALUES ('s', 'S', 'feed', 'https://s.example/', 'major', 'en', '[]', 3600, 1, 1,"
        " 0, '2099-01-01T00:00:00+00:00', '')"
    )
    connection.close()
    return folder / "t.db"


def run(folder: Path, *words: str, backup: str = "{}") -> Result:
    (folder / "feeds.yaml").write_text(SETTINGS.format(backup=backup), encoding="utf-8")
    words = ("--config", str(folder / "feeds.yaml"), *words)
    return CliRunner().invoke(commands, list(words), standalone_mode=False)


def schema(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("PRAGMA user_version").fetchone()[0])


def test_nothing_is_opened_for_writing_without_a_backup_before_its_schema_changes() -> None:
    opening = re.compile(r"\bStore\.open\((?!.*(read_only|before_migration)=)")
    found = {str(file.relative_to(CODE)) for file in CODE.rglob("*.py") if opening.search(file.read_text("utf-8"))}
    assert found == set(WITHOUT)


def test_a_database_of_an_earlier_schema_is_backed_up_before_it_changes(tmp_path: Path) -> None:
    path = old(tmp_path)
    assert run(tmp_path, "reprocess", "--stage", "resolve", "-q").exception is None
    (backup,) = backups.listed(backups.beside(path))
    assert (backup.why, backup.schema, backup.counts["source"]) == ("migration", SCHEMA_VERSION - 1, 1)
    assert backup.file.name.endswith(f"-schema-{SCHEMA_VERSION - 1}.db.zst")
    assert schema(path) == SCHEMA_VERSION


def test_where_none_can_be_made_the_database_is_left_and_the_way_on_is_told(tmp_path: Path) -> None:
    path = old(tmp_path)
    (tmp_path / "file").write_text("")
    told = run(tmp_path, "reprocess", "--stage", "resolve", "-q", backup="{folder: file/backups}").exception
    assert isinstance(told, TrackerError)
    assert "the folder of backups cannot be made" in str(told)
    assert "settings.backup.before_migration: false" in str(told)
    assert schema(path) == SCHEMA_VERSION - 1
    words = ("reprocess", "--stage", "resolve", "-q")
    assert run(tmp_path, *words, backup="{folder: file/backups, before_migration: false}").exception is None
    assert schema(path) == SCHEMA_VERSION


def test_one_that_holds_nothing_is_not_backed_up(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "t.db", read_only=False)
    migrate(connection, steps=STEPS[:-1])
    connection.close()
    assert run(tmp_path, "reprocess", "--stage", "resolve", "-q").exception is None
    assert not backups.beside(tmp_path / "t.db").exists()


def test_backups_are_made_listed_verified_and_restored(tmp_path: Path) -> None:
    Store.open(tmp_path / "t.db").close()
    made = json.loads(run(tmp_path, "backup", "--json", backup="{folder: kept}").stdout)
    name = Path(made["backup"]["file"]).name
    assert Path(made["backup"]["file"]).parent == tmp_path / "kept"
    listed = run(tmp_path, "backup", "--list", backup="{folder: kept}")
    assert (listed.return_value, listed.stdout.split()[0]) == (0, name)
    assert run(tmp_path, "backup", "--verify", backup="{folder: kept}").stdout.rstrip().endswith("verified")
    restored = run(tmp_path, "restore", name, backup="{folder: kept}")
    assert "restored from" in restored.stdout
    assert json.loads(run(tmp_path, "restore", "latest", "--json", backup="{folder: kept}").stdout)["aside"] is None
    Path(made["backup"]["file"]).write_bytes(b"\x28\xb5\x2f\xfd" + b"x" * (made["backup"]["bytes"] - 4))
    assert run(tmp_path, "backup", "--list", backup="{folder: kept}").return_value == 0
    assert run(tmp_path, "backup", "--verify", backup="{folder: kept}").return_value == 1


def test_a_folder_without_backups_is_no_success_for_who_verifies(tmp_path: Path) -> None:
    Store.open(tmp_path / "t.db").close()
    assert run(tmp_path, "backup", "--list").return_value == 0
    gone = run(tmp_path, "backup", "--verify", "unmounted")
    assert (gone.return_value, "no folder" in gone.stdout) == (1, True)


def test_a_folder_from_another_machine_serves(tmp_path: Path) -> None:
    Store.open(tmp_path / "t.db").close()
    run(tmp_path, "backup")
    (tmp_path / "new").mkdir()
    (tmp_path / "backups").rename(tmp_path / "new" / "backups")
    assert run(tmp_path / "new", "restore", "latest").exception is None
    assert schema(tmp_path / "new" / "t.db") == SCHEMA_VERSION


def test_a_backup_that_is_named_by_its_path_wants_no_settings(tmp_path: Path) -> None:
    Store.open(tmp_path / "t.db").close()
    made = json.loads(run(tmp_path, "backup", "--json").stdout)["backup"]["file"]
    assert isinstance(run(tmp_path, "restore", "latest", backup="{odd: 1}").exception, ConfigError)
    words = ["--config", str(tmp_path / "feeds.yaml"), "--db", str(tmp_path / "t.db"), "restore", made]
    assert "restored from" in CliRunner().invoke(commands, words, standalone_mode=False).stdout


@pytest.mark.parametrize("words", [("restore", "absent.zst"), ("restore", "latest"), ("restore", "../t.db.zst")])
def test_what_is_not_there_is_told_with_where_to_look(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = run(tmp_path, *words).exception
    assert isinstance(told, TrackerError)
    assert str(tmp_path / "backups") in str(told)


def test_run_makes_one_where_it_is_due_and_one_alone(tmp_path: Path) -> None:
    for _ in range(2):
        run(tmp_path, "run", "--once", "--log-level", "error", backup="{every: 1d}")
    assert [one.why for one in backups.listed(tmp_path / "backups")] == ["scheduled"]
    run(tmp_path, "run", "--once", "--log-level", "error", backup="{}")
    assert len(backups.listed(tmp_path / "backups")) == 1
