"""The pattern tables of `patterns.yaml`, compiled; how that file is written is said at its top."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_suffix(".yaml")


@cache
def pattern(*tables: str) -> re.Pattern[str]:
    """One expression for all patterns of some tables, case ignored."""
    entries = (entry for table in tables for entry in _tables()[table])
    return re.compile("|".join(f"(?:{_spelled(entry)})" for entry in entries), re.IGNORECASE)


def _spelled(entry: str) -> str:
    """A pattern on one line, with the named lists put in."""
    pattern = "".join(line.lstrip() for line in entry.splitlines())
    for name, words in _tables()["names"].items():
        if f"<{name}>" in pattern:
            pattern = pattern.replace(f"<{name}>", _spelled(words))
    return pattern


@cache
def _tables() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded
