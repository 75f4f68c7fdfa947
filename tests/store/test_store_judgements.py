"""Decisions of people: kept for good, tied to reports, and what they set in motion."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from store_samples import (
    LATER,
    NOW,
    TEXT,
    analysis,
    article,
    at,
    event,
    event_mention,
    keep,
    opened,
    source,
    stand,
)

from tracker.errors import NotFoundError
from tracker.model import Analysis, EventType, Judgement, JudgementKind, Report, Scope
from tracker.store import Store
from tracker.store.ties import overlap

QUOTES = (
    "The US Commerce Department will restrict exports of chip tools to China from July.",
    "The US Commerce Department will restrict exports of chip tools",
    "Harrow Foundry shares fell.",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path / "t.db")
    store.sources.sync([source("herald")], NOW)
    for key in ("a1", "a2"):
        store.articles.save(None, article(key), now=NOW)
        store.analyses.save(analysis(article_id=key), now=NOW)
    return store


@pytest.fixture
def reports(store: Store) -> list[Report]:
    """Two reports that tell an event each."""
    reports = store.reports.unsettled(9)
    for report in reports:
        stand(store, report)
        keep(store, event(report, lead_id=report.id))
    return reports


def judgement(reports: list[Report], kind: JudgementKind = JudgementKind.SAME, **changes: object) -> Judgement:
    values: dict[str, object] = {
        "id": "j1",
        "kind": kind,
        "scope": Scope.EVENT,
        "subject": reports[0].id,
        "object": reports[1].id,
        "left": (reports[0].id,),
        "right": (reports[1].id,),
        "who": "ann",
        "why": "the same step",
        "decided": NOW,
        "evidence": "abc",
    }
    return Judgement(**(values | changes))  # type: ignore[arg-type]


def edit(reports: list[Report], **changes: object) -> Judgement:
    more = {"object": None, "right": (), "field": "status", "value": '"in_force"'}
    return judgement(reports, JudgementKind.EDIT, **(more | changes))


def test_a_decision_comes_back_as_it_was(store: Store, reports: list[Report]) -> None:
    for made in (judgement(reports), edit(reports, id="j2")):
        store.judgements.add(made)
        assert store.judgements.get(made.id) == made
    assert store.judgements.get("j9") is None


def test_a_decision_is_kept_once(store: Store, reports: list[Report]) -> None:
    store.judgements.add(judgement(reports))
    store.judgements.add(judgement(reports, why="another reason"))
    assert [one.why for one in store.judgements.open(scope=Scope.EVENT)] == ["the same step"]


def test_a_decision_holds_until_it_is_closed_and_stays_known(store: Store, reports: list[Report]) -> None:
    made = judgement(reports)
    store.judgements.add(made)
    store.judgements.close("j1", who="bob", now=LATER)
    closed = dataclasses.replace(made, closed=LATER, closed_by="bob")
    assert store.judgements.open(scope=Scope.EVENT) == []
    assert store.judgements.get("j1") == closed
    store.judgements.close("j1", who="eve", now=NOW)
    assert store.judgements.get("j1") == closed


def test_what_was_never_decided_cannot_be_closed(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"no judgement j1; `tracker review` lists them"):
        store.judgements.close("j1", who="bob", now=NOW)


RECLUSTERED = [JudgementKind.SAME, JudgementKind.DIFFERENT, JudgementKind.SPLIT]


@pytest.mark.parametrize("kind", RECLUSTERED)
def test_what_puts_reports_together_settles_them_anew(store: Store, reports: list[Report], kind: JudgementKind) -> None:
    assert store.reports.waiting() == 0
    store.judgements.add(judgement(reports, kind))
    assert store.reports.unsettled(9) == reports
    stand(store, *reports)
    store.judgements.close("j1", who="bob", now=LATER)
    assert store.reports.unsettled(9) == reports


def test_what_is_said_of_an_event_makes_it_again(store: Store, reports: list[Report]) -> None:
    told = edit(reports)
    store.judgements.add(told)
    assert store.reports.waiting() == 0
    assert store.events.stale(9) == sorted(told.left)


def test_what_is_said_of_measures_puts_their_events_together_again(store: Store, reports: list[Report]) -> None:
    store.judgements.add(judgement(reports, scope=Scope.MEASURE))
    assert store.reports.waiting() == 0
    assert store.measures.stale(9) == sorted(f"m-{report.id}" for report in reports)


def test_clustering_hears_of_decisions_about_its_things(store: Store, reports: list[Report]) -> None:
    one, two = reports
    store.judgements.add(judgement(reports))
    store.judgements.add(edit(reports, id="j2"))
    store.judgements.add(judgement(reports, scope=Scope.MEASURE, id="j3"))
    held = store.reports.held()
    assert [found.id for found in held.judged([two.id, "r9"])] == ["j1"]
    assert held.judged(["r9"]) == []
    stand(store, one, two)
    assert [found.id for found in held.bonds([one.id])] == ["j1"]
    assert held.bonds([two.id]) == []
    store.judgements.close("j1", who="bob", now=LATER)
    assert held.judged([one.id]) == held.bonds([one.id]) == []


def test_decisions_about_measures_name_the_events_that_their_reports_tell_now(
    store: Store, reports: list[Report]
) -> None:
    one, two = reports
    store.judgements.add(judgement(reports, JudgementKind.DIFFERENT, scope=Scope.MEASURE))
    (found,) = store.events.held().judged([one.id])
    assert (found.left, found.right) == ((one.id,), (two.id,))
    keep(store, event(one, lead_id="another"))
    assert store.events.held().judged([one.id]) == []
    (found,) = store.events.held().judged(["another"])
    assert (found.left, found.right) == (("another",), (two.id,))


def test_edits_are_those_of_the_event_of_the_reports(store: Store, reports: list[Report]) -> None:
    store.judgements.add(judgement(reports))
    assert store.judgements.edits([one.id for one in reports]) == []
    rejected = judgement(reports, JudgementKind.REJECT, id="j3", object=None, right=())
    made = [edit(reports, id="j2"), rejected]
    for one in made:
        store.judgements.add(one)
    assert store.judgements.edits([reports[0].id, "r9"]) == made
    assert store.judgements.edits([reports[1].id]) == []


def test_parties_are_judged_by_their_ids(store: Store) -> None:
    made = Judgement(
        id="j1",
        kind=JudgementKind.SAME,
        scope=Scope.PARTY,
        subject="co:one",
        object="co:two",
        left=("co:one",),
        right=("co:two",),
        who="ann",
        why="one firm",
        decided=NOW,
    )
    store.judgements.add(made)
    assert store.judgements.open(scope=Scope.PARTY) == [made]
    assert store.reports.waiting() == 2  # as before


# ---- tied anew


def read(store: Store, *events: tuple[EventType, str], key: str = "a1") -> list[Report]:
    told = tuple(event_mention(type=kind, evidence=(at(quote),)) for kind, quote in events)
    return store.analyses.save(Analysis(article_id=key, mentions=(), events=told, reader="r"), now=LATER)


CONTROL, SANCTION = EventType.EXPORT_CONTROL, EventType.SANCTION
READINGS: dict[str, tuple[list[tuple[EventType, str]], int | None]] = {
    "the same": ([(SANCTION, QUOTES[2]), (CONTROL, QUOTES[0])], 1),
    "another type for the same words": ([(CONTROL, QUOTES[2]), (SANCTION, QUOTES[0])], 1),
    "fewer of the words": ([(SANCTION, QUOTES[1]), (CONTROL, QUOTES[1])], 1),
    "other words": ([(CONTROL, QUOTES[2])], None),
    "nothing": ([], None),
}


@pytest.mark.parametrize("name", READINGS)
def test_a_decision_follows_its_report_into_another_reading(store: Store, reports: list[Report], name: str) -> None:
    events, place = READINGS[name]
    store.judgements.add(judgement(reports))
    found = read(store, *events)
    (tied,) = store.judgements.open(scope=Scope.EVENT)
    assert tied.left == (reports[0].id if place is None else found[place].id,)
    assert tied.right == (reports[1].id,)


def test_a_report_that_was_there_already_is_settled_anew_with_the_decision_that_it_takes_over(store: Store) -> None:
    _, other = read(store, (SANCTION, QUOTES[0]), (SANCTION, QUOTES[1]))
    reports = store.reports.unsettled(9)
    stand(store, *reports)
    (left,) = (one for one in reports if one.article_id == "a1" and one.quote == QUOTES[0])
    (right,) = (one for one in reports if one.article_id == "a2")
    store.judgements.add(judgement([left, right], JudgementKind.DIFFERENT))
    stand(store, *reports)
    read(store, (SANCTION, QUOTES[1]))
    (tied,) = store.judgements.open(scope=Scope.EVENT)
    assert tied.left == (other.id,)
    assert [one.id for one in store.reports.unsettled(9)] == [other.id]


def test_a_decision_waits_for_its_report_to_come_back(store: Store, reports: list[Report]) -> None:
    store.judgements.add(judgement(reports))
    read(store)
    (again,) = read(store, (SANCTION, TEXT[:82]))
    (tied,) = store.judgements.open(scope=Scope.EVENT)
    assert tied.left == (again.id,)


@pytest.mark.parametrize(
    ("one", "two", "value"),
    [("a b", "A  B", 1.0), ("a b c", "b c d", 0.5), ("a", "b", 0.0), ("", "", 0.0)],
    ids=["the same", "half", "nothing", "empty"],
)
def test_how_much_two_quotes_have_in_common(one: str, two: str, value: float) -> None:
    assert overlap(one, two) == value
