"""How often a feed asks to be asked: RSS `ttl`, `skipHours`, `skipDays`; `sy:updatePeriod` of the syndication module.

Says what the feed asks for; whether to comply is decided by whoever plans the next visit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tracker.model import Pace

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIPPED = {what: re.compile(rf"<skip{what}\s*>", re.IGNORECASE) for what in ("hours", "days")}
_BLOCK = 3_000  # characters of skipHours or skipDays
_ONE = re.compile(r"<(?:hour|day)\s*>\s*(\w{1,12})\s*<", re.IGNORECASE)


def pace(feed: Mapping[str, Any], text: str) -> Pace:
    """The pace that a feed's channel states; what is no number, no day or leaves no hour at all is passed over."""
    hours = frozenset(int(one) % 24 for one in _skipped(text, "hours") if one.isdecimal() and int(one) <= 24)
    days = frozenset(_DAYS.index(one) for one in _skipped(text, "days") if one in _DAYS)
    waits = [wait for wait in (_time_to_live(feed), _update_period(feed)) if wait]
    return Pace(
        at_least=max(waits, default=None),
        skip_hours=hours if len(hours) < 24 else frozenset(),
        skip_days=days if len(days) < 7 else frozenset(),
    )


def _skipped(text: str, what: str) -> list[str]:
    """The words of `skipHours` or `skipDays`, which feedparser does not keep."""
    opening = _SKIPPED[what].search(text)
    block = text[opening.end() : opening.end() + _BLOCK].lower() if opening else ""
    return _ONE.findall(block[: block.find("</skip")]) if "</skip" in block else []


def _time_to_live(feed: Mapping[str, Any]) -> timedelta | None:
    """RSS 2.0 `ttl`, in minutes."""
    minutes = _number(feed.get("ttl"))
    return timedelta(minutes=minutes) if minutes else None


def _update_period(feed: Mapping[str, Any]) -> timedelta | None:
    """`sy:updatePeriod` by `sy:updateFrequency`, which is 1 where it is not stated."""
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    return period / (_number(feed.get("sy_updatefrequency")) or 1) if period else None


def _number(stated: object) -> int:
    """A whole number of at most six digits, else 0."""
    words = str(stated or "").strip()
    return int(words) if words.isdecimal() and len(words) <= 6 else 0
