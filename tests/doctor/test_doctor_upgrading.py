"""A repair of a database of an earlier schema, which is brought up to date on the way."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker import backups, doctor
from tracker.doctor import Patient
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
