"""A thousand outlets on loopback for the drill of endurance: English articles, some of the same events, some edited.

All follows from numbers, so that it can be told again what was published. An outlet has whole texts in its feed, or
pages to fetch; it serves the last articles, and misbehaves as `drill_kinds` says when it is told to from outside.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from drill_kinds import FEED, MOVED_TO, PAGES, Trick
from drill_outlets import START

from tracker.newsroom.answers import Resource

EVERY = timedelta(days=3)  # an article per outlet
WINDOW = 4  # articles in a feed, and so some days in which it may be asked in vain
AN_EVENT = 2  # one article in so many tells an event
TELLERS = 4  # outlets that tell one event on its day
AN_EDIT = 20  # one article in so many is edited a day later
WORDS = 320  # of an article
COMMON = (
    "the of and to in a is that for it was on are as with be by this had from at which have but not were they one all "
    "their there been if more when will would who so no out up into than them can only other time new some could"
).split()
NOUNS = (
    "officials industry market analysts ministry supply producers trade factory exporters demand prices parliament "
    "committee report quarter shipments investment technology partners region harbour customs agency spokesman growth"
).split()
SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo wu zan ber dol fen gar".split()
COUNTRIES = {
    "Germany": "DE", "France": "FR", "Japan": "JP", "Brazil": "BR", "India": "IN", "Canada": "CA", "Mexico": "MX",
    "Australia": "AU", "Indonesia": "ID", "Vietnam": "VN", "Poland": "PL", "Spain": "ES", "Italy": "IT", "Chile": "CL",
    "Turkey": "TR", "Egypt": "EG", "Kenya": "KE", "Norway": "NO", "Peru": "PE", "Thailand": "TH",
}  # fmt: skip
ACTS = ("imposed a tariff on", "banned imports of", "restricted exports of")
GOODS = "graphite gallium lithium steel solar-panels batteries drones chips seafood timber copper ships soy".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as it stands."""

    number: int
    at: datetime
    title: str
    text: str


@dataclass(slots=True, kw_only=True)
class Outlet:
    """One host with one feed."""

    number: int
    paged: bool  # its articles have pages of their own, and its feed holds only how they begin
    of: int  # how many outlets there are
    asked: int = 0

    @property
    def name(self) -> str:
        """The id of the source."""
        return f"outlet{self.number:04}"

    @property
    def host(self) -> str:
        """The virtual host."""
        return f"{self.name}.example"

    def stories(self, until: datetime) -> Iterator[Story]:
        """What it has published, oldest first, as it stands then; those with pages publish at midnight."""
        first = START - EVERY + EVERY * self.number / self.of
        if self.paged:
            first = first.replace(hour=0, minute=0, second=0, microsecond=0)
        count = max((until - first) // EVERY + 1, 0)
        for number in range(max(0, count - WINDOW), count):
            yield self._story(number, first + number * EVERY, until)

    def count(self, until: datetime) -> int:
        """How many articles it has published."""
        return max((story.number + 1 for story in self.stories(until)), default=0)

    def _story(self, number: int, at: datetime, until: datetime) -> Story:
        mark = f"{self.number}x{number}"
        chance = random.Random(mark)
        act = self._event(at) if (self.number + number) % AN_EVENT == 0 else ""
        title = " ".join([*chance.choices(NOUNS, k=5), _invented(chance), mark])
        text = f"{act} {_prose(chance, WORDS)}".strip()
        if (self.number + number) % AN_EDIT == 0 and until - at > timedelta(days=1):
            text += " Editor's note: an earlier version of this article gave the wrong figures."
        return Story(number=number, at=at, title=title, text=text)

    def _event(self, at: datetime) -> str:
        """The sentence that tells one of the events of the day."""
        events = max(1, self.of * timedelta(days=1) // EVERY // AN_EVENT // TELLERS)
        chance = random.Random(f"{at:%Y-%m-%d} {self.number % events}")
        actor, target = chance.sample(sorted(COUNTRIES), 2)
        return f"{actor} {chance.choice(ACTS)} {chance.choice(GOODS)} from {target} on {at:%d %B %Y}."

    def resource(self, path: str, moment: datetime, trick: Trick | None) -> Resource:  # noqa: ARG002 - none is played
        """What stands at one of its addresses."""
        if path == "/robots.txt":
            return Resource(body=b"User-agent: *\nAllow: /\n", content_type="text/plain")
        if path in (FEED, MOVED_TO):
            return Resource(body=self._feed(moment).encode(), content_type="application/rss+xml", etag="strong")
        for story in self.stories(moment):
            if path == f"{PAGES}{story.number}.html":
                return Resource(body=self._page(story).encode(), content_type="text/html; charset=utf-8", etag="weak")
        return Resource(body=b"not here", content_type="text/plain", status=404)

    def _feed(self, moment: datetime) -> str:
        items = "".join(self._entry(story) for story in reversed(list(self.stories(moment))))
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
            f"<title>{self.name}</title><link>http://{self.host}/</link><description>News</description>"
            f"<language>en</language>\n{items}</channel></rss>\n"
        )

    def _entry(self, story: Story) -> str:
        link = f"http://{self.host}{PAGES}{story.number}.html"
        text = " ".join(story.text.split()[:30]) + " …" if self.paged else story.text
        return (
            f"<item><title>{story.title}</title><link>{link}</link><guid isPermaLink='false'>{link}</guid>"
            f"<pubDate>{format_datetime(story.at, usegmt=True)}</pubDate><description>{text}</description></item>\n"
        )

    def _page(self, story: Story) -> str:
        words = story.text.split()
        parts = "".join(f"<p>{' '.join(words[begin : begin + 80])}</p>" for begin in range(0, len(words), 80))
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{story.title} | {self.name}</title>'
            f'<meta property="og:title" content="{story.title}"><meta property="og:type" content="article">'
            f'<meta property="article:published_time" content="{story.at.isoformat()}"></head><body>'
            f"<nav>{' '.join(NOUNS * 20)}</nav><article><h1>{story.title}</h1>{parts}</article></body></html>"
        )


def outlets(count: int) -> Iterator[Outlet]:
    """So many, of which one in twenty has pages."""
    return (Outlet(number=number, paged=number % 20 == 0, of=count) for number in range(count))


def _invented(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=3)).capitalize()


def _prose(chance: random.Random, count: int) -> str:
    """Words that look like English and hold a few that no other text holds."""
    words = [chance.choice(NOUNS if place % 3 == 2 else COMMON) for place in range(count)]
    for place in range(10, count, 25):
        words[place] = f"{_invented(chance)}."
    return " ".join(words)
