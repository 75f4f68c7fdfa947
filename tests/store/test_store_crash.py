"""A refresh killed at any statement and begun again ends with the same database as an undisturbed one."""

from __future__ import annotations

import signal
from pathlib import Path

import process
import pytest
import store_story
from store_samples import NOW, analysis, article, event, event_mention, keep, source

from tracker.errors import StoreError
from tracker.model import Basis, When
from tracker.store import Store
from tracker.store.compare import dump


def told(path: Path, number: int) -> process.Result:
    return process.script(Path(store_story.__file__), path, number)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    path = tmp_path_factory.mktemp("undisturbed") / "t.db"
    done = told(path, 0)
    assert done.returncode == 0, done.stderr
    return path, int(done.stdout)


def test_the_story_is_worth_telling(undisturbed: tuple[Path, int]) -> None:
    with Store.open(undisturbed[0], read_only=True) as store:
        assert store.counts() == {
            "source": 3,
            "item": 7,
            "article": 6,
            "entity": 2,
            "report": 7,
            "event": 2,
            "measure": 2,
            "copies": 1,
        }


@pytest.mark.parametrize("share", [0.01, 0.06, 0.2, 0.5, 0.75, 0.99])
def test_a_killed_refresh_goes_on(undisturbed: tuple[Path, int], tmp_path: Path, share: float) -> None:
    path, statements = undisturbed
    broken = tmp_path / "t.db"

    assert told(broken, int(share * statements) + 1).returncode == -signal.SIGKILL
    assert told(broken, int(share * statements / 2) + 1).returncode in {-signal.SIGKILL, 0}
    assert told(broken, 0).returncode == 0

    assert dump(broken) == dump(path)


def test_a_second_refresh_changes_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as store:
        store_story.refresh(store)
        before, cursor = dump(store.path), last_cursor(store)
        store_story.refresh(store)
        assert dump(store.path) == before
        assert last_cursor(store) == cursor


def last_cursor(store: Store) -> int:
    return store._db.number("SELECT max(cursor) FROM change")


def test_an_error_within_a_batch_undoes_all_of_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as store:
        store.sources.sync([source("herald")], NOW)
        before = dump(store.path)
        with pytest.raises(RuntimeError, match="boom"):
            fail_in_batch(store)
        assert dump(store.path) == before


def test_an_error_within_an_inner_batch_spares_the_outer_one(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as store:
        with store.batch():
            store.sources.sync([source("herald")], NOW)
            with pytest.raises(RuntimeError, match="boom"):
                fail_in_batch(store)
        assert list(store.sources.states()) == ["herald"]


def test_a_full_disk_is_told_in_words_and_leaves_the_old_state(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as store:
        store.sources.sync([source("herald")], NOW)
        before = dump(store.path)
        pages = store._db.number("PRAGMA page_count")
        store._db.raw.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="the disk is full"):
            store.sources.sync([source(f"s{n}", name="x" * 3000) for n in range(50)], NOW)
        assert dump(store.path) == before


def fail_in_batch(store: Store) -> None:
    with store.batch():
        store.sources.sync([source("wire")], NOW)
        raise RuntimeError("boom")


@pytest.mark.parametrize(
    ("basis", "same"), [(Basis.FETCHED, True), (Basis.FEED, False)], ids=["the clock's", "the world's"]
)
def test_two_databases_are_equal_but_for_dates_of_the_clock(tmp_path: Path, basis: Basis, same: bool) -> None:  # noqa: FBT001
    dumps = []
    for day in ("2024-07-01", "2024-07-02"):
        with Store.open(tmp_path / f"{day}.db") as store:
            store.sources.sync([source("herald")], NOW)
            store.articles.save(None, article(published=When(value=day, basis=basis)), now=NOW)
            (report,) = store.analyses.save(analysis(event_mention(announced_on=None)), now=NOW)
            keep(store, event(report))
        dumps.append(dump(store.path))
    assert (dumps[0] == dumps[1]) is same
