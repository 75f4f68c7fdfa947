"""Partial ISO dates as spans of days; no words of dates are read here."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def gap(one: str, two: str) -> int:
    """The least number of days between two partial ISO dates (0 where they overlap)."""
    (a0, a1), (b0, b1) = bounds(one), bounds(two)
    return max(0, (b0 - a1).days, (a0 - b1).days)


def bounds(value: str) -> tuple[date, date]:
    """The first and the last day of a partial ISO date."""
    year, month, day = (*(int(x) for x in value[:10].split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)
