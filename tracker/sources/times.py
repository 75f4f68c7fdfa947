"""Dates as feeds and index pages state them, to `When`: no more precise than they were stated.

Reads what `tracker.dates` reads; feedparser's own reading stands in for the formats that only feeds have.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tracker import dates
from tracker.model import Basis, When

_RFC_3339 = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-](?:0\d|1[0-4]):?\d\d))?", re.ASCII
)
_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d\d? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?:19|20)\d\d"
    r" \d\d:\d\d:[0-5]\d (?:GMT|[+-](?:0\d|1[0-4])[0-5]\d)",
    re.ASCII,
)


def from_text(text: str | None, *, day_first: bool | None = None) -> When | None:
    """The date that `text` states, or None; `day_first` says how to read `06/07/2024`."""
    if not text:
        return None
    return _standard(text.strip()) or dates.parse(text, basis=Basis.FEED, day_first=day_first)


def _standard(text: str) -> When | None:
    """A date in the forms of RFC 3339 and RFC 822, which nearly all feeds use, as `tracker.dates` reads it."""
    try:
        if _RFC_3339.fullmatch(text):
            value = text[:10] if len(text) == len("2024-07-09") else dates.prefix(datetime.fromisoformat(text))
            datetime.fromisoformat(value[:10])
        elif _RFC_822.fullmatch(text):
            value = dates.prefix(parsedate_to_datetime(text))
        else:
            return None
    except ValueError:  # 30 February, 25 o'clock
        return None
    return When(value=value, basis=Basis.FEED)


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
