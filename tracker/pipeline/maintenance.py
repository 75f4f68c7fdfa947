"""The daily upkeep of a database: retention, indexes for full text merged in steps, the planner's figures renewed.

Small steps, so that it can be stopped between two and never holds up a refresh for long. The file is not rewritten.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from tracker.config import Settings
from tracker.store import Store
from tracker.store.upkeep import SEARCHED

TASK = "maintenance"
EVERY = timedelta(days=1)
MOST_SECONDS = 300.0  # what is not done by then is done on another day


def is_due(store: Store, now: datetime) -> bool:
    """Whether it was not done for a day; a time ahead of now was set by a clock that was wrong."""
    done = store.upkeep.done_at(TASK)
    return done is None or not now - EVERY < done <= now


def maintain(
    store: Store, settings: Settings, *, clock: Callable[[], datetime], check: Callable[[], None]
) -> dict[str, int]:
    """Do it, and say how many of each kind of thing were done; `check` is called between two steps and may raise.

    Raises:
        BusyError: a refresh is under way on this database.
    """
    ends, now = time.monotonic() + MOST_SECONDS, clock()
    keep = timedelta(days=settings.keep_pages)
    with store.writing():
        counts = {
            "pages": sum(_steps(lambda: store.pages.prune(now - keep), ends, check)),
            "fetches": sum(_steps(lambda: store.fetches.prune(now), ends, check)),
            "merges": sum(sum(_steps(_merging(store, table), ends, check)) for table in SEARCHED),
        }
        store.messages.prune(now)
        store.upkeep.optimize()
        store.upkeep.done(TASK, now)
    return counts


def _merging(store: Store, table: str) -> Callable[[], int]:
    return lambda: int(store.upkeep.merge(table))


def _steps(step: Callable[[], int], ends: float, check: Callable[[], None]) -> list[int]:
    """What each step did, until one does nothing or the time is over."""
    done: list[int] = []
    while time.monotonic() < ends:
        check()
        done.append(step())
        if not done[-1]:
            break
    return done
