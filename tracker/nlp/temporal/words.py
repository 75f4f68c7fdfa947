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


_TENS = {"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
         "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30}  # fmt: skip
_ONES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
WORDED_YEAR = (
    rf"(?:twenty[ -](?:(?:twenty|thirty)[ -](?:{'|'.join(_ONES)})|{'|'.join(_TENS)})"
    rf"|two thousand(?: and)? (?:{'|'.join((*_TENS, *_ONES))}))(?![A-Za-z-])"
)


def worded_year(words: str) -> int:
    """What "twenty twenty-two" or "two thousand and nine" names."""
    return 2000 + sum({**_TENS, **_ONES}.get(word, 0) for word in _after_century(words))


def _after_century(words: str) -> list[str]:
    parts = re.split(r"[ -]", words.lower())
    return parts[2:] if parts[0] == "two" else parts[1:]
