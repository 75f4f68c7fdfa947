"""What is told of an answer for the next time: freshness, moves, time taken; robots.txt kept from run to run."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from fetch_asking import NOW, clock, one, page
from fetch_server import Answer, Server

from tracker.fetch import Fetcher
from tracker.fetch.freshness import fresh_for
from tracker.fetch.robots import read
from tracker.model import Done, Failed, Fetched, FetchSettings, Request, RobotsText, Skipped, Unchanged

HOUR = timedelta(hours=1)
EXPIRES = "Tue, 09 Jul 2024 13:00:00 GMT"
FORBIDDING = b"User-agent: *\nDisallow: /x\n"


class Shelf:
    """A memory of robots.txt that keeps what was put and got, and in which thread."""

    def __init__(self, *texts: RobotsText) -> None:
        self.texts = {text.origin: text for text in texts}
        self.got: list[str] = []
        self.threads: set[str] = set()

    def get(self, origin: str, /) -> RobotsText | None:
        self.got.append(origin)
        self.threads.add(threading.current_thread().name)
        return self.texts.get(origin)

    def put(self, text: RobotsText, /) -> None:
        self.threads.add(threading.current_thread().name)
        self.texts[text.origin] = text


def known(age: timedelta, body: bytes | None = FORBIDDING, status: int = 200) -> RobotsText:
    return RobotsText(origin="http://a.example", status=status, body=body, fetched_at=NOW - age)


def ask(settings: FetchSettings, shelf: Shelf, *urls: str) -> list[Fetched]:
    with Fetcher(settings, now=clock, robots=shelf) as fetcher:
        return [outcome for _, outcome in fetcher.fetch([Request(url=url) for url in urls])]


@pytest.mark.parametrize(
    ("headers", "time"),
    [
        ({}, None),
        ({"cache-control": "max-age=3600"}, HOUR),
        ({"cache-control": "public, MAX-AGE=3600, must-revalidate"}, HOUR),
        ({"cache-control": 'max-age="3600"'}, HOUR),
        ({"cache-control": "s-maxage=60, max-age=3600"}, HOUR),
        ({"cache-control": "public,s-maxage=3600"}, HOUR),
        ({"cache-control": "max-age=3600", "age": "1800"}, HOUR / 2),
        ({"cache-control": "max-age=3600", "age": "7200"}, None),
        ({"cache-control": "max-age=3600", "expires": "0"}, HOUR),
        ({"cache-control": "max-age=0, s-maxage=3600"}, None),
        ({"cache-control": "max-age=3600, no-cache"}, None),
        ({"cache-control": "no-store, max-age=3600"}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"cache-control": "x" * 60_000 + ", max-age=3600"}, HOUR),
        ({"cache-control": 'max-age = 3600 , no-transform="a, b"'}, HOUR),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=" + "9" * 400}, timedelta(days=366)),
        ({"cache-control": "private", "expires": EXPIRES}, HOUR),
        ({"expires": EXPIRES}, HOUR),
        ({"expires": EXPIRES, "date": "Tue, 09 Jul 2024 12:30:00 GMT"}, HOUR / 2),
        ({"expires": "0"}, None),
        ({"expires": "Tue, 09 Jul 2024 11:00:00 GMT"}, None),
        ({"expires": "Tue, 99 Jul 2024 11:00:00 GMT"}, None),
    ],
)
def test_how_long_an_answer_stays_right(headers: dict[str, str], time: timedelta | None) -> None:
    assert fresh_for(headers, NOW) == time


def test_an_unchanged_answer_tells_how_long_it_stays_right(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/x", Answer(status=304, body=b"", headers={"Cache-Control": "max-age=3600"}, after=0.05))
    outcome = one(settings, Request(url="http://a.example/x", etag='"1"'))
    assert isinstance(outcome, Done)
    assert isinstance(outcome.value, Unchanged)
    assert outcome.value.fresh_for == HOUR
    assert outcome.value.milliseconds is not None
    assert 50 <= outcome.value.milliseconds < 2_000


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ((), None),
        ((301,), "http://a.example/1"),
        ((308, 301), "http://a.example/2"),
        ((302,), None),
        ((301, 302), None),
        ((307, 308), None),
    ],
)
def test_a_move_is_told_where_every_step_was_for_good(
    server: Server, settings: FetchSettings, statuses: tuple[int, ...], moved_to: str | None
) -> None:
    for step, status in enumerate(statuses):
        server.route(f"a.example/{step}", Answer(status=status, headers={"Location": f"/{step + 1}"}))
    server.route(f"a.example/{len(statuses)}", Answer())
    assert page(one(settings, "http://a.example/0")).moved_to == moved_to


def test_robots_txt_is_asked_for_once_a_day(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/robots.txt", Answer(body=FORBIDDING))
    shelf = Shelf()
    for _ in range(3):
        (outcome,) = ask(settings, shelf, "http://a.example/x")
        assert outcome == Skipped(reason="robots.txt of a.example forbids /x for tracker: Disallow: /x")
    assert server.paths("a.example") == ["/robots.txt"]
    assert shelf.texts == {"http://a.example": known(timedelta(0))}
    assert shelf.got == ["http://a.example"] * 3
    assert shelf.threads == {threading.current_thread().name}, "a database is used by the thread that opened it"


@pytest.mark.parametrize(
    ("shelf", "robots", "kind", "asked"),
    [
        (Shelf(known(23 * HOUR)), Answer(), Skipped, 0),
        (Shelf(known(25 * HOUR)), Answer(), Done, 1),
        (Shelf(known(25 * HOUR)), Answer(status=503), Skipped, 1),
        (Shelf(known(25 * HOUR, body=None, status=404)), Answer(status=503), Done, 1),
        (Shelf(known(23 * HOUR, body=None, status=404)), Answer(body=FORBIDDING), Done, 0),
        (Shelf(), Answer(status=503), Failed, 1),
        (Shelf(), Answer(status=410), Done, 1),
    ],
    ids=["young", "old", "old, no other", "none before, none now", "none", "not to be had", "gone"],
)
def test_an_old_robots_txt_stands_in_only_where_there_is_no_other(
    server: Server, settings: FetchSettings, shelf: Shelf, robots: Answer, kind: type, asked: int
) -> None:
    server.route("a.example/robots.txt", robots)
    server.route("a.example/x", Answer())
    (outcome,) = ask(settings, shelf, "http://a.example/x")
    assert isinstance(outcome, kind)
    assert server.paths("a.example").count("/robots.txt") == asked


def test_what_is_no_answer_is_not_kept(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/robots.txt", Answer(status=500))
    shelf = Shelf()
    ask(settings, shelf, "http://a.example/x")
    assert shelf.texts == {}


def test_the_memory_serves_a_fetch_inside_another(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    server.route("a.example/r", Answer(status=302, headers={"Location": "http://c.example/x"}))
    shelf, inner = Shelf(), []
    with Fetcher(replace(settings, concurrency=2, per_host=1), now=clock, robots=shelf) as fetcher:
        outer = fetcher.fetch(Request(url=f"http://h{n}.example/x") for n in range(6))
        for _ in outer:
            inner += [outcome for _, outcome in fetcher.fetch([Request(url="http://a.example/r")])]
    assert all(isinstance(outcome, Done) for outcome in inner)
    assert set(shelf.texts) == {f"http://{host}.example" for host in ("a", "c", *(f"h{n}" for n in range(6)))}


class Torn:
    """A memory whose database is broken."""

    def get(self, _origin: str, /) -> RobotsText | None:
        raise LookupError("the database is broken")

    def put(self, _text: RobotsText, /) -> None:
        raise AssertionError("nothing is put where nothing can be got")


def test_what_the_memory_raises_passes(settings: FetchSettings) -> None:
    with Fetcher(settings, now=clock, robots=Torn()) as fetcher, pytest.raises(LookupError, match="is broken"):
        list(fetcher.fetch([Request(url="http://a.example/x")]))


RULES = b"""User-agent: other
Disallow: /news/today

User-agent: tracker
User-agent: friend
Disallow: /news   # all of it
Allow: /news/open
Disallow: /*.pdf$

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/news/today", ": Disallow: /news"),
        ("/a/b.pdf", ": Disallow: /*.pdf$"),
        ("/news/open/1.pdf", None),
        ("/weather", None),
    ],
)
def test_the_rule_that_forbids_is_named(server: Server, settings: FetchSettings, path: str, rule: str | None) -> None:
    server.route("a.example/robots.txt", Answer(body=RULES))
    server.routes["a.example", path] = Answer()
    outcome = one(settings, f"http://a.example{path}")
    if rule is None:
        assert isinstance(outcome, Done)
    else:
        assert outcome == Skipped(reason=f"robots.txt of a.example forbids {path} for tracker{rule}")


def test_the_rule_is_not_looked_for_in_an_endless_file() -> None:
    rules = read(b"User-agent: *\n" + b"".join(b"Disallow: /p%d\n" % n for n in range(30_000)), "tracker/0.1")
    refused = rules.refusal("http://a.example/p29999")
    assert refused == Skipped(reason="robots.txt of a.example forbids /p29999 for tracker")
