"""Who does the work: this process, processes of this machine, or a Dask cluster, each behind the standard executor.

Each worker has one chunk at a time, so that a worker's death tells which chunk it had. Of the processes of this
machine each is a pool of its own: the death of one breaks no other's work, as it would in a pool of many.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tracker.errors import InputError

T = TypeVar("T")

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
PROCESSES, INLINE, DASK = "processes", "inline", "dask://"


class Engine(Protocol):
    """An executor and what the standard does not say of it."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def executor(self) -> Executor:
        """Where chunks go."""
        ...

    def width(self) -> int:
        """How many chunks it can work on now; 0 while a cluster has no workers. EngineError: it is gone."""
        ...

    def cause(self, error: BaseException) -> str:
        """In words, why a chunk failed."""
        ...


def cause(error: BaseException) -> str:
    """The words for what may happen to a chunk with every engine."""
    if isinstance(error, BrokenExecutor):
        return "the process that worked on it died: it was killed, or ran out of memory"
    if isinstance(error, MemoryError):
        return "it takes more memory than a worker may have"
    words = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
    return words[:500]


class InlineExecutor(Executor):
    """Does what it is handed at once, in the caller's thread."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """The future is done when it is returned."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is the future's
            future.set_exception(error)
        return future


@dataclass(slots=True)
class _Slot:
    """A pool of one process, and what it was handed last."""

    pool: ProcessPoolExecutor
    future: Future[Any] | None = None

    def is_free(self) -> bool:
        return self.future is None or self.future.done()

    def is_spent(self) -> bool:
        """Whether its process is dead, or has been out of memory: then nobody knows what is left of it."""
        error = self.future.exception() if self.future is not None and self.future.done() else None
        return isinstance(error, BrokenExecutor | MemoryError)


class ProcessesExecutor(Executor):
    """So many pools of one process each; takes no more than one thing for each."""

    def __init__(self, workers: int, *, memory: int | None = None) -> None:
        """Processes are started when there is work; `memory` bytes is what each may take."""
        self._workers, self._memory = workers, memory
        self._slots: list[_Slot] = []
        self._others = {child.pid for child in multiprocessing.active_children()}

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Hand it to a free process. RuntimeError: there is none."""
        for spent in [slot for slot in self._slots if slot.is_free() and slot.is_spent()]:
            self._drop(spent)
        slot = next((one for one in self._slots if one.is_free()), None) or self._new()
        try:
            future: Future[T] = slot.pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:  # it died while it had nothing to do
            self._drop(slot)
            return self.submit(fn, *args, **kwargs)
        slot.future = future
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - the standard's
        """End the processes; without waiting, at once, whatever they are at."""
        if not wait:
            for child in multiprocessing.active_children():
                if child.pid not in self._others:
                    child.kill()
        for slot in self._slots:
            slot.pool.shutdown(wait=True, cancel_futures=cancel_futures)
        self._slots.clear()

    def _drop(self, slot: _Slot) -> None:
        slot.pool.shutdown(wait=False)
        self._slots.remove(slot)

    def _new(self) -> _Slot:
        if len(self._slots) >= self._workers:
            raise RuntimeError("every process has work")
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare, initargs=(self._memory,))
        self._slots.append(_Slot(pool))
        return self._slots[-1]


def _prepare(memory: int | None) -> None:
    """In a worker, before anything is loaded: one thread, no more memory than allowed, no life after its parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the conductor's to act upon
    for name in ONE_THREAD:
        os.putenv(name, "1")
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """Inline or processes."""

    name: str
    executor: Executor
    workers: int = 1

    def width(self) -> int:
        """As many as there are workers."""
        return self.workers

    def cause(self, error: BaseException) -> str:
        """As with every engine."""
        return cause(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An engine as the command line names it; `workers` None: one for each core that this process may use."""

    name: str = PROCESSES  # inline, processes, or dask://HOST:PORT
    workers: int | None = None
    memory: int | None = None  # bytes, of each process


@contextmanager
def opened(wanted: Wanted) -> Iterator[Engine]:
    """The engine, which ends with the block: in peace, or at once where the block ends by an error or a signal.

    Raises:
        InputError: there is no such engine, or it does not do what is asked of it.
        EngineError: the cluster cannot be reached.
    """
    if wanted.name.startswith(DASK):
        if wanted.workers is not None or wanted.memory is not None:
            raise InputError("--workers and --memory are for processes; a cluster's workers are started with theirs")
        from tracker.backfill.clusters import cluster  # noqa: PLC0415 - Dask takes a second to load

        with cluster(wanted.name.removeprefix(DASK)) as engine:
            yield engine
        return
    if wanted.name not in {INLINE, PROCESSES}:
        raise InputError(f"{wanted.name!r}: is no engine; name inline, processes, or dask://HOST:PORT")
    with _local(wanted) as engine:
        yield engine


@contextmanager
def _local(wanted: Wanted) -> Iterator[Local]:
    if wanted.name == INLINE:
        if (wanted.workers or 1) > 1 or wanted.memory is not None:
            raise InputError("--workers and --memory are for the engine processes; inline is this process alone")
        yield Local(name=INLINE, executor=InlineExecutor())
        return
    workers = wanted.workers or len(os.sched_getaffinity(0))
    executor = ProcessesExecutor(workers, memory=wanted.memory)
    in_peace = False
    try:
        yield Local(name=PROCESSES, executor=executor, workers=workers)
        in_peace = True
    finally:
        executor.shutdown(wait=in_peace, cancel_futures=not in_peace)
