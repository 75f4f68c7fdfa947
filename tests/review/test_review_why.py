"""Why two things are one, or are not."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_samples import events, later, of, report

from tracker import review
from tracker.cli import render, why_text
from tracker.errors import InputError, NotFoundError, StoreError
from tracker.model import Score
from tracker.query import Timeline
from tracker.review import ReasonRow
from tracker.review.explaining import turns
from tracker.store import Store

# Weights of the reasons, the threshold, and the weights of those without which it would be otherwise.
TURNS = {
    "one reason against is enough": ((2.0, -3.0, -1.0), 0.5, (-3.0,)),
    "two are needed": ((2.0, -3.0, -1.5, -1.0), 0.5, (-3.0, -1.5)),
    "what speaks for it": ((2.0, 1.0, -1.0), 0.5, (2.0,)),
    "a threshold that asks for more": ((3.0, -2.0), 0.9, (-2.0,)),
    "nothing else can help": ((-0.5, 0.1), 0.99, ()),
}


@pytest.mark.parametrize("name", TURNS)
def test_without_which_reasons_it_would_be_otherwise(name: str) -> None:
    weights, threshold, taken = TURNS[name]
    score = Score(value=1 / (1 + math.exp(-sum(weights))), reasons=())
    assert tuple(one.weight for one in turns(_reasons(weights), score, threshold)) == taken


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=8), st.floats(0.05, 0.95))
def test_without_those_reasons_the_score_is_on_the_other_side(weights: list[float], threshold: float) -> None:
    value = 1 / (1 + math.exp(-sum(weights)))
    taken = turns(_reasons(weights), Score(value=value, reasons=()), threshold)
    left = 1 / (1 + math.exp(-(sum(weights) - sum(one.weight for one in taken))))
    if taken:
        assert (value - threshold) * (left - threshold) <= 1e-9


def test_what_holds_for_every_pair_is_no_reason_that_could_be_otherwise() -> None:
    reasons = (ReasonRow(what="bias", words="", weight=-9.0), ReasonRow(what="actor: different", words="", weight=-1.0))
    assert turns(reasons, Score(value=0.4, reasons=()), 0.5) == reasons[1:]


def _reasons(weights: tuple[float, ...] | list[float]) -> tuple[ReasonRow, ...]:
    return tuple(ReasonRow(what="x", words=str(n), weight=weight) for n, weight in enumerate(weights))


def test_two_reports_of_one_event(story: Path) -> None:
    with Store.open(story, read_only=True) as store:
        found = review.why(store, report(story, "acme-gazette"), report(story, "acme-herald"))
    assert found.same_event
    assert found.leaders is not None
    assert found.leaders.linked
    assert found.leaders.score >= found.leaders.threshold
    assert all(reason.weight and reason.words for reason in found.leaders.reasons)
    assert (found.best, found.measure) == (None, None)


def test_two_events_that_never_met(story: Path) -> None:
    with Store.open(story, read_only=True) as store:
        found = review.why(store, of(story, "acme-herald"), of(story, "bolt-wire"))
    assert (found.same_event, found.same_measure) == (False, False)
    assert found.leaders is not None
    assert (found.leaders.linked, found.leaders.keys) == (False, ())
    assert found.measure is not None
    assert found.measure.level == "measure"
    shown = render.text(*why_text.told(found))
    assert "two events of two measures" in shown
    assert "they share no key and were never compared" in shown


def test_the_score_is_that_of_its_reasons(story: Path) -> None:
    with Store.open(story, read_only=True) as store:
        found = review.why(store, of(story, "acme-herald"), of(story, "bolt-wire"))
    assert found.leaders is not None
    total = sum(reason.weight for reason in found.leaders.reasons)
    assert found.leaders.score == pytest.approx(1 / (1 + math.exp(-total)))


def test_why_the_reports_of_an_event_are_one(story: Path) -> None:
    with Store.open(story, read_only=True) as store:
        found = review.why_one(store, of(story, "acme-herald")[:9])
    leader, *others = found.members
    assert (leader.leads, leader.compared, len(others)) == (True, None, 2)
    assert all(one.compared is not None and one.compared.linked for one in others)
    shown = render.text(*why_text.told(found), width=240)
    assert shown.count("“A ruling on drones") == 3


def test_a_decision_is_among_the_reasons(path: Path) -> None:
    one, two = report(path, "acme-gazette"), report(path, "bolt-wire")
    with Store.open(path) as store:
        review.same(store, one, two, who="ann", why="the same order", now=later(1))
        found = review.why(store, one, two)
    assert found.same_event
    assert [(judged.kind, judged.why) for judged in found.judgements] == [("same", "the same order")]
    shown = render.text(*why_text.told(found), width=240)
    assert "not alike enough by themselves: other reports, or a person, bring them together" in shown
    assert "same " in shown.splitlines()[-1]


BAD: dict[str, tuple[Callable[[Path], tuple[str, str]], type[Exception], str]] = {
    "itself": (lambda p: (of(p, "acme-herald"), of(p, "acme-herald")), InputError, "twice; name two events"),
    "a beginning of it": (lambda p: (of(p, "acme-herald"), of(p, "acme-herald")[:10]), InputError, "are one event"),
    "no such thing": (lambda p: (of(p, "acme-herald"), "zzz"), NotFoundError, "no event or measure or report 'zzz'"),
    "two kinds": (lambda p: (of(p, "acme-herald"), _measure(p)), InputError, r"\(measure\) are of two kinds"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_compared_is_told(story: Path, name: str) -> None:
    given_, error, words = BAD[name]
    with Store.open(story, read_only=True) as store, pytest.raises(error, match=words):
        review.why(store, *given_(story))


def test_what_older_rules_compared_is_not_recounted(path: Path) -> None:
    one, two = report(path, "acme-gazette"), report(path, "bolt-wire")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE report_standing SET resolver = 'resolve 0', profile = '[]'")
    with Store.open(path, read_only=True) as store:
        for ask in (lambda: review.why(store, one, two), lambda: review.why_one(store, of(path, "bolt-wire"))):
            with pytest.raises(StoreError, match="reprocess --stage resolve"):
                ask()
        with pytest.raises(StoreError, match="an earlier version of the rules"):
            review.queue(store)


def test_two_measures(story: Path) -> None:
    keys = sorted(events(story))
    with Timeline.open(story) as timeline:
        measures = [timeline.event(key).event.measure_id for key in keys]
    with Store.open(story, read_only=True) as store:
        found = review.why(store, *measures)
    assert (found.same_event, found.same_measure, found.leaders) == (False, False, None)
    assert found.measure is not None
    assert render.text(*why_text.told(found)).startswith("two measures")


def test_the_answers_have_a_json_form(story: Path) -> None:
    with Store.open(story, read_only=True) as store:
        pair = review.why(store, of(story, "acme-herald"), of(story, "bolt-wire")).to_dict()
        alone = review.why_one(store, of(story, "acme-herald")).to_dict()
    assert json.loads(json.dumps(pair)) == pair
    assert {"one", "two", "same_event", "leaders", "judgements"} <= pair.keys()
    assert json.loads(json.dumps(alone))["members"][0]["leads"] is True


def _measure(path: Path) -> str:
    with Timeline.open(path) as timeline:
        return timeline.event(of(path, "acme-herald")).event.measure_id
