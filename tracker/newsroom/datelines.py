"""The ways in which pages and feeds write a time; month names are tables, so that no locale is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def rfc822(moment: datetime) -> str:
    """As RSS wants it: `Tue, 25 Jun 2024 09:14:00 -0400`."""
    return format_datetime(moment)


def http_date(moment: datetime) -> str:
    """As HTTP headers want it: `Tue, 25 Jun 2024 13:14:00 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def utc(moment: datetime) -> str:
    """ISO 8601 in UTC: `2024-06-25T13:14:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def visible(moment: datetime, style: str, zones: Mapping[str, str], now: datetime) -> str:
    """The time in one of the styles of `STYLES`; `zones` names the outlet's offsets, `now` serves the relative one."""
    return STYLES[style](moment, zones.get(moment.isoformat()[-6:], ""), now)


def _clock12(moment: datetime) -> str:
    return f"{(moment.hour + 11) % 12 + 1}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"


def _month(moment: datetime, lang: str = "en") -> str:
    return MONTHS[lang][moment.month - 1]


def _ago(moment: datetime, now: datetime) -> str:
    minutes = max(int((now - moment).total_seconds() // 60), 1)
    for size, word in ((525_600, "year"), (43_200, "month"), (1_440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    raise AssertionError("the last step is one minute")


STYLES: dict[str, Callable[[datetime, str, datetime], str]] = {
    "american": lambda m, zone, _: f"{_month(m)} {m.day}, {m.year} {_clock12(m)} {zone}".strip(),
    "american_day": lambda m, _, __: f"{_month(m)} {m.day}, {m.year}",
    "british": lambda m, _, __: f"{m.day} {_month(m)} {m.year}",
    "british_long": lambda m, zone, _: f"{DAYS[m.weekday()]} {m.day} {_month(m)} {m.year} {m:%H.%M} {zone}".strip(),
    "tabloid": lambda m, _, __: f"{m:%H:%M}, {DAYS[m.weekday()][:3]} {m.day} {_month(m)[:3]} {m.year}",
    "slashed": lambda m, _, __: f"{m:%d/%m/%Y}",
    "us_slashed": lambda m, _, __: f"{m:%m/%d/%Y}",
    "iso": lambda m, zone, _: f"{m:%Y-%m-%d %H:%M} {zone}".strip(),
    "iso_day": lambda m, _, __: f"{m:%Y-%m-%d}",
    "relative": lambda m, _, now: _ago(m, now),
    "german": lambda m, _, __: f"{m.day}. {_month(m, 'de')} {m.year}, {m.hour}.{m:%M} Uhr",
    "french": lambda m, _, __: f"{m.day} {_month(m, 'fr')} {m.year} à {m.hour}h{m:%M}",
    "chinese": lambda m, _, __: f"{m.year}年{m.month}月{m.day}日 {m:%H:%M}",
}
