"""When `tracker run` has something to do, by what waits in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.bell import Bell
from tracker.cli.serving import Duties
from tracker.journal import Journal
from tracker.pipeline import maintenance
from tracker.store import Store

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
SETTINGS = """\
settings: {database: t.db, contact: desk@tracker.example}
sources:
  main:
    - {id: s, name: S, kind: feed, url: 'https://s.example/feed', tier: major, language: en}
"""
ARTICLE = """
INSERT INTO article (id, title, text_from, content_hash, origin, stored_at, changed_at, text, source_id, reader)
VALUES ('a', 'A title', 'page', '', 'a', ?1, ?1, 'Words', 's', 'r')
"""


def test_what_a_kill_left_unjudged_is_due_at_once(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(SETTINGS, encoding="utf-8")
    obj = {"config": tmp_path / "feeds.yaml", "db": None}
    duties = Duties(obj, Bell(), Journal(), None)
    with duties.open() as store:
        store.sources.sync(duties._config.sources, NOW)
        store._db.run("UPDATE source SET next_due_at = ?", ((NOW + timedelta(hours=1)).isoformat(),))
        store.upkeep.done(maintenance.TASK, NOW)
        store._db.run(ARTICLE, (NOW.isoformat(),))
    later = duties.next_due(NOW)
    assert later is None or later > NOW
    with Store.open(tmp_path / "t.db") as store:
        store.holds.await_judgement("a")
    assert duties.next_due(NOW) == NOW
