"""Dates as feeds and index pages state them, to `When`: no more precise than they were stated.

Reads what `tracker.dates` reads; feedparser's own reading stands in for the formats that only feeds have.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from tracker import dates
from tracker.model import Basis, When


def from_text(text: str | None, *, day_first: bool | None = None) -> When | None:
    """The date that `text` states, or None; `day_first` says how to read `06/07/2024`."""
    return dates.parse(text, basis=Basis.FEED, day_first=day_first) if text else None


def from_struct(moment: time.struct_time | None, stated: str | None) -> When | None:
    """A date that a parser has read (in UTC), cut back to the precision that its text `stated`."""
    exact = from_text(stated)
    if exact or moment is None:
        return exact
    try:
        return When(value=dates.prefix(datetime(*moment[:6], tzinfo=UTC)), basis=Basis.FEED)
    except ValueError:  # 30 February, second 61, year 0
        return None


def from_seconds(seconds: object) -> When | None:
    """A moment given as Unix seconds, or None for what is none or lies before the web."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError):  # not a number, or beyond the calendar
        return None
    return When(value=dates.prefix(moment), basis=Basis.FEED) if moment.year >= dates.EARLIEST_YEAR else None
