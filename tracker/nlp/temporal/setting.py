"""What is known where a date phrase stands, and what a phrase is found to mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.nlp.temporal import calendar as cal
from tracker.nlp.temporal.calendar import Unit, Way
from tracker.nlp.temporal.words import VAGUE, number

Parts = dict[str, str]
Place = Literal["sentence", "passage"] | None  # where an earlier date was told: in this sentence, or not long before


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The article's day, the dates told before, and the way the clause looks in time.

    `focus` is the date told last, `story` the last that had happened by then (`story_month` and `story_day` the last
    at least that precise), `spoken` the last day of the article's own week; all ISO prefixes.
    """

    anchor: date | None
    focus: str | None = None
    story: str | None = None
    story_month: str | None = None
    story_day: str | None = None
    spoken: str | None = None
    focus_in: Place = None
    story_in: Place = None
    spoken_in: Place = None
    year_open: bool = False  # the story's bare year opens it: "in 2023", "that year"
    way: Way | None = None
    day_first: bool | None = None  # the document writes 9/7 for 9 July; None: it does not say

    @property
    def said(self) -> date | None:
        """The day of the news told in the same sentence, else a day that the sentence gives."""
        if self.spoken_in == "sentence":
            return cal.day_of(self.spoken)
        return cal.day_of(self.focus) if self.focus_in == "sentence" and len(self.focus or "") == 10 else None

    def told(self, unit: str = "year") -> str | None:
        """What "later", "that day" and "the following month" count from: the last date fine enough for the unit."""
        finest = self.story_day if unit == "same day" else self.story_month
        found = self.story if unit in ("year", "yr") else finest
        return (
            found or self.story_month or self.story or self.focus or (self.anchor.isoformat() if self.anchor else None)
        )

    def told_day(self, unit: str = "year") -> date | None:
        """The day of `told`; the first of a bare year, the middle of a bare month where days are counted."""
        told = self.told(unit)
        if told and len(told) == 7 and unit in ("day", "week", "fortnight"):
            return cal.day_of(f"{told}-15")
        return cal.day_of(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """A meaning: the ISO prefix, that of the other way in time, and what it counts from."""

    value: str
    other: str | None = None
    relative: bool = True
    deictic: bool = False
    cue: str = ""


def stated(value: str | None, other: str | None = None) -> Sense | None:
    """A date that is written out."""
    return Sense(value=value, other=other, relative=False) if value else None


def relative(value: str | None, *, other: str | None = None, deictic: bool = True, cue: str = "") -> Sense | None:
    """A date that counts from another."""
    if not value:
        return None
    return Sense(value=value, other=None if other == value else other, deictic=deictic, cue=cue)


def coarse(day: date, unit: str) -> str:
    """The month of a day, or its year where the count is of years."""
    return str(day.year) if unit in ("year", "yr") else cal.month_of(day)


_UNITS: dict[str, tuple[Unit, int]] = {
    "fortnight": ("week", 2),
    "mo": ("month", 1),
    "mos": ("month", 1),
    "month": ("month", 1),
    "yr": ("year", 1),
    "year": ("year", 1),
    "week": ("week", 1),
}


def unit_of(parts: Parts) -> tuple[Unit, int]:
    """The unit of a count, and how many of it one is ("a fortnight" is two weeks)."""
    return _UNITS.get(parts["unit"], ("day", 1))


def count_of(parts: Parts) -> tuple[int, Unit] | None:
    """How many of which unit a phrase counts, or None when it gives no number."""
    if "n" not in parts or "unit" not in parts:
        return None
    counted = number(parts["n"])
    unit, size = unit_of(parts)
    return (counted * size, unit) if counted is not None else None


def is_vague(parts: Parts) -> bool:
    """Whether the number only sounds like one ("a few days ago")."""
    return parts.get("n") in VAGUE


def ends(parts: Parts) -> bool:
    """Whether the phrase speaks of the end of its period."""
    return parts.get("edge", "").endswith("end of") or "end" in parts
