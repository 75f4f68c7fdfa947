"""What keeps a database small and quick: retention, indexes merged, free pages given back, the planner told.

A table of tasks, each done in steps: one short transaction, whose size follows from how long the one before took, under
the lock of writers, which is given back between two steps. So nobody waits for long, a refresh may come in between, and
it can be stopped at any time; what is not done is done next time. Readers wait for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tracker.config import Settings
from tracker.errors import BusyError
from tracker.journal import tell
from tracker.store import Store
from tracker.store.upkeep import SEARCHED

TASK = "maintenance"
EVERY = timedelta(days=1)
A_ROUND = 30.0  # seconds of each round of `tracker run`, so that the next refresh is not late
QUICK, SLOW = 0.05, 0.2  # seconds; after a quicker step twice as much is done in the next one, after a slower one less
SPARE = 10  # one in so many pages may be free: they are used again
PAUSE = 0.02  # seconds between two steps, in which others may take the lock
OF_A_REFRESH = (("pages", 200), ("fetches", 2_000))  # what is let go of after each, for those who never do all of it
BY_AGE = frozenset({"pages", "listings", "fetches", "past", "robots", "messages"})  # what they take away is gone
FORGET_ROBOTS = timedelta(days=30)  # a text of robots.txt that nobody has asked for again


def is_due(store: Store, now: datetime) -> bool:
    """Whether it was not done for a day; a time ahead of now was set by a clock that was wrong."""
    done = store.upkeep.done_at(TASK)
    return done is None or not now - EVERY < done <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the tasks know: the database, what is to be kept, the time, whether indexes are merged to the end."""

    store: Store
    settings: Settings
    now: datetime
    full: bool = False

    @property
    def pages_before(self) -> datetime:
        """Since when originals are kept: by their age, and by the room that they may take."""
        before, most = self.now - timedelta(days=self.settings.keep_pages), self.settings.keep_pages_mb
        newest = None if most is None else self.store.pages.newest_of(most * 1_000_000)
        return before if newest is None else max(before, newest)

    @property
    def first_fetch(self) -> int:
        """The number with which the log of requests begins."""
        before = self.now - timedelta(days=self.settings.keep_fetches)
        return self.store.fetches.first_kept(before, self.now)

    @property
    def listings_before(self) -> datetime:
        """Since when the words of listings are kept."""
        return self.now - timedelta(days=self.settings.keep_listings)

    @property
    def past_before(self) -> datetime:
        """Since when it is kept what was."""
        return self.now - timedelta(days=self.settings.keep_past)

    @property
    def pages_to_give_back(self) -> int:
        """Free pages beyond those that are spared; none where the file cannot give any back."""
        space = self.store.space
        return max(0, space.free_pages - space.pages // SPARE) if space.gives_back else 0


@dataclass(slots=True, kw_only=True)
class Pace:
    """How much is done in one step, so that it is over in a tenth of a second or so."""

    size: int
    most: int

    def learn(self, seconds: float) -> None:
        """Do more or less in the next step, by how long the last one took."""
        if seconds < QUICK:
            self.size = min(2 * self.size, self.most)
        elif seconds > SLOW:
            self.size = max(1, int(self.size * SLOW / seconds / 2))


Steps = Callable[[Job, Pace], Iterator[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do: how much of it there is, its steps (each says how much it did), the sizes of steps."""

    name: str
    left: Callable[[Job], int]
    steps: Steps
    first: int = 20
    most: int = 1_000


def _until_nothing(step: Callable[[int], int], pace: Pace) -> Iterator[int]:
    while done := step(pace.size):
        yield done


def _prune_pages(job: Job, pace: Pace) -> Iterator[int]:
    before = job.pages_before
    return _until_nothing(lambda most: job.store.pages.prune(before, most), pace)


def _shorten_listings(job: Job, pace: Pace) -> Iterator[int]:
    return job.store.items.shorten(job.listings_before, lambda: pace.size)


def _prune_fetches(job: Job, pace: Pace) -> Iterator[int]:
    first = job.first_fetch
    return _until_nothing(lambda most: job.store.fetches.prune(first, most), pace)


def _forget_past(job: Job, pace: Pace) -> Iterator[int]:
    forgotten = 0
    for done in _until_nothing(lambda most: job.store.past.forget(job.past_before, most), pace):
        forgotten += done
        yield done
    if forgotten or job.full:
        yield from job.store.past.leave(lambda: pace.size)


def _forget_robots(job: Job, pace: Pace) -> Iterator[int]:
    return _until_nothing(lambda most: job.store.hosts.prune(job.now - FORGET_ROBOTS, most), pace)


def _shorten_messages(job: Job, pace: Pace) -> Iterator[int]:
    return _until_nothing(lambda most: job.store.messages.shorten(job.now, most), pace)


def _merge(job: Job, pace: Pace) -> Iterator[int]:
    """Each index in turn; where all of it is to be one, the first step begins that."""
    for table in SEARCHED:
        sign = -1 if job.full and job.store.upkeep.segments(table) > 1 else 1
        while job.store.upkeep.merge(table, sign * pace.size):
            sign = 1
            yield 1


def _analyse(job: Job, pace: Pace) -> Iterator[int]:  # noqa: ARG001 - one table is one step
    for table in job.store.upkeep.indexed():
        job.store.upkeep.analyse(table)
        yield 1


def _give_back(job: Job, pace: Pace) -> Iterator[int]:
    while (left := job.pages_to_give_back) and (given := job.store.space.give_back(min(left, pace.size))):
        yield given


# In this order: what is let go of leaves free pages, and all of it is in the log until the end.
TASKS = (
    Task(name="pages", left=lambda job: job.store.pages.old(job.pages_before), steps=_prune_pages),
    Task(name="listings", left=lambda job: job.store.items.old(job.listings_before), steps=_shorten_listings),
    Task(name="fetches", left=lambda job: job.store.fetches.old(job.first_fetch), steps=_prune_fetches, most=5_000),
    Task(name="past", left=lambda job: job.store.past.old(job.past_before), steps=_forget_past, most=5_000),
    Task(name="robots", left=lambda job: job.store.hosts.old(job.now - FORGET_ROBOTS), steps=_forget_robots),
    Task(name="messages", left=lambda job: job.store.messages.old(job.now), steps=_shorten_messages),
    Task(name="merges", left=lambda job: sum(map(job.store.upkeep.segments, SEARCHED)), steps=_merge, most=200),
    Task(name="analyses", left=lambda job: len(job.store.upkeep.indexed()), steps=_analyse),
    Task(name="free_pages", left=lambda job: job.pages_to_give_back, steps=_give_back),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintained:
    """What was done: by task how much, how long the longest step kept writers waiting, whether all of it was done."""

    counts: dict[str, int]
    longest_step: float  # seconds
    is_finished: bool
    has_empty_log: bool  # the write-ahead log was cut off; False: somebody still reads from it

    @property
    def told(self) -> dict[str, Any]:
        """As fields of the log."""
        return {
            **self.counts,
            "longest_step": round(self.longest_step, 3),
            "finished": self.is_finished,
            "empty_log": self.has_empty_log,
        }


def begin(job: Job) -> None:
    """A step of what grows most, by its age: for the end of a refresh, which holds the lock."""
    by_age = replace(job, settings=replace(job.settings, keep_pages_mb=None))
    _look_at_clock(job)
    for task in tasks(job):
        if size := dict(OF_A_REFRESH).get(task.name):
            next(task.steps(by_age, Pace(size=size, most=size)), None)


def tasks(job: Job) -> tuple[Task, ...]:
    """What is to be done: nothing that goes by age while the clock, which has leapt ahead, is not believed."""
    doubtful = doubtful_until(job) is not None
    return tuple(task for task in TASKS if not doubtful or task.name not in BY_AGE)


def doubtful_until(job: Job) -> datetime | None:
    """Until when nothing is let go of for its age, since the clock has leapt ahead; None where it is believed."""
    return job.store.upkeep.doubtful_until(job.now)


def _look_at_clock(job: Job) -> None:
    if job.store.upkeep.see(job.now):
        until = doubtful_until(job)
        tell("clock went ahead", level="warning", nothing_pruned_until=None if until is None else until.isoformat())


def planned(job: Job) -> dict[str, int]:
    """By task, how much there is to do; changes nothing."""
    wanted = {task.name for task in tasks(job)}
    return {task.name: task.left(job) if task.name in wanted else 0 for task in TASKS}


def maintain(job: Job, *, check: Callable[[], None], seconds: float = float("inf")) -> Maintained:
    """Do what there is to do, for so long at most; `check` is called between two steps and may raise.

    Raises:
        BusyError: another process is writing to this database, and nothing was done. One that comes in between has it
            end unfinished.
    """
    ends = time.monotonic() + seconds
    counts = dict.fromkeys((task.name for task in TASKS), 0)
    longest, is_finished = 0.0, True
    try:
        for name, done, took in _steps(job):
            counts[name] += done
            longest = max(longest, took)
            check()
            if time.monotonic() >= ends:
                is_finished = False
                break
        else:
            with job.store.writing():
                job.store.upkeep.done(TASK, job.now)
    except BusyError:
        if not any(counts.values()):
            raise
        is_finished = False
    return Maintained(
        counts=counts, longest_step=longest, is_finished=is_finished, has_empty_log=_empty_log(job.store)
    )  # fmt: skip


def rewrite(store: Store) -> bool:
    """Write a file anew that cannot give pages back; whether that was needed. Writers wait or are refused meanwhile.

    Raises:
        StoreError: there is not room enough.
        BusyError: somebody writes.
    """
    if store.space.gives_back:
        return False
    with store.writing():
        store.space.rewrite()
        store.space.empty_log()
    return True


def _empty_log(store: Store) -> bool:
    with suppress(BusyError):
        return store.space.empty_log()
    return False


def _steps(job: Job) -> Iterator[tuple[str, int, float]]:
    """Each step under the lock: of which task, how much it did, and for how many seconds it held the lock."""
    with job.store.writing():
        _look_at_clock(job)
    for task in tasks(job):
        pace = Pace(size=task.first, most=task.most)
        steps = task.steps(job, pace)
        while True:
            with job.store.writing():
                began = time.monotonic()
                done = next(steps, None)
                took = time.monotonic() - began
            if done is None:
                break
            pace.learn(took)
            yield task.name, done, took
            time.sleep(PAUSE)
