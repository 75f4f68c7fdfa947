"""When a source is asked again: pure decisions about `SourceState`.

    wait = (the usual time between two of its new items, or its silence) / LOOKS, between its interval and a day,
           no less than what the server and the feed ask for, and up to a tenth longer so that sources drift apart

A fault slows a source down by its class, never switches it off, and one good answer forgives it. That it was put off
without being asked is no fault of its own. Nothing here is random: the lengthening is a hash of the source and of how
often it was asked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.model import Done, Failed, Fetched, Pace, Poison, Source, SourceState

LOOKS = 8  # askings per usual gap: what is new waits for a sixteenth of the gap on average
LONGEST_WAIT = timedelta(hours=24)  # unless the source's own interval is longer
LONGEST_ASKED = timedelta(hours=24)  # what Cache-Control, Expires, ttl and the like may ask for at most
LONGEST_RETRY_AFTER = timedelta(days=7)  # a server that asks for more is misconfigured
PUT_OFF = timedelta(minutes=10)  # what was not asked because its host answers nobody, unless its interval is shorter
LONGEST_HARD_WAIT = timedelta(days=7)  # after hard failures, unless the source's own interval is longer
SPREAD = 0.1  # of the wait, by which it is lengthened at most
HARD = frozenset({404, 410})  # statuses of a feed that is not there any more
GONE = 410
HARD_AFTER = 20  # failures in a row, over some two weeks, that make any failure a hard one
LEARNING = 0.3  # the weight of what was just seen in what is usual
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What one refresh of a source brought, over all its answers."""

    listed: int | None = None  # items in its listings; None: nothing was listed (304)
    dated: int = 0  # of them with a date
    new: int = 0  # of them not known before
    first_gap: timedelta | None = None  # the usual gap between the dates of what it listed
    pace: Pace = field(default_factory=Pace)
    fresh_for: timedelta | None = None
    moved_to: str | None = None


def next_state(
    state: SourceState, source: Source, outcome: Fetched, now: datetime, harvest: Harvest | None = None
) -> SourceState:
    """What to remember of the source after an outcome.

    An answer, changed or not: due by its rhythm. `Failed` (temporary): the first costs nothing, then the wait doubles
    up to a day, at least what the server asked for. `Poison` (soft): it doubles at once. A 404, a 410, or failures for
    weeks (hard): up to seven days. `Skipped`: a day, after which robots.txt is stale. Postponed: as if nothing had
    been, when the pause is over that its site has asked for.
    """
    if isinstance(outcome, Failed) and outcome.postponed:
        return replace(state, next_due=now + _put_off(source, outcome))
    asked = replace(state, asked=state.asked + 1)
    if isinstance(outcome, Done):
        learnt = _learnt(asked, source, harvest or Harvest(), now)
        return replace(learnt, next_due=now + _wait(learnt, source, harvest or Harvest(), now))
    if not isinstance(outcome, Failed | Poison):
        return replace(asked, next_due=now + _spread(asked, max(source.interval, LONGEST_WAIT)))
    return replace(
        asked,
        next_due=now + _wait_after(asked, source, outcome),
        failures=state.failures + 1,
        gone_at=(state.gone_at or now) if outcome.status == GONE else state.gone_at,
        moved_to=state.moved_to if isinstance(outcome, Failed) else None,  # the old address gets another chance
    )


def _learnt(state: SourceState, source: Source, harvest: Harvest, now: datetime) -> SourceState:
    """The state with what a good answer teaches."""
    listed, moved_to = harvest.listed, harvest.moved_to or state.moved_to
    return replace(
        state,
        failures=0,
        last_success=now,
        gone_at=None,
        moved_to=None if moved_to == source.url else moved_to,
        rhythm=_rhythm(state, harvest, now),
        last_new=now if harvest.new else state.last_new,
        usual_items=state.usual_items if listed is None else _mean(state.usual_items, listed),
        usual_dated=_mean(state.usual_dated, harvest.dated / listed) if listed else state.usual_dated,
    )


def _rhythm(state: SourceState, harvest: Harvest, now: datetime) -> timedelta | None:
    """The usual gap between two new items: an exponential mean over arrivals; at first, over the dates listed."""
    if not harvest.new:
        return state.rhythm
    if state.last_new is None:
        return harvest.first_gap or state.rhythm
    seen = (now - state.last_new).total_seconds() / harvest.new
    usual = state.rhythm.total_seconds() if state.rhythm is not None else None
    return timedelta(seconds=_mean(usual, seen))


def _mean(usual: float | None, seen: float) -> float:
    return seen if usual is None else usual + LEARNING * (seen - usual)


def _wait(state: SourceState, source: Source, harvest: Harvest, now: datetime) -> timedelta:
    """How long after a good answer."""
    silence = now - state.last_new if state.last_new is not None else timedelta(0)
    by_rhythm = max(state.rhythm or timedelta(0), silence) / LOOKS
    wait = _spread(state, max(source.interval, min(by_rhythm, LONGEST_WAIT)))
    for asked in (harvest.fresh_for, harvest.pace.at_least):
        wait = max(wait, min(asked or timedelta(0), LONGEST_ASKED))
    return _past_skipped(now + wait, harvest.pace) - now


def _past_skipped(due: datetime, pace: Pace) -> datetime:
    """The first hour from `due` on that the feed does not ask to be spared in; `due` where it names them all."""
    for hours in range(7 * 24):
        later = due if not hours else due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
        if later.hour not in pace.skip_hours and later.weekday() not in pace.skip_days:
            return later
    return due


def _put_off(source: Source, outcome: Failed) -> timedelta:
    """How long after a request that was not made."""
    asked = outcome.retry_after
    return min(PUT_OFF, source.interval) if asked is None else min(asked, LONGEST_RETRY_AFTER)


def _wait_after(state: SourceState, source: Source, outcome: Failed | Poison) -> timedelta:
    """How long after a failure; `state.failures` are those before it."""
    hard = outcome.status in HARD or state.failures >= HARD_AFTER
    longest = LONGEST_HARD_WAIT if hard else LONGEST_WAIT
    if outcome.status == GONE:
        return _spread(state, max(source.interval, longest))
    times = state.failures + isinstance(outcome, Poison)
    wait = _spread(state, max(source.interval, min(source.interval * (1 << min(times, _MOST_DOUBLINGS)), longest)))
    asked = outcome.retry_after if isinstance(outcome, Failed) else None
    return max(wait, min(asked or timedelta(0), LONGEST_RETRY_AFTER))


def _spread(state: SourceState, wait: timedelta) -> timedelta:
    """The wait, lengthened by a share that only the source and the number of its askings decide."""
    number = hashlib.sha256(f"{state.source_id}\x1f{state.asked}".encode()).digest()[:4]
    return wait * (1 + SPREAD * int.from_bytes(number) / 2**32)
