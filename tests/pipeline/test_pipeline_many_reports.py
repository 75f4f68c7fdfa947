"""Events that so many articles tell that not all of their reports are read whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from settling_samples import ACTS, begin, keep, settle

from tracker.store import Store
from tracker.store import reports as reports_module

MOST, ARTICLES = 4, 12


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(reports_module, "MOST_READ", MOST)
    with Store.open(tmp_path / "t.db") as opened, opened.writing():
        begin(opened)
        for number in range(ARTICLES):
            keep(opened, number, [ACTS[0]])
        yield opened


def test_all_reports_stay_in_the_event_and_count(store: Store) -> None:
    assert settle(store) == 1
    assert not store.needs_settling()
    (event_id,) = _events(store)
    (event,) = store.events.events([event_id])
    cluster = store.reports.cluster(event_id)
    assert cluster is not None
    assert (len(cluster.reports), len(cluster.more)) == (MOST, ARTICLES - MOST)
    assert len(event.report_ids) == ARTICLES
    assert event.origins == 3, "one for each outlet"


def _events(store: Store) -> set[str]:
    return {row[0] for row in store._db.rows("SELECT id FROM event")}


def test_an_event_of_many_reports_comes_out_the_same_however_they_come(store: Store) -> None:
    settle(store)
    for number in reversed(range(ARTICLES, 2 * ARTICLES)):
        keep(store, number, [ACTS[0]])
        settle(store)
    (event_id,) = _events(store)
    first = store.events.events([event_id])
    store.reports.reset()
    settle(store)
    assert store.events.events([event_id]) == first
    assert len(first[0].report_ids) == 2 * ARTICLES
