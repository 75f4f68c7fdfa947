"""A few invented articles, stored and settled as a refresh would, for judgements about what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.model import (
    Analysis,
    Article,
    Basis,
    Certainty,
    Direction,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
    TextFrom,
    Tier,
    When,
)
from tracker.pipeline import settling
from tracker.query import Timeline
from tracker.store import Store

NOW = datetime(2025, 1, 6, 12, tzinfo=UTC)
SOURCES = {"gazette": Tier.OFFICIAL, "herald": Tier.MAJOR, "wire": Tier.MAJOR, "blog": Tier.SOCIAL}
PARTIES = {
    "us": Party(name="United States", kind=PartyKind.GOVERNMENT, country="US", id="gov:us"),
    "eu": Party(name="European Union", kind=PartyKind.GOVERNMENT, country="EU", id="gov:eu"),
    "china": Party(name="China", kind=PartyKind.GOVERNMENT, country="CN", id="gov:cn"),
    "acme": Party(name="Acme", kind=PartyKind.COMPANY, country="CN", id="co:acme"),
    "bolt": Party(name="Bolt", kind=PartyKind.COMPANY, country="RU", id="co:bolt"),
}


@dataclass(frozen=True)
class Says:
    """What an article says: one event."""

    actor: str
    target: str
    item: str
    day: str
    type: EventType = EventType.SANCTION
    status: Status = Status.IN_FORCE
    effective: str | None = None
    confidence: float = 0.8


ACME = Says("us", "acme", "drones", "2024-05-03")
BOLT = Says("eu", "bolt", "timber", "2023-02-10", type=EventType.IMPORT_RESTRICTION)
# Article: its source, and what it says. Three tell of Acme, one of them in a vaguer way; one of Bolt.
STORY = {
    "acme-gazette": ("gazette", (ACME,)),
    "acme-herald": ("herald", (ACME,)),
    "acme-blog": ("blog", (replace(ACME, day="2024-05"),)),
    "bolt-wire": ("wire", (BOLT,)),
}


def told(key: str, actor: str, *, status: Status, day: str) -> Report:
    """A report that no database holds."""
    party = Party(name=actor, kind=PartyKind.COMPANY)
    mention = _mention("x", Says("us", "acme", "drones", day, status=status))
    event = replace(mention, actors=(replace(mention.actors[0], party=party),), targets=())
    return Report(id=key, article_id=key, origin=key, published=day, tier=Tier.MAJOR, event=event)


def build(path: Path, *, order: Sequence[str] = tuple(STORY), at_once: bool = True) -> Path:
    """The story, its articles settled in one go or one by one."""
    with Store.open(path) as store:
        store.sources.sync([_source(key) for key in SOURCES], NOW)
        for key in order:
            write(store, key, *STORY[key])
            if not at_once:
                settle(store)
        settle(store)
    return path


def write(store: Store, key: str, source: str, says: Iterable[Says]) -> None:
    """Store an article and what the reader found in it."""
    text = "".join(_sentence(one) for one in says)
    article = Article(
        id=key,
        url=f"https://{source}.example/{key}",
        title=f"{key} as the {source} has it",
        text=text,
        published=When(value="2024-05-04", basis=Basis.FEED),
        language="en",
        text_from=TextFrom.PAGE,
        source_id=source,
        content_hash=key,
    )
    store.articles.save(None, article, now=NOW)
    read(store, key, says, text=text)


def read(store: Store, key: str, says: Iterable[Says], *, text: str) -> None:
    """What the rules found in the article; other rules find something else in the same words."""
    mentions = tuple(_mention(text, one) for one in says)
    store.analyses.save(Analysis(article_id=key, mentions=(), events=mentions, reader="r1"), now=NOW)


class Reader:
    """Finds in each article of the story what it says, with other actors."""

    version = "r2"

    def __init__(self, actor: str) -> None:
        self._actor = actor

    def read_many(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        for article in articles:
            says = (replace(one, actor=self._actor) for one in STORY[article.id][1])
            events = tuple(_mention(article.text, one) for one in says)
            yield Analysis(article_id=article.id, mentions=(), events=events, reader=self.version)


def settle(store: Store) -> None:
    settling.settle(store, lambda: NOW)


def events(path: Path) -> dict[str, frozenset[str]]:
    """Event id to the articles that tell it."""
    with Timeline.open(path) as timeline:
        rows = [*timeline.timeline(limit=None), *timeline.timeline(limit=None, rejected=True)]
        found = [timeline.event(row.id) for row in rows]
        return {one.id: frozenset(report.article_id for report in one.reports) for one in found}


def partition(path: Path) -> set[frozenset[str]]:
    """Which articles tell one event."""
    return set(events(path).values())


def of(path: Path, article: str) -> str:
    """The event that an article tells."""
    return next(key for key, articles in events(path).items() if article in articles)


def report(path: Path, article: str) -> str:
    """The report of an article."""
    with Timeline.open(path) as timeline:
        detail = timeline.event(of(path, article))
        return next(one.id for one in detail.reports if one.article_id == article)


def later(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def _source(key: str) -> Source:
    url = f"https://{key}.example/feed"
    return Source(
        id=key, name=f"The {key}", kind=SourceKind.FEED, url=url, tier=SOURCES[key], language="en", country=None
    )


def _sentence(says: Says) -> str:
    return f"A ruling on {says.item} was made known on {says.day}. "


def _mention(text: str, says: Says) -> EventMention:
    start = max(text.find(_sentence(says)), 0)
    span = Span(start=start, end=start + max(len(_sentence(says)) - 1, 1))
    return EventMention(
        type=says.type,
        status=says.status,
        direction=Direction.RESTRICT,
        certainty=Certainty.CONFIRMED,
        actors=(Mention(party=PARTIES[says.actor], span=span),),
        targets=(Mention(party=PARTIES[says.target], span=span),),
        items=(Phrase(text=says.item, span=span),),
        instruments=(),
        announced_on=When(value=says.day, basis=Basis.STATED),
        effective_on=When(value=says.effective, basis=Basis.STATED) if says.effective else None,
        evidence=(span,),
        confidence=says.confidence,
    )
