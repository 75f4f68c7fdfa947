"""Sources, items, articles, analyses and events as the other rooms hand them to the store; all of them invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.model import (
    Analysis,
    Article,
    Basis,
    Certainty,
    Direction,
    Done,
    Event,
    EventMention,
    EventType,
    Fetched,
    Item,
    Measure,
    Mention,
    Page,
    Party,
    PartyKind,
    Phrase,
    Reason,
    Report,
    Request,
    Source,
    SourceKind,
    SourceState,
    Span,
    Standing,
    Status,
    Step,
    TextFrom,
    Tier,
    When,
)
from tracker.store import Store, Validators

NOW = datetime(2024, 7, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2024, 7, 2, 12, 0, tzinfo=UTC)
READER = "rules-1"

COMMERCE = Party(
    name="US Commerce Department",
    kind=PartyKind.GOVERNMENT,
    country="US",
    wikidata="Q503577",
    id="gov:us:commerce",
    parent="gov:us",
)
CHINA = Party(name="China", kind=PartyKind.GOVERNMENT, country="CN", wikidata="Q148", id="gov:cn")
FOUNDRY = Party(name="Harrow Foundry", kind=PartyKind.COMPANY)

TITLE = "Commerce curbs chip tools"
TEXT = "The US Commerce Department will restrict exports of chip tools to China from July. Harrow Foundry shares fell."


def opened(path: Path) -> Store:
    """A new database, copied from one that was made once, since making it takes a while."""
    path.write_bytes(_fresh())
    return Store.open(path)


@cache
def _fresh() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        Store.open(path).close()
        return path.read_bytes()


def source(key: str = "herald", tier: Tier = Tier.MAJOR, **changes: object) -> Source:
    values: dict[str, object] = {
        "id": key,
        "name": key.title(),
        "kind": SourceKind.FEED,
        "url": f"https://{key}.example/feed",
        "tier": tier,
        "language": "en",
        "country": "US",
        "tags": ("chips", "trade"),
    }
    return Source(**(values | changes))  # type: ignore[arg-type]


def item(number: int = 1, source_id: str = "herald", **changes: object) -> Item:
    values: dict[str, object] = {
        "source_id": source_id,
        "url": f"https://{source_id}.example/{number}",
        "title": f"Story {number}",
        "guid": f"tag:{number}",
        "published": When(value="2024-06-25", basis=Basis.FEED),
        "summary": "<p>Short</p>",
    }
    return Item(**(values | changes))  # type: ignore[arg-type]


def page(url: str = "https://herald.example/1", body: bytes = b"<html>original</html>", **changes: object) -> Page:
    values: dict[str, object] = {
        "url": url,
        "final_url": url,
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "body": body,
        "fetched_at": NOW,
    }
    return Page(**(values | changes))  # type: ignore[arg-type]


def answer(**changes: object) -> Fetched:
    return Done(value=page(url="https://herald.example/feed", body=b"<rss/>", **changes))


def request(url: str = "https://herald.example/feed") -> Request:
    return Request(url=url)


def validators(**changes: object) -> Validators:
    values: dict[str, object] = {
        "etag": None,
        "last_modified": None,
        "body_hash": "b0d1",
        "reading": "as a feed",
        "stored_at": NOW,
    }
    return Validators(**(values | changes))  # type: ignore[arg-type]


def state(source_id: str = "herald", **changes: object) -> SourceState:
    return SourceState(source_id=source_id, **changes)  # type: ignore[arg-type]


def article(key: str = "a1", text: str = TEXT, **changes: object) -> Article:
    values: dict[str, object] = {
        "id": key,
        "url": f"https://herald.example/{key}",
        "title": TITLE,
        "text": text,
        "published": When(value="2024-06-25", basis=Basis.METADATA),
        "language": "en",
        "text_from": TextFrom.PAGE,
        "source_id": "herald",
        "content_hash": f"hash of {text}",
        "signature": b"\x00\x01signature",
    }
    return Article(**(values | changes))  # type: ignore[arg-type]


def at(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start=start, end=start + len(words))


def mention(party: Party, words: str, how: str = "name", text: str = TEXT) -> Mention:
    return Mention(party=party, span=at(words, text), how=how)


def event_mention(text: str = TEXT, **changes: object) -> EventMention:
    values: dict[str, object] = {
        "type": EventType.EXPORT_CONTROL,
        "status": Status.ANNOUNCED,
        "direction": Direction.RESTRICT,
        "certainty": Certainty.CONFIRMED,
        "actors": (mention(COMMERCE, "US Commerce Department", text=text),),
        "targets": (mention(CHINA, "China", text=text),),
        "items": (Phrase(text="chip tools", span=at("chip tools", text)),),
        "instruments": (),
        "announced_on": When(value="2024-06-25", basis=Basis.METADATA),
        "effective_on": When(value="2024-07", basis=Basis.STATED, span=at("from July", text)),
        "evidence": (at("The US Commerce Department will restrict exports of chip tools to China from July.", text),),
        "confidence": 0.75,
        "why": (Reason(what="status", words="modal 'will' before the cue", weight=0.5),),
    }
    return EventMention(**(values | changes))  # type: ignore[arg-type]


def analysis(*events: EventMention, article_id: str = "a1", reader: str = READER, text: str = TEXT) -> Analysis:
    told = events or (event_mention(text),)
    mentions = (mention(FOUNDRY, "Harrow Foundry", text=text),) if "Harrow Foundry" in text else ()
    return Analysis(article_id=article_id, mentions=mentions, events=told, reader=reader)


def event(report: Report, *more: Report, **changes: object) -> Event:
    told = report.event
    values: dict[str, object] = {
        "id": report.id,
        "type": told.type,
        "status": told.status,
        "direction": told.direction,
        "certainty": told.certainty,
        "actors": tuple(actor.party for actor in told.actors),
        "targets": tuple(target.party for target in told.targets),
        "items": tuple(phrase.text for phrase in told.items),
        "instruments": tuple(phrase.text for phrase in told.instruments),
        "announced_on": told.announced_on,
        "effective_on": told.effective_on,
        "confidence": told.confidence,
        "summary": "US Commerce Department restricts exports of chip tools to China",
        "report_ids": (report.id, *(other.id for other in more)),
        "origins": len({report.origin, *(other.origin for other in more)}),
        "measure_id": f"m-{report.id}",
    }
    return Event(**(values | changes))  # type: ignore[arg-type]


def measure(*events: Event, title: str = "Chip tool exports to China", **changes: object) -> Measure:
    values: dict[str, object] = {
        "id": events[0].measure_id,
        "title": title,
        "event_ids": tuple(one.id for one in events),
        "status": events[-1].status,
        "since": "2024-06-25",
        "steps": tuple(Step(day="2024-06-25", status=one.status, event_id=one.id, words=one.summary) for one in events),
        "lead_id": events[0].lead_id or events[0].id,
    }
    return Measure(**(values | changes))  # type: ignore[arg-type]


def keep(store: Store, *events: Event, now: datetime = NOW, redirects: Mapping[str, str] | None = None) -> int:
    """Store events, each with its measure, as settling does."""
    with store.batch():
        new = store.events.save(events, now=now, redirects=redirects)
        store.measures.save([measure(one) for one in events], now=now)
    return new


def stand(store: Store, *reports: Report, keys: tuple[tuple[str, str], ...] = (("k", "2024-06-25"),)) -> None:
    """Have reports follow the first of them."""
    store.reports.stand(
        [
            Standing(
                id=one.id,
                group=one.article_id,
                rank=f"{number} {one.id}",
                profile=f"profile of {one.id}",
                lead=reports[0].id,
                leads=number == 0,
            )
            for number, one in enumerate(reports)
        ],
        {one.id: keys for one in reports},
    )


def copy(store: Store, key: str, *, of: str) -> None:
    """Have an article repeat another's text."""
    store.articles.follow(
        [Standing(id=key, group="", rank=key, profile="", lead=of, leads=False)], {key: ()}, scheme="s"
    )
