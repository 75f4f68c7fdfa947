"""The unattended drill in its short form: every kind of fault once, a run killed, nothing lost, nothing doubled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DRILL = Path(__file__).parents[2] / "drills" / "unattended.py"


@pytest.mark.timeout(300)
def test_a_world_that_goes_wrong_loses_nothing_and_doubles_nothing() -> None:
    done = subprocess.run(
        [sys.executable, str(DRILL), "--short", "--budget", "90"],
        capture_output=True, text=True, timeout=280, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nNone.\n" in done.stdout
