"""A small invented timeline, written through the store as the other rooms would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from tracker.model import (
    Amount,
    AmountKind,
    Analysis,
    Article,
    Basis,
    Certainty,
    Comparison,
    Contradiction,
    Direction,
    Event,
    EventMention,
    EventType,
    Link,
    LinkKind,
    Measure,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Reason,
    Report,
    Score,
    Source,
    SourceKind,
    Span,
    Standing,
    Status,
    Step,
    TextFrom,
    Tier,
    When,
)
from tracker.model import Told as ToldValue
from tracker.store import Store

NOW = datetime(2024, 12, 1, tzinfo=UTC)


def party(key: str | None, name: str, kind: PartyKind, country: str | None = None, parent: str | None = None) -> Party:
    return Party(name=name, kind=kind, country=country, id=key, parent=parent)


PARTIES = {
    "us": party("gov:us", "United States", PartyKind.GOVERNMENT, "US"),
    "commerce": party("gov:us:commerce", "US Commerce Department", PartyKind.GOVERNMENT, "US", "gov:us"),
    "court": party("court:us:dc", "DC Circuit", PartyKind.COURT, "US"),
    "china": party("gov:cn", "China", PartyKind.GOVERNMENT, "CN"),
    "mofcom": party("gov:cn:mofcom", "Chinese Commerce Ministry", PartyKind.GOVERNMENT, "CN", "gov:cn"),
    "openai": party("co:openai", "OpenAI", PartyKind.COMPANY, "US"),
    "nvidia": party("co:nvidia", "Nvidia", PartyKind.COMPANY, "US"),
    "alibaba": party("co:alibaba", "Alibaba", PartyKind.COMPANY, "CN"),
    "cloud": party("co:alibaba:cloud", "Alibaba Cloud", PartyKind.COMPANY, "CN", "co:alibaba"),
    "developers": party(None, "developers in China", PartyKind.GROUP, "CN"),
    "acme": party(None, "Société Acmé", PartyKind.COMPANY, "FR"),
}
SOURCES = {
    "gazette": ("The Gazette", Tier.OFFICIAL),
    "herald": ("The Herald", Tier.MAJOR),
    "chipweek": ("Chip Week", Tier.SPECIALIST),
}


def amount(kind: AmountKind, value: int, unit: str, text: str, comparison: Comparison | None = None) -> Amount:
    span = Span(start=0, end=len(text))
    return Amount(kind=kind, value=Decimal(value), unit=unit, text=text, span=span, comparison=comparison)


FIRMS = amount(AmountKind.COUNT, 140, "entities", "140 entities")
FINE = amount(AmountKind.MONEY, 5_000_000, "USD", "up to $5m", Comparison.AT_MOST)
WITHDRAWN = frozenset({"ruling-gazette"})  # articles that their outlet withdrew
LINKS = (
    Link(
        measure_id="m-gallium",
        other_id="m-tools",
        kind=LinkKind.RETALIATION,
        event_id="e-gallium",
        score=Score(value=0.8, reasons=(Reason(what="words", words="“in response to”"),)),
    ),
)
# The amounts of the events' reports, by event and source; the herald's text is also Chip Week's.
AMOUNTS = {"api-gazette": (FIRMS, FINE), "api-herald": (FINE,), "api-chipweek": (FINE,)}


@dataclass(frozen=True)
class Told:
    """An event and the sources that report it."""

    key: str
    type: EventType
    status: Status
    actor: str
    target: str
    item: str
    date: str | None
    effective: str | None = None
    sources: tuple[str, ...] = ("herald",)
    confidence: float = 0.75
    measure: str = ""
    instrument: str = ""
    direction: Direction = Direction.RESTRICT
    certainty: Certainty = Certainty.CONFIRMED
    published: str = "2024-09-15"
    subtype: str | None = None


E, S = EventType, Status
EVENTS = (
    Told("api-leak", E.ACCESS_RESTRICTION, S.CONSIDERED, "openai", "developers", "API access", "2024-06-24",
         sources=("chipweek",), confidence=0.5, measure="api", certainty=Certainty.REPORTED),
    Told("api", E.ACCESS_RESTRICTION, S.ANNOUNCED, "openai", "developers", "API access", "2024-06-25", "2024-07-09",
         sources=("gazette", "herald", "chipweek"), confidence=0.95, measure="api"),
    Told("tools", E.EXPORT_CONTROL, S.IN_FORCE, "commerce", "china", "chip tools", "2024-07", instrument="Entity List"),
    Told("gallium", E.EXPORT_CONTROL, S.ANNOUNCED, "mofcom", "us", "gallium and germanium", "2024", "2024-12"),
    Told("licence", E.LICENCE_DECISION, S.IN_FORCE, "us", "cloud", "AI chips", "2023-10-17", direction=Direction.EASE),
    Told("ruling", E.COURT_RULING, S.SUSPENDED, "court", "alibaba", "listing", "2024-08-01", sources=("gazette",)),
    Told("halt", E.COMPANY_RESPONSE, S.IN_FORCE, "nvidia", "china", "H20 chips", "2024-08-20"),
    Told("undated", E.SANCTION, S.ANNOUNCED, "us", "acme", "drones", None, subtype="visa_ban"),
)  # fmt: skip


def build(path: Path) -> Path:
    """The database of all this."""
    with Store.open(path) as store:
        store.sources.sync([_source(key) for key in SOURCES], NOW)
        with store.batch():
            events = [_write(store, told) for told in EVENTS]
            store.measures.save(_measures(events), LINKS, now=NOW)
    return path


def _measures(events: list[Event]) -> list[Measure]:
    """Each measure with its events as steps; the first measure also comes into force, which no report tells."""
    steps: dict[str, list[Step]] = {}
    for one in events:
        day = one.announced_on.value if one.announced_on else "2024-09-15"
        steps.setdefault(one.measure_id, []).append(
            Step(day=day, status=one.status, event_id=one.id, words=one.summary)
        )
    steps["m-api"].append(
        Step(day="2024-07-09", status=S.IN_FORCE, event_id="e-api", words="takes effect", inferred=True)
    )
    return [
        Measure(
            id=key,
            title=told[0].words,
            event_ids=tuple({step.event_id: None for step in told}),
            status=told[-1].status,
            since=told[-1].day,
            steps=tuple(told),
        )
        for key, told in steps.items()
    ]


def _source(key: str) -> Source:
    name, tier = SOURCES[key]
    url = f"https://{key}.example/feed"
    return Source(id=key, name=name, kind=SourceKind.FEED, url=url, tier=tier, language="en", country=None)


def _write(store: Store, told: Told) -> Event:
    reports = [_report(store, told, source) for source in told.sources]
    key = f"e-{told.key}"
    event = Event(
        id=key,
        type=told.type,
        status=told.status,
        direction=told.direction,
        certainty=told.certainty,
        actors=(PARTIES[told.actor],),
        targets=(PARTIES[told.target],),
        items=(told.item,),
        instruments=(told.instrument,) if told.instrument else (),
        announced_on=_when(told.date),
        effective_on=_when(told.effective),
        confidence=told.confidence,
        summary=f"{PARTIES[told.actor].name} acts on {told.item} against {PARTIES[told.target].name}",
        report_ids=tuple(report.id for report in reports),
        origins=len({report.origin for report in reports}),
        measure_id=f"m-{told.measure or told.key}",
        subtype=told.subtype,
        lead_id=reports[0].id,
        contradictions=_contradictions(reports),
        withdrawn=tuple(report.id for report in reports if report.article_id in WITHDRAWN),
    )
    store.events.save([event], now=NOW)
    return event


def _contradictions(reports: list[Report]) -> tuple[Contradiction, ...]:
    """The status, where the specialist is not sure of it."""
    told: dict[str, list[Report]] = {}
    for report in reports:
        told.setdefault(report.event.status.value, []).append(report)
    if len(told) < 2:
        return ()
    taken, *others = (
        ToldValue(value=value, report_ids=tuple(one.id for one in by), origins=len({one.origin for one in by}))
        for value, by in told.items()
    )
    return (Contradiction(field="status", taken=taken, others=tuple(others), because="most independent accounts"),)


def _report(store: Store, told: Told, source: str) -> Report:
    """One source's article; the specialist repeats the herald's text and is not sure of the status."""
    actor, target = PARTIES[told.actor].name, PARTIES[told.target].name
    text = f"{actor} acted on {told.item} against {target}. Analysts in Lisbon took note."
    key = f"{told.key}-{source}"
    copy = source == "chipweek" and "herald" in told.sources
    article = Article(
        id=key,
        url=f"https://{source}.example/{told.key}",
        title=f"{told.key.title()} as {SOURCES[source][0]} tells it",
        text=text,
        published=When(value=told.date or told.published, basis=Basis.FEED),
        language="en",
        text_from=TextFrom.PAGE,
        source_id=source,
        content_hash=key,
    )
    store.articles.save(None, article, now=NOW)
    if copy:
        follows = Standing(id=key, group="", rank=key, profile="", lead=f"{told.key}-herald")
        store.articles.follow([follows], {key: ()}, scheme="by hand")
    mention = EventMention(
        type=told.type,
        status=S.PROPOSED if copy else told.status,
        direction=told.direction,
        certainty=told.certainty,
        actors=(Mention(party=PARTIES[told.actor], span=_at(text, actor)),),
        targets=(Mention(party=PARTIES[told.target], span=_at(text, target)),),
        items=(Phrase(text=told.item, span=_at(text, told.item)),),
        instruments=(),
        announced_on=_when(told.date),
        effective_on=_when(told.effective),
        evidence=(Span(start=0, end=text.index(".") + 1),),
        confidence=told.confidence,
        amounts=AMOUNTS.get(key, ()),
    )
    (report,) = store.analyses.save(Analysis(article_id=key, mentions=(), events=(mention,), reader="r1"), now=NOW)
    return report


def _at(text: str, words: str) -> Span:
    return Span(start=text.index(words), end=text.index(words) + len(words))


def _when(value: str | None) -> When | None:
    return When(value=value, basis=Basis.STATED) if value else None
