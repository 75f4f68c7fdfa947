"""Amounts in words for people: "up to 5 million USD a day", "15 to 25 %", "140 entities"."""

from __future__ import annotations

from decimal import Decimal

COMPARISONS = {"at_least": "at least", "at_most": "up to", "more_than": "more than", "less_than": "less than"}
MAGNITUDES = {10**12: "trillion", 10**9: "billion", 10**6: "million"}
PLURAL = frozenset({"quantity", "duration"})  # kinds whose unit stands in the singular
INVARIABLE = ("tz", "TOPS", "TEU")


def worded(*, kind: str, value: float, upper: float | None, comparison: str | None, unit: str, per: str | None) -> str:
    """One amount as a person would write it, its unit spelt out."""
    ends = [_number(end) for end in (value, upper) if end is not None]
    bound = f"{COMPARISONS.get(comparison, comparison)} " if comparison else ""
    return f"{bound}{' to '.join(ends)} {_unit(kind, upper or value, unit)}{f' per {per}' if per else ''}"


def _number(value: float) -> str:
    exact = Decimal(str(value))
    if exact >= 10**15:
        return f"{value:g}"
    size = next((size for size in MAGNITUDES if exact >= size), 1)
    shown = f"{exact / size:,f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{shown} {MAGNITUDES[size]}" if size > 1 else shown


def _unit(kind: str, value: float, unit: str) -> str:
    """The unit in the number that the value asks for."""
    if kind not in PLURAL and not unit.endswith("point"):
        return unit
    if value == 1 or unit.endswith(("s", *INVARIABLE)):
        return unit
    return {"cubic foot": "cubic feet"}.get(unit, f"{unit}s")
