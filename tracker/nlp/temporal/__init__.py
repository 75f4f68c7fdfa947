"""Dates in prose: which words name a date, which date that is, and what it is the date of.

`find_dates` reads a text against the article's day; `nearest`, `within`, `heading_over` and `dateline` pick the date
of a clause. A grammar of bounded regular expressions, no parser, no clock, time linear in the text. What it does not
do: attach a date to an event (that needs syntax), or read dates of feeds and headers (`tracker.dates`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.model import Basis, Span, When
from tracker.nlp.temporal import calendar, sentences
from tracker.nlp.temporal.direction import direction
from tracker.nlp.temporal.joining import join
from tracker.nlp.temporal.labels import Label, label_of, settle
from tracker.nlp.temporal.mention import Role, TimeMention
from tracker.nlp.temporal.picking import dateline, heading_over, nearest, resolve, within
from tracker.nlp.temporal.roles import Clause, role_of
from tracker.nlp.temporal.scan import Expression, scan
from tracker.nlp.temporal.setting import Sense, Setting
from tracker.nlp.temporal.thread import Thread
from tracker.nlp.temporal.values import sense

__all__ = ["Role", "TimeMention", "dateline", "find_dates", "heading_over", "nearest", "resolve", "within"]

_APPOSITIONS = frozenset([", ", " (", ", the ", " - ", " – ", " ", ", on "])


def find_dates(text: str, anchor: str | None) -> tuple[TimeMention, ...]:
    """Every date that the text names, in its order.

    `anchor` is the ISO prefix of the article's date; without it, or without its day, the text's own dateline stands in
    for it where there is one.
    """
    expressions = tuple(join(scan(text)))
    day = anchor[:10] if anchor and calendar.valid(anchor[:10]) and len(anchor) >= 10 else None
    found = tuple(_read(text, expressions, day))
    line = dateline(found)
    if day is None and line is not None and len(line.value) == 10:
        found = tuple(_read(text, expressions, line.value))
    return found


def _read(text: str, expressions: Sequence[Expression], anchor: str | None) -> Iterator[TimeMention]:
    thread = Thread(
        text=text,
        bounds=sentences.starts(text) if expressions else (0,),
        anchor=calendar.day_of(anchor),
        day_first=_day_first(text, expressions),
    )
    for expression in expressions:
        label = label_of(text, expression)
        way = "past" if label == "heading" else direction(text, expression.start, expression.end)
        mention = _mention(text, expression, thread.setting(expression.start, way), label)
        if mention is not None:
            mention = _in_apposition(text, thread.focus, mention)
            yield mention
            thread = thread.after(mention, expression, way)


def _in_apposition(text: str, before: TimeMention | None, mention: TimeMention) -> TimeMention:
    """As in "effective yesterday, June 12": the same day said twice has one role."""
    if before is None or mention.value != before.value or before.role is None:
        return mention
    if text[before.span.end : mention.span.start] not in _APPOSITIONS:
        return mention
    return replace(mention, role=before.role, cue=before.cue)


def _day_first(text: str, expressions: Sequence[Expression]) -> bool | None:
    """Whether the document writes the day before the month: the first written-out date tells."""
    written = next((found for found in expressions if found.kind == "day" and "d" in found.parts), None)
    return None if written is None else text[written.start].isdigit()


def _mention(text: str, expression: Expression, setting: Setting, label: Label) -> TimeMention | None:
    meaning = sense(expression.kind, expression.parts, setting)
    if meaning is None:
        return None
    anchor = setting.anchor.isoformat() if setting.anchor else None
    label = settle(label, meaning.value, anchor)
    clause = Clause(text=text, found=expression, value=meaning.value, anchor=anchor, way=setting.way)
    role, cue = (None, label) if label else role_of(clause)
    value, other = _end_of_year(meaning) if role == "effective" else (meaning.value, meaning.other)
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


def _end_of_year(meaning: Sense) -> tuple[str, str | None]:
    """What starts at "the end of the year" starts on its last day."""
    if meaning.other and meaning.other.endswith("-12-31") and meaning.other.startswith(meaning.value):
        return meaning.other, meaning.value
    return meaning.value, meaning.other
