"""Meanings of words that count from a date told before: "the same day", "a month later", "that April", "the 28th"."""

from __future__ import annotations

from datetime import date

from tracker.nlp.temporal import calendar as cal
from tracker.nlp.temporal.calendar import Unit, Way
from tracker.nlp.temporal.setting import (
    Parts,
    Sense,
    Setting,
    coarse,
    count_of,
    ends,
    is_vague,
    relative,
    unit_of,
)
from tracker.nlp.temporal.stated import ordinal
from tracker.nlp.temporal.words import WEEKDAYS

_EARLIER = ("earlier", "before", "prior", "previously", "beforehand", "ago")
_LENGTHS = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}


def told_unit(rel: str, unit: str, setting: Setting) -> Sense | None:
    """That day, the same month, the following year."""
    scale = "same day" if unit == "day" else unit
    base, told = setting.told_day(scale), setting.told(scale)
    if base is None or told is None:
        return None
    step = {"following": 1, "next": 1, "previous": -1, "preceding": -1}.get(rel, 0)
    if unit in _LENGTHS:
        if len(told) < 10:
            return relative(told[:7], deictic=False)
        moved = cal.add_days(base, step * _LENGTHS[unit])
        return relative(moved.isoformat() if unit == "day" else cal.month_of(moved), deictic=False)
    moved = cal.add(base.replace(day=1), step, "year" if unit == "year" else "month")
    return relative(coarse(moved, unit)[: max(len(told), 4)], deictic=False)


def told_month(rel: str, month: int, setting: Setting) -> Sense | None:
    """That April, the following June."""
    base = setting.told_day()
    if base is None:
        return None
    if rel in ("that", "same"):
        return relative(cal.make(base.year, month), deictic=False)
    way: Way = "future" if rel == "following" else "past"
    return relative(cal.month_near(base, month, way, strictly=len(setting.told() or "") >= 7), deictic=False)


def told_weekday(rel: str, weekday: int, setting: Setting) -> Sense | None:
    """The following Monday, that Sunday."""
    base, told = setting.told_day("same day"), setting.told("same day")
    if base is None or told is None:
        return None
    if len(told) < 10:
        return relative(told, deictic=False)
    if rel == "following":
        return relative(cal.weekday_after(base, weekday, strictly=True).isoformat(), deictic=False)
    strictly = rel not in ("same", "that")
    return relative(cal.weekday_before(base, weekday, strictly=strictly).isoformat(), deictic=False)


def the_weekday(parts: Parts, setting: Setting) -> Sense | None:
    """The Wednesday before, the Monday after."""
    return told_weekday("previous" if parts["side"] == "before" else "following", WEEKDAYS[parts["wd"]], setting)


def the_nth(parts: Parts, setting: Setting) -> Sense | None:
    """The 28th, the first of the month, the 15th of next month."""
    number, of = ordinal(parts["ord"]), parts.get("of", "")
    if of in ("this", "last", "next") and setting.anchor:
        month = cal.add_months(setting.anchor.replace(day=1), {"this": 0, "last": -1, "next": 1}[of])
        return relative(cal.make(month.year, month.month, number))
    focus = cal.day_of(setting.focus) if setting.focus and len(setting.focus) >= 7 else None
    base = focus or setting.anchor
    if base is None:
        return None
    month = cal.add_months(base.replace(day=1), 1 if of == "the following" else 0)
    if focus is None and setting.way == "past" and number > base.day:
        month = cal.add_months(month, -1)
    return relative(cal.make(month.year, month.month, number), deictic=False)


def the_unit(parts: Parts, setting: Setting) -> Sense | None:
    """The end of the year, year-end: of the year told last, or the article's."""
    unit = parts.get("unit") or parts["end"]
    base = cal.day_of(setting.focus) or setting.anchor
    if base is None:
        return None
    if unit in ("year", "quarter"):
        end = f"{base.year}-12-31" if ends(parts) and unit == "year" else None
        return relative(str(base.year), other=end, deictic=False)
    return relative(cal.month_of(base), deictic=False)


def day_after(parts: Parts, setting: Setting) -> Sense | None:
    """The twentieth day following that of its publication, which is the day of the article."""
    if setting.anchor is None:
        return None
    return relative(cal.add_days(setting.anchor, ordinal(parts.get("ord", "first"))).isoformat())


def within(parts: Parts, setting: Setting) -> Sense | None:
    """Within 60 days of publication; told as past ("within three days Google had left") it keeps the month."""
    counted = count_of(parts)
    base = setting.told_day("day") if setting.focus else setting.anchor
    told = setting.told("day")
    if base is None or counted is None:
        return None
    if setting.way == "past" and "base" not in parts and told:
        return relative(told[:7], deictic=False)
    day = cal.add(base, *counted)
    return relative(day.isoformat() if counted[1] in ("day", "week") else coarse(day, counted[1]), deictic=False)


def offset(parts: Parts, setting: Setting) -> Sense | None:
    """Two days later, a year earlier, the day before; "a week after the court ruled" dates the ruling."""
    told = setting.told(parts.get("unit") or parts["many"])
    if told is None:
        return None
    if "many" in parts:
        return relative(told if parts["many"] in ("hour", "minute") else told[:7], deictic=False)
    if "clause" in parts:
        return _of_clause(parts, setting)
    sign = -1 if parts["side"] in _EARLIER else 1
    return relative(_moved(parts, told, sign), deictic=False)


def _of_clause(parts: Parts, setting: Setting) -> Sense | None:
    """As in "on Thursday, three days after Moscow quit": from the day of the news, back to that of the clause."""
    near = setting.said or cal.day_of(setting.spoken if setting.spoken_in else None) or setting.anchor
    if near is None:
        return None
    back = -1 if parts["side"] in ("after", "on") else 1
    forward = _moved(parts, setting.told(parts["unit"]) or "", -back)
    return relative(_moved(parts, near.isoformat(), back), other=forward, deictic=False)


def _moved(parts: Parts, told: str, sign: int) -> str | None:
    """A told date moved by the count, at no finer a grain than it was told."""
    count, unit = count_of(parts) or (1, unit_of(parts)[0])
    base = cal.day_of(f"{told}-15" if len(told) == 7 and unit in ("day", "week") else told)
    if base is None:
        return None
    day = cal.add(base, sign * count, unit)
    return _grain(parts, day, unit, count, told)[: len(told)]


def _grain(parts: Parts, day: date, unit: Unit, count: int, told: str) -> str:
    single_week = unit == "week" and count == 1 and "clause" not in parts
    if ("exact" in parts or unit == "day" or single_week) and not is_vague(parts):
        return day.isoformat()
    if unit == "year" and count == 1 and len(told) >= 7:
        return cal.month_of(day)
    return coarse(day, unit)
