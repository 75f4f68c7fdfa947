"""Listings, and the queue of what is still to be fetched."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import LATER, NOW, article, item, source

from tracker.model import Basis, Item, When
from tracker.store import PendingItem, Store, item_id


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "t.db")
    store.sources.sync([source("herald"), source("wire")], NOW)
    return store


def listed(store: Store, *pairs: tuple[Item, str]) -> int:
    return store.items.see(pairs, NOW)


def pending(store: Store, limit: int = 10, now: datetime = NOW) -> list[PendingItem]:
    return [one for key in store.items.queue(now, limit) if (one := store.items.get(key))]


def test_known_items_are_not_new(store: Store) -> None:
    assert listed(store, (item(1), "a1"), (item(2), "a2")) == 2
    assert listed(store, (item(2), "a2"), (item(3), "a3")) == 1


def test_the_same_guid_in_two_sources_is_two_sightings(store: Store) -> None:
    assert listed(store, (item(1), "a1"), (item(1, "wire"), "a1")) == 2


@given(st.builds(Item, source_id=st.just("herald"), url=st.text(), title=st.text()))
def test_ids_of_items_do_not_depend_on_what_may_change(one: Item) -> None:
    assert item_id(one) == item_id(item(1, guid=one.guid, url=one.url))


def test_an_item_comes_back_as_it_was(store: Store) -> None:
    told = item(
        1,
        author="A. Writer",
        published=When(value="2024-06", basis=Basis.FEED),
        content="<p>All of it\x00 é 华</p>",
        language="en",
        is_whole=True,
    )
    listed(store, (told, "a1"))
    (one,) = pending(store)
    assert one.item == told
    assert (one.id, one.article_id, one.attempts) == (item_id(told), "a1", 0)


def test_lone_surrogates_do_not_stop_a_refresh(store: Store) -> None:
    listed(store, (item(1, title="bad \ud800 title"), "a1"))
    assert pending(store, 1)[0].item.title == "bad \ufffd title"


def test_one_article_is_fetched_once(store: Store) -> None:
    listed(store, (item(1), "a1"), (item(1, "wire"), "a1"), (item(2), "a2"))
    assert [one.article_id for one in pending(store)] == ["a1", "a2"]
    assert store.items.waiting(NOW) == 2
    store.articles.save(pending(store)[0].id, article("a1"), now=NOW)
    assert [one.article_id for one in pending(store)] == ["a2"]


def test_a_sighting_of_a_stored_article_is_not_fetched(store: Store) -> None:
    store.articles.save(None, article("a1"), now=NOW)
    listed(store, (item(1), "a1"))
    assert pending(store) == []


def test_sightings_of_an_article_with_another_id_than_expected(store: Store) -> None:
    """The page named a canonical address that the listing did not."""
    listed(store, (item(1), "from listing"), (item(1, "wire"), "from listing"))
    one = pending(store)[0]
    store.articles.save(one.id, article("canonical"), now=NOW)
    assert pending(store) == []
    assert store._db.number("SELECT count(*) FROM item WHERE article_id = 'canonical' AND state = 'stored'") == 2


def test_a_failed_page_waits_for_its_time(store: Store) -> None:
    listed(store, (item(1), "a1"))
    (one,) = pending(store)
    store.items.fail(one.id, "timed out", LATER)
    assert pending(store) == []
    assert store.items.waiting(NOW) == 0
    assert [(late.id, late.attempts) for late in pending(store, now=LATER)] == [(one.id, 1)]


def test_another_way_to_the_article_is_tried_meanwhile(store: Store) -> None:
    listed(store, (item(1), "a1"), (item(1, "wire"), "a1"))
    (one,) = pending(store)
    store.items.fail(one.id, "timed out", LATER)
    (other,) = pending(store)
    assert other.id != one.id
    assert other.article_id == "a1"


def test_a_poisonous_page_is_dropped(store: Store) -> None:
    listed(store, (item(1), "a1"))
    (one,) = pending(store)
    store.items.fail(one.id, "404", None)
    assert pending(store, now=LATER + timedelta(days=999)) == []
    assert store._db.rows("SELECT state, reason FROM item")[0]["reason"] == "404"


def test_items_of_vanished_sources_are_not_fetched(store: Store) -> None:
    listed(store, (item(1), "a1"), (item(2, "wire"), "a2"))
    store.sources.sync([source("wire")], LATER)
    assert [one.article_id for one in pending(store, 1)] == ["a2"]
    assert store.items.waiting(NOW) == 1


def test_a_limit_is_kept(store: Store) -> None:
    listed(store, *((item(n), f"a{n}") for n in range(9)))
    assert len(pending(store, 4)) == 4
    assert store.items.waiting(NOW) == 9
