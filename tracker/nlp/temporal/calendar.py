"""Arithmetic on ISO prefixes (`2024`, `2024-07`, `2024-07-09`). Knows no words and no clock."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Unit = Literal["day", "week", "month", "year"]
Way = Literal["past", "future"]


def day_of(prefix: str | None) -> date | None:
    """The day an ISO prefix names; the first day of a bare month or year."""
    if not prefix:
        return None
    try:
        return date.fromisoformat((prefix[:10] + "-01-01")[:10])
    except ValueError:
        return None


def valid(prefix: str) -> bool:
    """Whether this is a year, month or day that exists."""
    return len(prefix) in (4, 7, 10) and day_of(prefix) is not None


def make(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """The ISO prefix of a date, or None when there is no such day."""
    text = f"{year:04d}"
    if month is not None:
        text += f"-{month:02d}"
    if day is not None:
        text += f"-{day:02d}"
    return text if valid(text) else None


def month_of(day: date) -> str:
    """The month of a day, as an ISO prefix."""
    return day.isoformat()[:7]


def add_days(day: date, count: int) -> date:
    """A day later or earlier, kept within what `date` can hold."""
    ordinal = min(max(day.toordinal() + count, 1), date.max.toordinal())
    return date.fromordinal(ordinal)


def add_months(day: date, count: int) -> date:
    """The same day of another month, or that month's last."""
    index = min(max(day.year * 12 + day.month - 1 + count, 12), 9999 * 12 + 11)
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, last_day(year, month + 1)))


@lru_cache(maxsize=256)
def last_day(year: int, month: int) -> int:
    """The number of days in a month."""
    return calendar.monthrange(year, month)[1]


def add(day: date, count: int, unit: Unit) -> date:
    """A day moved by days, weeks, months or years."""
    if unit == "month":
        return add_months(day, count)
    if unit == "year":
        return add_months(day, 12 * count)
    return add_days(day, count * (7 if unit == "week" else 1))


def weekday_before(day: date, weekday: int, *, strictly: bool = False) -> date:
    """The last such weekday on or before a day (Monday is 0)."""
    back = (day.weekday() - weekday) % 7
    return add_days(day, -(back or (7 if strictly else 0)))


def weekday_after(day: date, weekday: int, *, strictly: bool = False) -> date:
    """The first such weekday on or after a day."""
    ahead = (weekday - day.weekday()) % 7
    return add_days(day, ahead or (7 if strictly else 0))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))


def month_near(day: date, month: int, way: Way, *, strictly: bool = False) -> str:
    """The last or next such month seen from a day; the running month counts unless `strictly`."""
    if way == "past":
        year = day.year - (month > day.month or (strictly and month == day.month))
    else:
        year = day.year + (month < day.month or (strictly and month == day.month))
    return f"{max(year, 1):04d}-{month:02d}"


def day_near(day: date, month: int, number: int, way: Way | None) -> str | None:
    """The day of month nearest to a day, on the given side of it where one is given."""
    around = [make(day.year + step, month, number) for step in (-1, 0, 1) if 1 <= day.year + step <= 9999]
    near = [found for found in (day_of(text) for text in around) if found is not None]
    sided = [
        found for found in near if way is None or (found <= day if way == "past" else found >= day) or found == day
    ]
    best = min(sided or near, key=lambda found: abs((found - day).days), default=None)
    return best.isoformat() if best else None
