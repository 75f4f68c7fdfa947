"""One function done for many things by an engine: so many at a time as there are workers, answers in order.

What a worker's death takes with it is done again, a few times; what a function raises goes through.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tracker.errors import EngineError
from tracker.progress import Watch

T = TypeVar("T")
P = TypeVar("P")
TICK = 1.0  # seconds between two looks at the workers
TRIES = 3
AHEAD = 2  # answers that wait for an earlier one, for each worker


class Workers(Protocol):
    """What is wanted of an engine."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def executor(self) -> Executor:
        """Where work goes."""
        ...

    def width(self) -> int:
        """How much it can work on now."""
        ...

    def cause(self, error: BaseException) -> str:
        """In words, why something failed."""
        ...


def spread(
    workers: Workers, function: Callable[..., T], things: Sequence[P], given: Sequence[tuple[Any, ...]]
) -> Iterator[T]:
    """The answers for all things, in their order; `given` are the further arguments of each.

    Raises:
        EngineError: a worker died of one of them again and again, or the cluster is gone.
    """
    waiting = deque(range(len(things)))
    flying: dict[Future[T], int] = {}
    done: dict[int, T] = {}
    tries: Counter[int] = Counter()
    following = 0
    while following < len(things):
        width = workers.width()
        while waiting and len(flying) < width and waiting[0] < following + width * AHEAD:
            number = waiting.popleft()
            flying[workers.executor.submit(function, things[number], *given[number])] = number
        if not flying:  # no worker is there yet
            time.sleep(TICK)
        for future in wait(flying, timeout=TICK, return_when=FIRST_COMPLETED).done:
            number = flying.pop(future)
            try:
                done[number] = future.result()
            except (BrokenExecutor, CancelledError, MemoryError) as error:
                tries[number] += 1
                if tries[number] == TRIES or isinstance(error, CancelledError):
                    raise EngineError(f"{workers.name}: part {number + 1}: {workers.cause(error)}") from error
                waiting.appendleft(number)
        while following in done:
            yield done.pop(following)
            following += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """As `spread`, by the same workers, and somebody is told how many things are done."""

    workers: Workers
    watch: Watch

    def __call__(
        self, stage: str, function: Callable[..., T], things: Sequence[P], given: Sequence[tuple[Any, ...]]
    ) -> Iterator[T]:
        """The answers for all things, in their order."""
        if not things:
            return
        self.watch.begin(stage, len(things))
        for one in spread(self.workers, function, things, given):
            yield one
            self.watch.advance()
        self.watch.end()
