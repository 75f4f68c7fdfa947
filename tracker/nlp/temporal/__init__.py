"""Dates in prose: which words name a date, which date that is, and what it is the date of.

`find_dates` reads a text against the article's day; `nearest`, `within`, `heading_over` and `dateline` pick the date
of a clause. A grammar of bounded regular expressions, no parser, no clock, time linear in the text. What it does not
do: attach a date to an event (that needs syntax), or read dates of feeds and headers (`tracker.dates`).
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from tracker.model import Basis, Span, When
from tracker.nlp.temporal import calendar, sentences
from tracker.nlp.temporal.direction import direction
from tracker.nlp.temporal.mention import Role, TimeMention
from tracker.nlp.temporal.picking import dateline, heading_over, nearest, within
from tracker.nlp.temporal.roles import role_of
from tracker.nlp.temporal.scan import Expression, scan
from tracker.nlp.temporal.values import Sense, Setting, sense

__all__ = ["Role", "TimeMention", "dateline", "find_dates", "heading_over", "nearest", "within"]


def find_dates(text: str, anchor: str | None) -> tuple[TimeMention, ...]:
    """Every date that the text names, in its order.

    `anchor` is the ISO prefix of the article's date; without it, or without its day, the text's own dateline stands in
    for it where there is one.
    """
    day = anchor[:10] if anchor and len(anchor) >= 10 else None
    found = tuple(_read(text, day))
    line = dateline(found)
    if day is None and line is not None and len(line.value) == 10:
        found = tuple(_read(text, line.value))
    return found


def _read(text: str, anchor: str | None) -> Iterator[TimeMention]:
    bounds = sentences.starts(text)
    day, day_first = calendar.day_of(anchor), _day_first(text)
    focus: TimeMention | None = None
    for expression in scan(text):
        way = direction(text, expression.start, expression.end)
        near = focus is not None and _together(bounds, focus.span.start, expression.start)
        setting = Setting(anchor=day, focus=focus.value if focus else None, near=near, way=way, day_first=day_first)
        meaning = sense(expression.kind, expression.parts, setting)
        if meaning is None:
            continue
        mention = _mention(text, expression, meaning, setting)
        yield mention
        if mention.cue != "dateline":
            focus = mention


def _together(bounds: tuple[int, ...], first: int, second: int) -> bool:
    return bisect.bisect_right(bounds, first) == bisect.bisect_right(bounds, second)


def _day_first(text: str) -> bool:
    """Whether the document writes the day before the month: the first written-out date tells."""
    for expression in scan(text[:20_000]):
        if expression.kind == "day" and "d" in expression.parts:
            return text[expression.start].isdigit()
    return False


def _mention(text: str, expression: Expression, meaning: Sense, setting: Setting) -> TimeMention:
    anchor = setting.anchor.isoformat() if setting.anchor else ""
    role, cue = role_of(text, expression, meaning.value, anchor, setting.way)
    value, other = meaning.value, meaning.other
    if role == "effective" and other and other.endswith("-12-31") and other.startswith(value):
        value, other = other, value
    basis = Basis.RELATIVE if meaning.relative else Basis.STATED
    span = Span(start=expression.start, end=expression.end)
    return TimeMention(
        when=When(value=value, basis=basis, span=span),
        role=role,
        cue=meaning.cue or cue,
        other=other,
        deictic=meaning.deictic,
    )
