"""Puts neighbouring date phrases together: the year that only the second gives, "two days before Christmas"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracker.nlp.temporal.scan import Expression
from tracker.nlp.temporal.setting import count_of, unit_of
from tracker.nlp.temporal.stated import ordinal
from tracker.nlp.temporal.words import MONTHS

_STEP = 5  # characters between "two days before" and its date: a blank, or " the "
_MOVABLE = frozenset(["day", "iso", "holiday", "weekday", "deictic", "month"])
_LINK = 9  # characters between two dates of a range: " until ", " to "


def join(expressions: Iterable[Expression]) -> Iterator[Expression]:
    """The expressions with what a neighbour gives them."""
    held: Expression | None = None
    for expression in expressions:
        if held is not None and _shifts(held, expression):
            held = _shifted(held, expression)
            continue
        if held is not None:
            yield _with_year(held, expression)
        held = expression
    if held is not None:
        yield held


def _shifts(first: Expression, second: Expression) -> bool:
    near = 0 < second.start - first.end <= _STEP
    counted = "unit" in first.parts  # "weeks before Christmas" says no number
    return near and first.kind == "offset" and counted and "clause" in first.parts and second.kind in _MOVABLE


def _shifted(first: Expression, second: Expression) -> Expression:
    """As in "the day after Christmas 2019": the second phrase, moved."""
    count, unit = count_of(first.parts) or (1, unit_of(first.parts)[0])
    sign = -1 if first.parts["side"] == "before" else 1
    return replace(second, start=first.start, parts={**second.parts, "shift": f"{sign * count} {unit}"})


def _with_year(first: Expression, second: Expression) -> Expression:
    """As in "from 30 January until 31 March 2021": both are of 2021."""
    if second.start - first.end > _LINK or not _is_yearless(first) or "y" not in second.parts:
        return first
    if first.kind not in ("day", "month") or second.kind not in ("day", "month"):
        return first
    year = int(second.parts["y"])
    if _place(first) > _place(second):
        year -= 1
    return replace(first, parts={**first.parts, "range": str(year)})


def _is_yearless(expression: Expression) -> bool:
    return not any(name in expression.parts for name in ("y", "yy", "y2", "yw", "yrel"))


def _place(expression: Expression) -> tuple[int, int]:
    parts = expression.parts
    return MONTHS[parts["mon"]], ordinal(parts.get("ord") or parts.get("d") or "0")
