"""Meanings of dates that name their day, month or year, with or without the year. Counts nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tracker.nlp.temporal import calendar as cal
from tracker.nlp.temporal.calendar import Way
from tracker.nlp.temporal.setting import Parts, Sense, Setting, ends, relative, stated
from tracker.nlp.temporal.words import HOLIDAYS, MONTHS, ORDINALS, WEEKDAYS, worded_year

_FAR = 300  # days: a way in time that leads this far is doubted
_CLOSE = 60  # days: … when the other way leads to a date this close
_BACKWARD = 45  # days that a story may step back within its year
_SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def ordinal(word: str) -> int:
    """What "third", "3rd" or "3" counts; 0 for nothing."""
    return ORDINALS.get(word) or int("".join(char for char in word if char.isdigit()) or 0)


def year_of(parts: Parts, setting: Setting) -> int | None:
    """The year that a phrase gives, in digits or words ("last year"), or None."""
    if "yw" in parts:
        return worded_year(parts["yw"])
    for name in ("y", "yy", "y2"):
        if name in parts:
            return _century(int(parts[name]))
    if "yrel" in parts:
        return _relative_year(parts["yrel"], setting)
    return int(parts["range"]) if "range" in parts else None


def _century(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _relative_year(word: str, setting: Setting) -> int | None:
    near = {"this": 0, "last": -1, "next": 1}
    if word in near:
        return setting.anchor.year + near[word] if setting.anchor else None
    step = {"the following": 1, "the previous": -1, "the preceding": -1}.get(word, 0)
    told = setting.told_day()
    return told.year + step if told else None


def iso(parts: Parts, _setting: Setting) -> Sense | None:
    """2024-07-09 and 2024-07."""
    return stated(cal.make(int(parts["y"]), int(parts["m"]), int(parts["d"]) if "d" in parts else None))


def numeric(parts: Parts, setting: Setting) -> Sense | None:
    """09/07/2024, in the order that fits, that the weekday or the document tells, or the American."""
    first, second, year = int(parts["a"]), int(parts["b"]), _century(int(parts["y"]))
    month_first, day_first = cal.make(year, first, second), cal.make(year, second, first)
    if parts.get("sep") == "." or not month_first or not day_first:
        return stated(day_first or month_first)
    best = _by_weekday(parts, (month_first, day_first))
    if best is None:
        best = _likelier(setting, month_first, day_first)
    return stated(best, day_first if best == month_first else month_first)


def _likelier(setting: Setting, month_first: str, day_first: str) -> str:
    """The order in which the document writes dates, else the reading that is closer to the article."""
    if setting.day_first is not None:
        return day_first if setting.day_first else month_first
    near, american, european = setting.anchor, cal.day_of(month_first), cal.day_of(day_first)
    if near and american and european and abs((near - european).days) < abs((near - american).days):
        return day_first
    return month_first


def _by_weekday(parts: Parts, candidates: tuple[str | None, ...]) -> str | None:
    if "wd" not in parts:
        return None
    for candidate in candidates:
        day = cal.day_of(candidate)
        if day and day.weekday() == WEEKDAYS[parts["wd"]]:
            return candidate
    return None


def slash(parts: Parts, setting: Setting) -> Sense | None:
    """3/31 and Tuesday (1/2)."""
    if setting.anchor is None:
        return None
    first, second = int(parts["a"]), int(parts["b"])
    pairs = ((second, first), (first, second)) if setting.day_first else ((first, second), (second, first))
    days = tuple(cal.day_near(setting.anchor, month, day, setting.way) if month <= 12 else None for month, day in pairs)
    return relative(_by_weekday(parts, days) or next((day for day in days if day), None))


def day(parts: Parts, setting: Setting) -> Sense | None:
    """9 July 2024, July 9 last year, Tuesday the ninth of July, 9 July."""
    month = MONTHS[parts["mon"]]
    number = ordinal(parts["ord"]) if "ord" in parts else int(parts["d"])
    year = year_of(parts, setting)
    if year is None:
        return _yearless_day(parts, setting, month, number)
    value = cal.make(year, month, number)
    return relative(value) if "yrel" in parts else stated(value)


def _yearless_day(parts: Parts, setting: Setting, month: int, number: int) -> Sense | None:
    base = setting.anchor or cal.day_of(setting.focus)
    if base is None:
        return None
    weekday = _by_weekday(parts, tuple(cal.make(base.year + step, month, number) for step in (0, -1, 1)))
    if weekday:
        return relative(weekday, deictic=False)
    back, ahead = (cal.day_near(base, month, number, way) for way in ("past", "future"))
    value = _in_story(setting, lambda near: _day_in_story(near, month, number))
    if value is None:
        value = cal.day_near(base, month, number, _believable(setting, base, month, number))
    return relative(value, other=ahead if value == back else back, deictic=False)


def _in_story(setting: Setting, find: Callable[[date], str | None]) -> str | None:
    """The date that a story told just before makes likely, unless it would lie ahead of what has happened."""
    told, place = setting.story, setting.story_in
    if setting.way == "future" and setting.focus_in == "sentence":
        told, place = setting.focus, setting.focus_in
    base = cal.day_of(told)
    if base is None or place is None or setting.anchor is None:
        return None
    if len(told or "") == 4 and not (place == "sentence" and setting.year_open):
        return None
    if place == "passage" and (setting.way == "future" or base.year >= setting.anchor.year):
        return None
    value = find(base)
    if value and setting.way != "future" and value > setting.anchor.isoformat()[: len(value)]:
        return None
    return value


def _day_in_story(base: date, month: int, number: int) -> str | None:
    """The first such day after the one told, or the one shortly before it."""
    back, ahead = (cal.day_near(base, month, number, way) for way in ("past", "future"))
    before = cal.day_of(back)
    return back if before and (base - before).days <= _BACKWARD else ahead


def _month_in_story(setting: Setting, base: date, number: int) -> str:
    back, ahead = cal.month_near(base, number, "past"), cal.month_near(base, number, "future")
    return back if setting.story_in == "sentence" and 0 < (base.month - number) % 12 <= 2 else ahead


def _believable(setting: Setting, base: date, month: int, number: int) -> Way | None:
    """The clause's way, unless it leads ten months off where the other day is within two."""
    if setting.way is None:
        return None
    sided = cal.day_of(cal.day_near(base, month, number, setting.way))
    nearest = cal.day_of(cal.day_near(base, month, number, None))
    if sided and nearest and abs((sided - base).days) > _FAR and abs((nearest - base).days) < _CLOSE:
        return None
    return setting.way


def month(parts: Parts, setting: Setting) -> Sense | None:
    """July 2024, July last year, July."""
    number = MONTHS[parts["mon"]]
    year = year_of(parts, setting)
    if year is not None:
        value = cal.make(year, number)
        return relative(value) if "yrel" in parts else stated(value)
    base = setting.anchor or cal.day_of(setting.focus)
    if base is None:
        return None
    back, ahead = cal.month_near(base, number, "past"), cal.month_near(base, number, "future")
    past = setting.way != "future"
    value = _in_story(setting, lambda near: _month_in_story(setting, near, number)) or (back if past else ahead)
    return relative(value, other=ahead if value == back else back, deictic=False)


def holiday(parts: Parts, setting: Setting) -> Sense | None:
    """New Year's Day 2020, Christmas Eve."""
    number, of_month = (int(part) for part in HOLIDAYS[parts["hol"]].split("-"))
    year = year_of(parts, setting)
    if year is not None:
        return stated(cal.make(year, number, of_month))
    return _yearless_day({}, setting, number, of_month)


def year(parts: Parts, _setting: Setting) -> Sense | None:
    """2024, "the end of 2024"."""
    value = str(worded_year(parts["yw"])) if "yw" in parts else parts["y"]
    return stated(value, f"{value}-12-31" if ends(parts) else None)


def border_day(parts: Parts, setting: Setting) -> Sense | None:
    """The first or last day of a month or year."""
    last = parts["side"] != "first"
    number = MONTHS.get(parts.get("mon", ""))
    if number is None:
        of_year = year_of(parts, setting)
        return stated(f"{of_year}-12-31" if last else f"{of_year}-01-01") if of_year else None
    found = month(parts, setting)
    if found is None:
        return None
    first = cal.day_of(found.value)
    size = cal.last_day(first.year, first.month) if first and last else 1
    return relative(f"{found.value}-{size:02d}", deictic=False)


def part(parts: Parts, setting: Setting) -> Sense | None:
    """Quarters, halves and seasons: an ISO prefix can only hold their year."""
    stated_year = year_of(parts, setting)
    if stated_year is not None:
        return stated(str(stated_year))
    rel = parts.get("rel", "")
    told = setting.told_day()
    step = {"that": 0, "same": 0, "following": 1, "previous": -1, "preceding": -1}.get(rel)
    if step is not None and told:
        return relative(str(told.year + step), deictic=False)
    if setting.anchor is None:
        return None
    return relative(str(setting.anchor.year + _season_step(parts, setting, setting.anchor)))


def _season_step(parts: Parts, setting: Setting, anchor: date) -> int:
    """Years from the anchor's to that of "last spring", "next quarter", "in the autumn"."""
    rel, starts = parts.get("rel", ""), _SEASON_STARTS.get(parts.get("season", ""), 0)
    if rel in ("next", "coming"):
        return 1 if not starts or anchor.month >= starts else 0
    if rel in ("last", "past", "previous"):
        return 0 if starts and anchor.month > starts + 2 else -1
    return -1 if rel != "this" and setting.way != "future" and anchor.month < starts else 0
