"""What makes a refresh cheap, what guards it against servers that lie, and how it follows a feed back in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from outlet import HOST, Answer, Outlet, Watcher, entry, feed, source, story

from tracker.store import Store

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# ---- what is unchanged costs little


def test_a_304_and_the_same_bytes_are_unchanged_and_nothing_is_read(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1, 2)
    assert watcher.refresh().items_new == 2
    assert watcher.refresh(2 * HOUR).sources_unchanged == 1
    same = outlet.routes["/feed.json"]
    assert isinstance(same, Answer)
    outlet.routes["/feed.json"] = replace(same, headers={"ETag": '"another for the same"'})
    assert watcher.refresh(2 * HOUR).sources_unchanged == 1
    assert watcher.refresh(2 * HOUR).sources_unchanged == 1
    told = watcher.rows("SELECT outcome, status FROM fetch WHERE url LIKE '%feed.json' ORDER BY number")
    assert told == [("page", 200), ("unchanged", 304), ("unchanged", 200), ("unchanged", 304)]


def test_nothing_due_writes_nothing(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    with Store.open(watcher.config.settings.database) as store:
        before = store._db.number("PRAGMA data_version")  # changes when anybody else commits
        assert watcher.refresh(timedelta(minutes=1)).sources_asked == 0
        assert store._db.number("PRAGMA data_version") == before


def test_other_reading_options_are_read_anew(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    outlet.asked.clear()
    other = replace(source(), wanted=replace(source().wanted, terms=("chips",)))
    watcher.sources = (other,)
    watcher.refresh(2 * HOUR)
    assert "if-none-match" not in outlet.asked[0][1]
    watcher.refresh(2 * HOUR)
    assert "if-none-match" in outlet.asked[-1][1]


def test_two_sources_of_one_address_have_both_what_it_lists(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    watcher.sources = (source(), source(id="again"))
    assert watcher.refresh(2 * HOUR).items_new == 1
    assert watcher.value("SELECT count(*) FROM item") == 2
    assert watcher.value("SELECT count(*) FROM article") == 1


# ---- servers that lie


def test_a_server_that_always_says_304_is_found_out(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    shown = feed(entry(1), entry(2), etag='"stuck"')

    def lying(sent: dict[str, str]) -> Answer:
        return Answer(status=304) if "if-none-match" in sent else shown

    outlet.routes["/feed.json"] = lying
    outlet.routes |= {f"/{n}": story(n) for n in range(2, 9)}
    assert watcher.refresh(2 * HOUR).items_new == 0
    assert watcher.refresh(8 * DAY).items_new == 1  # the whole, since nothing but 304 came for so long
    shown = feed(entry(1), entry(2), entry(3), etag='"stuck"')
    assert watcher.refresh(DAY).items_new == 0
    report = watcher.refresh(40 * DAY)
    assert report.items_new == 1
    assert any("asked for the whole" in alarm for alarm in report.alarms)
    shown = feed(*(entry(n) for n in range(1, 6)), etag='"stuck"')
    assert watcher.refresh(2 * DAY).items_new == 2  # at once from now on
    assert watcher.value("SELECT validators_distrusted_at IS NOT NULL FROM source_health") == 1


def test_news_under_the_same_etag_ends_the_trust_in_it(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1, etag='"always"')
    watcher.refresh()
    outlet.routes["/feed.json"] = lambda _: feed(entry(1), entry(2), etag='"always"')
    outlet.routes["/2"] = story(2)
    assert watcher.refresh(2 * HOUR).items_new == 1
    outlet.asked.clear()
    watcher.refresh(DAY)
    assert "if-none-match" not in outlet.asked[0][1]


# ---- back in time


def pages(outlet: Outlet, *numbers: tuple[int, ...]) -> None:
    """The feed in pages, each leading to the older one."""
    for n, items in enumerate(numbers):
        path = "/feed.json" if n == 0 else f"/feed.json?page={n + 1}"
        following = f"{HOST}/feed.json?page={n + 2}" if n + 1 < len(numbers) else None
        outlet.routes[path] = feed(*(entry(number) for number in items), next_url=following)
        outlet.routes |= {f"/{number}": story(number) for number in items}


def listing_paths(outlet: Outlet) -> list[str]:
    return [path for path in outlet.paths() if path.startswith("/feed")]


def test_older_pages_are_read_while_all_they_list_is_new(outlet: Outlet, watcher: Watcher) -> None:
    pages(outlet, (1,))
    watcher.refresh()
    outlet.asked.clear()
    pages(outlet, (9, 8), (7, 6), (5, 1), (1, 0))
    assert watcher.refresh(2 * HOUR).items_new == 5
    assert listing_paths(outlet) == ["/feed.json", "/feed.json?page=2", "/feed.json?page=3"]
    pages(outlet, (10, 9), (8, 7))
    assert watcher.refresh(2 * HOUR).items_new == 1
    assert listing_paths(outlet) == ["/feed.json"]


def test_what_is_cut_is_told(outlet: Outlet, watcher: Watcher) -> None:
    watcher.sources = (source(pages=2),)
    pages(outlet, (9,), (8,), (7,), (6,))
    report = watcher.refresh()
    assert report.items_new == 3
    note = "more than 2 pages of new items; older ones were not read"
    assert f"outlet: {note}" in report.faults
    assert watcher.value("SELECT notes FROM source_health") == note
    watcher.refresh(2 * HOUR)
    assert watcher.value("SELECT notes FROM source_health") == note  # a 304 takes nothing back


def test_an_older_page_that_fails_is_asked_for_next_time(outlet: Outlet, watcher: Watcher) -> None:
    pages(outlet, (9,), (8,), (7,))
    outlet.routes["/feed.json?page=2"] = Answer(status=503)
    report = watcher.refresh()
    assert (report.items_new, report.sources_failed) == (1, 0)
    assert any("a page of older items could not be had" in fault for fault in report.faults)
    pages(outlet, (9,), (8,), (7,))
    assert watcher.refresh(2 * HOUR).items_new == 2
    assert watcher.value("SELECT owed FROM source") is None


# ---- addresses


def test_a_feed_that_has_moved_is_asked_where_it_is(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    outlet.routes["/new.json"] = outlet.routes["/feed.json"]
    outlet.routes["/feed.json"] = Answer(status=301, headers={"Location": "/new.json"})
    report = watcher.refresh()
    assert report.items_new == 1
    assert any("write the new address into feeds.yaml: http://outlet.example/new.json" in a for a in report.alarms)
    outlet.paths()
    again = watcher.refresh(2 * HOUR)
    assert (outlet.paths(), again.sources_unchanged, again.alarms) == (["/new.json"], 1, ())
    watcher.sources = (source(url=f"{HOST}/new.json"),)
    watcher.refresh()
    assert watcher.rows("SELECT moved_to, alarms FROM source_health") == [(None, None)]


def test_a_move_that_leads_nowhere_is_taken_back(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    outlet.routes["/new.json"] = outlet.routes["/feed.json"]
    outlet.routes["/feed.json"] = Answer(status=301, headers={"Location": "/new.json"})
    watcher.refresh()
    outlet.publish(1, 2)
    del outlet.routes["/new.json"]
    assert watcher.refresh(2 * HOUR).sources_failed == 1
    assert watcher.refresh(DAY).items_new == 1


def test_a_token_never_moves_to_another_origin(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    outlet.routes["/new.json"] = outlet.routes["/feed.json"]
    outlet.routes["/feed.json"] = Answer(status=301, headers={"Location": "http://other.example/new.json"})
    watcher.sources = (source(token="secret"),)
    watcher.refresh()
    watcher.refresh(2 * HOUR)
    assert watcher.value("SELECT moved_to FROM source") is None
    assert {sent.get("authorization") for path, sent in outlet.asked if path == "/new.json"} == {None}


def test_a_feed_that_is_gone_is_told_asked_slowly_and_welcomed_back(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    outlet.routes["/feed.json"] = Answer(status=410)
    assert any("gone for good" in alarm for alarm in watcher.refresh(2 * HOUR).alarms)
    assert watcher.refresh(6 * DAY).sources_asked == 0
    outlet.publish(1, 2)
    report = watcher.refresh(2 * DAY)
    assert report.items_new == 1
    assert watcher.rows("SELECT gone_at, alarms FROM source_health") == [(None, None)]


# ---- whose pages


def test_one_source_collects_only_its_own(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    outlet.routes["/other.json"] = feed(entry(2))
    outlet.routes["/2"] = Answer(status=503)
    watcher.sources = (source(), source(id="other", url=f"{HOST}/other.json"))
    watcher.refresh()
    outlet.routes["/2"] = story(2)
    watcher.clock.pass_(DAY)
    assert watcher.refresh(only=("outlet",), force=True).articles_new == 0
    assert watcher.refresh(only=("other",), force=True).articles_new == 1


@pytest.mark.parametrize("slow", [1, 5])
def test_a_slow_page_holds_up_no_other(outlet: Outlet, watcher: Watcher, slow: int) -> None:
    outlet.publish(*range(1, 10))
    outlet.routes[f"/{slow}"] = replace(story(slow), after=0.5)
    assert watcher.refresh().articles_new == 9
