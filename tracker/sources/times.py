"""Dates as feeds and index pages state them, to `When`: no more precise than they were stated.

Times come out in UTC; a time without zone is held to be UTC. Knows ISO 8601, RFC 822/2822 and dates in English
words; numbers with slashes ("09/07/2024") are left alone, since nobody can tell the month. No relative dates.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from tracker.model import Basis, When

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?Z?\Z")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.IGNORECASE)
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})\Z", re.IGNORECASE)
_MONTH_DAY_YEAR = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\Z", re.IGNORECASE)
_LONGEST = 80  # characters of a date


def from_text(text: str | None) -> When | None:
    """The date that `text` states, or None."""
    text = " ".join((text or "").split())
    if not text or len(text) > _LONGEST:
        return None
    value = _partial(text) or _in_words(text) or _instant_in(text)
    return When(value=value, basis=Basis.FEED) if value else None


def from_struct(moment: time.struct_time | None, stated: str | None) -> When | None:
    """A date that a parser has read (in UTC), cut back to the precision that its text `stated`."""
    if exact := from_text(stated):
        return exact
    if moment is None:
        return None
    try:
        return When(value=instant(datetime(*moment[:6], tzinfo=UTC)), basis=Basis.FEED)
    except ValueError:  # 30 February, second 61, year 0
        return None


def instant(moment: datetime) -> str:
    """A time in UTC to the second, as an ISO 8601 text."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def _partial(text: str) -> str | None:
    """A year, month or day in ISO 8601, or None."""
    match = _PARTIAL.match(text)
    if not match:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    return text.rstrip("Z") if _exists(year, month, day) else None


def _in_words(text: str) -> str | None:
    """A day in English words: "9 July 2024", "Tue, 09 Jul 2024", "July 9, 2024"."""
    text = _WEEKDAY.sub("", text, count=1)
    if match := _DAY_MONTH_YEAR.match(text):
        day, name, year = match.groups()
    elif match := _MONTH_DAY_YEAR.match(text):
        name, day, year = match.groups()
    else:
        return None
    month = _MONTHS.index(name[:3].lower()) + 1 if name[:3].lower() in _MONTHS else 0
    return f"{year}-{month:02}-{int(day):02}" if _exists(int(year), month, int(day)) else None


def _instant_in(text: str) -> str | None:
    """A time of day with its date, ISO 8601 or RFC 2822, in UTC."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except (ValueError, TypeError, IndexError, OverflowError):  # email.utils raises all of them on odd text
            continue
    return None


def _exists(year: int, month: int, day: int) -> bool:
    """Whether the calendar has the day, in years that a feed can mean."""
    try:
        return date(year, month, day).year >= 1000
    except ValueError:
        return False
