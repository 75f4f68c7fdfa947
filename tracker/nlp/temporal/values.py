"""What a date phrase means: an ISO prefix, given the article's day and the dates told before it.

Conventions (those of the annotation guide's gold): weeks "ago" and "last week" keep a month, seasons, quarters and
"early 2025" a year, since an ISO prefix can say no better; "the end of this year" is 31 December when something starts
then. Without an anchor only what is written out, or counts from it, has a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.nlp.temporal import calendar as cal
from tracker.nlp.temporal.calendar import Unit, Way
from tracker.nlp.temporal.words import HOLIDAYS, MONTHS, ORDINALS, VAGUE, WEEKDAYS, number

Parts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known where a phrase stands: the article's day, the date told last and the way the clause looks."""

    anchor: date | None
    focus: str | None = None  # ISO prefix
    near: bool = False  # the focus was told in the same sentence or paragraph
    way: Way | None = None
    day_first: bool = False  # the document writes 9/7 for 9 July

    @property
    def base(self) -> date | None:
        """The day that "later" counts from."""
        return cal.day_of(self.focus) or self.anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """A meaning: the ISO prefix, that of the other way in time, and what it counts from."""

    value: str
    other: str | None = None
    relative: bool = True
    deictic: bool = False
    cue: str = ""


def sense(kind: str, parts: Parts, setting: Setting) -> Sense | None:
    """The meaning of a phrase, or None when it has none here."""
    found = _READERS[kind](parts, setting)
    return found if found is not None and cal.valid(found.value) else None


def _stated(value: str | None, other: str | None = None) -> Sense | None:
    return Sense(value=value, other=other, relative=False) if value else None


def _relative(value: str | None, *, other: str | None = None, deictic: bool = True, cue: str = "") -> Sense | None:
    if not value:
        return None
    return Sense(value=value, other=None if other == value else other, deictic=deictic, cue=cue)


def _coarse(day: date, unit: str) -> str:
    return str(day.year) if unit in ("year", "yr") else cal.month_of(day)


def _unit(parts: Parts) -> tuple[Unit, int]:
    """The unit of a count, and how many of it one is ("a fortnight" is two weeks)."""
    words: dict[str, tuple[Unit, int]] = {
        "fortnight": ("week", 2), "mo": ("month", 1), "month": ("month", 1), "yr": ("year", 1), "year": ("year", 1),
        "week": ("week", 1),
    }  # fmt: skip
    return words.get(parts["unit"], ("day", 1))


def _stated_year(parts: Parts, setting: Setting) -> int | None:
    if "y" in parts:
        return _century(int(parts["y"]))
    for short in ("yy", "y2"):
        if short in parts:
            return _century(int(parts[short]))
    if "yrel" in parts:
        return _worded_year(parts["yrel"], setting)
    return None


def _century(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _worded_year(word: str, setting: Setting) -> int | None:
    near = {"this": 0, "last": -1, "next": 1}
    if word in near:
        return setting.anchor.year + near[word] if setting.anchor else None
    step = {"that": 0, "the same": 0, "the following": 1, "the previous": -1, "the preceding": -1}.get(word, 0)
    return setting.base.year + step if setting.base else None


# written out ------------------------------------------------------------------------------------------------------


def _iso(parts: Parts, _setting: Setting) -> Sense | None:
    return _stated(cal.make(int(parts["y"]), int(parts["m"]), int(parts["d"]) if "d" in parts else None))


def _numeric(parts: Parts, setting: Setting) -> Sense | None:
    first, second, year = int(parts["a"]), int(parts["b"]), _century(int(parts["y"]))
    month_first, day_first = cal.make(year, first, second), cal.make(year, second, first)
    if parts.get("sep") == "." or not month_first or not day_first:
        return _stated(day_first or month_first)
    best = _by_weekday(parts, (month_first, day_first))
    if best is None:
        best = day_first if setting.day_first else month_first
    return _stated(best, day_first if best == month_first else month_first)


def _by_weekday(parts: Parts, candidates: tuple[str | None, ...]) -> str | None:
    if "wd" not in parts:
        return None
    for candidate in candidates:
        day = cal.day_of(candidate)
        if day and day.weekday() == WEEKDAYS[parts["wd"]]:
            return candidate
    return None


def _slash(parts: Parts, setting: Setting) -> Sense | None:
    if setting.anchor is None:
        return None
    first, second = int(parts["a"]), int(parts["b"])
    pairs = ((second, first), (first, second)) if setting.day_first else ((first, second), (second, first))
    days = tuple(cal.day_near(setting.anchor, month, day, setting.way) if month <= 12 else None for month, day in pairs)
    value = _by_weekday(parts, days) or next((day for day in days if day), None)
    return _relative(value)


def _day(parts: Parts, setting: Setting) -> Sense | None:
    month = MONTHS[parts["mon"]]
    number_ = _ordinal(parts["ord"]) if "ord" in parts else int(parts["d"])
    year = _stated_year(parts, setting)
    if year is not None:
        value = cal.make(year, month, number_)
        return _stated(value) if "yrel" not in parts else _relative(value)
    return _yearless(parts, setting, month, number_)


def _yearless(parts: Parts, setting: Setting, month: int, number_: int) -> Sense | None:
    base = _narrative_base(setting)
    if base is None:
        return None
    weekday = _matching_year(parts, base, month, number_)
    if weekday:
        return _relative(weekday, deictic=False)
    value = cal.day_near(base, month, number_, _believable(setting, base, month, number_))
    way_back = cal.day_near(base, month, number_, "past")
    way_on = cal.day_near(base, month, number_, "future")
    return _relative(value, other=way_on if value == way_back else way_back, deictic=False)


def _narrative_base(setting: Setting) -> date | None:
    """The day that a date without a year is near to: an earlier year told just before, else the article's day."""
    focus = cal.day_of(setting.focus)
    if focus and (setting.anchor is None or (setting.near and focus.year < setting.anchor.year)):
        return focus
    return setting.anchor


def _believable(setting: Setting, base: date, month: int, number_: int) -> Way | None:
    """The clause's way, unless it leads ten months off where the other day is within two."""
    if setting.way is None or base != setting.anchor:
        return None
    sided = cal.day_of(cal.day_near(base, month, number_, setting.way))
    nearest = cal.day_of(cal.day_near(base, month, number_, None))
    if sided and nearest and abs((sided - base).days) > 300 and abs((nearest - base).days) < 60:
        return None
    return setting.way


def _matching_year(parts: Parts, base: date, month: int, number_: int) -> str | None:
    if "wd" not in parts:
        return None
    return _by_weekday(parts, tuple(cal.make(base.year + step, month, number_) for step in (0, -1, 1)))


def _ordinal(word: str) -> int:
    return ORDINALS.get(word) or int("".join(char for char in word if char.isdigit()) or 0)


def _month(parts: Parts, setting: Setting) -> Sense | None:
    month = MONTHS[parts["mon"]]
    year = _stated_year(parts, setting)
    if year is not None:
        value = cal.make(year, month)
        return _stated(value) if "yrel" not in parts else _relative(value)
    base = _narrative_base(setting)
    if base is None:
        return None
    if base != setting.anchor:
        return _relative(cal.month_near(base, month, "future"), deictic=False)
    way = setting.way or "past"
    return _both_ways(base, month, way)


def _both_ways(base: date, month: int, way: Way) -> Sense | None:
    back, on = cal.month_near(base, month, "past"), cal.month_near(base, month, "future")
    return _relative(back if way == "past" else on, other=on if way == "past" else back, deictic=False)


def _holiday(parts: Parts, setting: Setting) -> Sense | None:
    month, day = (int(part) for part in HOLIDAYS[parts["hol"]].split("-"))
    year = _stated_year(parts, setting)
    if year is not None:
        return _stated(cal.make(year, month, day))
    return _yearless({}, setting, month, day)


def _year(parts: Parts, _setting: Setting) -> Sense | None:
    value = _stated(parts["y"])
    if value is None or "edge" not in parts or not parts["edge"].endswith("end of"):
        return value
    return Sense(value=parts["y"], other=f"{parts['y']}-12-31", relative=False)


def _part(parts: Parts, setting: Setting) -> Sense | None:
    year = _stated_year(parts, setting)
    if year is not None:
        return _stated(str(year))
    if setting.anchor is None:
        return None
    step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}.get(parts.get("rel", ""), 0)
    started = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}.get(parts.get("season", ""), 1)
    if step == -1 and parts.get("season") and setting.anchor.month > started + 2:
        step = 0  # "last spring" told in autumn is this year's
    if parts.get("rel", "") in ("that", "same", "following") and setting.base:
        return _relative(str(setting.base.year + (parts["rel"] == "following")), deictic=False)
    if step == 0 and setting.way != "future" and setting.anchor.month < started:
        step = -1
    return _relative(str(setting.anchor.year + step))


# counted from the article's day -----------------------------------------------------------------------------------

_DEICTIC = {"yesterday": -1, "overnight": 0, "tomorrow": 1, "tmrw": 1, "last night": -1, "last evening": -1,
            "the day before yesterday": -2, "the day after tomorrow": 2}  # fmt: skip


def _deictic(parts: Parts, setting: Setting) -> Sense | None:
    if setting.anchor is None:
        return None
    return _relative(cal.add_days(setting.anchor, _DEICTIC.get(parts["word"], 0)).isoformat())


def _rel_unit(parts: Parts, setting: Setting) -> Sense | None:
    rel, unit = parts["rel"], parts["unit"]
    if unit in ("morning", "afternoon", "evening", "night"):
        unit = "day"
    if rel in ("this", "last", "past", "next", "coming") and not (unit == "day" and rel == "next"):
        return _from_anchor(rel, unit, setting, ends=parts.get("edge", "").endswith("end of"))
    return _from_focus(rel, unit, setting)


def _from_anchor(rel: str, unit: str, setting: Setting, *, ends: bool) -> Sense | None:
    if setting.anchor is None:
        return None
    step = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(rel, 0)
    if unit == "weekend":
        saturday = cal.weekday_after(cal.monday_of(setting.anchor), 5)
        return _relative(cal.month_of(cal.add_days(saturday, 7 * step)))
    if unit == "day":
        return _relative(setting.anchor.isoformat())
    moved = cal.monday_of(setting.anchor) if unit in ("week", "fortnight") else setting.anchor.replace(day=1)
    plain: Unit = "year" if unit == "year" else "month" if unit == "month" else "week"
    value = _coarse(cal.add(moved, step, plain), unit)
    return _relative(value, other=f"{value}-12-31" if ends and unit == "year" else None)


def _from_focus(rel: str, unit: str, setting: Setting) -> Sense | None:
    """ "That day", "the same month", "the following year": counted from the date told last."""
    if setting.base is None:
        return None
    step = {"following": 1, "next": 1, "previous": -1, "preceding": -1}.get(rel, 0)
    told = setting.focus or setting.base.isoformat()
    if unit in ("day", "weekend", "week", "fortnight"):
        length = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}[unit]
        if len(told) < 10:
            return _relative(told[:7], deictic=False)
        moved = cal.add_days(setting.base, step * length)
        return _relative(moved.isoformat() if unit == "day" else cal.month_of(moved), deictic=False)
    moved = cal.add(setting.base.replace(day=1), step, "year" if unit == "year" else "month")
    return _relative(_coarse(moved, unit)[: max(len(told), 4)], deictic=False)


def _rel_month(parts: Parts, setting: Setting) -> Sense | None:
    rel, month = parts["rel"], MONTHS[parts["mon"]]
    if rel in ("that", "same", "following", "previous", "preceding"):
        return _told_month(rel, month, setting)
    if setting.anchor is None:
        return None
    if rel in ("last", "past"):
        return _relative(cal.month_near(setting.anchor, month, "past", strictly=True))
    if rel in ("next", "coming"):
        return _relative(cal.month_near(setting.anchor, month, "future", strictly=True))
    return _relative(cal.make(setting.anchor.year, month))


def _told_month(rel: str, month: int, setting: Setting) -> Sense | None:
    if setting.base is None:
        return None
    if rel in ("that", "same"):
        return _relative(cal.make(setting.base.year, month), deictic=False)
    way: Way = "future" if rel == "following" else "past"
    return _relative(cal.month_near(setting.base, month, way, strictly=True), deictic=False)


def _rel_weekday(parts: Parts, setting: Setting) -> Sense | None:
    rel, weekday = parts["rel"], WEEKDAYS[parts["wd"]]
    if rel in ("following", "previous", "preceding", "same", "that"):
        return _told_weekday(rel, weekday, setting)
    if setting.anchor is None:
        return None
    if rel in ("last", "past"):
        return _relative(cal.weekday_before(setting.anchor, weekday, strictly=True).isoformat())
    if rel in ("next", "coming"):
        return _relative(cal.weekday_after(setting.anchor, weekday, strictly=True).isoformat())
    back, on = cal.weekday_before(setting.anchor, weekday), cal.weekday_after(setting.anchor, weekday)
    past = setting.way == "past"
    return _relative((back if past else on).isoformat(), other=(on if past else back).isoformat())


def _told_weekday(rel: str, weekday: int, setting: Setting) -> Sense | None:
    if setting.base is None:
        return None
    if setting.focus and len(setting.focus) < 10:
        return _relative(setting.focus, deictic=False)
    if rel == "following":
        return _relative(cal.weekday_after(setting.base, weekday, strictly=True).isoformat(), deictic=False)
    strictly = rel != "same" and rel != "that"
    return _relative(cal.weekday_before(setting.base, weekday, strictly=strictly).isoformat(), deictic=False)


def _weekday(parts: Parts, setting: Setting) -> Sense | None:
    anchor, weekday = setting.anchor, WEEKDAYS[parts["wd"]]
    if anchor is None:
        return None
    if "dom" in parts:
        return _relative(_numbered_weekday(anchor, weekday, int(parts["dom"])))
    if "wrel" in parts:
        step = {"last": -7, "next": 7, "the following": 7, "the previous": -7}.get(parts["wrel"], 0)
        return _relative(cal.add_days(cal.monday_of(anchor), step + weekday).isoformat())
    on, back = cal.weekday_after(anchor, weekday), cal.weekday_before(anchor, weekday)
    late = parts.get("late")
    if late == "week":
        return _relative(cal.add_days(on, 7).isoformat())
    if late:
        return _rel_weekday({"rel": late, "wd": parts["wd"]}, setting)
    future = setting.way == "future"
    return _relative((on if future else back).isoformat(), other=(back if future else on).isoformat())


def _numbered_weekday(anchor: date, weekday: int, number_: int) -> str | None:
    """ "Friday 17": the 17th nearest to the anchor that is a Friday, else the nearest 17th."""
    months = (cal.add_months(anchor.replace(day=1), step) for step in (0, -1, 1, -2, 2, -3, 3))
    days = [day for month in months if (day := cal.day_of(cal.make(month.year, month.month, number_)))]
    fitting = [day for day in days if day.weekday() == weekday]
    best = min(fitting or days, key=lambda day: abs((day - anchor).days), default=None)
    return best.isoformat() if best else None


def _wd_of_week(parts: Parts, setting: Setting) -> Sense | None:
    return _told_weekday("previous" if parts["side"] == "before" else "following", WEEKDAYS[parts["wd"]], setting)


def _the_nth(parts: Parts, setting: Setting) -> Sense | None:
    number_ = _ordinal(parts["ord"])
    of = parts.get("of", "")
    if of in ("this", "last", "next") and setting.anchor:
        month = cal.add_months(setting.anchor.replace(day=1), {"this": 0, "last": -1, "next": 1}[of])
        return _relative(cal.make(month.year, month.month, number_))
    told = setting.base if setting.focus and len(setting.focus) >= 7 else setting.anchor
    if told is None:
        return None
    month = cal.add_months(told.replace(day=1), 1 if of == "the following" else 0)
    value = cal.make(month.year, month.month, number_)
    if told == setting.anchor and setting.way == "past" and number_ > told.day:
        month = cal.add_months(month, -1)
        value = cal.make(month.year, month.month, number_)
    return _relative(value, deictic=False)


def _the_unit(parts: Parts, setting: Setting) -> Sense | None:
    """ "The end of the year", "year-end": of the year told last, or the article's."""
    unit = parts.get("unit") or parts["end"]
    base = setting.base if setting.focus else setting.anchor
    if base is None:
        return None
    if unit in ("year", "quarter"):
        ends = "end" in parts or parts.get("edge", "").endswith("end of")
        return _relative(str(base.year), other=f"{base.year}-12-31" if ends else None, deictic=False)
    return _relative(cal.month_of(base), deictic=False)


def _weekend(_parts: Parts, setting: Setting) -> Sense | None:
    if setting.anchor is None:
        return None
    return _relative(cal.month_of(cal.weekday_before(setting.anchor, 5)))


def _recent(_parts: Parts, setting: Setting) -> Sense | None:
    return _relative(cal.month_of(setting.anchor)) if setting.anchor else None


def _count(parts: Parts) -> tuple[int, Unit] | None:
    if "n" not in parts or "unit" not in parts:
        return None
    counted = number(parts["n"])
    unit, size = _unit(parts)
    return (counted * size, unit) if counted is not None else None


def _ago(parts: Parts, setting: Setting) -> Sense | None:
    anchor = setting.anchor
    if anchor is None:
        return None
    counted = _count(parts)
    if counted is None:  # "a week last Tuesday"
        return _relative(cal.add_days(cal.weekday_before(anchor, WEEKDAYS[parts["wd"]], strictly=True), -7).isoformat())
    day = cal.add(anchor, -counted[0], counted[1])
    if "wd" in parts:
        return _relative(cal.weekday_before(day, WEEKDAYS[parts["wd"]]).isoformat())
    exact = "exact" in parts or (counted[1] == "day" and parts["n"] not in VAGUE)
    return _relative(day.isoformat() if exact else _coarse(day, counted[1]))


def _ahead(parts: Parts, setting: Setting) -> Sense | None:
    counted, anchor = _count(parts), setting.anchor
    if anchor is None or counted is None:
        return None
    day = cal.add(anchor, *counted)
    exact = counted[1] == "day" or parts.get("exact") in ("today", "tomorrow")
    return _relative(day.isoformat() if exact and parts["n"] not in VAGUE else _coarse(day, counted[1]))


def _within(parts: Parts, setting: Setting) -> Sense | None:
    counted = _count(parts)
    base = setting.anchor if setting.focus is None else setting.base
    if base is None or counted is None:
        return None
    day = cal.add(base, *counted)
    return _relative(day.isoformat() if counted[1] in ("day", "week") else _coarse(day, counted[1]), deictic=False)


def _offset(parts: Parts, setting: Setting) -> Sense | None:
    """ "Two days later", "a week after …": from the date told last, at no finer a grain than that date."""
    base, told = setting.base, setting.focus or (setting.anchor.isoformat() if setting.anchor else "")
    if base is None:
        return None
    back = parts["side"] in ("earlier", "before", "prior", "previously", "beforehand")
    if "many" in parts:
        return _relative(told[:10] if parts["many"] in ("hour", "minute") else told[:7], deictic=False)
    counted = _count(parts) or (1, _unit(parts)[0])
    day = cal.add(base, -counted[0] if back else counted[0], counted[1])
    exact = counted[1] == "day" or "exact" in parts or (counted[1] == "week" and counted[0] == 1)
    fine = day.isoformat() if exact and parts.get("n") not in VAGUE else _coarse(day, counted[1])
    if counted[1] == "year" and len(told) >= 7 and "exact" not in parts:
        fine = cal.month_of(day) if counted[0] == 1 else fine
    return _relative(fine[: len(told)], deictic=False)


def _midnight(parts: Parts, setting: Setting) -> Sense | None:
    if setting.anchor is None:
        return None
    tonight = parts.get("word") == "tonight" or ("word" not in parts and setting.way == "future")
    step = 1 if tonight else -1 if parts.get("word") == "yesterday" else 0
    return _relative(cal.add_days(setting.anchor, step).isoformat())


def _immediate(_parts: Parts, setting: Setting) -> Sense | None:
    told = setting.focus if setting.near and setting.focus and len(setting.focus) == 10 else None
    value = told or (setting.anchor.isoformat() if setting.anchor else None)
    return _relative(value, deictic=told is None, cue="immediate")


_READERS: Mapping[str, Callable[[Parts, Setting], Sense | None]] = {
    "iso": _iso, "iso_month": _iso, "numeric": _numeric, "slash": _slash, "day": _day, "month": _month,
    "holiday": _holiday, "year": _year, "part": _part, "deictic": _deictic, "rel_unit": _rel_unit,
    "rel_month": _rel_month, "rel_weekday": _rel_weekday, "weekday": _weekday, "wd_of_week": _wd_of_week,
    "the_nth": _the_nth, "the_unit": _the_unit, "weekend": _weekend, "recent": _recent, "ago": _ago, "ahead": _ahead,
    "within": _within, "offset": _offset, "midnight": _midnight, "immediate": _immediate,
}  # fmt: skip
