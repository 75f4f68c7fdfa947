"""The fuzzing drill in its short form: a few cases of every target; a finding is told with the case that made it."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pytest

DRILLS = Path(__file__).parents[2] / "drills"
sys.path.insert(0, str(DRILLS))

from fuzz import Tally, report  # noqa: E402 - a drill is no package
from fuzz_worker import TARGETS, data_of, tried  # noqa: E402 - as above

CASES = range(250, 256)  # behind the samples themselves
SLOW = {"reader"}  # has tests of its own, and a drill that takes its time


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in SLOW])
def test_damaged_samples_break_no_promise(name: str) -> None:
    target = TARGETS[name]
    run = target.start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parsers, about what they are given
        found = [tried(run, data_of(target, "short", number))[0] for number in CASES]
    assert found == [None] * len(CASES)


def test_a_case_is_the_same_whenever_it_is_made() -> None:
    target = TARGETS["page"]
    made = [data_of(target, "1", number) for number in range(40)]
    assert made == [data_of(target, "1", number) for number in range(40)]
    assert len(set(made)) > 30


def test_what_a_case_raises_is_told_with_its_place() -> None:
    found, _ = tried(lambda data: {}[data], b"x")
    assert found is not None
    assert found["what"] == "KeyError: b'x'"
    tally = Tally(name="page", cases=8)
    tally.add({**found, "case": 7})
    assert f"page: 1 × {found['where']}: case 7: KeyError" in report([tally], seed="1")
