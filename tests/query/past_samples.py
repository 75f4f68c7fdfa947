"""A timeline that is written step by step: reports move between events, events between measures, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import query_samples
from query_samples import PARTIES

from tracker.model import (
    Analysis,
    Article,
    Basis,
    Certainty,
    Direction,
    Event,
    EventMention,
    EventType,
    Measure,
    Mention,
    Phrase,
    Span,
    Standing,
    Status,
    Step,
    TextFrom,
    When,
)
from tracker.store import Store

BEGIN = datetime(2024, 12, 1, tzinfo=UTC)
SOURCES = ("gazette", "herald", "chipweek")
REPORTS = 5
DAYS = ("2024", "2024-06", "2024-06-25", "2024-07-09", None)


@dataclass(frozen=True)
class Said:
    """What one event is to say."""

    type: EventType
    status: Status
    announced: str | None
    effective: str | None
    actors: tuple[str, ...]
    verdict: str | None
    measure: int


@dataclass(frozen=True)
class Move:
    """One writing: to which event each report belongs, what each event says, whether what is empty was merged."""

    homes: tuple[int, ...]
    said: tuple[Said, ...]
    merges: bool


def moment(step: int) -> datetime:
    return BEGIN + timedelta(hours=step)


def opened(path: Path) -> tuple[Store, list[str]]:
    """A database with reports that are in no event yet."""
    path.write_bytes(_bare())
    store = Store.open(path)
    return store, sorted(store.reports.homeless(99))


def write(store: Store, reports: Sequence[str], move: Move, step: int) -> None:
    """Make one move, as settling does."""
    now = moment(step)
    clusters: dict[int, list[str]] = {}
    for report, home in zip(reports, move.homes, strict=True):
        clusters.setdefault(home, []).append(report)
    events = [_event(label, told, move.said[label]) for label, told in sorted(clusters.items())]
    gone = {
        f"e{label}": f"e{min(clusters)}"
        for label in range(len(move.said))
        if move.merges and label not in clusters and store.events.has(f"e{label}")
    }
    with store.batch():
        store.events.save(events, now=now, redirects=gone)
        store.measures.save(_measures(events), now=now)


@cache
def _bare() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        with Store.open(path) as store:
            store.sources.sync([query_samples._source(key) for key in SOURCES], BEGIN)
            for number in range(REPORTS):
                _tell(store, number)
            found = store.reports.unsettled(99)
            store.reports.stand(
                [
                    Standing(id=one.id, group=one.article_id, rank=one.id, profile="p", lead=one.id, leads=True)
                    for one in found
                ],
                {one.id: (("k", "2024-06-25"),) for one in found},
            )
        return path.read_bytes()


def _tell(store: Store, number: int) -> None:
    text = f"OpenAI acted on chips {'gallium ' * number}against China. Analysts took note."
    article = Article(
        id=f"a{number}",
        url=f"https://news.example/{number}",
        title=f"Story {number}",
        text=text,
        published=When(value=f"2024-06-{20 + number}", basis=Basis.FEED),
        language="en",
        text_from=TextFrom.PAGE,
        source_id=SOURCES[number % len(SOURCES)],
        content_hash=str(number),
    )
    store.articles.save(None, article, now=BEGIN)
    span = Span(start=0, end=6)
    mention = EventMention(
        type=EventType.TARIFF,
        status=Status.ANNOUNCED,
        direction=Direction.RESTRICT,
        certainty=Certainty.CONFIRMED,
        actors=(Mention(party=PARTIES["openai"], span=span),),
        targets=(),
        items=(Phrase(text="chips", span=span),),
        instruments=(),
        announced_on=None,
        effective_on=None,
        evidence=(Span(start=0, end=text.index(".") + 1),),
        confidence=0.5,
    )
    store.analyses.save(Analysis(article_id=article.id, mentions=(), events=(mention,), reader="r"), now=BEGIN)


def _event(label: int, reports: Sequence[str], said: Said) -> Event:
    return Event(
        id=f"e{label}",
        type=said.type,
        status=said.status,
        direction=Direction.RESTRICT,
        certainty=Certainty.CONFIRMED,
        actors=tuple(PARTIES[key] for key in said.actors),
        targets=(PARTIES["china"],),
        items=("chips",) if label % 2 else ("gallium", "chips"),
        instruments=(),
        announced_on=_when(said.announced),
        effective_on=_when(said.effective),
        confidence=0.5 + 0.1 * len(reports),
        summary=f"{said.type} by {' and '.join(said.actors)}",
        report_ids=tuple(sorted(reports)),
        origins=len(reports),
        measure_id=f"m{said.measure}",
        lead_id=min(reports),
        verdict=said.verdict,
    )


def _measures(events: Sequence[Event]) -> list[Measure]:
    by_id: dict[str, list[Event]] = {}
    for event in events:
        by_id.setdefault(event.measure_id, []).append(event)
    return [
        Measure(
            id=key,
            title=f"Measure {key}",
            event_ids=tuple(one.id for one in some),
            status=some[-1].status,
            since=None,
            steps=tuple(
                Step(day=one.effective_on.value, status=one.status, event_id=one.id, words=one.summary)
                for one in some
                if one.effective_on
            ),
        )
        for key, some in by_id.items()
    ]


def _when(value: str | None) -> When | None:
    return When(value=value, basis=Basis.STATED) if value else None
