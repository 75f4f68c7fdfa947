"""Amounts as typed values: money, rates, counts, quantities and lengths of time, with the words that give them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tracker.model.text import Span


class AmountKind(StrEnum):
    """What an amount measures."""

    MONEY = "money"
    RATE = "rate"  # a share, a duty, a change in percentage points
    COUNT = "count"  # of things: entities, vessels, kinds of tool
    QUANTITY = "quantity"  # weight, volume, length, power, computing
    DURATION = "duration"  # a time that is granted or imposed, never a date


class Comparison(StrEnum):
    """How the real amount lies to the value."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    ABOUT = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number of the text with its kind and unit.

    `unit` is an ISO 4217 code for money ("$" alone is USD), "%", "percentage point" or "basis point" for a rate, the
    noun as written for a count, and the singular name of a unit of measure or time else. `upper` is the other end of a
    range, whose lower one is `value`; `per` what the amount is for one of ("tonne" for "$40 a tonne").
    """

    kind: AmountKind
    value: Decimal
    unit: str
    text: str
    span: Span
    upper: Decimal | None = None
    comparison: Comparison | None = None
    per: str | None = None
