"""The daily upkeep: when it is due, what it lets go of, and that it can be stopped between two steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.bell import StoppedError
from tracker.config import Settings
from tracker.errors import BusyError
from tracker.model import FetchSettings
from tracker.pipeline import maintenance
from tracker.store import Store
from tracker.store.fetches import Note

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=120)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as opened:
        yield opened


def maintain(store: Store, settings: Settings | None = None) -> dict[str, int]:
    settings = settings or Settings(database=store.path, fetch=FetchSettings(user_agent="t"))
    return maintenance.maintain(store, settings, clock=lambda: NOW, check=lambda: None)


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
    with store.batch():
        for number in range(6_000):
            store.fetches.log(None, f"https://x.example/{number}", Note(outcome="page"), OLD)
        store.fetches.log(None, "https://x.example/new", Note(outcome="page"), NOW)
    assert maintain(store)["fetches"] == 6_000
    assert [row["url"] for row in store._db.rows("SELECT url FROM fetch")] == ["https://x.example/new"]
    assert not maintenance.is_due(store, NOW)
    assert maintain(store)["fetches"] == 0


def test_it_stops_between_two_steps_and_is_due_still(store: Store) -> None:
    def check() -> None:
        raise StoppedError

    settings = Settings(database=store.path, fetch=FetchSettings(user_agent="t"))
    with pytest.raises(StoppedError):
        maintenance.maintain(store, settings, clock=lambda: NOW, check=check)
    assert maintenance.is_due(store, NOW)
    with store.writing():  # nothing is held any more
        pass


def test_it_waits_for_nobody(store: Store) -> None:
    with Store.open(store.path) as other, other.writing(), pytest.raises(BusyError):
        maintain(store)
