"""Dates of index pages that count from now ("3 hours ago", "gestern"), or that name the month in any language.

`tracker.dates` reads what is written out in full in the languages it knows; here dateparser reads the rest, always in
stated languages. Counts from the time the page was fetched, since the page says nothing else. Never a date to come:
on a list of articles that is an event's. Nothing is guessed from bare numbers.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from tracker import dates
from tracker.model import Basis, When

LONGEST = 60  # characters; what is longer is prose
_BASE = datetime(2001, 7, 16, 12)  # noqa: DTZ001  # any day will do: only the distance from it counts
_RELATIVE = {"PARSERS": ["relative-time"], "RELATIVE_BASE": _BASE, "RETURN_TIME_AS_PERIOD": True}
_ABSOLUTE = {"PARSERS": ["absolute-time"], "RELATIVE_BASE": _BASE, "REQUIRE_PARTS": ["day", "month"]}
_IN_FULL = {**_ABSOLUTE, "REQUIRE_PARTS": ["day", "month", "year"]}
_LABEL = re.compile(
    r"(?:(?:published|posted|updated|modified|issued|released|added|veröffentlicht|aktualisiert|publié|mis à jour"
    r"|publicado|actualizado|pubblicato|aggiornato|opublikowano|опубликовано)\s*(?:on|am|le|el|il)?\b|[|·•–—,:]|\s)+",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
_NUMBERS = re.compile(r"\d+\s?[/.-]\s?\d+\s?[/.-]\s?\d+")  # 06/07/2024: read with the country in mind, or not at all
_MONTHS = 12


def read(text: str, *, now: datetime, languages: tuple[str, ...]) -> When | None:
    """The date that a short text states, `now` being when it was read; `languages` (ISO 639-1) are tried in order."""
    text = " ".join(text[: LONGEST * 2].split())
    if label := _LABEL.match(text):
        text = text[label.end() :]
    if not text or len(text) > LONGEST or not any(char.isalpha() for char in text):
        return None
    for language in dict.fromkeys(languages):
        if when := _counted(text, language, now) or _written(text, language, now):
            return when
    return None


def _counted(text: str, language: str, now: datetime) -> When | None:
    """A distance in time, no more exact than its unit."""
    found, unit = _parsed(text, language, "relative")
    if found is None or found > _BASE:
        return None
    now = now.astimezone(UTC)
    if unit == "time" and not _CLOCK.search(text):
        moment = (now - (_BASE - found)).replace(second=0, microsecond=0)
        return When(value=dates.prefix(moment), basis=Basis.FEED)
    if unit in {"time", "day"}:
        return _prefix(now - timedelta(days=(_BASE.date() - found.date()).days), 10)
    if unit == "week":
        return _prefix(now - (_BASE - found), 7)
    months = now.year * _MONTHS + now.month - 1 - (_BASE.year - found.year) * _MONTHS - (_BASE.month - found.month)
    value = f"{months // _MONTHS:04}-{months % _MONTHS + 1:02}"
    return When(value=value[:4] if unit == "year" else value, basis=Basis.FEED)


def _written(text: str, language: str, now: datetime) -> When | None:
    """A day with its month by name; without a year the last one that there has been."""
    if _NUMBERS.search(text):
        return None
    found, _ = _parsed(text, language, "in full")
    if found is None:
        found, _ = _parsed(text, language, "absolute")
        found = _latest(found, now) if found else None
    if found is None or found.date() > now.astimezone(UTC).date() + timedelta(days=1):
        return None
    return _prefix(found, 10)


def _latest(found: datetime, now: datetime) -> datetime | None:
    """The day and month of `found` in the year in which they last came round."""
    for year in (now.year + 1, now.year, now.year - 1):
        try:
            on = found.replace(year=year)
        except ValueError:  # 29 February
            continue
        if on.date() <= now.astimezone(UTC).date() + timedelta(days=1):
            return on
    return None


def _prefix(moment: datetime, length: int) -> When:
    return When(value=moment.isoformat()[:length], basis=Basis.FEED)


@lru_cache(maxsize=4096)
def _parsed(text: str, language: str, how: str) -> tuple[datetime | None, str]:
    """What dateparser makes of a text, from a fixed day, so that its tables are built once per language."""
    from dateparser.date import DateDataParser  # noqa: PLC0415  # 0.14 s that few refreshes need

    settings: dict[str, Any] = {"relative": _RELATIVE, "absolute": _ABSOLUTE, "in full": _IN_FULL}[how]
    try:
        data = DateDataParser(languages=[language], settings=settings).get_date_data(text)
    except (ValueError, OverflowError, TypeError):  # a language that it has not; a count beyond the calendar
        return None, ""
    return (data.date_obj.replace(tzinfo=None) if data.date_obj else None), data.period or ""
