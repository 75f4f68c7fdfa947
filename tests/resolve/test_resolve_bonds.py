"""Which clusters are one event after what people decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clustering import Line, judgement, thing

from tracker.model import Judgement, JudgementKind
from tracker.resolve import Memory, groups

SAME, DIFFERENT, SPLIT = JudgementKind.SAME, JudgementKind.DIFFERENT, JudgementKind.SPLIT
LEADS = {"a": "a", "a2": "a", "b": "b", "b2": "b", "c": "c", "d": "d"}


def held(*judgements: Judgement) -> Memory:
    memory = Memory(Line())
    memory.put(replace(thing(id_, "01"), lead=lead, leads=id_ == lead) for id_, lead in LEADS.items())
    memory.judge(judgements)
    return memory


@pytest.mark.parametrize(
    ("judgements", "expected"),
    [
        pytest.param([], "a", id="nobody said anything"),
        pytest.param([(SAME, "a", "b")], "ab", id="leaders are one"),
        pytest.param([(SAME, "b2", "a2")], "ab", id="followers are one, and so are those whom they follow"),
        pytest.param([(SAME, "a", "b"), (SAME, "b2", "c")], "abc", id="one after another"),
        pytest.param([(SAME, "b", "c")], "a", id="others are one"),
        pytest.param([(SAME, "a", "b"), (DIFFERENT, "a", "b")], "a", id="and then they are not"),
        pytest.param([(DIFFERENT, "a", "b"), (SAME, "a", "b")], "ab", id="they are two, and then they are not"),
        pytest.param([(SAME, "a", "b"), (SAME, "b", "c"), (DIFFERENT, "a", "c")], "a", id="the earlier gives way"),
        pytest.param([(SAME, "b", "c"), (SAME, "a", "b"), (DIFFERENT, "a", "c")], "ab", id="whichever is earlier"),
        pytest.param([(DIFFERENT, "a", "c"), (SAME, "a", "b"), (SAME, "b", "c")], "abc", id="all later ones hold"),
        pytest.param([(SAME, ("a", "d"), "b")], "ab", id="where all are as many, that of the foremost"),
        pytest.param(
            [(SAME, ("a", "b", "b2"), "d")], "a", id="of a side that is apart by now the cluster of most of it"
        ),
        pytest.param([(SAME, ("gone", "a"), "b")], "ab", id="whose foremost is no more"),
        pytest.param(
            [(SAME, "a", "b"), (SAME, ("a", "b"), "c"), (SPLIT, ("a", "c"), "b")], "ac", id="one of three is taken out"
        ),
        pytest.param(
            [(SAME, "a", "b"), (SAME, ("a", "b"), "c"), (SPLIT, ("b", "c"), "a")], "a", id="the first of three is"
        ),
    ],
)
def test_what_people_say_is_one_is_one(
    judgements: list[tuple[JudgementKind, str | tuple[str, ...], str]], expected: str
) -> None:
    made = [
        judgement(number, kind, (left,) if isinstance(left, str) else left, (right,))
        for number, (kind, left, right) in enumerate(judgements)
    ]
    found = groups(["a"], held(*made))
    assert [part for part in found if "a" in part] == [tuple(expected)]
    assert found == groups([lead for part in found for lead in part], held(*made))


def test_a_lead_that_is_no_more_is_no_event() -> None:
    assert groups(["gone", "d"], held()) == (("d",),)
