"""The values that alerts.yaml has: texts into times, rates, days and names, each with what to write instead.

Knows one value at a time; what two of them say together is in `tracker.config.alerts`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.model.alerts import Digest, Form, Hours, OnDoubt, Rate, Trigger
from tracker.spelling import nearest

Choice = TypeVar("Choice", bound=StrEnum)

DEAD_AFTER = timedelta(days=3)
TIMEOUT = timedelta(seconds=30)
MAX_TIMEOUT = timedelta(minutes=5)
RATE = Rate(count=30, span=timedelta(hours=1))
MAX_DAYS = 3650
# What the services of these addresses show best; all others are sent text.
FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("mailto", "mailtos"), Form.HTML),
    **dict.fromkeys(("slack", "msteams", "discord", "mmost", "mmosts", "rocket", "matrix", "matrixs"), Form.MARKDOWN),
}
UNITS: Mapping[str, timedelta] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAYS = frozenset(range(7))
WORDS_OF_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SPAN = re.compile(r"(\d{1,5})\s*([smhd])")
_RATE = re.compile(r"(\d{1,5})\s*(?:/|per)\s*(\d{0,4})\s*([smhd])[a-z]*")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_HOURS = re.compile(r"(?:(?P<days>[a-z]{3}[a-z,\s-]*)\s*)?(?:(?P<start>\d\d?:\d\d)\s*-\s*(?P<end>\d\d?:\d\d))?")
_DIGEST = re.compile(r"(?P<every>hourly|daily|weekly)(?:\s+(?P<day>[a-z]{3,}))?(?:\s+(?P<at>\d\d?:\d\d))?")


class FaultyError(ValueError):
    """A value that it cannot be, in words, with what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        """Keep both."""
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy


def text(value: Any) -> str:
    """A text that says something."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise FaultyError("not a text", "write a text, or take the key away")


def template(value: Any) -> str:
    """A template, with its lines as they stand."""
    text(value)
    return str(value)


def words(value: Any) -> tuple[str, ...]:
    """One text, or a list of texts."""
    if isinstance(value, list) and value:
        return tuple(dict.fromkeys(map(text, value)))
    return (text(value),)


def arguments(value: Any) -> tuple[str, ...]:
    """A command with its arguments: a list, so that no shell has to take it apart."""
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value) and value[0]:
        return tuple(value)
    raise FaultyError("not a list of texts", "write the command and each argument apart: [notify, --urgent]")


def _choice(value: Any, kind: type[Choice], noun: str) -> Choice:
    if value in set(kind):
        return kind(value)
    near = nearest(str(value), tuple(kind))
    known = ", ".join(kind)
    raise FaultyError(f"no {noun}: {value!r}", f"did you mean '{near}'? ({known})" if near else f"use one of {known}")


def triggers(value: Any) -> tuple[Trigger, ...]:
    """One trigger, or a list of them."""
    return tuple(_choice(one, Trigger, "trigger") for one in words(value))


def form(value: Any) -> Form:
    """What a template writes."""
    return _choice(value, Form, "form")


def on_doubt(value: Any) -> OnDoubt:
    """What becomes of a message in doubt."""
    return _choice(value, OnDoubt, "answer")


def truth(value: Any) -> bool:
    """True or false."""
    found = WORDS_OF_TRUTH.get(str(value).lower())
    if found is None:
        raise FaultyError(f"neither true nor false: {value!r}", "write true or false")
    return found


def zone(value: Any) -> ZoneInfo:
    """A time zone of the IANA database."""
    try:
        return ZoneInfo(text(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FaultyError(f"no time zone: {value!r}", "write one such as Europe/Brussels or UTC") from None


def span(value: Any) -> timedelta:
    """A length of time: 30s, 15m, 6h, 3d."""
    match = _SPAN.fullmatch(str(value).strip())
    if match is None or int(match[1]) == 0:
        raise FaultyError(f"no length of time: {value!r}", "write a number with s, m, h or d, such as 3d")
    return int(match[1]) * UNITS[match[2]]


def timeout(value: Any) -> timedelta:
    """How long a channel may take."""
    found = span(value)
    if found > MAX_TIMEOUT:
        raise FaultyError(f"too long: {value!r}", f"write {MAX_TIMEOUT // UNITS['m']}m or less")
    return found


def rate(value: Any) -> Rate | None:
    """At most so many messages in so much time: 10/h, 1 per 15m; "none" for no limit."""
    if value == "none":
        return None
    match = _RATE.fullmatch(str(value).strip())
    if match is None or int(match[1]) == 0 or match[2] == "0":
        raise FaultyError(f"no rate: {value!r}", "write such as 10/h or 1/15m, or none")
    return Rate(count=int(match[1]), span=int(match[2] or 1) * UNITS[match[3]])


def days(value: Any) -> tuple[int, ...]:
    """Whole numbers of days, the largest first."""
    given = words(value)
    if not all(one.isascii() and one.isdigit() and int(one) <= MAX_DAYS for one in given):
        raise FaultyError(
            f"no number of days: {', '.join(given)!r}", "write such as 7, or [30, 7, 1]; 0 is the day itself"
        )
    return tuple(sorted({int(one) for one in given}, reverse=True))


def day(value: Any) -> str:
    """A day of the calendar."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise FaultyError(f"no day: {value!r}", "write one such as 2024-10-01") from None


def quiet(value: Any) -> tuple[Hours, ...]:
    """Spans of quiet hours: "22:00-07:00", "sat,sun", "mon-fri 18:00-08:00"; "none" for none."""
    return () if value == "none" else tuple(map(_hours, words(value)))


def _hours(given: str) -> Hours:
    match = _HOURS.fullmatch(given.strip().lower())
    if match is None or not (match["days"] or match["start"]):
        raise FaultyError(f"no quiet hours: {given!r}", "write such as 22:00-07:00, sat,sun or mon-fri 18:00-08:00")
    start, end = (_clock(match["start"]), _clock(match["end"])) if match["start"] else (0, 24 * 60)
    if start == end:
        raise FaultyError(f"quiet hours that begin as they end: {given!r}", "write 00:00-24:00 for a whole day")
    return Hours(days=_weekdays(match["days"]) if match["days"] else ALL_DAYS, start=start, end=end)


def _weekdays(given: str) -> frozenset[int]:
    """The days that "mon-fri", "sat,sun" or "fri-mon" name."""
    found: set[int] = set()
    for part in re.split(r"[,\s]+", given.strip(" ,")):
        first, _, last = part.partition("-")
        start, end = _weekday(first), _weekday(last or first)
        found |= {(start + number) % 7 for number in range((end - start) % 7 + 1)}
    return frozenset(found)


def _weekday(given: str) -> int:
    if given[:3] in DAYS:
        return DAYS.index(given[:3])
    raise FaultyError(f"no day of the week: {given!r}", f"write one of {', '.join(DAYS)}")


def _clock(given: str) -> int:
    """A time of day in minutes."""
    match = _CLOCK.fullmatch(given)
    minutes = int(match[1]) * 60 + int(match[2]) if match else 24 * 60 + 1
    if minutes > 24 * 60:
        raise FaultyError(f"no time of day: {given!r}", "write such as 07:30")
    return minutes


def digest(value: Any) -> Digest | None:
    """When what was gathered is sent: hourly, daily 08:00, weekly monday 08:00; "none" for at once."""
    if value == "none":
        return None
    match = _DIGEST.fullmatch(str(value).strip().lower())
    if match is None or (match["every"] == "hourly" and (match["at"] or match["day"])):
        raise FaultyError(f"no digest: {value!r}", "write hourly, daily 08:00, weekly monday 08:00, or none")
    if match["every"] == "daily" and match["day"]:
        raise FaultyError(f"no digest: {value!r}", f"write weekly {match['day']} for one day of the week")
    minute = _clock(match["at"]) if match["at"] else 8 * 60
    every = {"hourly": "hour", "daily": "day", "weekly": "week"}[match["every"]]
    weekday = _weekday(match["day"] or "mon") if every == "week" else None
    return Digest(every=every, minute=minute % (24 * 60), weekday=weekday)
