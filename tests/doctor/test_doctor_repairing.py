"""Repairs of an earlier schema, after one that was killed, and of indexes for search."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from damage_samples import changed, leaves, spoilt

from tracker import backups, doctor
from tracker.config import Config
from tracker.doctor import Patient, State, contents
from tracker.errors import DamagedError
from tracker.store import Store
from tracker.store.connection import open_database
from tracker.store.migrations import STEPS, migrate

NOW = datetime(2026, 1, 6, 12, tzinfo=UTC)
FEEDS = """\
settings: {{backup: {backup}}}
sources:
  news: [{{id: a, name: A, kind: feed, url: 'https://a.example/f', tier: major, language: en}}]
"""


@pytest.mark.parametrize(
    ("feeds", "folder"),
    [
        (FEEDS.format(backup="{folder: kept}"), "kept"),
        (FEEDS.format(backup="{before_migration: false}"), None),
        ("sources: [odd]\n", "backups"),
    ],
    ids=["where feeds.yaml says", "not where it says so", "beside the database where it says nothing"],
)
def test_it_is_backed_up_before(tmp_path: Path, feeds: str, folder: str | None) -> None:
    path = tmp_path / "t.db"
    with closing(open_database(path, read_only=False)) as db:
        migrate(db, steps=STEPS[:5])
        db.run(
            "INSERT INTO source (id, name, kind, url, tier, language, tags, interval_seconds, enabled, active,"
            " first_seen_at) VALUES ('a', 'A', 'feed', 'https://a.example/f', 'major', 'en', '[]', 3600, 1, 1, '')"
        )
    (tmp_path / "feeds.yaml").write_text(feeds, encoding="utf-8")
    doctor.repair(Patient(database=path, config=tmp_path / "feeds.yaml", now=NOW))
    made = [one for name in ("kept", "backups") for one in backups.listed(tmp_path / name)]
    assert [(one.file.parent.name, one.schema) for one in made] == ([(folder, 5)] if folder else [])


def test_words_are_not_compared_under_a_writer(stocked: Config, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    shutil.copy(stocked.settings.database, path)
    patient = Patient(database=path, config=None, now=NOW, thorough=True)
    with Store.open(path) as store:
        with store.writing():
            (found,) = contents.words(patient, store._db)
        assert (found.state, "only who may write" in found.words) == (State.UNKNOWN, True)
        assert list(contents.words(patient, store._db)) == []


class Killed(BaseException):
    """What ends a repair where a kill would."""


def test_one_after_a_killed_one_reads_the_log_that_was_put_aside(
    stocked: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, source = tmp_path / "t.db", tmp_path / "source.db"
    shutil.copy(stocked.settings.database, source)
    with closing(sqlite3.connect(source, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = wal")
        raw.execute("INSERT INTO redirect VALUES ('told last', 'b', '2026-01-01T00:00:00Z')")
        for ending in ("", "-wal"):
            shutil.copy(f"{source}{ending}", f"{path}{ending}")
    spoilt(path, leaves(source, "report")[0])
    patient = Patient(database=path, config=tmp_path / "feeds.yaml", now=NOW)
    rename = Path.replace

    def kill(one: Path, target: Path) -> Path:
        if one.name == "t.db.salvaged":
            raise Killed
        return rename(one, target)

    with monkeypatch.context() as patched, suppress(Killed):
        patched.setattr(Path, "replace", kill)
        doctor.repair(patient)
    assert not path.with_name("t.db-wal").exists()
    kept = doctor.repair(patient).kept
    assert sorted(tmp_path.glob("t.db.damaged-*")) == [kept, Path(f"{kept}-wal")]
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM redirect").fetchone() == (1,)


@pytest.mark.parametrize("at", [0.3, 0.5, 0.9])
def test_a_damaged_index_for_search_is_made_anew(stocked: Config, tmp_path: Path, at: float) -> None:
    path = tmp_path / "t.db"
    shutil.copy(stocked.settings.database, path)
    with closing(sqlite3.connect(path)) as raw:
        sql = "SELECT id, block FROM event_fts_data WHERE id > 10 ORDER BY length(block) DESC LIMIT 1"
        number, block = raw.execute(sql).fetchone()
        place = int(at * len(block))
        raw.execute(
            "UPDATE event_fts_data SET block = ? WHERE id = ?",
            (block[:place] + bytes([block[place] ^ 1]) + block[place + 1 :], number),
        )
        raw.commit()
    patient = Patient(database=path, config=None, now=NOW, thorough=True)
    with closing(open_database(path, read_only=True)) as db:
        assert list(contents.words(patient, db)) != []
        doctor.repair(patient)
        assert list(contents.words(patient, db)) == []


def test_a_time_that_is_none_any_more_stops_no_check(stocked: Config, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    shutil.copy(stocked.settings.database, path)
    changed(path, "UPDATE upkeep SET done_at = '9026-01-0_T12:00:00+00:00'", "UPDATE source SET last_asked_at = 'z'")
    with closing(open_database(path, read_only=True)) as db:
        assert list(contents.clock(Patient(database=path, config=None, now=NOW), db)) == []


def test_a_schema_that_is_no_text_is_damage(stocked: Config, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(stocked.settings.database.read_bytes().replace(b"CREATE TABLE upkeep", b"CREAT\xce TABLE upkeep"))
    with pytest.raises(DamagedError, match="no text"):
        open_database(path, read_only=True)
