"""When a source is asked again: pure decisions about `SourceState`.

A fault slows a source down and never switches it off. Does not adapt to a feed's rhythm.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tracker.model import Done, Failed, Fetched, Poison, Source, SourceState

LONGEST_WAIT = timedelta(hours=24)  # after failures, unless the source's own interval is longer
LONGEST_RETRY_AFTER = timedelta(days=7)  # a server that asks for more is misconfigured
_MOST_DOUBLINGS = 20


def is_due(state: SourceState, now: datetime) -> bool:
    """Whether it is time to ask the source."""
    return state.next_due is None or state.next_due <= now


def next_state(state: SourceState, source: Source, outcome: Fetched, now: datetime) -> SourceState:
    """What to remember of the source after an outcome.

    An answer, changed or not: due after the interval. `Failed`: the first costs nothing, then the wait doubles, at
    least what the server asked for. `Poison`: it doubles at once. `Skipped`: a day, after which robots.txt is stale.
    """
    match outcome:
        case Done():
            return replace(state, next_due=now + source.interval, failures=0, last_success=now)
        case Failed(retry_after=asked):
            wait = max(_doubled(source.interval, state.failures), min(asked or timedelta(0), LONGEST_RETRY_AFTER))
            return replace(state, next_due=now + wait, failures=state.failures + 1)
        case Poison():
            wait = _doubled(source.interval, state.failures + 1)
            return replace(state, next_due=now + wait, failures=state.failures + 1)
        case _:
            return replace(state, next_due=now + max(source.interval, LONGEST_WAIT))


def _doubled(interval: timedelta, times: int) -> timedelta:
    """The interval doubled so often, no longer than the longest wait or the interval itself."""
    return max(interval, min(interval * (1 << min(times, _MOST_DOUBLINGS)), LONGEST_WAIT))
