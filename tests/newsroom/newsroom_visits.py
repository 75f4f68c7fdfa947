"""A visitor to the newsroom: asks it by host name, as the fetcher's connect_to does, and reads what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import feedparser
import httpx
from lxml import html as lxml_html

from tracker.newsroom import Newsroom, Story


class Visitor:
    """One client with keep-alive; `get` takes a URL of a virtual host."""

    def __init__(self, room: Newsroom, client: httpx.Client) -> None:
        self.room, self.client = room, client

    def get(self, url: str, *, method: str = "GET", **headers: str) -> httpx.Response:
        asked = httpx.URL(url)
        named = {"Host": asked.host, **{key.replace("_", "-"): value for key, value in headers.items()}}
        return self.client.request(method, asked.copy_with(host="127.0.0.1", port=self.room.port), headers=named)

    def follow(self, url: str) -> httpx.Response:
        """The answer after at most three redirects."""
        answer = self.get(url)
        for _ in range(3):
            if "Location" not in answer.headers:
                break
            answer = self.get(answer.headers["Location"])
        return answer

    def story(self, story_id: str) -> Story:
        return next(story for story in self.room.stories if story.id == story_id)


@contextmanager
def visiting(as_of: str | None = None) -> Iterator[Visitor]:
    """A room of its own, and a visitor in it."""
    with Newsroom(as_of=as_of) as room, httpx.Client(timeout=10) as client:
        yield Visitor(room, client)


def words(text: str) -> str:
    """Text with its white space made single."""
    return re.sub(r"\s+", " ", text).strip()


def tree(body: bytes) -> Any:
    """The page as lxml has it, whose stubs allow an XPath to be anything."""
    return lxml_html.document_fromstring(body)


def feed(body: bytes) -> Any:
    """What feedparser makes of an answer."""
    return feedparser.parse(body)  # type: ignore[attr-defined,no-untyped-call]


def page_words(body: bytes) -> str:
    """All visible text of a page, scripts and styles left out."""
    found = tree(body)
    for part in found.xpath("//script|//style"):
        part.drop_tree()
    return words(" ".join(found.itertext()))
