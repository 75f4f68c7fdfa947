"""Which reports tell one event, which events are steps of one measure, and what the event then says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.model import (
    Basis,
    Certainty,
    Cluster,
    Direction,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Report,
    Span,
    Status,
    Tier,
    When,
)
from tracker.resolve import Memory, consensus, founded, keys, place, same_event
from tracker.resolve.compare import bounds, gap

HERE = Span(start=0, end=10)
SANCTION = EventType.SANCTION
OPENAI = Party(name="OpenAI", kind=PartyKind.COMPANY, country="US", id="co:openai")
DEVELOPERS = Party(name="developers in China", kind=PartyKind.GROUP, country="CN")
CHINA = Party(name="China", kind=PartyKind.PLACE, country="CN", id="gov:cn")
COMMERCE = Party(name="US Commerce Department", kind=PartyKind.GOVERNMENT, country="US", id="gov:us:commerce")
UNITED_STATES = Party(name="United States", kind=PartyKind.GOVERNMENT, country="US", id="gov:us")
HUAWEI = Party(name="Huawei", kind=PartyKind.COMPANY, country="CN", id="co:huawei")


def when(value: str | None) -> When | None:
    return When(value=value, basis=Basis.STATED) if value else None


def event(  # noqa: PLR0917
    type: EventType = EventType.ACCESS_RESTRICTION,  # noqa: A002
    status: Status = Status.ANNOUNCED,
    actor: Party = OPENAI,
    target: Party = DEVELOPERS,
    items: tuple[str, ...] = ("API access",),
    announced: str | None = "2024-06-25",
    effective: str | None = None,
    direction: Direction = Direction.RESTRICT,
    confidence: float = 0.8,
) -> EventMention:
    return EventMention(
        type=type,
        status=status,
        direction=direction,
        certainty=Certainty.CONFIRMED,
        actors=(Mention(party=actor, span=HERE),),
        targets=(Mention(party=target, span=HERE),),
        items=tuple(Phrase(text=t, span=HERE) for t in items),
        instruments=(),
        announced_on=when(announced),
        effective_on=when(effective),
        evidence=(HERE,),
        confidence=confidence,
    )


def report(number: int, told: EventMention, *, article: str = "", tier: Tier = Tier.MAJOR, origin: str = "") -> Report:
    article = article or f"article{number}"
    return Report(
        id=f"{number:x}".ljust(32, "0"),
        article_id=article,
        origin=origin or article,
        published="2024-06-25",
        tier=tier,
        event=told,
    )


def placed(*reports: Report) -> Memory:
    memory = Memory()
    for one in reports:
        memory.add(one, place(one, memory))
    return memory


def test_two_outlets_with_different_words_and_detail_tell_one_event() -> None:
    memory = placed(
        report(1, event(items=("tools and software",), effective="2024-07")),
        report(2, event(items=("API access",), announced="2024-06", effective="2024-07-09", target=CHINA)),
    )
    (cluster,) = memory.clusters()
    assert len(cluster.reports) == 2


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(event(status=Status.IN_FORCE, announced="2024-07-09", effective="2024-07-09"), id="a later step"),
        pytest.param(
            event(announced="2023-01-10", target=HUAWEI, items=("plugins",)), id="another target, another year"
        ),
        pytest.param(
            event(EventType.EXPORT_CONTROL, actor=COMMERCE, target=HUAWEI, items=("chips",)), id="another actor"
        ),
        pytest.param(event(direction=Direction.EASE, announced="2024-09-01"), id="the opposite"),
    ],
)
def test_unlike_acts_stay_apart(other: EventMention) -> None:
    memory = placed(report(1, event()), report(2, other))
    assert len(memory.clusters()) == 2


def test_two_events_of_one_article_are_never_merged() -> None:
    memory = placed(report(1, event(), article="one"), report(2, event(), article="one"))
    assert len(memory.clusters()) == 2


def test_steps_of_one_measure_share_its_id() -> None:
    memory = placed(
        report(1, event(status=Status.ANNOUNCED, effective="2024-07-09")),
        report(2, event(status=Status.IN_FORCE, announced="2024-07-09", effective="2024-07-09")),
    )
    first, second = memory.clusters()
    assert first.event_id != second.event_id
    assert first.measure_id == second.measure_id


def test_an_event_keeps_the_id_of_its_founding_report_when_it_grows() -> None:
    memory = placed(report(1, event()), report(2, event()), report(3, event()))
    (cluster,) = memory.clusters()
    assert cluster.event_id == "e100000000000000"


def test_a_state_and_its_ministry_are_looked_for_under_one_key() -> None:
    one = report(1, event(EventType.EXPORT_CONTROL, actor=COMMERCE, target=HUAWEI, items=("chips",)))
    two = report(2, event(EventType.EXPORT_CONTROL, actor=UNITED_STATES, target=HUAWEI, items=("AI chips",)))
    assert set(keys(one)) & set(keys(two))
    assert len(placed(one, two).clusters()) == 1


def test_every_score_gives_its_reasons_in_words() -> None:
    score = same_event(report(1, event()), report(2, event()))
    words = {reason.what: reason.words for reason in score.reasons}
    assert words["type: same"] == "access_restriction"
    assert words["announced: same day"] == "2024-06-25"
    assert 0 < score.value < 1


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(SANCTION, "visa_ban"), (SANCTION, None), (SANCTION, None)], "visa_ban"),
        ([(SANCTION, "visa_ban"), (SANCTION, "entry_fee"), (SANCTION, "entry_fee")], "entry_fee"),
        ([(SANCTION, None), (SANCTION, None)], None),
        ([(SANCTION, None), (SANCTION, None), (EventType.TARIFF, "chip_levy")], None),
    ],
)
def test_the_subtype_is_that_of_most_accounts_of_the_type_that_name_one(
    told: list[tuple[EventType, str | None]], expected: str | None
) -> None:
    reports = tuple(report(n, replace(event(kind), subtype=name)) for n, (kind, name) in enumerate(told, start=1))
    made = consensus(Cluster(event_id="e1", measure_id="m1", reports=reports))
    assert (made.type, made.subtype) == (EventType.SANCTION, expected)


def test_consensus_prefers_the_official_account_and_the_more_precise_date() -> None:
    memory = placed(
        report(1, event(announced="2024-06", effective="2024-07", confidence=0.9)),
        report(2, event(announced="2024-06-25", effective="2024-07-09", confidence=0.5), tier=Tier.OFFICIAL),
    )
    (cluster,) = memory.clusters()
    told = consensus(cluster)
    assert told.announced_on is not None
    assert told.effective_on is not None
    assert (told.announced_on.value, told.effective_on.value) == ("2024-06-25", "2024-07-09")
    assert told.confidence == pytest.approx(0.95)
    assert told.summary == "OpenAI → developers in China: will block access to API access, from 9 July 2024"


def test_copies_of_one_wire_count_as_one_origin() -> None:
    memory = placed(report(1, event(), origin="wire"), report(2, event(), origin="wire"), report(3, event()))
    (cluster,) = memory.clusters()
    assert consensus(cluster).origins == 2


def test_a_measure_bears_the_title_of_the_event_that_founded_it() -> None:
    memory = placed(
        report(1, event(status=Status.ANNOUNCED, effective="2024-07-09")),
        report(2, event(status=Status.IN_FORCE, announced="2024-07-09", effective="2024-07-09")),
    )
    (measure,) = founded(consensus(c) for c in memory.clusters())
    assert measure.title == "OpenAI: block on API access (developers in China)"


@pytest.mark.parametrize(
    ("one", "two", "days"),
    [
        ("2024", "2024-06-25", 0),
        ("2024-06", "2024-07-01", 1),
        ("2024-12", "2025-01-02", 2),
        ("2024-02-28", "2024-03-01", 2),
    ],
)
def test_gap_between_partial_dates(one: str, two: str, days: int) -> None:
    assert gap(one, two) == gap(two, one) == days


def test_bounds_of_the_last_month_there_is() -> None:
    assert [d.isoformat() for d in bounds("9999-12")] == ["9999-12-01", "9999-12-31"]
