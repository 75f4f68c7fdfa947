"""Articles with their analyses for tests of settling: some sixty accounts of a few events, by many outlets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from accounts import told

from tracker.model import Analysis, Article, Basis, EventMention, Source, SourceKind, Span, TextFrom, Tier, When
from tracker.pipeline import settling
from tracker.store import Store

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
READER = "rules 1"
# What happened, as a full account tells it.
ACTS = (
    told(announced="2024-07-09", effective="2024-09-01"),
    told(announced="2024-07-09", status="in_force", items=("chip tools",)),
    told(announced="2024-09-01", status="in_force", effective="2024-09-01"),
    told(announced="2025-02-03", status="suspended"),
    told(type="entity_listing", actors=("US Commerce Department",), targets=("Huawei",), announced="2024-05-16"),
    told(type="entity_listing", actors=("US Commerce Department",), targets=("ZTE",), announced="2024-05-20"),
    told(
        type="access_restriction", actors=("OpenAI",), targets=("developers",), items=("API",), announced="2024-06-25"
    ),
    told(type="tariff", actors=("European Union",), targets=("China",), items=("cars",), announced="2024-07-04"),
    told(type="tariff", actors=("European Union",), targets=("China",), items=("cars",), announced="2024-10-29"),
    told(type="export_control", actors=("Japan",), targets=("China",), items=("photoresist",), announced="2024-07-10"),
)
OUTLETS = ("herald", "wire", "gazette")


def accounts(number: int) -> tuple[EventMention, ...]:
    """What one article tells: a few of the events, some of them vaguely or otherwise."""
    some = [ACTS[number % len(ACTS)], *([ACTS[(number * 3 + 1) % len(ACTS)]] if number % 2 else [])]
    return tuple(_vague(one, number) for one in dict.fromkeys(some))


def _vague(one: EventMention, number: int) -> EventMention:
    day = one.announced_on
    assert day is not None
    changes = (
        one,
        replace(one, targets=(), confidence=0.6),
        replace(one, announced_on=replace(day, value=day.value[:7]), items=()),
        replace(one, effective_on=None, confidence=0.7),
    )
    return changes[number // 3 % len(changes)]


ARTICLES = tuple(range(40))


def article(number: int, text: str | None = None) -> Article:
    published = When(value=f"2025-{7 + number % 5:02}-{10 + number % 9}", basis=Basis.METADATA)
    return Article(
        id=f"a{number}",
        url=f"https://{OUTLETS[number % 3]}.example/{number}",
        title=f"Story {number}",
        text=text or f"Story {number:04}. It says so in some more words.",
        published=published,
        language="en",
        text_from=TextFrom.PAGE,
        source_id=OUTLETS[number % 3],
        content_hash=f"hash of {number}",
    )


def keep(
    store: Store,
    number: int,
    events: Iterable[EventMention] | None = None,
    reader: str = READER,
    text: str | None = None,
) -> None:
    """Store an article as a reader has read it: as it should, or otherwise."""
    told = accounts(number) if events is None else tuple(events)
    if text:
        told = tuple(replace(one, evidence=(Span(start=0, end=len(text)),)) for one in told)
    store.articles.save(None, article(number, text), now=NOW)
    store.analyses.save(Analysis(article_id=f"a{number}", mentions=(), events=told, reader=reader), now=NOW)


def begin(store: Store) -> None:
    """The outlets."""
    tiers = (Tier.MAJOR, Tier.SPECIALIST, Tier.OFFICIAL)
    store.sources.sync([_source(key, tier) for key, tier in zip(OUTLETS, tiers, strict=True)], NOW)


def _source(key: str, tier: Tier) -> Source:
    url = f"https://{key}.example/feed"
    return Source(id=key, name=key, kind=SourceKind.FEED, url=url, tier=tier, language="en", country="US")


def settle(store: Store) -> int:
    return settling.settle(store, lambda: NOW)


def chunks(numbers: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    """The same, so many at a time."""
    return (numbers[at : at + size] for at in range(0, len(numbers), size))
