"""What a thing was before is noted once, however often it is written of until that is logged."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from store_samples import NOW, analysis, article, event, keep, opened, source

from tracker.model import Basis, When

OVERRIDDEN = re.compile(r"INSERT OR \w+ INTO|INSERT INTO (?:change_before|facet_stale\w*) VALUES", re.IGNORECASE)


def test_articles_of_one_event_that_get_other_dates_before_it_is_made_anew(tmp_path: Path) -> None:
    with opened(tmp_path / "t.db") as store:
        store.sources.sync([source()], NOW)
        for key in ("a1", "a2"):
            store.articles.save(None, article(key), now=NOW)
            store.analyses.save(analysis(article_id=key), now=NOW)
        keep(store, event(*store.reports.unsettled(9)))
        for key in ("a1", "a2"):
            moved = article(key, content_hash="other", published=When(value="2024-06-28", basis=Basis.METADATA))
            store.articles.save(None, moved, now=NOW)
            store.analyses.save(analysis(article_id=key), now=NOW)
        (row,) = store._db.rows("SELECT was ->> 'first_reported' FROM change_before")
        assert row[0] == "2024-06-25"


def test_no_trigger_leaves_a_conflict_to_the_statement_that_fires_it() -> None:
    """What an UPSERT fires fails where a row is there, whatever the trigger itself says of conflicts."""
    sql = (files("tracker.store") / "schema" / "0006_timeline.sql").read_text("utf-8")
    bodies = re.findall(r"CREATE TRIGGER.*?\nEND;", sql, flags=re.DOTALL)
    assert len(bodies) > 20
    assert [body for body in bodies if OVERRIDDEN.search(body)] == []
