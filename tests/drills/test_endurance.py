"""The drill of endurance in its short form: all that was published is stored, nothing grows that should not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DRILL = Path(__file__).parents[2] / "drills" / "endurance.py"


@pytest.mark.timeout(300)
def test_a_process_that_stays_takes_no_more_in_the_end() -> None:
    done = subprocess.run(
        [sys.executable, str(DRILL), "--short"],
        capture_output=True, text=True, timeout=280, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nNone.\n" in done.stdout
    assert "analyses" in done.stdout  # there was maintenance
