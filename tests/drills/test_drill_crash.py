"""The crash drill in its short form: a migration and an export, killed and finished, without the reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DRILL = Path(__file__).parents[2] / "drills" / "crash.py"


@pytest.mark.timeout(300)
def test_what_is_killed_ends_like_what_was_not() -> None:
    done = subprocess.run(
        [sys.executable, str(DRILL), "--short"],
        capture_output=True, text=True, timeout=280, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nNone.\n" in done.stdout
