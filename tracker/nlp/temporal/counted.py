"""Meanings of words that count from the article's day: "yesterday", "last week", "on Tuesday", "in 90 days"."""

from __future__ import annotations

from datetime import date

from tracker.nlp.temporal import calendar as cal
from tracker.nlp.temporal.calendar import Unit
from tracker.nlp.temporal.setting import (
    Parts,
    Sense,
    Setting,
    coarse,
    count_of,
    ends,
    is_vague,
    relative,
)
from tracker.nlp.temporal.told import told_month, told_unit, told_weekday
from tracker.nlp.temporal.words import MONTHS, WEEKDAYS

_BACK = ("last", "past")
_AHEAD = ("next", "coming")
_TOLD = ("that", "same", "following", "previous", "preceding")
_DAYS = {
    "yesterday": -1,
    "tomorrow": 1,
    "tmrw": 1,
    "last night": -1,
    "last evening": -1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}


def _step(rel: str) -> int:
    return -1 if rel in _BACK else 1 if rel in _AHEAD else 0


def deictic(parts: Parts, setting: Setting) -> Sense | None:
    """Today, yesterday, tonight, this morning."""
    if setting.anchor is None or (parts["word"] == "overnight" and setting.focus_in == "sentence"):
        return None
    return relative(cal.add_days(setting.anchor, _DAYS.get(parts["word"], 0)).isoformat())


def unit(parts: Parts, setting: Setting) -> Sense | None:
    """This week, last month, next year; "the following day" counts from the date told before."""
    rel, name = parts["rel"], parts["unit"]
    if name in ("morning", "afternoon", "evening", "night"):
        name = "day"
    if rel in _TOLD or (name == "day" and rel == "next"):
        return told_unit(rel, name, setting)
    if setting.anchor is None:
        return None
    if name == "day":
        return relative(setting.anchor.isoformat())
    if name == "weekend":
        saturday = cal.weekday_after(cal.monday_of(setting.anchor), 5)
        return relative(cal.month_of(cal.add_days(saturday, 7 * _step(rel))))
    value = _period(rel, name, setting.anchor)
    return relative(value, other=f"{value}-12-31" if ends(parts) and name == "year" else None)


def _period(rel: str, name: str, anchor: date) -> str:
    weekly = name in ("week", "fortnight")
    moved = cal.monday_of(anchor) if weekly else anchor.replace(day=1)
    by: Unit = "week" if weekly else "year" if name == "year" else "month"
    return coarse(cal.add(moved, _step(rel), by), name)


def rel_month(parts: Parts, setting: Setting) -> Sense | None:
    """Last October, next March, that April."""
    rel, number = parts["rel"], MONTHS[parts["mon"]]
    if rel in _TOLD:
        return told_month(rel, number, setting)
    if setting.anchor is None:
        return None
    if rel in _BACK:
        return relative(cal.month_near(setting.anchor, number, "past", strictly=True))
    if rel in _AHEAD:
        return relative(cal.month_near(setting.anchor, number, "future", strictly=True))
    return relative(cal.make(setting.anchor.year, number))


def rel_weekday(parts: Parts, setting: Setting) -> Sense | None:
    """Last Friday, next Tuesday, this Friday, the following Monday."""
    rel, weekday_ = parts["rel"], WEEKDAYS[parts["wd"]]
    if rel in _TOLD:
        return told_weekday(rel, weekday_, setting)
    if setting.anchor is None:
        return None
    if rel in _BACK:
        return relative(cal.weekday_before(setting.anchor, weekday_, strictly=True).isoformat())
    if rel in _AHEAD:
        return relative(cal.weekday_after(setting.anchor, weekday_, strictly=True).isoformat())
    return _either(setting.anchor, weekday_, past=setting.way == "past")


def _either(anchor: date, weekday_: int, *, past: bool) -> Sense | None:
    back, ahead = cal.weekday_before(anchor, weekday_), cal.weekday_after(anchor, weekday_)
    return relative((back if past else ahead).isoformat(), other=(ahead if past else back).isoformat())


def weekday(parts: Parts, setting: Setting) -> Sense | None:
    """On Tuesday, Tuesday last week, Tuesday week, Friday 17."""
    anchor, number = setting.anchor, WEEKDAYS[parts["wd"]]
    if anchor is None:
        return None
    if "dom" in parts:
        return relative(_numbered(anchor, number, int(parts["dom"])))
    if "wrel" in parts or parts.get("late") == "week":
        return relative(_in_week(parts, anchor, number).isoformat())
    if "late" in parts:
        return rel_weekday({"rel": parts["late"], "wd": parts["wd"]}, setting)
    future = setting.way == "future"
    return _either(_said_on(setting, anchor) if future else anchor, number, past=not future)


def _in_week(parts: Parts, anchor: date, number: int) -> date:
    """Tuesday of last week; "Tuesday week" is the one after the next."""
    if "wrel" not in parts:
        return cal.add_days(cal.weekday_after(anchor, number), 7)
    step = {"last": -7, "next": 7, "the following": 7, "the previous": -7}.get(parts["wrel"], 0)
    return cal.add_days(cal.monday_of(anchor), step + number)


def _said_on(setting: Setting, anchor: date) -> date:
    """As in "said on Friday that it would end on Saturday": ahead of the day it was said, not of the article's."""
    return setting.said if setting.said and 0 <= (anchor - setting.said).days < 7 else anchor


def _numbered(anchor: date, weekday_: int, number: int) -> str | None:
    """As in "Friday 17": the nearest 17th that is a Friday, else the nearest 17th."""
    months = (cal.add_months(anchor.replace(day=1), step) for step in (0, -1, 1, -2, 2, -3, 3))
    days = [day for month in months if (day := cal.day_of(cal.make(month.year, month.month, number)))]
    fitting = [day for day in days if day.weekday() == weekday_]
    best = min(fitting or days, key=lambda day: abs((day - anchor).days), default=None)
    return best.isoformat() if best else None


def weekend(_parts: Parts, setting: Setting) -> Sense | None:
    """At the weekend: the last one."""
    return relative(cal.month_of(cal.weekday_before(setting.anchor, 5))) if setting.anchor else None


def recent(_parts: Parts, setting: Setting) -> Sense | None:
    """In recent weeks."""
    return relative(cal.month_of(setting.anchor)) if setting.anchor else None


def ago(parts: Parts, setting: Setting) -> Sense | None:
    """Two weeks ago, a week ago today, a week last Tuesday."""
    anchor = setting.anchor
    if anchor is None:
        return None
    counted = count_of(parts)
    if counted is None:
        if "wd" not in parts:
            return None
        weekday_ = cal.weekday_before(anchor, WEEKDAYS[parts["wd"]], strictly=True)
        return relative(cal.add_days(weekday_, -7).isoformat())
    day = cal.add(anchor, -counted[0], counted[1])
    if "wd" in parts:
        return relative(cal.weekday_before(day, WEEKDAYS[parts["wd"]]).isoformat())
    exact = "exact" in parts or (counted[1] == "day" and not is_vague(parts))
    return relative(day.isoformat() if exact else coarse(day, counted[1]))


def ahead(parts: Parts, setting: Setting) -> Sense | None:
    """In 90 days, six months from now."""
    counted = count_of(parts)
    if setting.anchor is None or counted is None:
        return None
    day = cal.add(setting.anchor, *counted)
    exact = counted[1] == "day" or parts.get("exact") in ("today", "tomorrow")
    return relative(day.isoformat() if exact and not is_vague(parts) else coarse(day, counted[1]))


def midnight(parts: Parts, setting: Setting) -> Sense | None:
    """From midnight: the night before the article, or the one to come."""
    if setting.anchor is None:
        return None
    word = parts.get("word")
    tonight = word == "tonight" or (word is None and setting.way == "future")
    step = 1 if tonight else -1 if word == "yesterday" else 0
    return relative(cal.add_days(setting.anchor, step).isoformat())


def immediate(_parts: Parts, setting: Setting) -> Sense | None:
    """With immediate effect: the day told in the same sentence, else the article's."""
    day = setting.said or setting.anchor
    return relative(day.isoformat(), deictic=setting.said is None, cue="immediate") if day else None
