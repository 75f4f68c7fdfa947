"""The package is typed: a strict type checker finds what is wrong in a user's code, and nothing in what is right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typed_example

import tracker
from tracker.query import Timeline

ROOT = Path(__file__).parents[2]
EXAMPLE = Path(typed_example.__file__)


def test_a_strict_type_checker_agrees() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(EXAMPLE)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.stdout.splitlines()[-1] == "Success: no issues found in 1 source file", done.stdout + done.stderr


def test_the_example_runs(timeline: Timeline) -> None:
    assert typed_example.told(timeline.path) == [
        "2024-07 US Commerce Department: US Commerce Department acts on chip tools against China"
    ]


def test_the_package_says_that_it_is_typed() -> None:
    assert Path(tracker.__file__).with_name("py.typed").exists()
