"""Tells a date that stands at the head of a report or of an item from a date in a sentence."""

from __future__ import annotations

import re
from typing import Literal

from tracker.nlp.temporal import calendar
from tracker.nlp.temporal.scan import Expression

Label = Literal["dateline", "heading", ""]

_PLACE = r"(?:[A-Z][\w.'’/-]*[,:]?[ \t]{1,2}){0,6}"
_STAMP = (
    r"(?:(?:date|dated|published|posted|updated|released?|for immediate release|issued|last updated)\b:?[ \t]*)?"
    r"(?:on[ \t])?"
)
_AT_HEAD_BEFORE = re.compile(
    r"^(?!.*(?i:effective|force|due|deadline|expir))[ \t*#>\[(_|-]{0,6}(?:\d\d?[:.]\d\d,?[ \t])?"
    rf"(?:{_PLACE}[-–—|,]{{0,2}}[ \t]*)?(?i:{_STAMP})$"
)
_AT_HEAD_AFTER = re.compile(
    r"^[ \t]{0,2}(?:\([^)\n]{2,40}\)[ \t]{0,2})?(?:,[ \t][A-Z][\w ,.-]{2,30})?(?:[-–—:|]|[A-Z]{3,}[ \t(]|\*|\]|\r?\n|$)"
)
_HEADING_BEFORE = re.compile(r"^[ \t*#>\[(_|•·–—-]{0,8}(?:\d\d?[.)][ \t])?$")
_HEADING_AFTER = re.compile(r"^[ \t]{0,2}(?:[-–—:|*\])]|\r?\n|$|\.[ \t])")
_HEAD_CHARS = 500
_LINE_CHARS = 90  # a date further into its line heads nothing
_SAME_NEWS = 7  # days that a dateline may lie off the article's date
_WRITTEN_OUT = frozenset(["day", "iso", "numeric"])


def label_of(text: str, found: Expression) -> Label:
    """What a date heads by its place; `settle` decides once its value is known."""
    start = text.rfind("\n", max(0, found.start - _LINE_CHARS), found.start) + 1
    if (start == 0 and found.start > _LINE_CHARS) or found.kind not in _WRITTEN_OUT | {"weekday", "month"}:
        return ""
    before, after = text[start : found.start], text[found.end : found.end + 60]
    heads_item = bool(_HEADING_BEFORE.match(before) and _HEADING_AFTER.match(after))
    at_head = found.start < _HEAD_CHARS and found.kind in _WRITTEN_OUT
    if at_head and _AT_HEAD_BEFORE.match(before) and _AT_HEAD_AFTER.match(after):
        return "heading" if heads_item and ":" in after[:2] else "dateline"
    return "heading" if heads_item else ""


def settle(label: Label, value: str, anchor: str | None) -> Label:
    """A dateline is of the day of the article; an older date at the head of a line is a heading."""
    day, article = calendar.day_of(value), calendar.day_of(anchor)
    if label == "dateline" and day and article and abs((article - day).days) > _SAME_NEWS:
        return "heading"
    return label
