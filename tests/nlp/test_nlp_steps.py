"""What a step's dates and its status say beyond what the models say of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from together import rows

from tracker.model import Basis, Direction, Span, When
from tracker.nlp.dating import DATE_LABELS, DateCandidate, choose
from tracker.nlp.linear import Softmax

PUBLISHED = When(value="2023-07-21", basis=Basis.METADATA)
SAID = DateCandidate(When(value="2023-07-20", basis=Basis.RELATIVE, span=Span(start=38, end=54)), {"said": 1.0})
MODEL = Softmax(DATE_LABELS, {"said": np.array([0.0, 5, 0, 0]), "start": np.array([0.0, 0, 5, 0])})


def start(*, is_immediate: bool) -> DateCandidate:
    when = When(value="2023-07-21", basis=Basis.RELATIVE, span=Span(start=16, end=37))
    return DateCandidate(when, {"start": 1.0}, is_immediate=is_immediate)


def test_immediate_effect_begins_on_the_day_of_the_step() -> None:
    dated = choose([(SAID, None), (start(is_immediate=True), None)], MODEL, PUBLISHED)

    assert dated.announced is not None
    assert dated.effective is not None
    assert (dated.announced.day, dated.effective.day) == ("2023-07-20", "2023-07-20")
    assert dated.effective.span == Span(start=16, end=37)


def test_a_start_that_is_worded_stays_as_it_is() -> None:
    dated = choose([(SAID, None), (start(is_immediate=False), None)], MODEL, PUBLISHED)

    assert dated.effective is not None
    assert dated.effective.day == "2023-07-21"


@pytest.mark.parametrize(
    ("day", "chance", "begins"),
    [
        ("2023-07-20", 0.4, None),  # the day of the step, and nothing surer says that it starts then
        ("2023-07-20", 0.5, "2023-07-20"),
        ("2023-08-01", 0.4, "2023-08-01"),
        ("2023-08-01", 0.2, None),
        ("2023-07", 0.4, "2023-07"),
    ],
)
def test_the_day_of_the_step_is_its_start_only_where_that_is_surer(day: str, chance: float, begins: str | None) -> None:
    odds = [np.log(x) for x in (1 - chance, 1e-9, chance, 1e-9)]
    model = Softmax(DATE_LABELS, {"said": np.array([0.0, 9, 0, 0]), "start": np.array(odds)})
    said = DateCandidate(SAID.when, {"said": 1.0})
    other = DateCandidate(When(value=day, basis=Basis.STATED, span=Span(start=0, end=9)), {"start": 1.0})
    dated = choose([(said, None), (other, None)], model, PUBLISHED)

    assert (dated.effective.day if dated.effective else None) == begins


def test_statuses_speak_for_directions_as_the_texts_have_them() -> None:
    def event(kind: str, status: str, direction: str) -> dict[str, Any]:
        return {"type": kind, "status": status, "direction": direction}

    told = [event("tariff", "in_force", "restrict")] * 50 + [event("tariff", "ended", "ease")] * 20
    told += [event("licence_decision", "ended", "restrict")] * 20 + [event("licence_decision", "in_force", "ease")] * 30
    weights = rows([{"events": told}])
    ease, restrict = (list(Direction).index(d) for d in (Direction.EASE, Direction.RESTRICT))

    assert weights["told ended of tariff"][ease] > 0 > weights["told ended of tariff"][restrict]
    assert weights["told ended of licence_decision"][restrict] > 0 > weights["told ended of licence_decision"][ease]
