"""The outlets of the drill: a real server on loopback that publishes articles as virtual time goes on, and misbehaves.

What was published is known (`published`), and each article holds a word that no other holds. Which outlet
misbehaves when is told from outside (`Site.faults`). Articles are German and made of invented words: they are stored
and not read, since the drill is about fetching. An outlet either has whole texts in its feed or pages to fetch.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from drill_kinds import FEED, MOVED_TO, PAGES, Kind, Trick

from tracker.newsroom.answers import Ask, Resource, answer
from tracker.newsroom.faults import WHOLE, Cut, Fault, Huge, altered, deliver
from tracker.newsroom.server import Handler, Server, head_of

EVERY = timedelta(hours=3)  # an article per outlet
WINDOW = 120  # articles in a feed; more than are published in a drill, so that what is missing was lost
COMMON = "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als".split()
NOUNS = "Zölle Behörde Ausfuhr Körperschaft Prüfung Größe Büro Straße Gebühr Maß Übung Händler".split()
SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo wu zan ber dol fen gar".split()
START = datetime(2026, 3, 2, tzinfo=UTC)
ADDENDUM = "Nachtrag der Redaktion: Die Angaben wurden am Abend berichtigt."


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as it stands."""

    number: int
    at: datetime
    mark: str  # a word that no other article holds
    title: str
    text: str
    edited: bool = False


@dataclass(slots=True, kw_only=True)
class Outlet:
    """One host with one feed."""

    number: int
    paged: bool  # its articles have pages of their own, and its feed holds only how they begin
    edited_at: datetime | None = None  # what was published before is edited since
    asked: int = 0  # how often the feed was

    @property
    def name(self) -> str:
        """The id of the source."""
        return f"blatt{self.number:02}"

    @property
    def host(self) -> str:
        """The virtual host."""
        return f"{self.name}.example"

    def stories(self, until: datetime) -> list[Story]:
        """What it has published, oldest first, as it stands then."""
        first = START - 4 * EVERY + timedelta(minutes=7 * self.number)
        count = max((until - first) // EVERY + 1, 0)
        return [self._story(number, first + number * EVERY) for number in range(count)]

    def resource(self, path: str, moment: datetime, trick: Trick | None) -> Resource:
        """What stands at one of its addresses."""
        return resource(self, path, moment, trick)

    def _story(self, number: int, at: datetime) -> Story:
        mark = f"Kennwort{self.number:02}x{number:03}"
        chance = random.Random(mark)
        title = f"{_words(chance, 4)} {chance.choice(NOUNS)} {mark[8:]}"
        text = f"{_words(chance, 70)} {mark} {_words(chance, 30)}."
        story = Story(number=number, at=at, mark=mark, title=title, text=text)
        if self.edited_at is None or at >= self.edited_at:
            return story
        return replace(story, title=f"{title} (neu)", text=f"{text} {ADDENDUM}", edited=True)


class Publishes(Protocol):
    """A host as the site sees it."""

    asked: int

    def resource(self, path: str, moment: datetime, trick: Trick | None, /) -> Resource:
        """What stands at one of its addresses."""
        ...


P = TypeVar("P", bound=Publishes)


@dataclass(slots=True)
class Site(Generic[P]):
    """The server; a context manager. `moment` is the time it shows."""

    outlets: Mapping[str, P]  # by host
    moment: datetime = START
    faults: dict[str, Kind] = field(default_factory=dict)  # by host
    met: Counter[str] = field(default_factory=Counter)  # requests by host that met a fault
    strayed: list[str] = field(default_factory=list)  # requests for hosts that are no outlet's
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)
    _server: Server | None = None

    def __enter__(self) -> Self:
        self._server = Server(("127.0.0.1", 0), self)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"127.0.0.1:{self._server.server_address[1]}"

    def serve(self, handler: Handler) -> bool:
        """Answer one request; False if the connection must be closed."""
        ask = handler.ask()
        with self._lock:
            fault, count, resource = self._decided(ask)
        plain = replace(ask, headers={}) if isinstance(fault, WHOLE) else ask
        given = answer(resource, plain)
        if fault is not None:
            given = altered(fault, given, ask, count=count)
        return deliver(fault, given, head_of(given, close=isinstance(fault, Huge)), handler.wfile.write, self._wait)

    def _wait(self, seconds: float) -> None:
        self._closing.wait(seconds)

    def _decided(self, ask: Ask) -> tuple[Fault | None, int, Resource]:
        """The fault that a request meets, how many did before, and what there is at its address."""
        outlet = self.outlets.get(ask.host)
        if outlet is None:
            self.strayed.append(f"{ask.host}{ask.path}")
            return None, 0, Resource(body=b"nobody should be here", content_type="text/plain")
        kind = self.faults.get(ask.host)
        trick = kind.does if kind is not None and isinstance(kind.does, Trick) else None
        found = outlet.resource(ask.path, self.moment, trick)
        met = kind is not None and ask.path.startswith(kind.on)
        if kind is not None and isinstance(kind.does, Cut):
            met = met and answer(found, ask).status != 304  # there is no body to cut
        self.met[ask.host] += met
        outlet.asked += ask.path in (FEED, MOVED_TO)
        fault = kind.does if kind is not None and met and not isinstance(kind.does, Trick) else None
        return fault, self.met[ask.host], found


def published(site: Site[Outlet]) -> Iterator[tuple[Outlet, Story]]:
    """The truth at this moment."""
    for outlet in site.outlets.values():
        yield from ((outlet, story) for story in outlet.stories(site.moment))


def resource(outlet: Outlet, path: str, moment: datetime, trick: Trick | None) -> Resource:
    """What stands at an address of an outlet."""
    if path == "/robots.txt":
        return Resource(body=b"User-agent: *\nAllow: /\n", content_type="text/plain")
    stories = outlet.stories(moment)
    if path in (FEED, MOVED_TO):
        body = _feed(outlet, stories[-WINDOW:], trick).encode()
        return Resource(body=body, content_type="application/rss+xml", etag="strong", compress=True)
    number = path.removeprefix(PAGES).removesuffix(".html")
    if path.startswith(PAGES) and number.isdecimal() and int(number) < len(stories):
        body = _page(outlet, stories[int(number)]).encode()
        return Resource(body=body, content_type="text/html; charset=utf-8", etag="weak")
    return Resource(body=b"not here", content_type="text/plain", status=404)


def _feed(outlet: Outlet, stories: list[Story], trick: Trick | None) -> str:
    if trick is Trick.DROPS and outlet.asked % 2:
        stories = stories[::2]
    items = "".join(part for story in reversed(stories) for part in _entries(outlet, story, trick))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>{outlet.name}</title><link>http://{outlet.host}/</link><description>Prüfblatt</description>"
        f"<language>de</language>\n{items}</channel></rss>\n"
    )


def _entries(outlet: Outlet, story: Story, trick: Trick | None) -> Iterator[str]:
    link = f"http://{outlet.host}{PAGES}{story.number}.html"
    guid = f"{link}#{outlet.asked}" if trick is Trick.GUIDS else link
    yield _entry(outlet, story, link, guid)
    if trick is Trick.TWICE:
        yield _entry(outlet, story, f"{link}?utm_source=rss&utm_medium=feed", f"{link}#again")


def _entry(outlet: Outlet, story: Story, link: str, guid: str) -> str:
    text = " ".join(story.text.split()[:12]) + " …" if outlet.paged else story.text
    return (
        f"<item><title>{story.title}</title><link>{escape(link)}</link><guid isPermaLink='false'>{guid}</guid>"
        f"<pubDate>{format_datetime(story.at, usegmt=True)}</pubDate><description>{text}</description></item>\n"
    )


def _page(outlet: Outlet, story: Story) -> str:
    half = len(story.text.split()) // 2
    parts = " ".join(story.text.split()[:half]), " ".join(story.text.split()[half:])
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{story.title} | {outlet.name}</title>'
        f'<meta property="og:title" content="{story.title}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{story.at.isoformat()}"></head><body>'
        f"<article><h1>{story.title}</h1><p>{parts[0]}</p><p>{parts[1]}</p></article></body></html>"
    )


def _words(chance: random.Random, count: int) -> str:
    """Words, two in five common ones, the rest invented."""
    return " ".join(
        chance.choice(COMMON) if chance.random() < 0.4 else "".join(chance.choices(SYLLABLES, k=3)).title()
        for _ in range(count)
    )
