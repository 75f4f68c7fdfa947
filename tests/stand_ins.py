"""A clock that stands still and a reader that is quick and simple, for tests of the conductor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tracker.model import (
    Analysis,
    Article,
    Certainty,
    Direction,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
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
            match = BLOCK.search(article.text)
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
