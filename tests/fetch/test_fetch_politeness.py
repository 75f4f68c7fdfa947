"""Limits and pauses per host, robots.txt, and hosts that ask to be left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from fetch_asking import fetch, in_order, one, page
from fetch_server import Answer, Server

from tracker.fetch.robots import LONGEST_DELAY, product, read
from tracker.model import Done, Failed, FetchSettings, Request, Skipped
from tracker.newsroom import Newsroom, RateLimit

SLACK = 0.15  # seconds by which the server may notice the first request late


def span(times: Sequence[float]) -> float:
    return max(times) - min(times)


@pytest.mark.parametrize("per_host", [1, 2, 3])
def test_a_host_never_has_more_requests_than_it_may(server: Server, settings: FetchSettings, per_host: int) -> None:
    server.route("a.example/x", Answer(after=0.03))
    outcomes = in_order(replace(settings, per_host=per_host), ["http://a.example/x"] * 12)
    assert all(isinstance(outcome, Done) for _, outcome in outcomes)
    assert server.peak["a.example"] == per_host


def test_all_hosts_together_have_no_more_than_the_whole_may(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer(after=0.03))
    urls = [f"http://h{number}.example/x" for number in range(20)]
    assert len(fetch(replace(settings, concurrency=4), *urls)) == 20
    assert server.peak["*"] == 4


def test_a_slow_host_does_not_hold_up_the_others(server: Server, settings: FetchSettings) -> None:
    server.route("slow.example/x", Answer(after=2.0))
    server.route("*/x", Answer())
    slow = ["http://slow.example/x"] * 3
    quick = [f"http://h{number}.example/x" for number in range(40)]
    order = [url for url, _ in in_order(replace(settings, concurrency=4), [*slow, *quick])]
    assert sorted(order[:40]) == sorted(quick)


def test_requests_to_one_host_are_a_pause_apart(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    urls = ["http://a.example/x"] * 4 + ["http://b.example/x"] * 4
    in_order(replace(settings, host_delay=0.2), urls)
    for host in ("a.example", "b.example"):
        assert len(server.times(host)) == 5, "robots.txt counts as a request"
        assert span(server.times(host)) >= 4 * 0.2 - SLACK


def test_a_longer_crawl_delay_is_honoured(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/robots.txt", Answer(body=b"User-agent: *\nCrawl-delay: 0.2\n"))
    server.route("a.example/x", Answer())
    in_order(replace(settings, host_delay=0.01), ["http://a.example/x"] * 4)
    assert span(server.times("a.example")[1:]) >= 3 * 0.2 - SLACK


@pytest.mark.parametrize(
    ("asked", "delay"),
    [(b"5", 5.0), (b"0.1", 0.5), (b"3600", LONGEST_DELAY), (b"-1", 0.5), (b"soon", 0.5), (b"nan", 0.5)],
)
def test_a_crawl_delay_counts_within_reason(asked: bytes, delay: float) -> None:
    rules = read(b"User-agent: *\nCrawl-delay: " + asked, "tracker/0.1")
    assert rules.delay(0.5) == delay


@pytest.mark.parametrize(
    ("wanted", "crawl_delay", "least"),
    [(0.2, 0.0, 0.2), (0.2, 0.01, 0.2), (0.01, 0.2, 0.2), (None, 0.2, 0.2)],
)
def test_a_request_can_want_a_longer_pause(
    server: Server, settings: FetchSettings, wanted: float | None, crawl_delay: float, least: float
) -> None:
    server.route("slow.a.example/robots.txt", Answer(body=f"User-agent: *\nCrawl-delay: {crawl_delay}\n".encode()))
    server.route("*/x", Answer())
    pause = None if wanted is None else timedelta(seconds=wanted)
    asked = [Request(url="http://slow.a.example/x", pause=pause)] * 4
    order = [url for url, _ in in_order(settings, [*asked, *["http://quick.a.example/x"] * 4])]
    assert span(server.times("slow.a.example")[1:]) >= 3 * least - SLACK
    assert order[-3:] == ["http://slow.a.example/x"] * 3, "another host of the site is not held up"


def test_of_two_pauses_for_one_host_the_longer_counts_while_both_wait(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/x", Answer())
    pauses = [timedelta(seconds=seconds) for seconds in (0.05, 0.4, 0.05, 0.4)]
    in_order(settings, [Request(url="http://a.example/x", pause=pause) for pause in pauses])
    assert span(server.times("a.example")[1:]) >= 2 * 0.4 + 0.05, (
        "but for the first of three, which may be noticed late"
    )


def test_what_robots_txt_forbids_is_skipped_and_says_so(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/robots.txt", Answer(body=b"User-agent: *\nDisallow: /private\nAllow: /private/press\n"))
    server.route("*/private/press", Answer())
    server.route("*/open", Answer())
    outcomes = fetch(
        settings, "http://a.example/private/x?y=1", "http://a.example/private/press", "http://a.example/open"
    )
    assert outcomes.pop("http://a.example/private/x?y=1") == Skipped(
        reason="robots.txt of a.example forbids /private/x?y=1 for tracker: Disallow: /private"
    )
    assert all(page(outcome) for outcome in outcomes.values())
    assert sorted(server.paths("a.example")) == ["/open", "/private/press", "/robots.txt"]


def test_robots_txt_is_asked_for_once_per_origin(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    in_order(settings, ["http://a.example/x"] * 10 + ["http://b.example/x"] * 10)
    assert server.paths("a.example").count("/robots.txt") == 1
    assert server.paths("b.example").count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (b"User-agent: tracker\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        (b"User-agent: otherbot\nDisallow: /", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
        (b"User-agent: *\nDisallow:", True),
        (b"User-agent: *\nDisallow: /*.rss$", False),
        (b"<html>not a robots file</html>", True),
        (b"\xff\xfe\x00", True),
        (b"", True),
    ],
)
def test_robots_txt_is_read_as_others_read_it(rules: bytes, allowed: bool) -> None:  # noqa: FBT001  a table's column
    assert (read(rules, "tracker/0.1 (+https://t.example)").refusal("http://a.example/feed.rss") is None) is allowed


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_host_without_robots_txt_allows_everything(server: Server, settings: FetchSettings, status: int) -> None:
    server.route("a.example/robots.txt", Answer(status=status))
    server.route("a.example/x", Answer())
    assert page(one(settings, "http://a.example/x"))


def test_a_host_that_cannot_give_its_robots_txt_is_not_asked_now(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/robots.txt", Answer(status=503, headers={"Retry-After": "90"}))
    server.route("a.example/x", Answer())
    outcome = one(settings, "http://a.example/x")
    assert outcome == Failed(
        reason="robots.txt of a.example: HTTP 503 (unavailable)", retry_after=timedelta(seconds=90)
    )
    assert server.paths("a.example") == ["/robots.txt"]


def test_robots_txt_is_followed_elsewhere(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/robots.txt", Answer(status=301, headers={"Location": "http://www.a.example/robots.txt"}))
    server.route("www.a.example/robots.txt", Answer(body=b"User-agent: *\nDisallow: /x"))
    assert isinstance(one(settings, "http://a.example/x"), Skipped)


def test_a_redirect_asks_the_other_hosts_robots_txt_too(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/x", Answer(status=301, headers={"Location": "http://b.example/y"}))
    server.route("b.example/robots.txt", Answer(body=b"User-agent: *\nDisallow: /y"))
    assert one(settings, "http://a.example/x") == Skipped(
        reason="robots.txt of b.example forbids /y for tracker: Disallow: /y"
    )
    assert server.paths("b.example") == ["/robots.txt"]


def test_robots_txt_can_be_left_aside(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/robots.txt", Answer(body=b"User-agent: *\nDisallow: /"))
    server.route("a.example/x", Answer())
    assert page(one(replace(settings, respect_robots=False), "http://a.example/x"))
    assert server.paths("a.example") == ["/x"]


def test_a_host_that_sets_a_limit_is_left_alone_from_then_on(room: Newsroom, room_settings: FetchSettings) -> None:
    room.misbehave("harbourwire.example", "/feeds/*", RateLimit(allowed=2, retry_after=30))
    url = "http://harbourwire.example/feeds/latest.rss"
    outcomes = [outcome for _, outcome in in_order(replace(room_settings, per_host=1), [url] * 8)]
    assert [isinstance(outcome, Done) for outcome in outcomes[:2]] == [True, True]
    assert outcomes[2] == Failed(reason="HTTP 429 (too many requests)", retry_after=timedelta(seconds=30), status=429)
    for outcome in outcomes[3:]:
        assert isinstance(outcome, Failed)
        assert outcome.reason == "harbourwire.example has asked for a pause"
        assert outcome.retry_after is not None
        assert timedelta(seconds=25) < outcome.retry_after <= timedelta(seconds=30)
    assert [seen.status for seen in room.requests if seen.path.startswith("/feeds/")] == [200, 200, 429]


@pytest.mark.parametrize(
    ("agent", "token"),
    [("tracker/0.1 (+https://t.example)", "tracker"), ("NewsDesk (x)", "NewsDesk"), ("", "*")],
)
def test_we_are_called_by_our_product_token(agent: str, token: str) -> None:
    assert product(agent) == token
