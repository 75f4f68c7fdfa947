"""A drill in its short form, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DRILLS = Path(__file__).parents[2] / "drills"


def report(name: str, *words: str, within: float) -> str:
    """What a drill says that kept all promises, within so many seconds."""
    done = subprocess.run(
        [sys.executable, str(DRILLS / f"{name}.py"), *words],
        capture_output=True, text=True, timeout=within, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
