"""Sites that say "too often": how long they are left alone, over all their hosts, and from one run to the next."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fetch_asking import NOW, clock
from fetch_server import Answer, Server

from tracker.fetch import Fetcher
from tracker.fetch.rests import LONGEST_ASKED, LONGEST_USUAL, Rests, used_up
from tracker.fetch.visits import MUTE_AFTER
from tracker.model import Done, Failed, Fetched, FetchSettings, Poison, Request

MINUTE = timedelta(minutes=1)
RESET = int((NOW + 5 * MINUTE).timestamp())


def run(
    settings: FetchSettings, *urls: str, rests: Mapping[str, datetime] | None = None
) -> tuple[list[Fetched], dict[str, datetime]]:
    """The outcomes in the order asked, one after another, and the rests afterwards."""
    with Fetcher(settings, now=clock, rests=rests or {}) as fetcher:
        outcomes = [outcome for url in urls for _, outcome in fetcher.fetch([Request(url=url)])]
    return outcomes, fetcher.rests


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {}, MINUTE),
        (429, {"Retry-After": "300"}, 5 * MINUTE),
        (429, {"Retry-After": "Tue, 09 Jul 2024 12:03:00 GMT"}, 3 * MINUTE),
        (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2024-07-09T12:05:00.000Z"}, 5 * MINUTE),
        (429, {"Retry-After": "9999999"}, LONGEST_ASKED),
        (503, {"Retry-After": "120"}, 2 * MINUTE),
        (503, {}, None),
        (403, {}, None),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2024-07-09T12:05:00.000Z"}, 5 * MINUTE),
        (200, {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "60"}, MINUTE),
        (200, {"RateLimit-Remaining": "0", "RateLimit-Reset": str(RESET)}, 5 * MINUTE),
        (200, {"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "60"}, None),
        (200, {"X-RateLimit-Remaining": "0"}, None),
        (200, {"Retry-After": "60"}, None),
        (404, {"RateLimit-Remaining": "0", "RateLimit-Reset": "60"}, MINUTE),
    ],
)
def test_a_site_rests_for_as_long_as_it_asks(
    server: Server, settings: FetchSettings, status: int, headers: dict[str, str], wait: timedelta | None
) -> None:
    server.route("api.site.example/x", Answer(status=status, headers=headers))
    server.route("*/y", Answer())
    outcomes, rests = run(settings, "http://api.site.example/x", "http://www.site.example/y", "http://other.example/y")
    assert isinstance(outcomes[2], Done), "another site is none of its business"
    if wait is None:
        assert isinstance(outcomes[1], Done)
        assert rests == {}
    else:
        assert outcomes[1] == Failed(reason="site.example has asked for a pause", retry_after=wait, postponed=True)
        assert rests == {"site.example": NOW + wait}
        assert server.paths("www.site.example") == []


def test_a_403_means_too_often_where_the_settings_say_so(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer(status=403))
    throttling = replace(settings, throttling=("site.example",))
    urls = ["http://www.site.example/x", "http://site.example/x", "http://b.example/x"]
    outcomes, rests = run(throttling, *urls)
    reason = "HTTP 403 (forbidden, which means too often here)"
    assert outcomes == [
        Failed(reason=reason, status=403),
        Failed(reason="site.example has asked for a pause", retry_after=MINUTE, postponed=True),
        Poison(reason="HTTP 403 (forbidden)", status=403),
    ]
    assert rests == {"site.example": NOW + MINUTE}


def test_a_rest_of_an_earlier_run_is_kept_to_until_it_is_over(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    earlier = {"a.example": NOW + MINUTE, "b.example": NOW - MINUTE}
    outcomes, rests = run(settings, "http://a.example/x", "http://b.example/x", rests=earlier)
    assert outcomes[0] == Failed(reason="a.example has asked for a pause", retry_after=MINUTE, postponed=True)
    assert isinstance(outcomes[1], Done)
    assert rests == {"a.example": NOW + MINUTE}
    assert server.paths("a.example") == []


def test_who_has_not_been_asked_is_told_from_who_has(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/robots.txt", Answer(status=429, headers={"Retry-After": "60"}))
    outcomes, _ = run(settings, "http://a.example/x", "http://a.example/y")
    reason = "robots.txt of a.example: HTTP 429 (too many requests)"
    assert outcomes == [
        Failed(reason=reason, retry_after=MINUTE),
        Failed(reason="a.example has asked for a pause", retry_after=MINUTE, postponed=True),
    ]
    server.route("b.site.example/robots.txt", Answer(headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "60"}))
    (put_off,), _ = run(settings, "http://b.site.example/x")
    assert put_off == Failed(reason="site.example has asked for a pause", retry_after=MINUTE, postponed=True)


def test_a_robots_txt_that_is_not_asked_for_is_no_fault_of_its_host(server: Server, settings: FetchSettings) -> None:
    asked = Answer(status=301, headers={"Location": "/r", "RateLimit-Remaining": "0", "RateLimit-Reset": "60"})
    server.route("c.site.example/robots.txt", asked)
    (put_off,), _ = run(settings, "http://c.site.example/x")
    reason = "robots.txt of c.site.example: site.example has asked for a pause"
    assert put_off == Failed(reason=reason, retry_after=MINUTE, postponed=True)


def test_an_origin_that_answers_nobody_is_put_off(settings: FetchSettings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        nobody = f"127.0.0.1:{taken.getsockname()[1]}"
    led = replace(settings, respect_robots=False, connect_to=(("mute.example", nobody),))
    outcomes, _ = run(led, *[f"http://mute.example/{number}" for number in range(MUTE_AFTER + 2)])
    assert [isinstance(one, Failed) and one.postponed for one in outcomes] == [False] * MUTE_AFTER + [True] * 2
    reason = "mute.example has given no answer 3 times in a row; put off to the next run"
    assert outcomes[-1] == Failed(reason=reason, postponed=True)


def test_the_usual_rest_doubles_each_time_up_to_an_hour() -> None:
    now = NOW
    rests = Rests({}, lambda: now)
    waits = []
    for _ in range(9):
        rests.limit("a.example", None)
        rests.limit("a.example", None)  # an answer to a request sent before the first said so
        left = rests.left("a.example")
        assert left is not None
        waits.append(left // MINUTE)
        now += left
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert timedelta(minutes=waits[-1]) == LONGEST_USUAL


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e9999"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "nan"}, None),
        ({"x-ratelimit-remaining": "none", "x-ratelimit-reset": "60"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "5, 5"}, timedelta(seconds=5)),
        ({"x-ratelimit-remaining": "0;w=60", "x-ratelimit-reset": "5"}, timedelta(seconds=5)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "Tue, 09 Jul 2024 12:01:00 GMT"}, MINUTE),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2020-01-01T00:00:00Z"}, timedelta(0)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 18}, timedelta(seconds=10**9)),
    ],
)
def test_counters_are_read_with_distrust(headers: dict[str, str], wait: timedelta | None) -> None:
    assert used_up(headers, NOW) == wait


def test_one_site_has_one_turn_whatever_its_hosts_are_called(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer(after=0.03))
    urls = [f"http://h{number}.site.example/x" for number in range(12)]
    with Fetcher(replace(settings, respect_robots=False), now=clock) as fetcher:
        assert all(isinstance(outcome, Done) for _, outcome in fetcher.fetch(Request(url=url) for url in urls))
    assert server.peak["*"] == settings.per_host


def test_a_crawl_delay_holds_up_its_own_host_only(server: Server, settings: FetchSettings) -> None:
    server.route("slow.site.example/robots.txt", Answer(body=b"User-agent: *\nCrawl-delay: 0.4\n"))
    server.route("*/x", Answer())
    urls = ["http://slow.site.example/x"] * 3 + ["http://quick.site.example/x"] * 4
    with Fetcher(settings, now=clock) as fetcher:
        order = [request.url for request, _ in fetcher.fetch(Request(url=url) for url in urls)]
    assert order[-2:] == ["http://slow.site.example/x"] * 2
    times = server.times("slow.site.example")[1:]
    assert max(times) - min(times) >= 2 * 0.4 - 0.1
