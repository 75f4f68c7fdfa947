"""The package is typed: mypy checks `typed_example.py`, what is right and what is wrong, as it checks all tests."""

from __future__ import annotations

from pathlib import Path

import typed_example

import tracker
from tracker.query import Timeline


def test_the_example_runs(timeline: Timeline) -> None:
    assert typed_example.told(timeline.path) == [
        "2024-07 US Commerce Department: US Commerce Department acts on chip tools against China"
    ]


def test_the_package_says_that_it_is_typed() -> None:
    assert Path(tracker.__file__).with_name("py.typed").exists()
