"""The vocabulary of dates, read once from terms/temporal.yaml, as maps and as pieces of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).parent.parent / "terms" / "temporal.yaml"


def alternation(words: Iterable[str]) -> str:
    """Words as one alternative of a pattern, the longest first, with any blank for a blank."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", BLANK) for word in longest_first)


BLANK = r"(?:[ \t\u00a0\u202f]{1,2}|\r?\n)"


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """The whole YAML table."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(TABLE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506  (a safe loader)


MONTHS: Mapping[str, int] = table()["months"]
WEEKDAYS: Mapping[str, int] = table()["weekdays"]
NUMBERS: Mapping[str, int] = table()["numbers"]
ORDINALS: Mapping[str, int] = table()["ordinals"]
HOLIDAYS: Mapping[str, str] = table()["holidays"]
VAGUE: frozenset[str] = frozenset(table()["vague_numbers"])
OPENERS: frozenset[str] = frozenset(table()["month_openers"])
AMBIGUOUS: frozenset[str] = frozenset(table()["ambiguous_months"]) | frozenset(table()["ambiguous_weekdays"])


def number(words: str) -> int | None:
    """What "60", "sixty (60)", "three" or "a couple of" counts; None for no number."""
    text = " ".join(words.lower().split())
    digits = re.search(r"\d{1,4}", text)
    if digits:
        return int(digits.group())
    return NUMBERS.get(text.split(" and a half")[0])
