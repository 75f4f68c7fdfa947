"""The drill of backups in its short form: while others read and write, and killed, nothing is torn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DRILL = Path(__file__).parents[2] / "drills" / "backing.py"


@pytest.mark.timeout(200)
def test_backups_and_restores_of_a_database_in_use_tear_nothing() -> None:
    done = subprocess.run(
        [sys.executable, str(DRILL), "--short"],
        capture_output=True, text=True, timeout=190, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("problems:\nNone.\n")
