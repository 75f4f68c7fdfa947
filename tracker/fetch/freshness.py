"""How long an answer says that it stays right (RFC 9111, 4.2.1): pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=366)  # a year is what "for ever" is written as
_GRANTS = ("max-age", "s-maxage")
_UNCACHED = ("no-cache", "no-store")


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The time that is left of what the headers grant; None where they grant none or say nothing.

    `max-age` goes before `s-maxage`, which is meant for caches that many share, and both before `Expires`.
    """
    said = dict(reversed(list(_directives(headers.get("cache-control", "")))))
    if any(word in said for word in _UNCACHED):
        return None
    seconds = next((one for name in _GRANTS if (one := _seconds(said.get(name))) is not None), None)
    if seconds is not None:
        granted = seconds - (_seconds(headers.get("age")) or timedelta(0))
    elif (until := time(headers.get("expires"))) is not None:
        granted = until - (time(headers.get("date")) or now)
    else:
        return None
    return min(granted, LONGEST) if granted > timedelta(0) else None


def _directives(header: str) -> Iterator[tuple[str, str]]:
    """The directives of a Cache-Control header in small letters, each with its value or ""."""
    for one in header.split(","):
        name, _, value = one.partition("=")
        yield name.strip().lower(), value.strip(' \t"')


def _seconds(text: str | None) -> timedelta | None:
    text = (text or "").strip()
    return timedelta(seconds=int(text[:10])) if text.isascii() and text.isdigit() else None


def time(header: str | None) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7), or None for what is none."""
    try:
        found = parsedate_to_datetime(header or "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
