"""Reads amounts: rates, money, counts, quantities, durations and thresholds, as typed values with their place.

"145 %", "$300 million", "140 entities", "1.6 million tonnes", "90 days", "at least 25 per cent". It does not say what
an amount is the amount of, and leaves years, section numbers and dates alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from tracker.model import Span

TABLE = Path(__file__).parent / "terms" / "amounts.yaml"

Kind = Literal["rate", "money", "count", "quantity", "duration"]
Bound = Literal["at_least", "at_most", "more_than", "less_than", "about"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number with its kind and unit.

    `unit` is "%" or "percentage point" for a rate, an ISO 4217 code for money ("$" alone is USD), the noun as written
    for a count, and a unit of measure or time else. `upper` is the other end of a range; `bound` the words before.
    """

    kind: Kind
    value: Decimal
    unit: str
    span: Span
    upper: Decimal | None = None
    bound: Bound | None = None


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Amounts in the order of the text, none overlapping. Time is linear in the text."""
    return tuple(_read(text))


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """The YAML table of currencies, magnitudes, units and bounds."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(TABLE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506  (a safe loader)


def _any(words: Mapping[str, Any] | list[str]) -> str:
    return "|".join(
        re.escape(word).replace(r"\ ", r"[ \u00a0]") for word in sorted(words, key=lambda word: (-len(word), word))
    )


_B = r"[ \u00a0]"
_DIGITS = (
    r"(?:\d{1,3}(?:[,\u202f\u00a0 ]\d{3}){1,5}(?!\d)"  # 1,000,000 and 1 000 000
    r"|\d{1,3}(?:,\d{2}){1,4},\d{3}(?!\d)"  # 17,00,000
    r"|\d{1,12})(?:\.\d{1,6})?"
)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    words = table()
    number = rf"(?P<low>{_DIGITS}|(?<![A-Za-z])(?:{_any(words['numbers'])})(?![A-Za-z]))"
    bound = rf"(?:(?P<bound>{_any(words['bounds'])}){_B})?"
    front = rf"(?:(?P<front>{_any(words['currencies'])}){_B}?)?"
    middle = rf"(?:(?P<mid>{_any(words['currencies'])}){_B}?)?"
    link = rf"(?:{_B}?[-–—]{_B}?|{_B}(?:to|and){_B})"
    high = rf"(?:{link}{middle}(?P<high>{_DIGITS}){_scaled('high_scale')})?"
    return re.compile(
        rf"(?<![\w.,/-]){bound}{front}{number}{_scaled('low_scale')}(?:{high})(?(front)|(?:{_ending()})?)"
    )


def _scaled(name: str) -> str:
    return rf"(?:[ \u00a0-]?(?P<{name}>{_any(table()['magnitudes'])})(?![A-Za-z]))?"


def _ending() -> str:
    """What follows the number: a rate, a currency, a time, a measure, or a noun that is counted."""
    words, end = table(), r"(?![A-Za-z])"
    noun = rf"(?:[A-Za-z][a-z-]{{1,20}}{_B}){{0,3}}?"
    return "|".join(
        [
            rf"[ \u00a0-]?(?P<rate>{_any(words['rates'])}){end}",
            rf"{_B}?(?P<back>{_any(words['currencies'])}){end}",
            rf"[ \u00a0-](?P<time>{_any(words['durations'])}){end}",
            rf"[ \u00a0-]?(?P<measure>{_any(words['measures'])}){end}",
            rf"{_B}(?:of{_B}the{_B})?{noun}(?P<noun>{_any(words['counted'])}){end}",
        ]
    )


def _read(text: str) -> Iterator[Amount]:
    for found in _pattern().finditer(text):
        amount = _amount(found)
        if amount is not None:
            yield amount


def _amount(found: re.Match[str]) -> Amount | None:
    parts = {name: " ".join(value.split()) for name, value in found.groupdict().items() if value}
    kind, unit = _kind(parts)
    low = _number(parts["low"])
    if kind is None or low is None:
        return None
    high = _number(parts["high"]) if "high" in parts else None
    scale = _scale(parts.get("high_scale") or parts.get("low_scale"))
    value = low * _scale(parts.get("low_scale") or (parts.get("high_scale") if high is not None else None))
    return Amount(
        kind=kind,
        value=value,
        unit=unit,
        span=Span(start=found.start(), end=found.end()),
        upper=None if high is None else high * scale,
        bound=table()["bounds"].get(parts.get("bound", "")),
    )


def _kind(parts: Mapping[str, str]) -> tuple[Kind | None, str]:
    words = table()
    if "rate" in parts:
        return "rate", words["rates"][parts["rate"]]
    currency = parts.get("front") or parts.get("mid") or parts.get("back")
    if currency:
        return "money", words["currencies"][currency]
    if "time" in parts:
        return "duration", words["durations"][parts["time"]]
    if "measure" in parts:
        return "quantity", words["measures"][parts["measure"]]
    return ("count", parts["noun"]) if "noun" in parts else (None, "")


def _number(words: str) -> Decimal | None:
    if words[0].isdigit():
        return Decimal(re.sub(r"[^\d.]", "", words))
    value = table()["numbers"].get(words)
    return None if value is None else Decimal(str(value))


def _scale(word: str | None) -> Decimal:
    return Decimal(table()["magnitudes"][word]) if word else Decimal(1)
