"""Dates as people write them, read as periods of days, and the filters of the timeline that are about time.

    2024   2024-06   2024-06-25   2024-Q2   2024-H1   today   yesterday   tomorrow   30d   6w   3m   1y   +30d

Every date means all of its days: an event of "2024" lies in every part of 2024, on each axis. No clock is read here:
what counts from today needs to be told which day that is. Dates inside articles are read elsewhere.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from tracker.errors import InputError
from tracker.store.codec import bounds

Clause = tuple[str, tuple[str, ...]]  # SQL with its values

FORMS = "write 2024, 2024-06, 2024-06-25, 2024-Q2, 2024-H1, today, yesterday, tomorrow, 30d (ago; also w, m, y) or +30d"
ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
PART = re.compile(r"(\d{4})-?([qh])([1-4])", re.IGNORECASE | re.ASCII)
MONTHS = MappingProxyType({"q": 3, "h": 6})  # how many each part of a year has
AWAY = re.compile(r"(\+?)\s*(\d{1,5})\s*(d|w|m|y|(?:day|week|month|year)s?)(?:\s+ago)?", re.IGNORECASE | re.ASCII)
WORDS = MappingProxyType({"today": 0, "yesterday": -1, "tomorrow": 1})
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.ASCII)

# Of each axis: the first and the last day on which an event may lie. Where no date is announced,
# the first report says by which day, or in which month or year, it was known.
REPORTED_TO = """CASE length(event.first_reported)
  WHEN 4 THEN event.first_reported || '-12-31'
  WHEN 7 THEN date(event.first_reported || '-01', '+1 month', '-1 day') ELSE event.day END"""
AXES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "announced": ("event.day", f"coalesce(event.announced_to, {REPORTED_TO})"),
        "effective": ("event.effective_from", "event.effective_to"),
        "first_seen": ("event.first_seen_at", "event.first_seen_at"),
    }
)
DAYS_END = "T99"  # later than any time of its day

# Steps after which a measure does not hold: the first two for good, the others until a later step is in force again.
OVER = "'ended', 'rejected'"
STOPPED = "'suspended', 'delayed'"
IN_FORCE = f"""EXISTS (
  SELECT 1 FROM measure_step AS step
  WHERE step.measure_id = event.measure_id AND step.event_id = event.id AND step.status = 'in_force' AND step.day <= ?1
    AND NOT EXISTS (
      SELECT 1 FROM measure_step AS later WHERE later.measure_id = step.measure_id
        AND later.position > step.position AND later.day <= ?1 AND later.status IN ({OVER})))
AND (SELECT last.status FROM measure_step AS last
  WHERE last.measure_id = event.measure_id AND last.day <= ?1 AND last.status IN ('in_force', {OVER}, {STOPPED})
  ORDER BY last.position DESC LIMIT 1) = 'in_force'
""".replace("?1", "?")  # noqa: S608 - constants
# A plan that another step of its measure stopped, after it was told and before its day, is ahead no more.
AHEAD = f"""event.effective_to >= ? AND event.status <> 'rejected' AND NOT EXISTS (
  SELECT 1 FROM measure_step AS stop
  WHERE stop.measure_id = event.measure_id AND stop.event_id <> event.id AND stop.status IN ({OVER}, {STOPPED})
    AND stop.day >= event.day AND stop.day <= event.effective_to)"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Period:
    """Days, ISO, both included."""

    first: str
    last: str


def period(text: object, today: date | None) -> Period:
    """The days that a date means.

    Raises:
        InputError: it is none, or it counts from today and nobody said which day that is.
    """
    word = str(text).strip().lower()  # a datetime.date will do
    found = _fixed(word) or _relative(word, today)
    if found is None:
        raise InputError(f"not a date: {str(text).strip()!r}; {FORMS}")
    return found


def between(text: str, today: date | None) -> Period:
    """The days from the first of one date to the last of another: `2024-06..2024-09`; raises InputError."""
    start, dots, end = str(text).partition("..")
    if not dots or ".." in end or not start.strip() or not end.strip():
        raise InputError(f"not a period: {text!r}; write two dates with two points between them: 2024-06..2024-09")
    found = Period(period(start, today).first, period(end, today).last)
    if found.first > found.last:
        raise InputError(f"a period that ends before it begins: {text!r}; write the earlier date first")
    return found


def last(text: str, today: date | None) -> Period:
    """The days of a length of time that ends today: `30d`; raises InputError."""
    if not AWAY.fullmatch(str(text).strip()) or "+" in str(text):
        raise InputError(f"not a length of time: {text!r}; write 30d, 6w, 3m or 1y")
    return Period(period(text, today).first, _known(today, text).isoformat())


def absolute(filters: Mapping[str, Any], today: date | None) -> dict[str, Any]:
    """The filters with what counts from today told in days: `since`, `until`, `in_force_on`, `upcoming` and `within`.

    `between` and `last` become `since` and `until`; of several bounds the narrower counts. `upcoming` becomes the day
    from which on, `within` the day up to which.

    Raises:
        InputError: one is no date, or counts from a day that nobody told; or no day lies within all bounds.
    """
    kept = {name: value for name, value in filters.items() if name not in _TIMES}
    given = {name: value for name in _TIMES if (value := filters.get(name)) not in (None, "", False)}
    parts = [READ[name](value, today) for name, value in given.items() if name in READ]
    firsts, lasts = [part.first for part in parts if part.first], [part.last for part in parts if part.last]
    if firsts:
        kept["since"] = max(firsts)
    if lasts:
        kept["until"] = min(lasts)
    if firsts and lasts and kept["since"] > kept["until"]:
        raise InputError(
            f"a period that ends before it begins: from {kept['since']} to {kept['until']}; no day is in it"
        )
    if "in_force_on" in given:
        kept["in_force_on"] = period(given["in_force_on"], today).last
    if "upcoming" in given:
        kept["upcoming"] = _from_day(given["upcoming"], today)
    if "within" in given:
        kept["within"] = _until_day(given["within"], kept.get("upcoming"))
    return kept


def clauses(filters: Mapping[str, Any], axes: Mapping[str, tuple[str, str]] = AXES) -> Iterator[Clause]:
    """The filters that are about time as conditions; relative dates are none (`absolute` goes first).

    `axes`: where the first and the last day of each axis stand, if not in the columns of a database.

    Raises:
        InputError: one is no date, or there is no such axis.
    """
    settled = absolute(filters, None)
    yield from _overlap(settled, axes)
    if "in_force_on" in settled:
        yield f"({IN_FORCE})", (settled["in_force_on"],) * IN_FORCE.count("?")
    if "upcoming" in settled:
        yield f"({AHEAD})", (settled["upcoming"],)
    if "within" in settled:
        yield "event.effective_from <= ?", (settled["within"],)


def moment(text: object, today: date | None) -> str:
    """The last moment that a date means, as the database writes times: the end of a day, of a month; or a time in UTC.

    Raises:
        InputError: it is neither a date nor a time.
    """
    word = str(text).strip()
    if MOMENT.fullmatch(word):
        return _time(word)
    return period(word, today).last + DAYS_END


def _overlap(filters: Mapping[str, Any], axes: Mapping[str, tuple[str, str]]) -> Iterator[Clause]:
    """Overlap of what is known of the event's day with the period."""
    axis = filters.get("on") or "announced"
    if axis not in axes:
        raise InputError(f"unknown axis: {axis!r}; one of {', '.join(axes)}")
    first, last_day = axes[axis]
    if axis == "first_seen":
        last_day = first
    if since := filters.get("since"):
        yield f"{last_day} >= ?", (since,)
        if axis != "first_seen":  # no date is vaguer than a year: a bound that an index can serve
            yield f"{first} >= ?", (f"{since[:4]}-01-01",)
    if until := filters.get("until"):
        yield f"{first} <= ?", (until + DAYS_END if axis == "first_seen" else until,)


def _fixed(word: str) -> Period | None:
    """A date of the calendar."""
    if part := PART.fullmatch(word):
        year, length, number = part[1], MONTHS[part[2]], int(part[3])
        if number * length > 12 or year == "0000":
            return None
        end = f"{year}-{number * length:02}"
        return Period(bounds(f"{year}-{number * length - length + 1:02}")[0], bounds(end)[1])
    if not ISO.fullmatch(word):
        return None
    try:
        first, last_day = bounds(word)
        return Period(date.fromisoformat(first).isoformat(), last_day)
    except ValueError:
        return None


def _relative(word: str, today: date | None) -> Period | None:
    """A day that counts from today."""
    if word in WORDS:
        day = _shifted(_known(today, word), WORDS[word], "d", word)
    elif away := AWAY.fullmatch(word):
        count = int(away[2]) if away[1] else -int(away[2])
        day = _shifted(_known(today, word), count, away[3][0].lower(), word)
    else:
        return None
    return Period(day.isoformat(), day.isoformat())


def _known(today: date | None, text: object) -> date:
    if today is None:
        raise InputError(f"{str(text)!r} counts from today, and no day was told; open the timeline with a clock")
    return today


def _shifted(day: date, count: int, unit: str, text: str) -> date:
    """So many days, weeks, months or years away; where a month is too short, its last day."""
    try:
        if unit in "dw":
            return day + timedelta(days=count * (7 if unit == "w" else 1))
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1)
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        raise InputError(f"not a date: {text!r} lies outside of the calendar; write a shorter time") from None


def _from_day(value: object, today: date | None) -> str:
    """From which day on: today for True, else the first one that a date means."""
    return period("today" if value is True else value, today).first


def _until_day(text: object, start: str | None) -> str:
    """The day that ends a length of time from a day on (`30d`), or the last one that a date means."""
    if start is None:
        raise InputError("`within` goes with `upcoming`: so long from today on")
    word = str(text).strip()
    away = AWAY.fullmatch(word)
    if away and not away[1]:
        word = f"+{word}"
    return period(word, date.fromisoformat(start)).last


def _time(word: str) -> str:
    try:
        read = datetime.fromisoformat(word)
    except ValueError:
        raise InputError(f"not a time: {word!r}; write 2024-06-25T12:00 (UTC), or a date") from None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


READ = MappingProxyType(
    {
        "since": lambda text, today: Period(period(text, today).first, ""),
        "until": lambda text, today: Period("", period(text, today).last),
        "between": between,
        "last": last,
    }
)
_TIMES = (*READ, "in_force_on", "upcoming", "within")
