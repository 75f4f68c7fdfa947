"""A clock that goes back a year: what it has put off does not wait for that year, and nothing is told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from outlet import HOST, Answer, Outlet, Watcher, feed

from tracker.alerts import times
from tracker.model.alerts import Rate
from tracker.store import Store

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_what_waited_goes_on_although_the_clock_is_a_year_back(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1, 2, 3)
    outlet.routes["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /3\n")
    outlet.routes["/2"] = Answer(status=503)  # to be tried again
    assert watcher.refresh().articles_new == 2  # the third by its words in the feed alone
    del outlet.routes["/2"], outlet.routes["/robots.txt"]
    outlet.publish(1, 2, 3, 4)
    outlet.paths()
    asked = watcher.refresh(-YEAR)
    assert (asked.sources_asked, asked.items_new, asked.articles_new) == (1, 1, 2)
    assert {"/feed.json", "/2", "/4"} <= set(outlet.paths())
    assert watcher.value("SELECT max(next_try_at) FROM item WHERE state = 'pending'") is None
    assert watcher.refresh(HOUR).articles_new == 0
    assert watcher.value("SELECT count(*) FROM article") == 4


def test_a_host_that_rests_is_asked_again_although_the_clock_is_a_year_back(outlet: Outlet, watcher: Watcher) -> None:
    outlet.routes["/feed.json"] = Answer(status=429, headers={"Retry-After": "3600"})
    assert watcher.refresh().sources_failed == 1
    outlet.routes["/feed.json"] = feed()
    assert watcher.refresh(HOUR / 2).sources_asked == 0
    assert watcher.refresh(-YEAR).sources_failed == 0
    assert outlet.paths() == ["/feed.json", "/feed.json"]


def test_a_robots_txt_of_the_time_to_come_is_asked_for_anew(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    outlet.routes["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /\n")
    watcher.refresh(-YEAR)
    assert [path for path, _ in outlet.asked].count("/robots.txt") == 2
    assert watcher.value("SELECT body IS NOT NULL FROM robots") == 1


def test_the_whole_page_is_asked_for_where_it_was_had_in_the_time_to_come(outlet: Outlet, watcher: Watcher) -> None:
    outlet.publish(1)
    watcher.refresh()
    watcher.refresh(-YEAR)
    watcher.refresh(2 * HOUR)
    sent = ["if-none-match" in headers for path, headers in outlet.asked if path == "/feed.json"]
    assert sent == [False, False, True], HOST


def test_messages_of_the_time_to_come_take_no_place_of_those_of_now() -> None:
    rate = Rate(count=2, span=HOUR)
    assert times.allowance(rate, [NOW + YEAR, NOW + YEAR, NOW - HOUR / 2], NOW) == 1


def test_messages_and_facts_that_a_clock_ahead_put_off_are_due(watcher: Watcher) -> None:
    rows = {
        "INSERT INTO message (id, alert, channel, state, made_at, next_try_at, title, body, document)"
        " VALUES (?1, 'a', 'c', 'waiting', ?2, ?2, '', '', '{}')": ("m", NOW + YEAR),
        "INSERT INTO outbox (alert, channel, kind, subject, key, detail, noted_at, due_at)"
        " VALUES ('a', 'c', 'new', ?1, '', '{}', ?2, ?2)": ("e", NOW + timedelta(days=8)),
    }  # fmt: skip
    with Store.open(watcher.config.settings.database) as store:
        for sql, (key, at) in rows.items():
            store._db.run(sql, (key, at.isoformat()))
        assert [store.upkeep.distrust(NOW), store.upkeep.distrust(NOW)] == [1, 0]  # a digest of next week may wait
        assert [one.message.id for one in store.messages.open(NOW)] == ["m"]
        assert store.outbox.due(NOW) == []
