"""Edited pages become revisions, one article has many sightings, and originals are kept for their time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from outlet import HOST, Answer, Outlet, Watcher, entry, feed, source, story

from tracker.model import Tier

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EDITED = "The ministry withdrew the rules on exports that it had published, and named no day for new ones. " * 8


@pytest.fixture
def major(outlet: Outlet, watcher: Watcher) -> Watcher:
    """A watcher of an outlet whose pages are looked at again, with one article collected."""
    watcher.sources = (source(tier=Tier.MAJOR),)
    outlet.publish(1)
    assert watcher.refresh().articles_new == 1
    outlet.asked.clear()
    return watcher


def looks(watcher: Watcher, *waits: timedelta) -> list[int]:
    """How often the page was asked for after each wait."""
    found = []
    for wait in waits:
        watcher.outlet.asked.clear()
        watcher.refresh(wait)
        found.append(watcher.outlet.paths().count("/1"))
    return found


def test_a_young_article_is_looked_at_on_a_plan(major: Watcher) -> None:
    waits = (HOUR, HOUR, HOUR, 9 * HOUR, DAY, 12 * HOUR, 20 * DAY)
    assert looks(major, *waits) == [0, 1, 0, 1, 0, 1, 0]


def test_articles_of_other_tiers_and_old_ones_are_not(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    assert looks(watcher, 3 * HOUR) == [0]
    watcher.sources = (source(tier=Tier.OFFICIAL),)
    outlet.routes["/feed.json"] = feed(entry(2, date_published="2026-01-01T10:00:00Z"))
    outlet.routes["/2"] = story(2)
    assert watcher.refresh(2 * HOUR).articles_new == 1
    assert watcher.value("SELECT count(*) FROM page WHERE next_check_at IS NOT NULL") == 0


def test_an_edited_page_is_a_revision_and_is_read_again(outlet: Outlet, major: Watcher) -> None:
    first = major.rows("SELECT id, text FROM article")
    outlet.routes["/1"] = story(1, EDITED)
    report = major.refresh(3 * HOUR)
    assert (report.articles_revised, report.articles_new) == (1, 0)
    assert major.rows("SELECT article_id, text FROM article_revision") == first
    assert major.value("SELECT text FROM article").strip().startswith("The ministry withdrew")
    assert major.reader.read == [first[0][0]] * 2
    assert major.refresh(12 * HOUR).articles_revised == 0


def test_a_changed_entry_has_its_page_looked_at_at_once(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    outlet.routes["/1"] = story(1, EDITED)
    outlet.routes["/feed.json"] = feed(entry(1, title="Rules for goods withdrawn"))
    report = watcher.refresh(2 * HOUR)
    assert (report.items_new, report.articles_new, report.articles_revised) == (0, 0, 1)


def test_an_entry_that_changes_soon_after_has_its_page_looked_at_an_hour_later(
    outlet: Outlet, watcher: Watcher
) -> None:
    outlet.publish(1)
    watcher.refresh()
    outlet.routes["/1"] = story(1, EDITED)
    outlet.routes["/feed.json"] = feed(entry(1, title="Rules for goods withdrawn"))
    watcher.refresh(HOUR / 2)  # too soon for another look
    assert watcher.value("SELECT count(*) FROM article_revision") == 0
    outlet.routes["/feed.json"] = feed(entry(1, title="Rules for goods withdrawn, ministry says"))
    watcher.refresh(HOUR / 4)  # another change puts the look off no further
    assert watcher.refresh(HOUR).articles_revised == 1


def test_a_changed_text_of_a_feed_without_pages_is_a_revision(outlet: Outlet, watcher: Watcher) -> None:
    watcher.sources = (source(full_text=False),)
    outlet.routes["/feed.json"] = feed(entry(1, content_html=f"<p>{story(1).body.decode()}</p>"))
    watcher.refresh()
    outlet.routes["/feed.json"] = feed(entry(1, content_html=f"<p>{EDITED}</p>"))
    watcher.refresh(2 * HOUR)
    assert watcher.refresh(2 * HOUR).articles_new == 0
    assert watcher.value("SELECT count(*) FROM article_revision") == 1


OTHER_PAGES = {
    "gone": Answer(status=404),
    "broken": Answer(status=503),
    "an error page": story(1, "Page not found", title="404"),
    "another article": story(1),
}


@pytest.mark.parametrize("name", OTHER_PAGES)
def test_what_is_not_the_article_any_more_leaves_it_as_it_was(outlet: Outlet, major: Watcher, name: str) -> None:
    before = major.rows("SELECT id, text FROM article")
    if name == "another article":
        outlet.routes["/2"] = story(2, EDITED)
        outlet.routes["/1"] = Answer(status=302, headers={"Location": "/2"})
    else:
        outlet.routes["/1"] = OTHER_PAGES[name]
    assert major.refresh(3 * HOUR).articles_revised == 0
    assert major.rows("SELECT id, text FROM article") == before
    assert major.value("SELECT checks FROM page") == 1


def test_the_same_text_under_another_address_is_a_sighting_of_the_article(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    outlet.routes["/feed.json"] = feed(
        entry(1), entry(1, id="tag:new", url=f"{HOST}/eu/1", title="Rules: European view")
    )
    outlet.routes["/eu/1"] = story(1)
    report = watcher.refresh(2 * HOUR)
    assert (report.items_new, report.articles_new, report.copies) == (1, 0, 0)
    assert watcher.value("SELECT count(DISTINCT article_id) FROM item WHERE state = 'stored'") == 1
    assert "the same text as" in watcher.value("SELECT reason FROM item WHERE reason IS NOT NULL")


def test_the_same_text_in_another_source_is_a_copy(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    outlet.routes["/other.json"] = feed(entry(1, url="http://copyist.example/1"))
    watcher.sources = (source(), source(id="copyist", url=f"{HOST}/other.json"))
    report = watcher.refresh()
    assert (report.articles_new, report.copies) == (2, 1)


@pytest.mark.parametrize(("days", "kept"), [(90, 1), (1, 0), (0, 0)])
def test_originals_are_kept_for_their_time(outlet: Outlet, watcher: Watcher, days: int, kept: int) -> None:
    watcher.keep_pages = days
    outlet.publish(1)
    watcher.refresh()
    watcher.refresh(2 * DAY)
    assert watcher.rows("SELECT count(*), sum(encoding = 'zlib') FROM page") == [(1, kept)]
    assert watcher.value("SELECT length(text) > 0 FROM article") == 1


def test_every_fetch_is_a_row(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1, 2)
    outlet.routes["/2"] = Answer(status=404)
    outlet.routes["/1"] = Answer(status=302, headers={"Location": "/moved"})
    outlet.routes["/moved"] = story(1)
    watcher.refresh()
    told = watcher.rows("SELECT substr(url, 22), outcome, status, final_url FROM fetch ORDER BY url")
    assert told == [
        ("/1", "page", 200, f"{HOST}/moved"),
        ("/2", "poison", 404, None),
        ("/feed.json", "page", 200, None),
    ]
    assert watcher.value("SELECT count(*) FROM fetch WHERE milliseconds IS NULL AND outcome = 'page'") == 0
