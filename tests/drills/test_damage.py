"""The drill of damaged databases in its short form: each kind of damage once, all of them sound again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tracker.config import Config

DRILL = Path(__file__).parents[2] / "drills" / "damage.py"


@pytest.mark.timeout(200)
def test_every_kind_of_damage_is_repaired(stocked: Config) -> None:
    done = subprocess.run(
        [sys.executable, str(DRILL), "--short", "--database", str(stocked.settings.database)],
        capture_output=True, text=True, timeout=190, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("problems:\nNone.\n")
