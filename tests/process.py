"""The command line in a process of its own, as a user meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

Result = subprocess.CompletedProcess[str]


def tracker(*words: object, given: str | None = None, cwd: Path | None = None, timeout: float = 60) -> Result:
    """Run `tracker` with words on its command line and a text on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "tracker", *map(str, words)],
        capture_output=True, text=True, input=given, cwd=cwd, timeout=timeout, check=False, encoding="utf-8",
    )  # fmt: skip
