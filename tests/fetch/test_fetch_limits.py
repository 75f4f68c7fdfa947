"""Servers that are broken or mean no good cost their own time and a bounded amount of memory, and nobody else's."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import repeat

import pytest
from fetch_asking import fetch, one, page
from fetch_server import Answer, Server
from raw_server import RawServer

from tracker.fetch.http1 import MAX_HEADERS
from tracker.model import Done, Failed, Fetched, FetchSettings, Poison, Request

OK = b"HTTP/1.1 200 OK\r\n"


def ask(settings: FetchSettings, say: Callable[[socket.socket], None]) -> Fetched:
    """The outcome of asking a server that says this, robots.txt left aside."""
    with RawServer(say) as raw:
        led = replace(settings, respect_robots=False, connect_to=(("bad.example", raw.address),))
        return one(led, "http://bad.example/x")


def saying(*pieces: bytes, pause: float = 0.0) -> Callable[[socket.socket], None]:
    def say(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return say


def for_ever(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    def say(connection: socket.socket) -> None:
        connection.sendall(start)
        for more in repeat(piece):
            connection.sendall(more)

    return say


FLOOD = Poison(reason=f"bad.example sends more than {MAX_HEADERS} bytes of headers")
LATE = Failed(reason="bad.example gave no whole answer within 0.5 s")


@pytest.mark.parametrize(
    ("say", "outcome"),
    [
        (for_ever(OK, b"X-A: %s\r\n" % (b"a" * 500)), FLOOD),
        (for_ever(OK + b"X-A: ", b"a" * 1_000), FLOOD),
        (for_ever(OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n", b"X-Trailer: 1\r\n"), FLOOD),
        (for_ever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), LATE),
        (for_ever(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 100), "limit"),
        (saying(OK + b"Content-Length: 9\r\n\r\n", *[b"a"] * 8, pause=0.1), LATE),
        (saying(OK, *[b"X: 1\r\n"] * 8, pause=0.1), LATE),
    ],
    ids=["headers", "one header", "trailers", "early hints", "tiny chunks", "slow body", "slow headers"],
)
def test_a_server_that_never_ends_costs_its_own_time(
    settings: FetchSettings, say: Callable[[socket.socket], None], outcome: Fetched | str
) -> None:
    started = time.monotonic()
    found = ask(replace(settings, total_timeout=0.5, max_bytes=100_000_000), say)
    assert time.monotonic() - started < 3
    assert found == (LATE if outcome == "limit" else outcome)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "bad.example broke off or does not speak HTTP: "),
        (b"\0\0\0\0 nonsense\r\n\r\n", "bad.example broke off or does not speak HTTP: "),
        (b"HTTP/1.1 abc OK\r\n\r\n", "bad.example broke off or does not speak HTTP: "),
        (OK + b"Content-Length: 100\r\n\r\nshort", "bad.example broke off or does not speak HTTP: "),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "bad.example broke off or does not speak HTTP: "),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "bad.example broke off or does not speak"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "bad.example broke off or does not speak HTTP: "),
    ],
)
def test_what_is_no_http_is_failed(settings: FetchSettings, said: bytes, reason: str) -> None:
    outcome = ask(settings, saying(said))
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith(reason)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.0 200 OK\r\n\r\nhello",
        b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Latin: \xe9\r\nContent-Length: 5\r\n\r\nhello",
    ],
)
def test_old_and_odd_ways_of_speaking_http_are_understood(settings: FetchSettings, said: bytes) -> None:
    assert page(ask(settings, saying(said))).body == b"hello"


def test_a_mean_server_does_not_cost_the_others_their_answers(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    flood = for_ever(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 100)
    with RawServer(flood) as raw:
        led = replace(settings, total_timeout=1.5, max_bytes=100_000_000)
        led = replace(led, connect_to=(*settings.connect_to, ("mean.test", raw.address)), respect_robots=False)
        urls = [f"http://h{number}.example/x" for number in range(30)]
        outcomes = fetch(led, "http://mean.test/x", *urls)
    assert all(isinstance(outcomes[url], Done) for url in urls)
    assert outcomes["http://mean.test/x"] == Failed(reason="mean.test gave no whole answer within 1.5 s")


def test_an_idle_connection_that_the_server_has_closed_is_not_the_requests_fault(settings: FetchSettings) -> None:
    """It says keep-alive and closes: at once, or when the next request comes."""
    with RawServer(saying(OK + b"Content-Length: 2\r\n\r\nhi")) as raw:
        led = replace(settings, respect_robots=False, connect_to=(("a.example", raw.address),), per_host=1)
        outcomes = [fetch(led, Request(url=f"http://a.example/{n}")) for n in range(3)]
        together = fetch(led, *[f"http://a.example/{n}" for n in range(6)])
        assert raw.connections == 9
    assert all(isinstance(outcome, Done) for found in [*outcomes, together] for outcome in found.values())


def test_a_robots_txt_longer_than_anybody_needs_is_read_as_far_as_it_matters(
    server: Server, settings: FetchSettings
) -> None:
    long = b"User-agent: *\nDisallow: /x\n" + b"# nothing\n" * 200_000
    server.route("a.example/robots.txt", Answer(body=long))
    server.route("*/y", Answer())
    outcomes = fetch(replace(settings, max_bytes=10_000), "http://a.example/x", "http://a.example/y")
    assert page(outcomes["http://a.example/y"])
    assert not isinstance(outcomes["http://a.example/x"], Done)


def test_a_server_that_never_answers_is_put_off_after_a_few_requests(settings: FetchSettings, server: Server) -> None:
    led = replace(settings, respect_robots=False, per_host=1, read_timeout=0.3)
    server.route("good.example/x", Answer())
    for n in range(30):
        server.route(f"mute.example/{n}", Answer(after=1.0))
    requests = [*(Request(url=f"http://mute.example/{n}") for n in range(30)), Request(url="http://good.example/x")]
    started = time.monotonic()
    outcomes = fetch(led, *requests)
    assert time.monotonic() - started < 4
    assert isinstance(outcomes["http://good.example/x"], Done)
    reasons = [outcome.reason for outcome in outcomes.values() if isinstance(outcome, Failed)]
    assert len(reasons) == 30
    assert sum("put off to the next run" in reason for reason in reasons) == 27
    assert len(server.paths("mute.example")) == 3
