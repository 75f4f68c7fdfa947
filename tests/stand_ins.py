"""For tests of the conductor: a clock that stands still, a quick and simple reader, an extractor that remembers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.articles import Extractor, Job
from tracker.model import (
    Analysis,
    Article,
    Certainty,
    Direction,
    Done,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Poison,
    Span,
    Status,
)

BLOCK = re.compile(r"[^.\n]*(?:OpenAI[^.\n]*\b(?:API|access)\b|\b(?:API|access)\b[^.\n]*OpenAI)[^.\n]*")
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, time: timedelta) -> None:
        self.now += time


class KeptExtractor:
    """The real extractor, asked once for each page: tests of the conductor make the same articles over and over."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._kept: dict[Job, Done[Article] | Poison] = {}

    def extract(self, jobs: Iterable[tuple[Any, Job]]) -> Iterator[tuple[Any, Done[Article] | Poison]]:
        for key, job in jobs:
            asked = replace(job, page=replace(job.page, milliseconds=None))
            if asked not in self._kept:
                ((_, self._kept[asked]),) = self._extractor.extract([(None, job)])
            yield key, self._kept[asked]


class BlockReader:
    """Takes each text with OpenAI and access in one sentence for a block: enough to see reports become events."""

    version = "block 1"

    def __init__(self) -> None:
        self.read: list[str] = []
        self.stumbles_over: str | None = None

    def read_many(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        for article in articles:
            if self.stumbles_over and self.stumbles_over in article.text:
                raise ValueError("stumbled")
            self.read.append(article.id)
            match = BLOCK.search(article.text) if "OpenAI" in article.text else None
            events = (told(article, match),) if match else ()
            mentions = tuple(m for event in events for m in (*event.actors, *event.targets))
            yield Analysis(article_id=article.id, mentions=mentions, events=events, reader=self.version)


def told(article: Article, match: re.Match[str]) -> EventMention:
    openai = match.start() + match.group().index("OpenAI")
    sentence = Span(start=match.start(), end=match.end())
    return EventMention(
        type=EventType.ACCESS_RESTRICTION,
        status=Status.ANNOUNCED,
        direction=Direction.RESTRICT,
        certainty=Certainty.CONFIRMED,
        actors=(
            Mention(
                party=Party(name="OpenAI", kind=PartyKind.COMPANY, country="US", id="co:openai"),
                span=Span(start=openai, end=openai + 6),
            ),
        ),
        targets=(
            Mention(
                party=Party(name="China", kind=PartyKind.PLACE, country="CN", id="gov:cn"),
                span=sentence,
            ),
        ),
        items=(Phrase(text="API", span=sentence),),
        instruments=(),
        announced_on=replace(article.published, value=article.published.value[:7]) if article.published else None,
        effective_on=None,
        evidence=(sentence,),
        confidence=0.7,
    )
