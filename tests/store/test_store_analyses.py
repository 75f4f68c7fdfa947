"""Reading an article, reading it again, and what that does to parties, reports and events."""

from __future__ import annotations

import dataclasses
import itertools
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import (
    CHINA,
    COMMERCE,
    FOUNDRY,
    LATER,
    NOW,
    TEXT,
    analysis,
    article,
    at,
    copy,
    event,
    event_mention,
    keep,
    mention,
    opened,
    source,
    stand,
)

from tracker.errors import NotFoundError
from tracker.model import (
    Amount,
    AmountKind,
    Analysis,
    Basis,
    Comparison,
    EventMention,
    EventType,
    Party,
    PartyKind,
    Report,
    Status,
    Tier,
    When,
)
from tracker.store import Store, entity_id
from tracker.store.compare import dump
from tracker.store.entities import keep_parties


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path / "t.db")
    store.sources.sync([source("herald"), source("wire", Tier.OFFICIAL)], NOW)
    store.articles.save(None, article("a1"), now=NOW)
    store.articles.save(None, article("a2", source_id="wire"), now=NOW)
    copy(store, "a2", of="a1")
    return store


TYPES = st.lists(st.sampled_from([EventType.EXPORT_CONTROL, EventType.SANCTION]), max_size=4)


def told(*types: EventType) -> tuple[EventMention, ...]:
    return tuple(event_mention(type=kind) for kind in types)


def read(*types: EventType, status: Status = Status.ANNOUNCED) -> Analysis:
    events = tuple(dataclasses.replace(one, status=status) for one in told(*types))
    return Analysis(article_id="a1", mentions=(), events=events, reader="r")


def test_reports_come_back_as_they_were_made(store: Store) -> None:
    made = store.analyses.save(analysis(article_id="a2"), now=NOW)
    assert store.reports.unsettled(9) == made
    (report,) = made
    assert report == Report(
        id=report.id,
        article_id="a2",
        origin="a1",
        published="2024-06-25",
        tier=Tier.OFFICIAL,
        event=event_mention(),
        source_id="wire",
        quote=TEXT[:82],
    )


def test_an_article_of_no_source_is_trusted_least(store: Store) -> None:
    store.articles.save(None, article("a3", source_id=None), now=NOW)
    (report,) = store.analyses.save(analysis(article_id="a3"), now=NOW)
    assert report.tier == Tier.SOCIAL
    assert store.reports.unsettled(1) == [report]


def test_an_unknown_article_is_refused(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no article a9"):
        store.analyses.save(analysis(article_id="a9"), now=NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(first=TYPES, second=TYPES)
def test_the_last_reading_counts_and_twice_is_once(
    store: Store, first: list[EventType], second: list[EventType]
) -> None:
    store.analyses.save(read(*second), now=NOW)
    before = dump(store.path)
    store.analyses.save(read(*first), now=NOW)
    store.analyses.save(read(*second), now=LATER)
    after = dump(store.path)
    assert after["report"] == before["report"]
    assert after["report_standing"] == before["report_standing"]
    store.analyses.save(read(*second), now=LATER)
    assert dump(store.path) == after


def test_two_like_events_of_one_article_are_two_reports(store: Store) -> None:
    made = store.analyses.save(read(EventType.SANCTION, EventType.SANCTION), now=NOW)
    assert made[0].id != made[1].id


def test_an_id_survives_better_rules_and_a_moved_text(store: Store) -> None:
    (first,) = store.analyses.save(analysis(), now=NOW)
    (second,) = store.analyses.save(analysis(event_mention(status=Status.IN_FORCE, confidence=0.5)), now=NOW)
    assert second.id == first.id

    moved = f"Updated. {TEXT}"
    store.articles.save(None, article(text=moved), now=LATER)
    (third,) = store.analyses.save(analysis(event_mention(moved), text=moved), now=LATER)
    assert third.id == first.id
    assert store._db.rows("SELECT quote FROM report WHERE id = ?", (third.id,))[0][0] == TEXT[:82]


DIFFERENCES: dict[str, dict[str, Any]] = {
    "type": {"type": EventType.SANCTION},
    "actor": {"actors": (mention(FOUNDRY, "Harrow Foundry"),)},
    "evidence": {"evidence": (at("Harrow Foundry shares fell."),)},
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_another_event_has_another_id(store: Store, name: str) -> None:
    (first,) = store.analyses.save(analysis(), now=NOW)
    (second,) = store.analyses.save(analysis(event_mention(**DIFFERENCES[name])), now=NOW)
    assert second.id != first.id
    (elsewhere,) = store.analyses.save(analysis(article_id="a2"), now=NOW)
    assert elsewhere.id != first.id


def test_evidence_in_the_title_is_quoted_from_the_title(store: Store) -> None:
    span = dataclasses.replace(at("Commerce curbs", "Commerce curbs chip tools"), field="title")
    store.analyses.save(analysis(event_mention(evidence=(span, at("from July")))), now=NOW)
    assert store._db.rows("SELECT quote FROM report")[0][0] == "Commerce curbs … from July"


def test_amounts_are_rows_and_those_of_the_last_reading(store: Store) -> None:
    fine = Amount(
        kind=AmountKind.MONEY,
        value=Decimal("1.5e9"),
        upper=Decimal("2e9"),
        unit="USD",
        comparison=Comparison.AT_MOST,
        per="day",
        text="up to $1.5bn to $2bn a day",
        span=at("restrict"),
    )
    rate = Amount(kind=AmountKind.RATE, value=Decimal("7.5"), unit="%", text="7.5%", span=at("exports"))
    store.analyses.save(analysis(event_mention(amounts=(fine, rate))), now=NOW)
    rows = store._db.rows("SELECT * FROM report_amount ORDER BY position")
    assert [tuple(row)[1:] for row in rows] == [
        (0, "money", 1.5e9, 2e9, "at_most", "USD", "day", "up to $1.5bn to $2bn a day"),
        (1, "rate", 7.5, None, None, "%", None, "7.5%"),
    ]
    (report,) = store.reports.unsettled(9)
    assert report.event.amounts == (fine, rate)

    store.analyses.save(analysis(event_mention(amounts=(rate,))), now=LATER)
    assert [row["text"] for row in store._db.rows("SELECT text FROM report_amount")] == ["7.5%"]
    store.analyses.save(Analysis(article_id="a1", mentions=(), events=(), reader="r"), now=LATER)
    assert store._db.rows("SELECT * FROM report_amount") == []


# ---- events under a new reading


def placed(store: Store) -> tuple[str, Report]:
    (report,) = store.analyses.save(analysis(), now=NOW)
    made = event(report)
    stand(store, report)
    keep(store, made)
    return made.id, report


def test_reading_the_same_again_leaves_events_alone(store: Store) -> None:
    event_id, _ = placed(store)
    store.analyses.save(analysis(), now=LATER)
    assert store.reports.unsettled(9) == []
    assert store.events.stale(9) == []
    assert store.reports.cluster(event_id) is not None


def test_an_event_without_a_date_moves_with_the_date_of_its_article(store: Store) -> None:
    (report,) = store.analyses.save(analysis(event_mention(announced_on=None)), now=NOW)
    stand(store, report)
    keep(store, event(report))
    published = When(value="2024-12-24", basis=Basis.METADATA)
    store.articles.save(None, article("a1", published=published, content_hash="other"), now=LATER)
    store.analyses.save(analysis(event_mention(announced_on=None)), now=LATER)
    stand(store, report)
    keep(store, event(report), now=LATER)
    row = store._db.row("SELECT day, first_reported, stale FROM event")
    assert row is not None
    assert tuple(row) == ("2024-12-24", "2024-12-24", 0)


def test_a_changed_report_keeps_its_event_and_makes_it_stale(store: Store) -> None:
    event_id, _ = placed(store)
    (report,) = store.analyses.save(analysis(event_mention(status=Status.IN_FORCE)), now=LATER)
    assert store.reports.unsettled(9) == [report]
    assert store.reports.event_ids([report.id]) == {report.id: event_id}
    assert store.events.stale(9) == [event_id]
    store.events.save([event(report)], now=LATER)
    assert store.events.stale(9) == []


def test_an_event_that_lost_its_last_report_goes_with_its_measure(store: Store) -> None:
    event_id, _ = placed(store)
    store.analyses.save(Analysis(article_id="a1", mentions=(), events=(), reader="r"), now=LATER)
    assert store.counts()["event"] == store.counts()["measure"] == store.counts()["report"] == 0
    assert dump(store.path)["event_fts"] == []
    changes = store._db.rows("SELECT what, kind FROM change WHERE id LIKE ? ORDER BY cursor", (f"%{event_id}",))
    assert [tuple(row) for row in changes] == [
        ("event", "new"),
        ("measure", "new"),
        ("event", "removed"),
        ("measure", "removed"),
    ]


def test_an_event_that_lost_one_of_two_reports_is_stale(store: Store) -> None:
    (one,) = store.analyses.save(analysis(), now=NOW)
    (two,) = store.analyses.save(analysis(article_id="a2"), now=NOW)
    stand(store, one, two)
    keep(store, event(one, two))
    store.analyses.save(Analysis(article_id="a2", mentions=(), events=(), reader="r"), now=LATER)
    assert store.events.stale(9) == [one.id]
    cluster = store.reports.cluster(one.id)
    assert cluster is not None
    assert cluster.reports == (one,)


# ---- parties


def entities(store: Store) -> dict[str, tuple[object, ...]]:
    return {row["id"]: tuple(row)[1:6] for row in store._db.rows("SELECT * FROM entity")}


def test_parties_of_the_gazetteer_have_its_ids(store: Store) -> None:
    store.analyses.save(analysis(), now=NOW)
    assert entities(store) == {
        "gov:us:commerce": ("US Commerce Department", "government", "US", "Q503577", "gov:us"),
        "gov:cn": ("China", "government", "CN", "Q148", None),
        "name:company:harrow-foundry": ("Harrow Foundry", "company", None, None, None),
    }


def test_a_newer_gazetteer_wins(store: Store) -> None:
    store.analyses.save(analysis(), now=NOW)
    renamed = dataclasses.replace(COMMERCE, name="Commerce Department")
    store.analyses.save(analysis(event_mention(actors=(mention(renamed, "US Commerce Department"),))), now=NOW)
    assert entities(store)["gov:us:commerce"][0] == "Commerce Department"


VARIANTS = (
    Party(name="Harrow Foundry", kind=PartyKind.COMPANY),
    Party(name="HARROW FOUNDRY", kind=PartyKind.COMPANY, country="NL"),
    Party(name="Harrow  Foundry", kind=PartyKind.COMPANY, country="GB"),
)


def test_what_texts_say_of_a_party_does_not_depend_on_their_order(tmp_path: Path) -> None:
    ends = set()
    for number, order in enumerate(itertools.permutations(VARIANTS)):
        store = opened(tmp_path / f"{number}.db")
        store.sources.sync([source()], NOW)
        for key, party in zip(("a1", "a2", "a3"), order, strict=True):
            store.articles.save(None, article(key), now=NOW)
            found = (mention(party, "Harrow Foundry"),)
            store.analyses.save(Analysis(article_id=key, mentions=found, events=(), reader="r"), now=NOW)
        ends.add(repr(entities(store)))
        store.close()
    assert len(ends) == 1
    assert "'GB'" in ends.pop()


def test_aliases_are_the_words_of_the_texts_and_the_own_name(store: Store) -> None:
    found = (mention(CHINA, "China"), mention(FOUNDRY, "Harrow Foundry"), mention(FOUNDRY, "Foundry", how="acronym"))
    store.analyses.save(Analysis(article_id="a1", mentions=found, events=(), reader="r"), now=NOW)
    aliases = store._db.rows("SELECT entity_id, name, folded, how FROM alias ORDER BY 1, 2, 4")
    assert [tuple(row) for row in aliases] == [
        ("gov:cn", "China", "china", "canonical"),
        ("gov:cn", "China", "china", "name"),
        (entity_id(FOUNDRY), "Foundry", "foundry", "acronym"),
        (entity_id(FOUNDRY), "Harrow Foundry", "harrow foundry", "canonical"),
        (entity_id(FOUNDRY), "Harrow Foundry", "harrow foundry", "name"),
    ]


def test_mentions_are_those_of_the_last_reading(store: Store) -> None:
    store.analyses.save(analysis(), now=NOW)
    found = (mention(CHINA, "China"),)
    store.analyses.save(Analysis(article_id="a1", mentions=found, events=(), reader="r"), now=NOW)
    (row,) = store._db.rows('SELECT field, start, "end", entity_id FROM mention')
    assert TEXT[row["start"] : row["end"]] == "China"


def test_a_state_named_as_a_market_stays_a_government(store: Store) -> None:
    state = Party(name="Ireland", kind=PartyKind.GOVERNMENT, country="IE", id="gov:ie")
    market = dataclasses.replace(state, kind=PartyKind.PLACE)
    for parties in ([state], [market], [market, state]):
        keep_parties(store._db, parties, NOW.isoformat())
        assert [row["kind"] for row in store._db.rows("SELECT kind FROM entity WHERE id = 'gov:ie'")] == ["government"]
