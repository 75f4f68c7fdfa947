"""When something is due next, by the database; the small steps that keep it in order; the database in figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.model import Source, SourceKind, Tier
from tracker.store import Store
from tracker.store.upkeep import SEARCHED

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ITEM = """
INSERT INTO item (id, source_id, url, url_id, title, state, article_id, first_seen_at, last_seen_at, next_try_at)
VALUES ('i', 'b', 'https://b.example/1', 'a1', 't', 'pending', 'a1', ?1, ?1, ?2)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as opened:
        opened.sources.sync([source("a"), source("b"), source("off", enabled=False)], NOW)
        yield opened


def source(key: str, *, enabled: bool = True) -> Source:
    return Source(
        id=key, name=key, kind=SourceKind.FEED, url=f"https://{key}.example/feed", tier=Tier.OFFICIAL,
        language="en", country=None, interval=HOUR, enabled=enabled,
    )  # fmt: skip


def due(store: Store, key: str, at: datetime) -> None:
    store._db.run("UPDATE source SET next_due_at = ? WHERE id = ?", (at.isoformat(), key))


def test_what_was_never_asked_is_due_now(store: Store) -> None:
    due(store, "a", NOW + HOUR)
    assert store.upkeep.next_due(["a", "b"], NOW) == NOW


def test_a_source_that_the_database_does_not_know_is_due_now(store: Store) -> None:
    due(store, "a", NOW + HOUR)
    assert store.upkeep.next_due(["a", "new"], NOW) == NOW


def test_the_soonest_of_what_is_asked_for_counts(store: Store) -> None:
    due(store, "a", NOW + 3 * HOUR)
    due(store, "b", NOW + 2 * HOUR)
    due(store, "off", NOW + HOUR)
    assert store.upkeep.next_due(["a", "b"], NOW) == NOW + 2 * HOUR
    assert store.upkeep.next_due(["a"], NOW) == NOW + 3 * HOUR


def test_nothing_waits_where_nothing_is_asked_for(store: Store) -> None:
    assert store.upkeep.next_due([], NOW) is None


def test_a_time_that_a_wrong_clock_has_set_does_not_hold_a_source_back(store: Store) -> None:
    due(store, "a", NOW + timedelta(days=1500))
    assert store.upkeep.next_due(["a"], NOW) == NOW
    assert store.sources.states()["a"].is_due(NOW)


def test_messages_that_wait_count(store: Store) -> None:
    due(store, "a", NOW + 3 * HOUR)
    store._db.run(
        "INSERT INTO message (id, alert, channel, state, made_at, next_try_at, title, body, document)"
        " VALUES ('m', 'a', 'c', 'waiting', ?, ?, '', '', '{}')",
        (NOW.isoformat(), (NOW + HOUR).isoformat()),
    )
    assert store.upkeep.next_due(["a"], NOW) == NOW + HOUR
    assert store.figures().messages == {"waiting": 1}


def test_a_task_is_done_when_it_was_done_last(store: Store) -> None:
    assert store.upkeep.done_at("maintenance") is None
    store.upkeep.done("maintenance", NOW)
    store.upkeep.done("maintenance", NOW + HOUR)
    assert store.upkeep.done_at("maintenance") == NOW + HOUR


@pytest.mark.parametrize("table", SEARCHED)
def test_merging_comes_to_an_end(store: Store, table: str) -> None:
    assert [store.upkeep.merge(table, 200) for _ in range(3)] == [False, False, False]


def test_merging_joins_the_segments_of_an_index(store: Store) -> None:
    for number in range(40):
        store._db.run("INSERT INTO article_fts (rowid, title, text) VALUES (?, ?, ?)", (number, f"w{number}", "word"))
    sql = "SELECT count(DISTINCT segid) FROM article_fts_idx"
    before = store._db.number(sql)
    steps = 0
    while store.upkeep.merge("article_fts", 200):
        steps += 1
        assert steps < 100
    assert store._db.number(sql) <= before
    assert store._db.number("SELECT count(*) FROM article_fts WHERE article_fts MATCH 'word'") == 40


def test_merging_all_of_an_index_leaves_one_part(store: Store) -> None:
    for number in range(30):
        store._db.run("INSERT INTO article_fts (rowid, title, text) VALUES (?, ?, ?)", (number, f"w{number}", "word"))
    assert store.upkeep.segments("article_fts") > 1
    pages = -1
    while store.upkeep.merge("article_fts", pages):
        pages = 1
    assert store.upkeep.segments("article_fts") == 1


def test_the_planner_gets_the_figures_of_every_table_that_has_indexes(store: Store) -> None:
    tables = store.upkeep.indexed()
    assert {"source", "event", "fetch", "report_was", "event_facet"} <= set(tables)
    for table in tables:
        store.upkeep.analyse(table)
    told = {row["tbl"] for row in store._db.rows("SELECT tbl FROM sqlite_stat1")}
    assert told == {"source"}  # the only one with rows


def test_figures_of_an_empty_database(store: Store) -> None:
    found = store.figures()
    assert found.sources == {"never": 2}
    assert found.rows == {"article": 0, "report": 0, "event": 0, "measure": 0}
    assert (found.pending, found.unread, found.facts, found.last_success) == (0, 0, 0, None)
    assert found.bytes["main"] > 0


def test_figures_count_what_stands_open(store: Store) -> None:
    store.alarms.settle("a", {"silent": "nothing new"}, among={"silent"}, now=NOW)
    store.alarms.settle("b", {"silent": "nothing new"}, among={"silent"}, now=NOW)
    store.alarms.settle("b", {}, among={"silent"}, now=NOW)
    assert store.figures().alarms == {"silent": 1}
