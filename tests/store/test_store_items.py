"""Listings, requests, sources and the queue of what is still to be fetched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import LATER, NOW, answer, article, item, page, request, source, state

from tracker.model import Basis, Done, Failed, Fetched, Item, Poison, Request, Skipped, Tier, Unchanged, When
from tracker.store import Store, item_id


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "t.db")
    store.sources.sync([source("herald"), source("wire")], NOW)
    return store


def listed(store: Store, *pairs: tuple[Item, str], outcome: Fetched | None = None) -> int:
    return store.items.record_listing(request(), outcome or answer(), pairs, state=state(), now=NOW)


def test_known_items_are_not_new(store: Store) -> None:
    assert listed(store, (item(1), "a1"), (item(2), "a2")) == 2
    assert listed(store, (item(2), "a2"), (item(3), "a3")) == 1


def test_an_item_is_known_by_its_guid_or_else_its_url(store: Store) -> None:
    assert listed(store, (item(1), "a1")) == 1
    assert listed(store, (item(1, url="https://herald.example/moved"), "a9")) == 0
    assert listed(store, (item(4, guid=None), "a4"), (item(4, guid=None, title="New title"), "a4")) == 1


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
    (pending,) = store.items.pending(NOW, 10)
    assert pending.item == told
    assert (pending.id, pending.article_id, pending.attempts) == (item_id(told), "a1", 0)


def test_lone_surrogates_do_not_stop_a_refresh(store: Store) -> None:
    listed(store, (item(1, title="bad \ud800 title"), "a1"))
    assert store.items.pending(NOW, 1)[0].item.title == "bad \ufffd title"


def test_one_article_is_fetched_once(store: Store) -> None:
    listed(store, (item(1), "a1"), (item(1, "wire"), "a1"), (item(2), "a2"))
    assert [one.article_id for one in store.items.pending(NOW, 10)] == ["a1", "a2"]
    assert store.items.waiting(NOW) == 2
    store.articles.save(store.items.pending(NOW, 10)[0].id, article("a1"), page(), now=NOW)
    assert [one.article_id for one in store.items.pending(NOW, 10)] == ["a2"]


def test_a_sighting_of_a_stored_article_is_not_fetched(store: Store) -> None:
    store.articles.save(None, article("a1"), None, now=NOW)
    listed(store, (item(1), "a1"))
    assert store.items.pending(NOW, 10) == []


def test_sightings_of_an_article_with_another_id_than_expected(store: Store) -> None:
    """The page named a canonical address that the listing did not."""
    listed(store, (item(1), "from listing"), (item(1, "wire"), "from listing"))
    one = store.items.pending(NOW, 10)[0]
    store.articles.save(one.id, article("canonical"), page(), now=NOW)
    assert store.items.pending(NOW, 10) == []
    assert store._db.number("SELECT count(*) FROM item WHERE article_id = 'canonical' AND state = 'stored'") == 2


def test_a_failed_page_waits_for_its_time(store: Store) -> None:
    listed(store, (item(1), "a1"))
    (one,) = store.items.pending(NOW, 10)
    store.items.fail(one.id, "timed out", LATER, NOW)
    assert store.items.pending(NOW, 10) == []
    assert store.items.waiting(NOW) == 0
    assert [(late.id, late.attempts) for late in store.items.pending(LATER, 10)] == [(one.id, 1)]


def test_another_way_to_the_article_is_tried_meanwhile(store: Store) -> None:
    listed(store, (item(1), "a1"), (item(1, "wire"), "a1"))
    (one,) = store.items.pending(NOW, 10)
    store.items.fail(one.id, "timed out", LATER, NOW)
    (other,) = store.items.pending(NOW, 10)
    assert other.id != one.id
    assert other.article_id == "a1"


def test_a_poisonous_page_is_dropped(store: Store) -> None:
    listed(store, (item(1), "a1"))
    (one,) = store.items.pending(NOW, 10)
    store.items.fail(one.id, "404", None, NOW)
    assert store.items.pending(LATER + timedelta(days=999), 10) == []
    assert store._db.rows("SELECT state, reason FROM item")[0]["reason"] == "404"


def test_items_of_vanished_sources_are_not_fetched(store: Store) -> None:
    listed(store, (item(1), "a1"), (item(2, "wire"), "a2"))
    store.sources.sync([source("wire")], LATER)
    assert [one.article_id for one in store.items.pending(NOW, 1)] == ["a2"]
    assert store.items.waiting(NOW) == 1


def test_a_limit_is_kept(store: Store) -> None:
    listed(store, *((item(n), f"a{n}") for n in range(9)))
    assert len(store.items.pending(NOW, 4)) == 4
    assert store.items.waiting(NOW) == 9


# ---- sources


def test_a_vanished_source_is_kept_but_inactive(store: Store) -> None:
    store.sources.sync([source("herald", name="The Herald", tier=Tier.OFFICIAL)], LATER)
    rows = {row["id"]: row for row in store._db.rows("SELECT * FROM source")}
    assert (rows["herald"]["active"], rows["wire"]["active"]) == (1, 0)
    assert (rows["herald"]["name"], rows["herald"]["tier"]) == ("The Herald", "official")
    store.sources.sync([source("herald"), source("wire")], LATER)
    assert store._db.number("SELECT count(*) FROM source WHERE active = 1") == 2


def test_a_new_source_has_never_been_asked(store: Store) -> None:
    assert store.sources.states()["herald"] == state()


def test_the_state_of_a_source_comes_back(store: Store) -> None:
    told = state(next_due=LATER, failures=3, last_success=NOW)
    store.items.record_listing(request(), Failed(reason="503"), (), state=told, now=NOW)
    assert store.sources.states()["herald"] == told
    store.sources.sync([source("herald")], LATER)
    assert store.sources.states()["herald"] == told


# ---- requests and validators


OUTCOMES: dict[str, tuple[Fetched, tuple[str, int | None, str | None, int | None]]] = {
    "a page": (Done(value=page(body=b"1234")), ("page", 200, None, 4)),
    "a 304": (Done(value=Unchanged(url="u", fetched_at=NOW)), ("unchanged", 304, None, None)),
    "robots.txt": (Skipped(reason="robots.txt"), ("skipped", None, "robots.txt", None)),
    "a 503": (Failed(reason="503"), ("failed", None, "503", None)),
    "no feed": (Poison(reason="not a feed"), ("poison", None, "not a feed", None)),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_answer_is_noted(store: Store, name: str) -> None:
    outcome, expected = OUTCOMES[name]
    listed(store, outcome=outcome)
    (row,) = store._db.rows("SELECT outcome, status, reason, bytes FROM fetch")
    assert tuple(row) == expected
    (health,) = store._db.rows("SELECT last_outcome, last_reason FROM source_health WHERE id = 'herald'")
    assert tuple(health) == (expected[0], expected[2])


def test_validators_make_the_next_request_conditional(store: Store) -> None:
    assert store.fetches.fill(request()) == request()
    listed(store, outcome=answer(etag='"v1"', last_modified="Mon, 01 Jul 2024 00:00:00 GMT"))
    filled = store.fetches.fill(request())
    assert (filled.etag, filled.last_modified) == ('"v1"', "Mon, 01 Jul 2024 00:00:00 GMT")
    assert store.fetches.validators(["https://other.example/", request().url]) == {
        request().url: ('"v1"', "Mon, 01 Jul 2024 00:00:00 GMT")
    }


def test_validators_are_those_of_the_last_page(store: Store) -> None:
    listed(store, outcome=answer(etag='"v1"'))
    listed(store, outcome=Done(value=Unchanged(url=request().url, fetched_at=NOW)))
    listed(store, outcome=Failed(reason="503"))
    assert store.fetches.fill(request()).etag == '"v1"'
    listed(store, outcome=answer())
    assert store.fetches.fill(request()).etag is None


def test_an_unparseable_page_leaves_no_validators(store: Store) -> None:
    listed(store, outcome=Poison(reason="not a feed"))
    assert store.fetches.fill(request()) == request()


def test_an_unconditional_request_stays_so(store: Store) -> None:
    listed(store, outcome=answer(etag='"v1"'))
    plain = Request(url=request().url, conditional=False)
    assert store.fetches.fill(plain) == plain
