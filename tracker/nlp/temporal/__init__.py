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
from tracker.nlp.temporal.joining import join
from tracker.nlp.temporal.scan import Expression, scan
from tracker.nlp.temporal.setting import Place, Setting
from tracker.nlp.temporal.values import sense

__all__ = ["Role", "TimeMention", "dateline", "find_dates", "heading_over", "nearest", "within"]

_PASSING = frozenset(["within", "recent", "weekend", "immediate"])  # what follows does not count from these
_PASSAGE = 400  # characters within a paragraph over which a story keeps its year


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
    story: TimeMention | None = None
    for expression in join(scan(text)):
        setting = Setting(
            anchor=day,
            focus=focus.value if focus else None,
            story=story.value if story else None,
            focus_in=_place(text, bounds, focus, expression.start),
            story_in=_place(text, bounds, story, expression.start),
            way=direction(text, expression.start, expression.end),
            day_first=day_first,
        )
        mention = _mention(text, expression, setting)
        if mention is None:
            continue
        yield mention
        if mention.cue != "dateline" and expression.kind not in _PASSING:
            focus = mention
            story = mention if _is_told(mention, setting) else story


def _is_told(mention: TimeMention, setting: Setting) -> bool:
    """Whether a date is one of the story so far, and not a deadline or a start to come."""
    stated = mention.when.basis is Basis.STATED
    if mention.role == "deadline" or (setting.way == "future" and not stated):
        return False
    return setting.anchor is None or mention.value <= setting.anchor.isoformat()[: len(mention.value)]


def _place(text: str, bounds: tuple[int, ...], told: TimeMention | None, here: int) -> Place:
    if told is None:
        return None
    start = told.span.start
    if bisect.bisect_right(bounds, start) == bisect.bisect_right(bounds, here):
        return "sentence"
    return "passage" if here - start <= _PASSAGE and "\n" not in text[start:here] else None


def _day_first(text: str) -> bool:
    """Whether the document writes the day before the month: the first written-out date tells."""
    for expression in scan(text[:20_000]):
        if expression.kind == "day" and "d" in expression.parts:
            return text[expression.start].isdigit()
    return False


def _mention(text: str, expression: Expression, setting: Setting) -> TimeMention | None:
    meaning = sense(expression.kind, expression.parts, setting)
    if meaning is None:
        return None
    anchor = setting.anchor.isoformat() if setting.anchor else ""
    role, cue = role_of(text, expression, meaning.value, anchor, setting.way)
    value, other = meaning.value, meaning.other
    if role == "effective" and other and other.endswith("-12-31") and other.startswith(value):
        value, other = other, value
    return TimeMention(
        when=When(
            value=value,
            basis=Basis.RELATIVE if meaning.relative else Basis.STATED,
            span=Span(start=expression.start, end=expression.end),
        ),
        role=role,
        cue=meaning.cue or cue,
        other=other,
        deictic=meaning.deictic,
    )
