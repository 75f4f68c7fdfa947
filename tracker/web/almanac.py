"""What lies ahead, put into months and days: the list by date as far as each is known, and the months as grids.

It asks nothing and reads no clock: events and today are handed in.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tracker.query import EventRow
from tracker.web import words

GRIDS = 12  # months that are drawn, at most
YEAR, MONTH, DAY = 4, 7, 10  # lengths of a date that is known so far
SOON = 14  # days that are told as a number of days alone
WEEKS = 120  # days that are told as weeks
MONTHS = 730  # days that are told as months


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A date with its events; `words` say how far ahead it is, or that the day is not known."""

    date: str
    words: str
    events: tuple[EventRow, ...]

    @property
    def known(self) -> str:
        """How far it is known: "day", "month" or "year"."""
        return words.precision(self.date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A month, or a year of which nothing more is known, with its dates."""

    period: str
    entries: tuple[Entry, ...]

    @property
    def events(self) -> int:
        """How many events are in it."""
        return sum(len(entry.events) for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A day of a grid; `number` is 0 outside of the month."""

    date: str
    number: int
    events: int
    today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A month as weeks of seven days that begin on Monday; `rough` events have no day."""

    period: str
    weeks: tuple[tuple[Cell, ...], ...]
    rough: int


def stretches(found: Sequence[EventRow], today: date) -> list[Stretch]:
    """Events in the order in which they take effect, by month and by date."""
    return [
        Stretch(
            period=period,
            entries=tuple(
                Entry(date=when, words=ahead(when, today), events=tuple(events))
                for when, events in groupby(some, key=_day)
            ),
        )
        for period, some in groupby(found, key=lambda event: _day(event)[:MONTH])
    ]


def grids(found: Sequence[EventRow], today: date) -> list[Grid]:
    """The months in which something takes effect, the next first, at most GRIDS of them."""
    days = Counter(_day(event) for event in found)
    months = sorted({when[:MONTH] for when in days if len(when) >= MONTH})[:GRIDS]
    return [_grid(month, days, today) for month in months]


def ahead(when: str, today: date) -> str:
    """How far ahead a date is: "in 5 days", "in 7 weeks"; of one that is no day, that the day is not known."""
    if len(when) < DAY:
        begun = when <= today.isoformat()[: len(when)]
        return f"{words.precision(when)} known, not the day" + (", under way" if begun else "")
    days = (date.fromisoformat(when) - today).days
    if days <= 1:
        return {0: "today", 1: "tomorrow"}.get(days, f"{-days} days ago")
    if days <= SOON:
        return f"in {days} days"
    if days <= WEEKS:
        return f"in {round(days / 7)} weeks"
    return f"in {round(days / 30.44)} months" if days <= MONTHS else f"in {days // 365} years"


def past(when: str, today: date) -> str:
    """How long ago a date was, as far as it is known."""
    if len(when) < DAY:
        return f"{words.precision(when)} known, not the day"
    days = (today - date.fromisoformat(when)).days
    return words.counted(days, "day") + " ago"


def _grid(month: str, days: Counter[str], today: date) -> Grid:
    year, number = map(int, month.split("-"))
    before, last = calendar.monthrange(year, number)
    after = -(before + last) % 7
    told = []
    for day in (*[0] * before, *range(1, last + 1), *[0] * after):
        when = f"{month}-{day:02}" if day else ""
        told.append(Cell(date=when, number=day, events=days[when] if day else 0, today=when == today.isoformat()))
    return Grid(period=month, weeks=tuple(tuple(told[at : at + 7]) for at in range(0, len(told), 7)), rough=days[month])


def _day(event: EventRow) -> str:
    return (event.effective_on or "")[:DAY]
