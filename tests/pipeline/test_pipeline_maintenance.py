"""Maintenance: when it is due, what each task lets go of, how it shares the database, and where it goes on."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.config import Settings
from tracker.errors import BusyError, InputError
from tracker.model import FetchSettings, Page, RobotsText, Source, SourceKind, Tier
from tracker.pipeline import maintenance
from tracker.pipeline.maintenance import Job, Maintained, Pace
from tracker.query import Timeline
from tracker.store import Store
from tracker.store.fetches import Note

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
OLD, NEW = NOW - timedelta(days=120), NOW - timedelta(days=1)
ITEM = """
INSERT INTO item (id, source_id, key, url, url_id, title, state, is_whole, article_id, first_seen_at, last_seen_at,
  summary, content)
VALUES (?1, 's', ?1, 'https://s.example/' || ?1, ?1, 'A title', ?2, 0, ?1, ?3, ?3, 'A summary', 'The words')
"""
ARTICLE = """
INSERT INTO article (id, title, text_from, content_hash, origin, stored_at, changed_at, text)
VALUES (?1, 'A title', 'page', '', ?1, ?2, ?2, 'Words')
"""
EVENT = """
INSERT INTO event (id, type, status, direction, certainty, confidence, summary, origins, reports, measure_id, day,
  first_seen_at, changed_at)
VALUES ('e', 'tariff', 'announced', 'restrict', 'confirmed', 0.5, 'First', 1, 1, 'm', '2025-01-01', ?1, ?1)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as opened:
        source = Source(
            id="s", name="S", kind=SourceKind.FEED, url="https://s.example/feed", tier=Tier.OFFICIAL, language="en",
            country=None, interval=timedelta(hours=1),
        )  # fmt: skip
        opened.sources.sync([source], OLD)
        yield opened


def job(store: Store, **settings: int) -> Job:
    plain = Settings(database=store.path, fetch=FetchSettings(user_agent="t"))
    return Job(store=store, settings=replace(plain, **settings), now=NOW)  # type: ignore[arg-type]  # numbers all


def maintain(store: Store, **settings: int) -> Maintained:
    return maintenance.maintain(job(store, **settings), check=lambda: None)


def log(store: Store, *times: datetime) -> None:
    with store.batch():
        for number, at in enumerate(times):
            store.fetches.log("s", f"https://s.example/{number}", Note(outcome="page"), at)


def fetched(store: Store) -> list[str]:
    return [row["fetched_at"][:10] for row in store._db.rows("SELECT fetched_at FROM fetch ORDER BY number")]


def keep_page(store: Store, key: str, at: datetime, size: int) -> None:
    store._db.run(ARTICLE, (key, at.isoformat()))
    body = bytes(range(256)) * (size // 256)
    url = f"https://s.example/{key}"
    page = Page(
        url=url, final_url=url, status=200, content_type="text/html", body=body, fetched_at=at, etag=None,
        last_modified=None,
    )  # fmt: skip
    store.pages.keep(key, page)


@pytest.mark.parametrize(
    ("ago", "due"),
    [
        pytest.param(timedelta(hours=23), False, id="today"),
        pytest.param(timedelta(hours=24), True, id="a-day-ago"),
        pytest.param(timedelta(days=-400), True, id="by-a-clock-that-was-wrong"),
    ],
)
def test_it_is_due_once_a_day(store: Store, ago: timedelta, *, due: bool) -> None:
    assert maintenance.is_due(store, NOW)
    store.upkeep.done(maintenance.TASK, NOW - ago)
    assert maintenance.is_due(store, NOW) is due


def test_it_lets_go_of_all_that_is_old_in_as_many_steps_as_it_takes(store: Store) -> None:
    log(store, *[OLD] * 3_000, NEW)
    assert maintenance.planned(job(store))["fetches"] == 3_000
    assert maintain(store).counts["fetches"] == 3_000
    assert fetched(store) == [NEW.isoformat()[:10]]
    assert not maintenance.is_due(store, NOW)
    assert maintain(store).counts["fetches"] == 0


def test_rows_of_a_clock_that_was_ahead_hold_up_nothing(store: Store) -> None:
    log(store, NOW + timedelta(days=365), OLD, OLD, NEW, NOW)
    maintain(store)
    assert fetched(store) == [at.isoformat()[:10] for at in (NEW, NOW)]


def test_of_a_log_that_is_old_as_a_whole_nothing_stays(store: Store) -> None:
    log(store, OLD, OLD)
    assert maintain(store, keep_fetches=28).counts["fetches"] == 2


def test_originals_go_by_age_and_by_room(store: Store) -> None:
    keep_page(store, "old", OLD, 1_000_000)
    for day in range(4):
        keep_page(store, f"new{day}", NEW - timedelta(days=day), 256 * 8_000)
    kept = [row[0] for row in store._db.rows("SELECT length(body) FROM page ORDER BY fetched_at")]
    room = sum(kept[-2:]) + 1  # of the two newest
    assert maintenance.planned(job(store))["pages"] == 1
    assert maintain(store).counts["pages"] == 1
    assert store.pages.newest_of(room) == NEW - timedelta(days=2) + timedelta(microseconds=1)
    assert maintain(store, keep_pages_mb=0).counts["pages"] == 4
    assert [row[0] for row in store._db.rows("SELECT DISTINCT encoding FROM page")] == ["pruned"]


def test_a_listing_keeps_its_words_while_it_lists_them_and_while_they_are_needed(store: Store) -> None:
    for key, state, at in (("gone", "stored", OLD), ("waits", "pending", OLD), ("listed", "stored", NEW)):
        store._db.run(ITEM, (key, state, at.isoformat()))
    assert maintenance.planned(job(store))["listings"] == 1
    assert maintain(store).counts["listings"] == 1
    rows = {row["id"]: (row["title"], row["content"]) for row in store._db.rows("SELECT * FROM item")}
    words = ("A title", "The words")
    assert rows == {"gone": ("A title", None), "waits": words, "listed": words}


def test_words_of_listings_that_are_let_go_of_take_no_room_any_more(store: Store) -> None:
    pages = "SELECT count(*) FROM dbstat WHERE name = 'item'"
    with store.batch():
        for number in range(400):
            at = OLD if number % 10 else NEW  # those that are still listed lie between them
            store._db.run(ITEM, (f"{number:04}", "stored", at.isoformat()))
        store._db.run("UPDATE item SET content = ?", ("word " * 500,))
    before, order = store._db.number(pages), store._db.rows("SELECT rowid, id FROM item ORDER BY rowid")
    assert maintain(store).counts["listings"] == 360
    assert store._db.number(pages) < before / 3
    assert store._db.rows("SELECT rowid, id FROM item ORDER BY rowid") == order
    assert store._db.number("SELECT count(*) FROM item WHERE length(content) = 2500") == 40


@pytest.mark.parametrize("size", [1, 3, 20, 1_000])
def test_all_listings_are_looked_at_however_small_the_steps(store: Store, size: int) -> None:
    with store.batch():
        for number in range(60):
            at = OLD if number % 7 in {0, 1, 2, 6} else NEW
            store._db.run(ITEM, (f"{number:04}", "stored", at.isoformat()))
    old = maintenance.planned(job(store))["listings"]
    done = list(store.items.shorten(NEW - timedelta(days=100), lambda: size))
    assert (sum(done), max(done)) == (old, min(size, old))
    assert maintenance.planned(job(store))["listings"] == 0


def test_what_is_broken_off_while_listings_lose_their_words_loses_none(store: Store) -> None:
    with store.batch():
        for number in range(20):
            store._db.run(ITEM, (f"{number:04}", "stored", OLD.isoformat()))
    store._db.raw.execute(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON item WHEN new.rowid = 10 BEGIN SELECT raise(FAIL, 'broken'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="broken"):
        maintain(store)
    assert store._db.number("SELECT count(*) FROM item WHERE content = 'The words'") == 20


def test_what_was_known_goes_only_where_that_is_wanted_and_then_is_not_told_wrong(store: Store) -> None:
    with store.batch():
        store._db.run("INSERT INTO measure (id, title, first_seen_at) VALUES ('m', 'M', ?)", (OLD.isoformat(),))
        store._db.run(EVENT, (OLD.isoformat(),))
    for day, words in ((OLD, "Second"), (NEW, "Third")):
        with store.batch():
            store._db.run("UPDATE event SET summary = ?, changed_at = ?", (words, day.isoformat()))
            store._db.run(
                "INSERT INTO change (changed_at, what, id, kind, fields) VALUES (?, 'event', 'e', 'updated', '{}')",
                (day.isoformat(),),
            )
    store._db.run("INSERT INTO report_was (report_id, cursor) VALUES ('r', 0), ('r', 1), ('r', 2)")
    assert maintain(store).counts["past"] == 0
    assert maintain(store, keep_past=30).counts["past"] == 2  # a change, and the place of a report before it
    assert [row[0] for row in store._db.rows("SELECT cursor FROM report_was ORDER BY 1")] == [1, 2]
    with Timeline.open(store.path) as timeline:
        [event] = timeline.page(as_of=(NEW - timedelta(days=1)).isoformat()[:10]).events
        assert event.summary == "Second"
        with pytest.raises(InputError, match="is kept since"):
            timeline.page(as_of=(OLD - timedelta(days=1)).isoformat()[:10])


def test_robots_txt_that_nobody_asks_for_goes(store: Store) -> None:
    for name, at in (("old", OLD), ("new", NEW)):
        store.hosts.put(RobotsText(origin=f"https://{name}.example", status=200, body=b"", fetched_at=at))
    assert maintain(store).counts["robots"] == 1
    assert store.hosts.get("https://new.example") is not None


def test_pages_beyond_a_tenth_are_given_back_and_the_log_is_cut_off(store: Store) -> None:
    for number in range(40):
        keep_page(store, f"a{number}", OLD, 256 * 8_000)
    store._db.run("UPDATE page SET body = zeroblob(200000)")
    before = store.space.pages
    done = maintain(store)
    assert (done.counts["pages"], done.is_finished, done.has_empty_log) == (40, True, True)
    assert done.counts["free_pages"] > before / 2
    assert store.space.free_pages <= store.space.pages / maintenance.SPARE + 1
    assert store.path.stat().st_size == store.space.pages * store.space.page_size
    assert store.path.with_name(f"{store.path.name}-wal").stat().st_size == 0
    assert store._db.row("PRAGMA integrity_check")[0] == "ok"  # type: ignore[index]  # it has a row


def test_a_reader_keeps_the_log_and_is_not_disturbed(store: Store) -> None:
    log(store, *[OLD] * 50)
    with Store.open(store.path, read_only=True) as reader, reader._db.reading():
        assert len(fetched(reader)) == 50
        done = maintain(store)
        assert (done.counts["fetches"], done.is_finished, done.has_empty_log) == (50, True, False)
        assert len(fetched(reader)) == 50
    assert store.space.empty_log()


def test_it_stops_between_two_steps_and_goes_on_later(store: Store) -> None:
    log(store, *[OLD] * 500)

    def check() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        maintenance.maintain(job(store), check=check)
    assert maintenance.is_due(store, NOW)
    assert 0 < len(fetched(store)) < 500
    with store.writing():  # nothing is held any more
        pass
    done = maintenance.maintain(job(store), check=lambda: None, seconds=0)
    assert (done.is_finished, maintenance.is_due(store, NOW)) == (False, True)
    assert maintain(store).is_finished
    assert fetched(store) == []


def test_it_gives_way_to_a_refresh_and_a_refresh_to_none_of_its_steps(store: Store) -> None:
    log(store, *[OLD] * 500)
    with Store.open(store.path) as other:
        with other.writing(), pytest.raises(BusyError):
            maintain(store)
        came_in = threading.Event()

        def refresh() -> None:
            with Store.open(store.path) as third, third.writing():
                came_in.set()
                time.sleep(0.7)  # longer than it waits for the lock

        def check() -> None:
            if not came_in.is_set():
                thread.start()
                assert came_in.wait(20)

        thread = threading.Thread(target=refresh)
        done = maintenance.maintain(job(store), check=check)
        thread.join()
    assert (done.is_finished, 0 < done.counts["fetches"] < 500) == (False, True)


@pytest.mark.parametrize(
    ("took", "size"),
    [
        pytest.param(0.01, 200, id="quick-twice-as-much"),
        pytest.param(0.1, 100, id="as-long-as-it-should"),
        pytest.param(1.0, 10, id="slow-as-much-as-takes-a-tenth"),
        pytest.param(100.0, 1, id="never-nothing"),
    ],
)
def test_the_pace_follows_from_how_long_a_step_took(took: float, size: int) -> None:
    pace = Pace(size=100, most=1_000)
    pace.learn(took)
    assert pace.size == size


def test_a_clock_that_leapt_ahead_takes_nothing_away(store: Store) -> None:
    log(store, OLD, OLD, OLD)
    store.upkeep.see(OLD + timedelta(days=1))
    leapt = replace(job(store), now=NOW + timedelta(days=3650))
    assert maintenance.planned(leapt)["fetches"] == 0
    maintenance.begin(leapt)
    assert maintenance.maintain(leapt, check=lambda: None).counts["fetches"] == 0
    back = replace(leapt, now=OLD + timedelta(days=2))  # somebody sets it right
    assert store.upkeep.doubtful_until(back.now) is None
    later = replace(leapt, now=leapt.now + timedelta(days=8))  # nobody has: it is right
    store.upkeep.see(leapt.now + timedelta(days=4))
    assert maintenance.planned(later)["fetches"] > 0
