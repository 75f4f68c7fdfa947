"""Parties put together in a database: article by article, in any order, and undone; who stands for them in reports."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tracker.model import (
    Analysis,
    Article,
    Basis,
    Certainty,
    Direction,
    EventMention,
    EventType,
    Judgement,
    JudgementKind,
    Mention,
    Party,
    PartyKind,
    Report,
    Scope,
    Span,
    Status,
    TextFrom,
    When,
)
from tracker.pipeline import parties
from tracker.store import Store

NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)  # every example writes two databases
NOW = datetime(2024, 12, 1, tzinfo=UTC)
HANWEI = Party(name="Hanwei Precision Instruments", kind=PartyKind.COMPANY)
SHORT = Party(name="Hanwei", kind=PartyKind.COMPANY)
LIMITED = Party(name="Hanwei Precision Instruments Co., Ltd", kind=PartyKind.COMPANY)
FOODS = Party(name="Hanwei Foods", kind=PartyKind.COMPANY)
COMMERCE = Party(
    name="US Commerce Department", kind=PartyKind.GOVERNMENT, country="US", id="gov:us:commerce", parent="gov:us"
)
STATE = Party(name="United States", kind=PartyKind.GOVERNMENT, country="US", id="gov:us")
FULL, BARE, LEGAL, OTHER = "full", "bare", "legal", "other"
# What an article says: its parties with the words they are called by.
ARTICLES: dict[str, Sequence[tuple[Party, str, str]]] = {
    FULL: [(HANWEI, "Hanwei Precision Instruments", "name"), (HANWEI, "Hanwei", "alias")],
    BARE: [(SHORT, "Hanwei", "name")],
    LEGAL: [(LIMITED, "Hanwei Precision Instruments Co., Ltd", "name")],
    OTHER: [(FOODS, "Hanwei Foods", "name"), (FOODS, "Hanwei", "alias")],
}
FULL_ID, BARE_ID = "name:company:hanwei-precision-instruments", "name:company:hanwei"
LEGAL_ID, OTHER_ID = f"{FULL_ID}-co-ltd", "name:company:hanwei-foods"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as opened:
        yield opened


def write(store: Store, key: str, named: Sequence[tuple[Party, str, str]], known: Sequence[Party] = ()) -> None:
    """An article that calls parties so, and one event by the first of them; without any, it names nobody."""
    words = [called for _, called, _ in named]
    starts = list(itertools.accumulate((len(one) + 2 for one in words), initial=0))
    text = ". ".join([*words, "It said no more"])
    article = Article(
        id=key,
        url=f"https://herald.example/{key}",
        title="",
        text=text,
        published=When(value="2024-06-25", basis=Basis.FEED),
        language="en",
        text_from=TextFrom.PAGE,
        content_hash=key,
    )
    mentions = tuple(
        Mention(party=party, span=Span(start=start, end=start + len(called)), how=how)
        for (party, called, how), start in zip(named, starts, strict=False)
    )
    event = EventMention(
        type=EventType.COMPANY_RESPONSE,
        status=Status.IN_FORCE,
        direction=Direction.NEUTRAL,
        certainty=Certainty.CONFIRMED,
        actors=mentions[:1],
        targets=(),
        items=(),
        instruments=(),
        announced_on=None,
        effective_on=None,
        evidence=(Span(start=0, end=len(text)),),
        confidence=0.9,
    )
    store.articles.save(None, article, now=NOW)
    events = (event,) if named else ()
    analysis = Analysis(article_id=key, mentions=mentions, events=events, reader="r1", known=tuple(known))
    store.analyses.save(analysis, now=NOW)


def into(store: Store) -> dict[str, str]:
    """Every party for whom another stands."""
    rows = store._db.rows("SELECT id, merged_into FROM entity WHERE merged_into IS NOT NULL ORDER BY id")
    return {row["id"]: row["merged_into"] for row in rows}


def tell(store: Store, keys: Iterable[str], *, one_by_one: bool = True) -> None:
    for key in keys:
        write(store, key, ARTICLES[key])
        if one_by_one:
            parties.put_together(store)
    parties.put_together(store)


def test_a_later_article_joins_names_and_another_parts_them(store: Store) -> None:
    tell(store, [BARE])
    assert into(store) == {}
    tell(store, [FULL])
    assert into(store) == {BARE_ID: FULL_ID}
    tell(store, [LEGAL])
    assert into(store) == {BARE_ID: FULL_ID, LEGAL_ID: FULL_ID}
    tell(store, [OTHER])  # two are called Hanwei now
    assert into(store) == {LEGAL_ID: FULL_ID}


def test_evidence_that_goes_undoes_what_rested_on_it(store: Store) -> None:
    tell(store, [BARE, FULL, OTHER])
    assert into(store) == {}
    write(store, OTHER, [])  # read again: it names nobody
    parties.put_together(store)
    assert into(store) == {BARE_ID: FULL_ID}
    write(store, FULL, [])
    parties.put_together(store)
    assert into(store) == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=8, phases=NO_SHRINK)
@given(order=st.permutations(sorted(ARTICLES)), gone=st.sampled_from(["", *sorted(ARTICLES)]))
def test_any_order_gives_the_same(tmp_path: Path, order: list[str], gone: str) -> None:
    found = []
    for number, (keys, one_by_one) in enumerate(((order, True), (sorted(ARTICLES), False))):
        path = tmp_path / f"{number}.db"
        path.unlink(missing_ok=True)
        with Store.open(path) as store:
            tell(store, keys, one_by_one=one_by_one)
            if gone:
                write(store, gone, [])
            parties.put_together(store)
            found.append(into(store))
    assert found[0] == found[1]


def test_reports_name_who_stands_for_the_others_and_are_settled_anew(store: Store) -> None:
    tell(store, [BARE])
    (report,) = store.reports.unsettled(9)
    assert parties.standing(store, [report])[0] == report
    store._db.run("UPDATE report_standing SET unsettled = 0")
    tell(store, [FULL])
    assert report.id in {one.id for one in store.reports.unsettled(9)}
    (told,) = parties.standing(store, [report])
    assert [mention.party for mention in told.event.actors] == [HANWEI]


def test_two_names_of_one_party_stand_in_a_report_once(store: Store) -> None:
    tell(store, [FULL, BARE, LEGAL])
    (report,) = [one for one in store.reports.unsettled(9) if one.article_id == FULL]
    both = [report.event.actors[0], Mention(party=SHORT, span=Span(start=0, end=6))]
    (told,) = parties.standing(store, [_acted_by(report, both)])
    assert [mention.party for mention in told.event.actors] == [HANWEI]


def _acted_by(report: Report, actors: Sequence[Mention]) -> Report:
    return replace(report, event=replace(report.event, actors=tuple(actors)))


def judgement(kind: JudgementKind, one: str, two: str) -> Judgement:
    return Judgement(
        id="j1",
        kind=kind,
        scope=Scope.PARTY,
        subject=one,
        object=two,
        left=(one,),
        right=(two,),
        who="ada",
        why="",
        decided=NOW,
    )


@pytest.mark.parametrize(
    ("kind", "told", "before", "after"),
    [
        (JudgementKind.DIFFERENT, [FULL, LEGAL], {LEGAL_ID: FULL_ID}, {}),
        (JudgementKind.SAME, [LEGAL, OTHER], {}, {LEGAL_ID: OTHER_ID}),
    ],
    ids=["different", "same"],
)
def test_a_judgement_holds_until_it_is_closed(
    store: Store, kind: JudgementKind, told: list[str], before: dict[str, str], after: dict[str, str]
) -> None:
    tell(store, told)
    assert into(store) == before
    other = LEGAL_ID if kind is JudgementKind.DIFFERENT else OTHER_ID
    store.judgements.add(judgement(kind, FULL_ID if kind is JudgementKind.DIFFERENT else LEGAL_ID, other))
    parties.put_together(store)
    assert into(store) == after
    write(store, told[0], ARTICLES[told[0]])  # read again
    parties.put_together(store)
    assert into(store) == after
    store.judgements.close("j1", who="ada", now=NOW)
    parties.put_together(store)
    assert into(store) == before


def test_nothing_new_is_nothing_to_do(store: Store) -> None:
    tell(store, [FULL, BARE])
    assert store.entities.unnamed(9) == []
    assert store.entities.unsettled(9) == []


def test_a_crowded_word_tells_nothing(store: Store) -> None:
    for number in range(51):
        firm = Party(name=f"Hanwei Works {number}", kind=PartyKind.COMPANY)
        write(store, f"a{number}", [(firm, firm.name, "name")])
    tell(store, [BARE])
    assert into(store) == {}
    assert len(store.entities.around([BARE_ID])) == 1


def test_what_a_known_party_belongs_to_is_stored_as_the_gazetteer_has_it(store: Store) -> None:
    former = Party(name="Old Commerce", kind=PartyKind.GOVERNMENT, country="US", id=COMMERCE.id, parent="gov:us")
    write(store, "a1", [(former, "Old Commerce", "alias")], known=[COMMERCE, STATE])
    rows = store._db.rows("SELECT id, name, parent FROM entity ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("gov:us", "United States", None),
        ("gov:us:commerce", "US Commerce Department", "gov:us"),
    ]


def test_ministries_of_two_states_are_two(store: Store) -> None:
    for country in ("ZW", "IN", None):
        ministry = Party(name="Ministry of Mines", kind=PartyKind.GOVERNMENT, country=country)
        write(store, f"a-{country}", [(ministry, "Ministry of Mines", "name")])
    parties.put_together(store)
    assert into(store) == {}
    ids = [row["id"] for row in store._db.rows("SELECT id FROM entity ORDER BY id")]
    assert ids == [f"name:government:{seat}ministry-of-mines" for seat in ("in:", "", "zw:")]
