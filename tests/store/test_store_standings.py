"""Where reports and events stand among their like: what clustering asks, what it answers, what is to be settled."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import (
    LATER,
    NOW,
    analysis,
    article,
    event_mention,
    opened,
    source,
)

from tracker.model import Analysis, Ask, Basis, Report, Standing, Status, When
from tracker.store import Store
from tracker.store.compare import dump
from tracker.store.events import LEVEL as EVENTS
from tracker.store.reports import LEVEL as REPORTS
from tracker.store.standings import AMONG, OF_LEADS, PRESENT, SELECT, Standings, asked, hashed

KEYS = ("a1", "a2", "a3")
ALWAYS = Ask(key="k", days=(("", "9999-12-31"),))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path / "t.db")
    store.sources.sync([source("herald")], NOW)
    for number, key in enumerate(KEYS):
        published = When(value=f"2024-06-{25 + number}", basis=Basis.FEED)
        store.articles.save(None, article(key, published=published), now=NOW)
        store.analyses.save(analysis(article_id=key), now=NOW)
    return store


@pytest.fixture
def reports(store: Store) -> list[Report]:
    return store.reports.unsettled(9)


def standing(report: Report, lead: Report | None = None, **changes: object) -> Standing:
    values: dict[str, object] = {
        "id": report.id,
        "group": report.article_id,
        "rank": f"rank of {report.article_id}",
        "profile": f"profile of {report.article_id}",
        "lead": (lead or report).id,
        "leads": lead is None,
    }
    return Standing(**(values | changes))  # type: ignore[arg-type]


def stand(store: Store, *standings: Standing, day: str = "2024-06-25") -> None:
    store.reports.stand(standings, {one.id: [("k", day)] for one in standings})


def nothing(key: str = "a1") -> Analysis:
    return Analysis(article_id=key, mentions=(), events=(), reader="r")


# ---- what is to be settled


def test_new_reports_are_to_be_settled_the_oldest_first(store: Store) -> None:
    assert [report.article_id for report in store.reports.unsettled(9)] == ["a1", "a2", "a3"]
    assert [report.article_id for report in store.reports.unsettled(2)] == ["a1", "a2"]
    assert store.reports.waiting() == 3


def test_what_stands_is_settled(store: Store, reports: list[Report]) -> None:
    one, two, _ = reports
    stand(store, standing(one), standing(two, one))
    assert store.reports.unsettled(9) == [reports[2]]
    assert store.reports.of_leads([one.id, two.id]) == {one.id: tuple(sorted([one.id, two.id]))}


def test_reading_the_same_again_settles_nothing_anew(store: Store, reports: list[Report]) -> None:
    stand(store, *map(standing, reports))
    store.analyses.save(analysis(article_id="a1"), now=LATER)
    assert store.reports.waiting() == 0


CHANGES = {
    "another status": analysis(event_mention(status=Status.IN_FORCE)),
    "another confidence": analysis(event_mention(confidence=0.5)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_report_stands_as_it_was_until_it_is_settled(store: Store, reports: list[Report], name: str) -> None:
    before = [standing(reports[0]), standing(reports[1], reports[0]), standing(reports[2], reports[0])]
    stand(store, *before)
    (changed,) = store.analyses.save(CHANGES[name], now=LATER)
    assert store.reports.unsettled(9) == [changed]
    assert list(store.reports.held().get([changed.id])) == before[:1]
    assert {one.id for one in store.reports.held().sharing([ALWAYS])} == {one.id for one in reports}


def test_another_date_of_the_article_changes_its_reports(store: Store, reports: list[Report]) -> None:
    stand(store, *map(standing, reports))
    moved = article("a1", "Other words.", published=When(value="2024-07-01", basis=Basis.FEED))
    store.articles.save(None, moved, now=LATER)
    store.analyses.save(analysis(article_id="a1"), now=LATER)
    assert [report.published for report in store.reports.unsettled(9)] == ["2024-07-01"]


def test_one_moved_by_its_neighbours_is_still_to_be_settled(store: Store, reports: list[Report]) -> None:
    stand(store, *map(standing, reports))
    store.reports.unsettle([reports[1].id])
    store.reports.stand([standing(reports[1], reports[0])], {})
    assert [report.id for report in store.reports.unsettled(9)] == [reports[1].id]
    assert [one.lead for one in store.reports.held().get([reports[1].id])] == [reports[0].id]


def test_a_report_that_went_is_handed_out_as_it_stood(store: Store, reports: list[Report]) -> None:
    stand(store, *map(standing, reports))
    store.analyses.save(nothing(), now=LATER)
    assert store.reports.gone(9) == [standing(reports[0])]
    assert store.reports.waiting() == 1
    assert {one.id for one in store.reports.held().leading([ALWAYS])} == {one.id for one in reports[1:]}
    store.reports.forget([reports[0].id])
    assert (store.reports.gone(9), store.reports.waiting()) == ([], 0)


def test_a_report_that_never_stood_leaves_nothing(store: Store) -> None:
    store.analyses.save(nothing(), now=LATER)
    assert store.reports.gone(9) == []


def test_a_report_that_comes_back_stands_where_it_stood(store: Store, reports: list[Report]) -> None:
    stand(store, *map(standing, reports))
    store.analyses.save(nothing(), now=LATER)
    store.analyses.save(analysis(article_id="a1"), now=LATER)
    assert store.reports.gone(9) == []
    assert [report.id for report in store.reports.unsettled(9)] == [reports[0].id]
    assert list(store.reports.held().get([reports[0].id])) == [standing(reports[0])]
    assert {one.id for one in store.reports.held().leading([ALWAYS])} == {one.id for one in reports}


def test_from_nothing_means_everything(store: Store, reports: list[Report]) -> None:
    stand(store, *map(standing, reports))
    store.reports.reset()
    assert store.reports.unsettled(9) == reports
    assert list(store.reports.held().get([one.id for one in reports])) == []
    assert dump(store.path)["report_key"] == []


# ---- what clustering asks


def test_only_leaders_lead(store: Store, reports: list[Report]) -> None:
    first, second, third = reports
    stand(store, standing(first), standing(second, first), standing(third, leads=False))
    held = store.reports.held()
    assert [one.id for one in held.leading([ALWAYS])] == [first.id]
    assert {one.id for one in held.sharing([ALWAYS])} == {one.id for one in reports}
    assert [one.id for one in held.of_groups(["a2", "a9"])] == [second.id]
    assert list(held.get(["nobody"])) == []


def test_who_ceases_to_lead_is_found_among_the_others(store: Store, reports: list[Report]) -> None:
    stand(store, *map(standing, reports))
    store.reports.stand([standing(reports[1], reports[0])], {})
    held = store.reports.held()
    assert {one.id for one in held.leading([ALWAYS])} == {reports[0].id, reports[2].id}
    assert {one.id for one in held.sharing([ALWAYS])} == {one.id for one in reports}


DAYS = st.sampled_from(["", *((date(2024, 2, 26) + timedelta(days=n)).isoformat() for n in range(9))])
STOOD = st.lists(st.tuples(st.sampled_from("kl"), DAYS), max_size=3)
STRETCHES = st.lists(st.tuples(DAYS, DAYS), max_size=5).map(tuple)
ASKS = st.lists(st.builds(Ask, key=st.sampled_from("klm"), days=STRETCHES), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(keys=st.tuples(STOOD, STOOD, STOOD), leads=st.tuples(*[st.booleans()] * 3), asks=ASKS)
def test_a_question_finds_what_stands_between_its_days(
    store: Store, keys: tuple[list[tuple[str, str]], ...], leads: tuple[bool, ...], asks: list[Ask]
) -> None:
    reports = store.reports.reports(row[0] for row in store._db.rows("SELECT id FROM report ORDER BY id"))
    things = [standing(report, leads=lead) for report, lead in zip(reports, leads, strict=True)]
    store.reports.stand(things, {one.id: told for one, told in zip(things, keys, strict=True)})
    near = {
        one.id
        for one, told in zip(things, keys, strict=True)
        if any(ask.finds(key, day) for key, day in told for ask in asks)
    }
    held = store.reports.held()
    found = list(held.sharing(iter(asks)))
    assert sorted(one.id for one in found) == sorted(near)
    assert {one.id for one in held.leading(asks)} == {one.id for one in things if one.leads} & near


def test_keys_of_the_row_and_of_the_index_are_the_same(store: Store, reports: list[Report]) -> None:
    thing = standing(reports[0])
    for keys in ([("k", "2024-06-25"), ("l", "")], [("l", ""), ("l", ""), ("m", "2024-02-29")], []):
        store.reports.stand([thing], {thing.id: keys})
        told = {(hashed(key), 1, int(day.replace("-", "") or 0)) for key, day in keys}
        assert {tuple(row)[:3] for row in store._db.rows("SELECT * FROM report_key")} == told
        (row,) = store._db.rows("SELECT keys FROM report_standing WHERE id = ?", (thing.id,))
        assert {tuple(one) for one in json.loads(row[0])} == set(keys)


# ---- events among their like


def test_events_stand_by_their_leading_reports(store: Store) -> None:
    held = store.events.held()
    one = Standing(id="r1", group="", rank="1", profile="p", lead="r1", leads=True)
    two = dataclasses.replace(one, id="r2", rank="2", lead="r1", leads=False)
    store.events.stand([one, two], {"r1": [("k", "2024-06-25")], "r2": [("k", "")]})
    assert list(held.leading([ALWAYS])) == [one]
    assert sorted(held.sharing([ALWAYS]), key=lambda found: found.id) == [one, two]
    assert store.events.of_leads(["r1", "r2"]) == {"r1": ("r1", "r2")}
    assert list(held.of_groups(["", "a1"])) == []
    store.events.forget(["r1"])
    assert list(held.sharing([ALWAYS])) == [two]
    assert len(store._db.rows("SELECT * FROM event_key")) == 1


# ---- by index alone


QUESTIONS = {
    f"{level.name}: {name}": sql
    for level in (REPORTS, EVENTS)
    for name, sql in {
        "leading": asked(level, 4, whole=False),
        "sharing": asked(level, 4, whole=True),
        "by number": level.sql(SELECT + AMONG, column="number"),
        "by id": level.sql(SELECT + AMONG, column="id"),
        "of leads": level.sql(OF_LEADS),
        "present": level.sql(PRESENT),
    }.items()
} | {"report: of groups": REPORTS.sql(SELECT + AMONG, column="group_id")}
SORTED = {"report: present", "event: present"}  # as many as are asked for


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_scans_or_sorts_a_table(store: Store, name: str) -> None:
    sql = QUESTIONS[name]
    plan = [row["detail"] for row in store._db.rows(f"EXPLAIN QUERY PLAN {sql}", ["[]"] * sql.count("?"))]
    scans = [line for line in plan if line.startswith("SCAN") and ("_standing" in line or "_key" in line)]
    assert not scans, plan
    assert any(line.startswith(("SEARCH report_", "SEARCH event_")) for line in plan), plan
    assert name in SORTED or not any("TEMP B-TREE" in line for line in plan), plan


def test_a_question_of_many_keys_costs_few_statements(store: Store) -> None:
    told: list[str] = []
    store._db.raw.set_trace_callback(told.append)
    list(Standings(store._db, REPORTS).leading(Ask(key=str(n), days=(("", ""),)) for n in range(200)))
    store._db.raw.set_trace_callback(None)
    assert len(told) == 4
