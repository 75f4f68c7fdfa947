"""The face as an iterator: lazy, in order of completion, nested, and gone without a trace when left."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fetch_asking import clock, one, page
from fetch_server import Answer, Server

from tracker.fetch import Fetcher
from tracker.fetch.fetcher import LOOKAHEAD
from tracker.model import Done, FetchSettings, Request


def ours() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith(("tracker-fetch", "tracker-dns"))]


def endless(pulled: list[int]) -> Iterator[Request]:
    number = 0
    while True:
        pulled.append(number)
        yield Request(url=f"http://h{number % 7}.example/x")
        number += 1


def test_outcomes_come_as_they_are_ready(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/x", Answer(after=0.3))
    server.route("b.example/x", Answer())
    with Fetcher(settings, now=clock) as fetcher:
        requests = [Request(url="http://a.example/x"), Request(url="http://b.example/x")]
        assert [request.url for request, _ in fetcher.fetch(requests)] == ["http://b.example/x", "http://a.example/x"]
        assert list(fetcher.fetch([])) == []


def test_requests_are_pulled_only_as_they_are_needed(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    pulled: list[int] = []
    with Fetcher(replace(settings, concurrency=2), now=clock) as fetcher:
        outcomes = fetcher.fetch(endless(pulled))
        for _ in range(5):
            next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert len(pulled) <= 2 * LOOKAHEAD + 5


def test_pages_do_not_pile_up_when_nobody_takes_them(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    with Fetcher(replace(settings, concurrency=3), now=clock) as fetcher:
        outcomes = fetcher.fetch(endless([]))
        next(outcomes)
        time.sleep(0.4)
        asked = [one.path for one in server.asked].count("/x")
        outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert asked <= 1 + 2 * 3, "as many ready as under way, and those under way"


def test_a_fetch_may_run_inside_another(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/x", Answer())
    server.route("a.example/y", Answer(body=b"inner"))
    requests = [Request(url="http://a.example/x")] * 20
    inner = []
    with Fetcher(replace(settings, concurrency=2, per_host=1), now=clock) as fetcher:
        for _ in fetcher.fetch(requests):
            inner += [page(outcome).body for _, outcome in fetcher.fetch([Request(url="http://a.example/y")])]
    assert inner == [b"inner"] * 20


def test_leaving_early_ends_what_is_under_way_and_leaves_no_thread(server: Server, settings: FetchSettings) -> None:
    settings = replace(settings, read_timeout=20, total_timeout=20)
    server.route("*/x", Answer(after=10))
    server.route("quick.example/x", Answer())
    before = set(threading.enumerate())
    started = time.monotonic()
    with Fetcher(settings, now=clock) as fetcher:
        for request, _ in fetcher.fetch(Request(url=f"http://{name}.example/x") for name in ["a", "b", "quick"]):
            assert request.url == "http://quick.example/x"
            break
    assert time.monotonic() - started < 4
    assert not ours()
    assert not [t for t in set(threading.enumerate()) - before if "process_request" not in t.name]


def test_an_exception_in_the_loop_passes_and_leaves_no_thread(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())

    def interrupted() -> None:
        with Fetcher(settings, now=clock) as fetcher:
            for _ in fetcher.fetch(endless([])):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not ours()


def test_an_interrupt_while_waiting_stops_promptly(server: Server, settings: FetchSettings) -> None:
    settings = replace(settings, read_timeout=20, total_timeout=20)
    server.route("*/x", Answer(after=10))
    started = time.monotonic()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start tests deaf to it
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        with pytest.raises(KeyboardInterrupt), Fetcher(settings, now=clock) as fetcher:
            list(fetcher.fetch([Request(url="http://a.example/x")]))
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - started < 4
    assert not ours()


def test_an_exception_of_the_requests_passes(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer(after=0.2))

    def broken() -> Iterator[Request]:
        yield Request(url="http://a.example/x")
        raise LookupError("the list is broken")

    with Fetcher(settings, now=clock) as fetcher, pytest.raises(LookupError, match="the list is broken"):
        list(fetcher.fetch(broken()))
    assert not ours()


def test_a_bug_is_not_swallowed(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())

    def stopped() -> None:
        raise ZeroDivisionError

    with Fetcher(settings, now=stopped) as fetcher, pytest.raises(ZeroDivisionError):  # type: ignore[arg-type]
        list(fetcher.fetch([Request(url="http://a.example/x")]))


def test_a_fetcher_is_used_open(server: Server, settings: FetchSettings) -> None:
    fetcher = Fetcher(settings, now=clock)
    with pytest.raises(RuntimeError, match="context manager"):
        next(fetcher.fetch([Request(url="http://a.example/x")]))
    server.route("*/x", Answer())
    with fetcher:
        outcomes = fetcher.fetch(endless([]))
        next(outcomes)
    with pytest.raises(RuntimeError, match="context manager"):
        list(outcomes)


def test_the_environments_proxy_is_not_used_for_loopback(
    server: Server, settings: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server.route("*/x", Answer())
    port = server.address.rpartition(":")[2]
    assert page(one(settings, "http://a.example/x"))
    assert page(one(settings, Request(url=f"http://127.0.0.1:{port}/x", private=True)))


def test_the_environments_proxy_is_used_for_others(
    server: Server, settings: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", f"http://{server.address}")
    server.route("far.away/http://far.away/x", Answer(body=b"through the proxy"))
    server.routes["far.away", "http://far.away/x"] = Answer(body=b"through the proxy")
    assert page(one(settings, "http://far.away/x")).body == b"through the proxy"


def test_many_requests_are_each_answered_once(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    urls = [f"http://h{number}.example/x" for number in range(150)]
    with Fetcher(settings, now=clock) as fetcher:
        outcomes = list(fetcher.fetch(Request(url=url) for url in urls))
    assert sorted(request.url for request, _ in outcomes) == sorted(urls)
    assert all(isinstance(outcome, Done) for _, outcome in outcomes)
