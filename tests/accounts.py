"""Reports and events written in a line each, for tables of cases."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.model import (
    Basis,
    Certainty,
    Cluster,
    Direction,
    Event,
    EventMention,
    EventType,
    Mention,
    Notice,
    Party,
    PartyKind,
    Phrase,
    Report,
    Span,
    Status,
    Tier,
    When,
)

HERE = Span(start=0, end=10)
PARTIES = {
    party.name: party
    for party in (
        Party(name="OpenAI", kind=PartyKind.COMPANY, country="US", id="co:openai"),
        Party(name="Nvidia", kind=PartyKind.COMPANY, country="US", id="co:nvidia"),
        Party(name="Huawei", kind=PartyKind.COMPANY, country="CN", id="co:huawei"),
        Party(name="ZTE", kind=PartyKind.COMPANY, country="CN", id="co:zte"),
        Party(name="China", kind=PartyKind.PLACE, country="CN", id="gov:cn"),
        Party(name="Chinese government", kind=PartyKind.GOVERNMENT, country="CN", id="gov:cn"),
        Party(name="Chinese firms", kind=PartyKind.GROUP, country="CN"),
        Party(name="developers", kind=PartyKind.GROUP),
        Party(name="United States", kind=PartyKind.GOVERNMENT, country="US", id="gov:us"),
        Party(name="US Commerce Department", kind=PartyKind.GOVERNMENT, country="US", id="gov:us:commerce"),
        Party(name="US Treasury", kind=PartyKind.GOVERNMENT, country="US", id="gov:us:treasury"),
        Party(name="European Union", kind=PartyKind.GOVERNMENT, country="EU", id="gov:eu"),
        Party(name="Japan", kind=PartyKind.GOVERNMENT, country="JP", id="gov:jp"),
    )
}


def when(value: str | None, basis: Basis = Basis.STATED) -> When | None:
    return When(value=value, basis=basis) if value else None


def told(
    *,
    type: str = "export_control",  # noqa: A002 - as the field is called
    status: str = "announced",
    direction: str = "restrict",
    certainty: str = "confirmed",
    actors: tuple[str, ...] = ("United States",),
    targets: tuple[str, ...] = ("China",),
    items: tuple[str, ...] = ("chips",),
    instruments: tuple[str, ...] = (),
    announced: str | None = "2024-07-09",
    effective: str | None = None,
    basis: Basis = Basis.STATED,
    confidence: float = 0.8,
    subtype: str | None = None,
) -> EventMention:
    return EventMention(
        type=EventType(type),
        status=Status(status),
        direction=Direction(direction),
        certainty=Certainty(certainty),
        actors=tuple(Mention(party=PARTIES[name], span=HERE) for name in actors),
        targets=tuple(Mention(party=PARTIES[name], span=HERE) for name in targets),
        items=tuple(Phrase(text=text, span=HERE) for text in items),
        instruments=tuple(Phrase(text=text, span=HERE) for text in instruments),
        announced_on=when(announced, basis),
        effective_on=when(effective),
        evidence=(HERE,),
        confidence=confidence,
        subtype=subtype,
    )


def report(
    name: str,
    event: EventMention | None = None,
    *,
    outlet: str | None = None,
    text: str | None = None,
    tier: str = "major",
    published: str | None = "2024-07-10",
    notice: Notice | None = None,
    quote: str = "",
) -> Report:
    """A report; without an outlet or a text of its own named, it has its own."""
    return Report(
        id=name,
        article_id=f"article of {name}",
        origin=text or f"text of {name}",
        source_id=outlet or f"outlet of {name}",
        tier=Tier(tier),
        published=published,
        event=event or told(),
        notice=notice,
        quote=quote,
    )


def cluster(reports: Iterable[Report]) -> Cluster:
    return Cluster(event_id="e1", measure_id="m1", reports=tuple(reports), lead_id="lead")


def event(
    name: str,
    *,
    type: str = "export_control",  # noqa: A002 - as the field is called
    status: str = "announced",
    direction: str = "restrict",
    actors: tuple[str, ...] = ("United States",),
    targets: tuple[str, ...] = ("China",),
    items: tuple[str, ...] = ("chips",),
    instruments: tuple[str, ...] = (),
    announced: str | None = "2024-07-09",
    effective: str | None = None,
    measure: str = "m1",
    origins: int = 1,
    verdict: str | None = None,
    confidence: float = 0.8,
) -> Event:
    return Event(
        id=name,
        lead_id=name,
        type=EventType(type),
        status=Status(status),
        direction=Direction(direction),
        certainty=Certainty.CONFIRMED,
        actors=tuple(PARTIES[one] for one in actors),
        targets=tuple(PARTIES[one] for one in targets),
        items=items,
        instruments=instruments,
        announced_on=when(announced),
        effective_on=when(effective),
        confidence=confidence,
        summary=f"summary of {name}",
        report_ids=(f"report of {name}",),
        origins=origins,
        measure_id=measure,
        verdict=verdict,
    )
