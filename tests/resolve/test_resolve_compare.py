"""What is compared, how sure a pair is of being one, why, and where its like are looked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import (
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
    Span,
    Status,
    Tier,
    When,
)
from tracker.resolve import EVENTS, LEVELS, MEASURES, Level, explain, pack, profile, rank, unpack
from tracker.resolve.days import bounds, gap
from tracker.resolve.terms import instrument_names, things
from tracker.resolve.weights import EVENT_WEIGHTS, MEASURE_WEIGHTS

HERE = Span(start=0, end=10)
OPENAI = Party(name="OpenAI", kind=PartyKind.COMPANY, country="US", id="co:openai")
HUAWEI = Party(name="Huawei", kind=PartyKind.COMPANY, country="CN", id="co:huawei")
CHINA = Party(name="China", kind=PartyKind.GOVERNMENT, country="CN", id="gov:cn")
STATES = Party(name="United States", kind=PartyKind.GOVERNMENT, country="US", id="gov:us")
COMMERCE = Party(
    name="US Department of Commerce", kind=PartyKind.GOVERNMENT, country="US", id="gov:us:commerce", parent="gov:us"
)


def when(value: str | None) -> When | None:
    return When(value=value, basis=Basis.STATED) if value else None


CURBS = EventMention(
    type=EventType.EXPORT_CONTROL,
    status=Status.ANNOUNCED,
    direction=Direction.RESTRICT,
    certainty=Certainty.CONFIRMED,
    actors=(Mention(party=COMMERCE, span=HERE),),
    targets=(Mention(party=CHINA, span=HERE),),
    items=(Phrase(text="lithography machines", span=HERE),),
    instruments=(),
    announced_on=when("2023-10-17"),
    effective_on=None,
    evidence=(HERE,),
    confidence=0.8,
)


def report(number: int, told: EventMention, *, article: str = "", published: str | None = "2023-10-18") -> Report:
    article = article or f"article{number}"
    return Report(
        id=f"{number:032x}", article_id=article, origin=article, published=published, tier=Tier.MAJOR, event=told
    )


def packed(number: int, told: EventMention, *, article: str = "") -> str:
    return pack(profile(report(number, told, article=article)))


def changed(**fields: object) -> EventMention:
    return replace(CURBS, **fields)  # type: ignore[arg-type]


def things_named(*texts: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(text=text, span=HERE) for text in texts)


@pytest.mark.parametrize(
    "other",
    [
        changed(actors=(Mention(party=STATES, span=HERE),)),
        changed(announced_on=when("2023-10")),
        changed(items=things_named("chipmaking tools", "lithography systems"), announced_on=when("2023-10-18")),
    ],
    ids=["the state for its ministry", "the month for the day", "other words and the day after"],
)
def test_accounts_of_one_event_are_one(other: EventMention) -> None:
    assert EVENTS.score(packed(1, CURBS), packed(2, other)) >= EVENTS.at


@pytest.mark.parametrize(
    "other",
    [
        changed(announced_on=when("2022-10-07")),
        changed(status=Status.SUSPENDED, direction=Direction.EASE, announced_on=when("2024-05-01")),
        changed(type=EventType.SUBSIDY, items=things_named("wheat"), targets=(), direction=Direction.EASE),
        changed(actors=(Mention(party=OPENAI, span=HERE),), targets=(Mention(party=HUAWEI, span=HERE),)),
    ],
    ids=["a year before", "lifted half a year later", "another act of the day", "another actor"],
)
def test_unlike_acts_are_not(other: EventMention) -> None:
    assert EVENTS.score(packed(1, CURBS), packed(2, other)) < EVENTS.at


def test_a_later_step_on_the_same_goods_is_of_the_same_measure() -> None:
    later = changed(status=Status.IN_FORCE, announced_on=when("2023-11-16"))

    assert MEASURES.score(packed(1, CURBS), packed(2, later)) >= MEASURES.at


def test_two_events_of_one_article_are_never_one_event() -> None:
    assert EVENTS.score(packed(1, CURBS, article="a"), packed(2, CURBS, article="a")) == 0
    assert explain(profile(report(1, CURBS, article="a")), profile(report(2, CURBS, article="a")), "event").value == 0


@pytest.mark.parametrize("level", ["event", "measure"])
def test_the_reasons_add_up_to_the_score_and_say_what_was_compared(level: Level) -> None:
    one, two = profile(report(1, CURBS)), profile(report(2, changed(announced_on=when("2023-11-17"))))
    score = explain(one, two, level)

    assert score.value == pytest.approx(LEVELS[level].score(pack(one), pack(two)))
    words = {reason.what.partition(":")[0]: reason.words for reason in score.reasons}
    assert words["announced"] == "a month: 2023-10-17 and 2023-11-17"
    assert words["type"] == "export_control"
    assert "lithograp" in words["item"]
    assert [abs(r.weight) for r in score.reasons] == sorted((abs(r.weight) for r in score.reasons), reverse=True)


def test_a_full_report_leads_an_empty_one_and_ranks_are_unique() -> None:
    bare = changed(actors=(), targets=(), items=(), announced_on=when("2023"))

    assert rank(profile(report(1, CURBS))) < rank(profile(report(2, bare)))
    assert rank(profile(report(1, CURBS))) != rank(profile(report(3, CURBS)))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Section 301", "Section 301 of the Trade Act of 1974"),
        ("H.B. 1181", "HB 1181"),
        ("Executive Order 13959", "E.O. 13959"),
        ("General License 44", "GL 44"),
        ("18th package", "EU's 18th sanctions package"),
        ("the Entity List", "Entity List"),
        ("Inflation Reduction Act", "IRA"),
    ],
)
def test_instruments_are_known_under_their_forms(one: str, two: str) -> None:
    assert instrument_names(one) & instrument_names(two)


@pytest.mark.parametrize(
    ("phrase", "kind"), [("advanced semiconductors", "chips"), ("EVs", "vehicles"), ("crude", "oil")]
)
def test_near_synonyms_are_one_kind_of_thing(phrase: str, kind: str) -> None:
    assert kind in things(phrase)


DAYS = st.dates(min_value=bounds("2018")[0], max_value=bounds("2025")[1]).map(str)
DATES = st.one_of(st.none(), DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))
MENTIONS = st.builds(
    replace,
    st.just(CURBS),
    type=st.sampled_from([EventType.EXPORT_CONTROL, EventType.TARIFF]),
    status=st.sampled_from(Status),
    actors=st.sampled_from([CURBS.actors, (Mention(party=STATES, span=HERE),), ()]),
    targets=st.sampled_from([CURBS.targets, (Mention(party=HUAWEI, span=HERE),), ()]),
    items=st.sampled_from([things_named("lithography machines"), things_named("steel", "raw nickel ore"), ()]),
    announced_on=DATES.map(when),
    effective_on=DATES.map(when),
)
REPORTS = st.builds(report, st.integers(0, 99), MENTIONS, published=st.one_of(st.none(), DAYS))


@given(one=REPORTS, two=REPORTS, level=st.sampled_from(["event", "measure"]))
def test_either_finds_the_other_or_neither_does_and_scores_are_mutual(one: Report, two: Report, level: Level) -> None:
    rules, a, b = LEVELS[level], pack(profile(one)), pack(profile(two))

    def finds(seeker: str, sought: str) -> bool:
        stands = rules.keys(sought)
        return any(ask.finds(*stood) for ask in rules.asks(seeker) for stood in stands)

    assert finds(a, b) == finds(b, a)
    assert rules.score(a, b) == pytest.approx(rules.score(b, a))


@given(REPORTS)
def test_a_packed_profile_is_the_same_again(one: Report) -> None:
    assert unpack(pack(profile(one))) == profile(one)


def test_of_a_long_list_the_same_are_kept_in_every_process() -> None:
    one = changed(instruments=things_named(" and ".join(f"Section {number}" for number in range(300, 315))))
    assert sorted(profile(report(1, one)).instruments) == [f"section {number}" for number in range(300, 312)]


def test_a_year_and_no_date_at_all_find_the_day() -> None:
    day = packed(1, CURBS)
    keys = set(EVENTS.keys(day))
    for vague in (changed(announced_on=when("2023")), changed(announced_on=None)):
        asks = EVENTS.asks(packed(2, vague))
        assert any(ask.finds(*stood) for ask in asks for stood in keys)


def test_weights_are_those_of_features_that_there_are() -> None:
    known = {"type", "actor", "target", "item", "instrument", "amount", "status", "direction", "announced", "effective"}
    known |= {"bias", "course", "party", "ruling", "together", "in one article"}
    assert {name.partition(":")[0] for name in (*EVENT_WEIGHTS, *MEASURE_WEIGHTS)} <= known


@pytest.mark.parametrize(
    ("one", "two", "days"),
    [("2024-06-25", "2024-06-27", 2), ("2024-06", "2024-06-27", 0), ("2024", "2025-01-03", 3), ("2023-12", "2024", 1)],
)
def test_gap_between_partial_dates(one: str, two: str, days: int) -> None:
    assert gap(one, two) == gap(two, one) == days
