"""The drill of what is held back in its short form: ordinary sources are left alone, and faults are seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DRILL = Path(__file__).parents[2] / "drills" / "held_back.py"


@pytest.mark.timeout(120)
def test_ordinary_sources_are_left_alone_and_faults_are_seen() -> None:
    done = subprocess.run(
        [sys.executable, str(DRILL), "--sources", "12", "--days", "40"],
        capture_output=True, text=True, timeout=110, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("as promised\n")
