"""Sites that have asked to be left alone, and until when.

A site rests after a 429, after a 503 with Retry-After, after a 403 where the settings say that it means "too often",
and when a service says that its allowance is used up: Mastodon, Bluesky, Reddit, GitHub and the drafts for a standard
count it in headers. What was asked for is kept to, within reason; what names no time is a minute, doubled each time.
Keeps no file: `until` goes to the conductor and comes back with the next run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from tracker.fetch import freshness

USUAL = timedelta(seconds=60)  # for a site that says "too many requests" and no more; doubled each time in one run
LONGEST_USUAL = timedelta(hours=1)
LONGEST_ASKED = timedelta(days=1)  # a site that asks for more is asked again after that

# How services count: the header that says what is left, the one that says when it is filled again.
COUNTERS = (
    ("x-ratelimit-remaining", "x-ratelimit-reset"),  # Mastodon (a date), Reddit (seconds), GitHub (a Unix time)
    ("ratelimit-remaining", "ratelimit-reset"),  # the drafts before the eighth (seconds), Bluesky (a Unix time)
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
)
UNIX_TIMES = 10**9  # a number from here on is no number of seconds but a time


class Rests:
    """Site to the time before which it is not asked."""

    def __init__(self, until: Mapping[str, datetime], now: Callable[[], datetime]) -> None:
        self._until, self._now = dict(until), now
        self._times: Counter[str] = Counter()

    def left(self, site: str) -> timedelta | None:
        """How long a site still wants to be left alone; None where it may be asked."""
        until = self._until.get(site)
        if until is None:
            return None
        left = until - self._now()
        return left if left > timedelta(0) else None

    def limit(self, site: str, asked: timedelta | None) -> None:
        """A site has said "too often"; requests sent before it said so, and answered alike, count as one."""
        if asked is None:
            if self.left(site) is not None:
                return
            asked = min(USUAL * 2 ** min(self._times[site], 10), LONGEST_USUAL)
        self._times[site] += 1
        self.ask(site, asked)

    def ask(self, site: str, wait: timedelta) -> None:
        """A site is to be left alone for a time; a longer time that was asked for before stays."""
        until = self._now() + min(wait, LONGEST_ASKED)
        self._until[site] = max(until, self._until.get(site, until))

    def present(self) -> dict[str, datetime]:
        """The sites that still rest, and until when."""
        return {site: until for site, until in self._until.copy().items() if self.left(site) is not None}


def used_up(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long a service wants to be left alone because its allowance is used up; None while something is left."""
    for remaining, reset in COUNTERS:
        if remaining in headers:
            left = _number(headers[remaining])
            return _wait(headers.get(reset, ""), now) if left is not None and left < 1 else None
    return None


def _wait(text: str, now: datetime) -> timedelta | None:
    """The time to a reset, from seconds, a Unix time or a date."""
    number = _number(text)
    if number is not None:
        seconds = number - now.timestamp() if number >= UNIX_TIMES else number
        return timedelta(seconds=max(0.0, min(seconds, 10.0**9)))
    until = _iso(text) or freshness.time(text)
    return max(until - now, timedelta(0)) if until is not None else None


def _number(text: str) -> float | None:
    text = text.partition(",")[0].partition(";")[0].strip()
    return float(text) if text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 20 else None


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
