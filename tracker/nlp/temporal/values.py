"""What a date phrase means: an ISO prefix, given the article's day and the dates told before it.

Conventions (those of the annotation guide's gold): weeks "ago" and "last week" keep a month, seasons, quarters and
"early 2025" a year, since an ISO prefix can say no better; "the end of this year" is 31 December when something starts
then. Without an anchor only what is written out, or counts from it, has a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tracker.nlp.temporal import calendar, counted, stated, told
from tracker.nlp.temporal.setting import Parts, Sense, Setting

_READERS: Mapping[str, Callable[[Parts, Setting], Sense | None]] = {
    "iso": stated.iso,
    "iso_month": stated.iso,
    "numeric": stated.numeric,
    "slash": stated.slash,
    "day": stated.day,
    "month": stated.month,
    "holiday": stated.holiday,
    "year": stated.year,
    "border_day": stated.border_day,
    "part": stated.part,
    "deictic": counted.deictic,
    "rel_unit": counted.unit,
    "rel_month": counted.rel_month,
    "rel_weekday": counted.rel_weekday,
    "weekday": counted.weekday,
    "weekend": counted.weekend,
    "recent": counted.recent,
    "ago": counted.ago,
    "ahead": counted.ahead,
    "midnight": counted.midnight,
    "immediate": counted.immediate,
    "wd_of_week": told.the_weekday,
    "the_nth": told.the_nth,
    "the_unit": told.the_unit,
    "day_after": told.day_after,
    "within": told.within,
    "offset": told.offset,
}


def sense(kind: str, parts: Parts, setting: Setting) -> Sense | None:
    """The meaning of a phrase, or None when it has none here."""
    found = _READERS[kind](parts, setting)
    if found is not None and "shift" in parts:
        found = _shifted(found, parts["shift"])
    return found if found is not None and calendar.valid(found.value) else None


def _shifted(found: Sense, shift: str) -> Sense:
    """As in "two days before Christmas": a date moved by what stands before it."""
    day = calendar.day_of(found.value)
    count, unit = shift.split()
    if day is None:
        return found
    moved = calendar.add(day, int(count), "week" if unit == "week" else "month" if unit == "month" else "day")
    value = moved.isoformat()[: len(found.value) if unit != "month" else 7]
    return Sense(value=value, relative=True, deictic=found.deictic)
