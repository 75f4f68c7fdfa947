"""Amounts as people ask for them: `>=1bn USD`, `rate>=25%`, `count > 100 entities`, `money 1m..5m EUR`.

An amount that a report gives as a range answers where the two overlap; "more than 100" is more than 100 and not 100.
Nothing is converted: dollars are not asked for in euros. It does not know how texts tell amounts.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from tracker.errors import InputError
from tracker.model import AmountKind
from tracker.store.connection import Value
from tracker.store.facets import amount_band

FORMS = "write >=1bn USD, rate>=25%, count>100 entities or 1m..5m EUR"
KINDS = {kind.value: kind.value for kind in AmountKind} | {"tariff_rate": AmountKind.RATE.value}
SCALES = {"": 1.0}
SCALES |= dict.fromkeys(("k", "thousand"), 1e3)
SCALES |= dict.fromkeys(("m", "mn", "million"), 1e6)
SCALES |= dict.fromkeys(("b", "bn", "billion"), 1e9)
SCALES |= dict.fromkeys(("t", "tn", "trillion"), 1e12)
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}
NUMBER = rf"[$€£]?\s*(\d[\d,]*(?:\.\d+)?)\s*(?:({'|'.join(sorted(filter(None, SCALES), key=len, reverse=True))})\b)?"
ASKED = re.compile(
    rf"(?P<kind>[a-z_]+)?\s*(?:(?P<sign>>=|<=|=|>|<)\s*(?P<one>{NUMBER})|(?P<low>{NUMBER})\s*\.\.\s*(?P<high>{NUMBER}))"
    r"\s*(?P<unit>[^\d\s.,<>=][^\d<>=]*)?",
    re.IGNORECASE | re.ASCII,
)
# What an amount must be, with ? for the number: `upper` is the other end of a range.
TESTS = {
    ">=": "coalesce(upper, value) >= ? AND NOT (coalesce(upper, value) = ? AND coalesce(comparison, '') = 'less_than')",
    ">": "(coalesce(upper, value) > ? OR coalesce(upper, value) = ? AND coalesce(comparison, '') = 'more_than')",
    "<=": "value <= ? AND NOT (value = ? AND coalesce(comparison, '') = 'more_than')",
    "<": "(value < ? OR value = ? AND coalesce(comparison, '') = 'less_than')",
}
TOLD = """EXISTS (
  SELECT 1 FROM report CROSS JOIN report_amount ON report_amount.report_id = report.id
  WHERE report.event_id = event.id AND report.withdrawn = 0 AND {tests})"""


@dataclass(frozen=True, slots=True)
class AmountAsked:
    """An amount that is asked for: what it must be, and of which kind and unit; None for any."""

    tests: tuple[tuple[str, float], ...]  # one of TESTS, with its number
    kind: str | None
    unit: str | None

    @property
    def is_band(self) -> bool:
        """Whether the bands of `near` hold nothing else: from the beginning of one on."""
        ((sign, number), *more) = self.tests
        return sign == ">=" and not more and amount_band(number) > amount_band(math.nextafter(number, -math.inf))

    def clause(self) -> tuple[str, tuple[Value, ...]]:
        """A test of a row of `event`."""
        parts = [TESTS[sign] for sign, _ in self.tests]
        values: list[Value] = [number for _, number in self.tests for _ in range(2)]
        for column, value in (("report_amount.kind", self.kind), ("lower(unit)", self.unit and self.unit.lower())):
            if value is not None:
                parts.append(f"{column} = ?")
                values.append(value)
        return TOLD.format(tests=" AND ".join(f"({part})" for part in parts)), tuple(values)

    def near(self, facet: str) -> bool:
        """Whether an amount of a facet `amount` may be one."""
        rest, _, band = facet.rpartition("|")
        kind, _, unit = rest.partition("|")
        if self.kind not in (None, kind) or (self.unit is not None and self.unit.lower() != unit.lower()):
            return False
        low = max((number for sign, number in self.tests if ">" in sign), default=-math.inf)
        high = min((number for sign, number in self.tests if "<" in sign), default=math.inf)
        return amount_band(low) <= int(band) <= amount_band(high)

    def surely(self, facet: str) -> bool:
        """Whether what has an amount of a facet `amount` is one, however much it is within its band."""
        ((sign, number), *more) = self.tests
        band = int(facet.rpartition("|")[2])
        return ">" in sign and not more and band > amount_band(number) and self.near(facet)


def read(text: str) -> AmountAsked:
    """The amount that a text asks for; raises InputError."""
    found = ASKED.fullmatch(" ".join(text.split()))  # of two blanks each could belong to either part
    kind = found["kind"].lower() if found and found["kind"] else None
    if found is None or (kind is not None and kind not in KINDS):
        raise InputError(f"not an amount: {text!r}; {FORMS}")
    sign = next((SIGNS[one] for one in text if one in SIGNS), None)
    tests: tuple[tuple[str, float], ...]
    if found["sign"] is None:
        tests = ((">=", _number(found["low"])), ("<=", _number(found["high"])))
    elif found["sign"] == "=":
        tests = ((">=", _number(found["one"])), ("<=", _number(found["one"])))
    else:
        tests = ((found["sign"], _number(found["one"])),)
    return AmountAsked(tests=tests, kind=KINDS[kind] if kind else None, unit=(found["unit"] or "").strip() or sign)


def _number(text: str) -> float:
    found = re.fullmatch(NUMBER, text, re.IGNORECASE | re.ASCII)
    assert found is not None
    return float(found[1].replace(",", "")) * SCALES[(found[2] or "").lower()]
