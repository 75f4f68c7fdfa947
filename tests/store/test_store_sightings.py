"""Knowing an item again: what feeds do to GUIDs, addresses, titles and dates, and what it may not do to us."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from store_samples import LATER, NOW, article, item, page, source

from tracker.model import Basis, Item, When
from tracker.store import Store
from tracker.store.items import MOST_CHECKS, RECHECK_LEAST
from tracker.urls import article_id

STORY = "https://herald.example/2024/07/chips"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "t.db")
    store.sources.sync([source("herald"), source("wire")], NOW)
    return store


def seen(store: Store, *items: Item) -> int:
    return store.items.see([(one, article_id(one.url)) for one in items], NOW)


def entry(**changes: object) -> Item:
    values: dict[str, Any] = {"guid": "tag:1", "url": STORY, "title": "Chips curbed", "published": None}
    return item(1, **(values | changes))


DAY = When(value="2024-07-09", basis=Basis.FEED)
MINUTE = When(value="2024-07-09T10:30:00+00:00", basis=Basis.FEED)

# What the second listing says of an item that the first had as `entry()`, and whether it is another one.
CASES: dict[str, tuple[dict[str, object], int]] = {
    "nothing else": ({}, 0),
    "a GUID made anew for each request": ({"guid": "tag:2"}, 0),
    "no GUID any more": ({"guid": None}, 0),
    "no GUID and an edited title": ({"guid": None, "title": "Chips curbed, again"}, 0),
    "tracking parameters": ({"url": STORY + "?utm_source=rss&fbclid=abc", "guid": None}, 0),
    "the AMP page": ({"url": STORY + "/amp", "guid": None}, 0),
    "the mobile page": ({"url": STORY.replace("//herald", "//m.herald"), "guid": None}, 0),
    "http for https": ({"url": STORY.replace("https", "http"), "guid": None}, 0),
    "a trailing slash": ({"url": STORY + "/", "guid": None}, 0),
    "all of these and another GUID": ({"url": STORY.replace("https", "http") + "/?utm_medium=x", "guid": "9"}, 0),
    "a date for the first time": ({"published": MINUTE}, 0),
    "an edited title": ({"title": "Chips curbed: what we know"}, 0),
    "a title in other case and spacing": ({"guid": "tag:2", "title": "CHIPS  Curbed"}, 0),
    "another address under the same GUID": ({"url": "https://herald.example/moved"}, 0),
    "a GUID used again for another article": ({"url": "https://herald.example/other", "title": "Rates held"}, 1),
    "another post on the same live page": ({"guid": "tag:2", "title": "Minister resigns"}, 1),
    "another address and another GUID": ({"guid": "tag:2", "url": "https://herald.example/other"}, 1),
    "a parameter that names the article": ({"url": STORY + "?id=7", "guid": None}, 1),
}


@pytest.mark.parametrize("name", CASES)
def test_an_item_is_known_again(store: Store, name: str) -> None:
    changes, new = CASES[name]
    again = entry(**changes)
    assert seen(store, entry()) == 1
    assert seen(store, again) == new
    assert seen(store, again, entry()) == 0  # whatever it was, it is known from then on
    assert store._db.number("SELECT count(*) FROM item") == 1 + new


def test_one_guid_for_all_items_does_not_hide_any(store: Store) -> None:
    items = [entry(guid="1", url=f"https://herald.example/{n}", title=f"Story {n}") for n in range(5)]
    assert seen(store, *items) == 5
    assert seen(store, *reversed(items)) == 0


def test_two_posts_that_lead_to_one_article_are_two_sightings(store: Store) -> None:
    posts = [entry(guid=f"post:{n}", via=f"https://social.example/{n}") for n in (1, 2)]
    assert seen(store, *posts) == 2
    assert seen(store, *posts) == 0
    assert len(store.items.queue(NOW, 9)) == 1
    assert [row["via"] for row in store._db.rows("SELECT via FROM item ORDER BY via")] == [one.via for one in posts]


def test_an_address_that_led_to_a_stored_article_leads_there_for_every_source(store: Store) -> None:
    """The page named another address as its own, so the article has the id of that one."""
    seen(store, entry())
    (key,) = store.items.queue(NOW, 9)
    store.articles.save(key, article("canonical"), now=NOW)
    assert store.items.see([(item(1, "wire", url=STORY), article_id(STORY))], NOW) == 1
    assert store.items.queue(NOW, 9) == []
    assert store._db.number("SELECT count(*) FROM item WHERE article_id = 'canonical'") == 2


def test_an_item_that_moves_before_it_was_fetched_is_fetched_where_it_is(store: Store) -> None:
    seen(store, entry())
    seen(store, entry(url="https://herald.example/moved"))
    (key,) = store.items.queue(NOW, 9)
    one = store.items.get(key)
    assert one is not None
    assert (one.item.url, one.article_id) == (
        "https://herald.example/moved",
        article_id("https://herald.example/moved"),
    )


# ---- entries that change


def stored(store: Store, *, with_page: bool) -> str:
    key = article_id(STORY)
    seen(store, entry(published=MINUTE))
    store.articles.save(store.items.queue(NOW, 1)[0], article(key), now=NOW)
    if with_page:
        store.pages.keep(key, page(STORY, fetched_at=NOW - 2 * RECHECK_LEAST))
    return key


CHANGES: dict[str, tuple[dict[str, object], bool]] = {
    "nothing": ({"published": MINUTE}, False),
    "a truncated date": ({"published": DAY}, False),
    "another time of the same day": ({"published": When(value="2024-07-09T23:00:00+00:00", basis=Basis.FEED)}, False),
    "a counter in the summary": ({"published": MINUTE, "summary": "<b>Short</b> 17"}, False),
    "the title": ({"published": MINUTE, "title": "Chips curbed after all"}, True),
    "the summary": ({"published": MINUTE, "summary": "<p>Longer</p>"}, True),
    "the text": ({"published": MINUTE, "content": "<p>All of it.</p>"}, True),
    "the day": ({"published": When(value="2024-07-10", basis=Basis.FEED)}, True),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_entry_has_its_page_looked_at_again(store: Store, name: str) -> None:
    changes, again = CHANGES[name]
    key = stored(store, with_page=True)
    seen(store, entry(**changes))
    assert [one.article_id for one in store.pages.to_check(NOW, 9)] == ([key] if again else [])
    assert store.items.queue(NOW, 9) == []


def test_a_changed_entry_without_a_page_is_made_into_its_article_again(store: Store) -> None:
    stored(store, with_page=False)
    seen(store, entry(summary="<p>Longer</p>"))
    assert store.items.queue(NOW, 9) == []  # the page is not asked for at once
    (key,) = store.items.queue(NOW + RECHECK_LEAST, 9)
    one = store.items.get(key)
    assert one is not None
    assert one.item.summary == "<p>Longer</p>"
    store.items.fail(key, "404", None)  # what is stored stays
    assert store._db.rows("SELECT state FROM item")[0]["state"] == "stored"


def test_an_entry_that_never_stops_changing_is_given_up_on(store: Store) -> None:
    key = stored(store, with_page=True)
    for number in range(MOST_CHECKS):
        store.pages.checked(key, None)
        seen(store, entry(summary=f"<p>{'more ' * (number + 1)}</p>"))
    assert store.pages.to_check(NOW, 9) == []


def test_a_page_had_just_now_is_asked_for_again_a_while_later(store: Store) -> None:
    key = stored(store, with_page=True)
    store.pages.keep(key, page(STORY, fetched_at=NOW))
    seen(store, entry(summary="<p>Longer</p>"))
    assert store.pages.to_check(NOW + RECHECK_LEAST / 2, 9) == []
    assert [one.article_id for one in store.pages.to_check(NOW + RECHECK_LEAST, 9)] == [key]


# ---- pages


def test_pages_to_look_at_come_when_they_are_due_and_for_the_sources_meant(store: Store) -> None:
    key = stored(store, with_page=False)
    store.pages.keep(key, page(STORY, etag='"1"'), next_check=LATER, checks=1)
    assert store.pages.to_check(NOW, 9) == []
    (one,) = store.pages.to_check(LATER, 9)
    assert (one.article_id, one.source_id, one.url, one.etag, one.checks) == (key, "herald", STORY, '"1"', 1)
    assert store.pages.to_check(LATER, 9, only=["wire"]) == []
    assert store.pages.to_check(LATER, 9, only=["herald"]) == [one]
    store.pages.checked(key, None)
    assert store.pages.to_check(LATER, 9) == []


def test_originals_go_after_their_time_and_leave_what_makes_the_next_request_cheap(store: Store) -> None:
    key = stored(store, with_page=False)
    store.pages.keep(key, page(STORY, etag='"1"', fetched_at=NOW), next_check=LATER)
    assert store.pages.prune(NOW, 10) == 0
    assert store.pages.prune(NOW + timedelta(seconds=1), 10) == 1
    assert store.pages.prune(LATER, 10) == 0
    assert store.pages.get(key) is None
    assert store.pages.to_check(LATER, 9)[0].etag == '"1"'


def test_an_original_need_not_be_kept_at_all(store: Store) -> None:
    key = stored(store, with_page=False)
    store.pages.keep(key, page(STORY), with_body=False)
    assert store.pages.get(key) is None
