"""When messages may go out: quiet hours, digests, rates, and waits after a failure. Pure; the time is handed in.

Quiet hours and digests are local times: they follow the clock on the wall when it is put forward or back. A time that
the clock leaps over is taken as if it had not leapt, one that comes twice is taken the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.model.alerts import Digest, Hours, Rate

DAY = 24 * 60  # minutes
# How long a channel that failed is left alone, by how often a message has failed; the last wait goes on.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


def is_quiet(spans: Iterable[Hours], zone: ZoneInfo, now: datetime) -> bool:
    """Whether a moment lies in quiet hours."""
    local = now.astimezone(zone)
    return any(_holds(span, local.weekday(), local.hour * 60 + local.minute) for span in spans)


def _holds(span: Hours, weekday: int, minute: int) -> bool:
    """Whether a span that begins today, or one that began yesterday, holds this minute."""
    if span.start < span.end:
        return weekday in span.days and span.start <= minute < span.end
    began_yesterday = (weekday - 1) % 7 in span.days and minute < span.end
    return began_yesterday or (weekday in span.days and minute >= span.start)


def due(digest: Digest | None, zone: ZoneInfo, now: datetime) -> datetime:
    """When what becomes known now is to be sent: at once, or with the next digest."""
    if digest is None:
        return now
    if digest.every == "hour":
        local = now.astimezone(zone)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (now - past + timedelta(hours=1)).astimezone(UTC)
    first = now.astimezone(zone).date()
    days = (first + timedelta(days=number) for number in range(9))
    moments = (_moment(day, digest.minute, zone) for day in days if digest.weekday in {None, day.weekday()})
    return next(moment for moment in moments if moment > now)


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    at = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
    return at.astimezone(UTC)


def allowance(rate: Rate | None, sent: Sequence[datetime], now: datetime) -> int | None:
    """How many messages may go out now, by when others did; None: as many as there are."""
    if rate is None:
        return None
    lately = sum(1 for moment in sent if timedelta(0) <= now - moment < rate.span)
    return max(rate.count - lately, 0)


def next_try(tries: int, now: datetime) -> datetime:
    """When a message that has failed so many times (1 or more) is tried again."""
    return now + WAITS[min(tries, len(WAITS)) - 1]
