"""Articles for tests of resolving a lake: accounts of few events by outlets that copy and correct each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from accounts import told

from tracker.articles import SIGNATURE_SCHEME, content_hash, signature
from tracker.backfill.importing import Imported, load
from tracker.backfill.stages import Pair
from tracker.model import (
    Analysis,
    Article,
    Basis,
    EventMention,
    Mention,
    Notice,
    Party,
    PartyKind,
    Source,
    SourceKind,
    Span,
    TextFrom,
    Tier,
    When,
)
from tracker.pipeline import making, settling
from tracker.progress import Quiet
from tracker.store import Store

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
TIERS = {"herald": Tier.MAJOR, "wire": Tier.SPECIALIST, "gazette": Tier.OFFICIAL, "post": Tier.SOCIAL}
CHINA = Party(name="China", kind=PartyKind.GOVERNMENT, country="CN", id="gov:cn")
# One firm under names that only texts know, and its unit.
NAMES = ("Harrow Precision Instruments Co., Ltd", "Harrow Precision Instruments", "HARROW Precision Instruments Ltd")
ACTS = (
    told(announced="2024-07-09", effective="2024-09-01"),
    told(announced="2024-07-09", status="in_force", items=("chip tools",)),
    told(announced="2024-09-01", status="in_force", effective="2024-09-01"),
    told(announced="2025-02-03", status="suspended"),
    told(type="entity_listing", actors=("US Commerce Department",), targets=("Huawei",), announced="2024-05-16"),
    told(type="entity_listing", actors=("US Commerce Department",), targets=("ZTE",), announced="2024-05-20"),
    told(type="tariff", actors=("European Union",), targets=("China",), items=("cars",), announced="2024-07-04"),
    told(type="tariff", actors=("China",), targets=("European Union",), items=("brandy",), announced="2024-08-20"),
    told(type="export_control", actors=("Japan",), targets=("China",), items=("photoresist",), announced="2024-07-10"),
)
SYLLABLES = "ka lo mi ren tor vel dan sol bri nex qua zin pol har mon tek gra fen ul ost var lin dro pex".split()


@dataclass(frozen=True, slots=True)
class Inline:
    """An engine that does everything at once."""

    name: str = "inline"
    executor: Executor = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        object.__setattr__(self, "executor", _Now())

    def width(self) -> int:
        return 1

    def cause(self, error: BaseException) -> str:
        return str(error)


class _Now(Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@dataclass(frozen=True, slots=True)
class Some:
    """A part that is in memory."""

    pairs: tuple[Pair, ...]

    def __call__(self) -> Iterable[Pair]:
        return self.pairs


def read(number: int) -> Pair:
    """An article: every fourth one copies the one before in another outlet, some correct or withdraw theirs."""
    told_of = number - 1 if number % 4 == 3 else number
    random = Random(told_of)
    act, outlet = random.choice(ACTS), sorted(TIERS)[number % 4]
    name = random.choice(NAMES)
    text = _text(random, told_of, name)
    published = When(value=f"2025-{7 + told_of % 5:02}-{10 + told_of % 9}", basis=Basis.METADATA)
    article = Article(
        id=f"a{number:03}",
        url=f"https://{outlet}.example/{number}",
        title=f"Story {told_of}",
        text=text,
        published=None if number % 11 == 10 else published,
        language="en",
        text_from=TextFrom.PAGE,
        source_id=None if number % 13 == 12 else outlet,
        content_hash=content_hash(text),
        signature=signature(text),
        notice={5: Notice.CORRECTION, 9: Notice.RETRACTION}.get(number % 17),
    )
    at = text.index(name)
    firm = Mention(
        party=Party(name=name, kind=PartyKind.COMPANY, country=None), span=Span(start=at, end=at + len(name))
    )
    events = [] if number % 19 == 18 else [_vague(act, random, text, firm)]
    if number % 3 == 1:
        events.append(_vague(random.choice(ACTS[:3]), random, text[:200], firm))
    found = Analysis(
        article_id=article.id, mentions=(firm,), events=tuple(dict.fromkeys(events)), reader="rules 1", known=(CHINA,)
    )
    if number % 23 == 22:
        return replace(article, unread="language: zh is not read yet"), None
    return article, found


def _text(random: Random, number: int, name: str) -> str:
    """Enough words that no other article has, so that only copies are copies."""
    words = ["".join(random.choices(SYLLABLES, k=3)) for _ in range(50)]
    begin = f"On day {number} rules came in response to the tariffs, said {words[0]}. Of {name} nobody spoke."
    return f"{begin} {' '.join(words)}."


def _vague(one: EventMention, random: Random, text: str, firm: Mention) -> EventMention:
    """What an account makes of an act, with its place in the text."""
    day = one.announced_on
    assert day is not None
    changes = (
        one,
        replace(one, targets=(), confidence=0.6),
        replace(one, announced_on=replace(day, value=day.value[:7]), items=()),
        replace(one, effective_on=None, confidence=0.7),
        replace(one, targets=(firm,)),
    )
    evidence = (Span(start=0, end=text.index(". ")), Span(start=text.index(". ") + 2, end=len(text) - 1))
    return replace(random.choice(changes), evidence=evidence)


def one_by_one(path: Path, pairs: Sequence[Pair]) -> None:
    """The database that a refresh makes of them."""
    with Store.open(path) as store, store.writing():
        store.sources.sync([source(key) for key in TIERS], NOW)
        keep(store, pairs)


def keep(store: Store, pairs: Iterable[Pair]) -> None:
    """Store articles one after another, as collecting and reading do, and settle them."""
    sources = {key: source(key) for key in TIERS}
    with store.batch():
        for article, found in pairs:
            store.articles.save(None, article, now=NOW, scheme=SIGNATURE_SCHEME)
            making.place(store, sources, [article])
            if found is not None:
                store.analyses.save(found, now=NOW)
    settling.settle(store, lambda: NOW)


def source(key: str) -> Source:
    """An outlet."""
    url = f"https://{key}.example/feed"
    return Source(id=key, name=key, kind=SourceKind.FEED, url=url, tier=TIERS[key], language="en", country="US")


def cut(pairs: Sequence[Pair], many: int, seed: int) -> list[Some]:
    """In so many parts, each article in any of them; some parts may be empty."""
    random = Random(seed)
    parts: list[list[Pair]] = [[] for _ in range(many)]
    for pair in pairs:
        parts[random.randrange(many)].append(pair)
    return [Some(tuple(part)) for part in parts]


def imported(where: str, path: Path) -> Imported:
    """Import a lake into a database that knows the outlets."""
    sources = {key: source(key) for key in TIERS}
    with Store.open(path) as store, store.writing():
        store.sources.sync(sources.values(), NOW)
        return load(where, store, Inline(), sources=sources, clock=lambda: NOW, watch=Quiet())
