"""Pages to articles in processes that can be killed: on all cores, one page's time and memory never another's.

`Extractor` starts a process (`worker`) when there is work, and up to `workers` when there is much; it hands each one
page at a time, and replaces the one that is too slow, dies or asks for too much memory; its page is `Poison`, the
others go on. The results are those of `from_page`. Nothing is forked, so it may be used beside threads and an event
loop.
"""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from typing import Generic, Self, TypeVar

from tracker.articles.reading import READ_LANGUAGES
from tracker.articles.rules import Rules
from tracker.articles.worker import LENGTH, MOST_ANSWERED, OUT_OF_MEMORY, Job, Terms, answer, frame, too_big
from tracker.model import Article, Done, Poison

K = TypeVar("K")

Extracted = Done[Article] | Poison

START = 300.0  # seconds that a process may take to import what it needs, which is two on a machine that is not busy
BUSY = 1.0  # seconds of work, about what a start costs, after which pages that wait start another process
PAGES_EACH = 2_000  # pages of one process, after which a fresh one takes over: parsers keep some memory for good
_BOOT = (
    "import os, pickle, sys; os.putenv('OPENBLAS_NUM_THREADS', '1'); sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from tracker.articles.worker import main; main()"
)


class Extractor:
    """A pool of processes that read pages; a context manager. Not for two threads at once.

    `workers` processes (None: one for each core this process may use), `seconds` for one page, `memory` bytes
    that a page may add to a process, `read` and `rules` as in `from_page`.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        seconds: float = 20.0,
        memory: int = 1_000_000_000,
        read: Collection[str] = READ_LANGUAGES,
        rules: Rules | None = None,
    ) -> None:
        self._most = workers or len(os.sched_getaffinity(0))
        self._terms = Terms(seconds=seconds, memory=memory, read=frozenset(read), rules=rules)
        self._processes: list[_Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes that are kept."""
        return tuple(process.pid for process in self._processes)

    def close(self) -> None:
        """End all processes at once; the next `extract` starts new ones."""
        for process in self._processes:
            process.end()
        self._processes.clear()

    def extract(self, jobs: Iterable[tuple[K, Job]]) -> Iterator[tuple[K, Extracted]]:
        """Each key with what came of its page, in the order of completion.

        Jobs are taken from the iterable as processes become free, one more for each process at most. Left early, it
        ends the processes that are still at work.
        """
        run = _Run(self._processes, self._most, self._terms, iter(jobs))
        try:
            while (done := run.step()) is not None:
                yield from done
        finally:
            run.leave()


class _Process:
    """A worker process with the bytes of its answer so far."""

    def __init__(self, terms: Terms) -> None:
        self._popen = subprocess.Popen(  # noqa: S603  # this interpreter, our own code
            [sys.executable, "-c", _BOOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the conductor's to act upon
        )
        self._received = bytearray()
        self.is_ready = False
        self.pages = 0
        self.deadline = time.monotonic() + START
        self.send(pickle.dumps(sys.path) + frame(terms))

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._popen.pid

    def fileno(self) -> int:
        """The descriptor that becomes readable with an answer, or when the process dies."""
        assert self._popen.stdout is not None
        return self._popen.stdout.fileno()

    def send(self, data: bytes) -> None:
        """Write to the process; one that is dead is noticed when it is read from."""
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError):
            self._popen.stdin.write(data)
            self._popen.stdin.flush()

    def receive(self) -> bytes | None:
        """Take what has arrived; the whole answer once it is there. EOFError if the process is dead or babbles."""
        data = os.read(self.fileno(), 1 << 20)
        if not data:
            raise EOFError
        self._received += data
        if len(self._received) < LENGTH.size:
            return None
        size = LENGTH.unpack_from(self._received)[0]
        if size > MOST_ANSWERED:
            raise EOFError
        if len(self._received) < LENGTH.size + size:
            return None
        body = bytes(memoryview(self._received)[LENGTH.size : LENGTH.size + size])
        self._received = bytearray()
        return body

    def is_dead(self) -> bool:
        """Whether it has ended by itself."""
        return self._popen.poll() is not None

    def end(self) -> int:
        """Kill it if it lives; its exit status (negative: the signal)."""
        if self._popen.poll() is None:
            self._popen.kill()
        status = self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # the rest of a job that nobody reads any more
                pipe.close()
        return status


class _Run(Generic[K]):
    """One call of `extract`: who is at work on what, and what still waits."""

    def __init__(self, processes: list[_Process], most: int, terms: Terms, jobs: Iterator[tuple[K, Job]]) -> None:
        self._processes, self._most, self._terms, self._jobs = processes, most, terms, jobs
        self._waiting: deque[tuple[K, Job]] = deque()
        self._at_work: dict[_Process, K] = {}
        self._is_over = False
        self._at_work_since: float | None = None

    def step(self) -> list[tuple[K, Extracted]] | None:
        """Hand out what can be handed out and wait for something to happen; None when all is done."""
        self._hand_out()
        if not self._at_work and not self._waiting:
            return None
        watched = [one for one in self._processes if one in self._at_work or not one.is_ready]
        with selectors.DefaultSelector() as selector:
            for process in watched:
                selector.register(process, selectors.EVENT_READ)
            soonest = min(self._grows_at(), *(process.deadline for process in watched)) - time.monotonic()
            heard = [key.fileobj for key, _ in selector.select(max(0.0, soonest))]
        return [done for one in watched if (done := self._look_after(one, is_heard=one in heard)) is not None]

    def leave(self) -> None:
        """End the processes whose answers nobody waits for."""
        for process in [*self._at_work, *(one for one in self._processes if not one.is_ready)]:
            self._drop(process)

    def _hand_out(self) -> None:
        """One page to each process that is free; a new process for a page that waits."""
        while len(self._waiting) + len(self._at_work) < self._most and not self._is_over:
            pulled = next(self._jobs, None)
            if pulled is None:
                self._is_over = True
            else:
                self._waiting.append(pulled)
        for dead in [one for one in self._processes if one not in self._at_work and one.is_dead()]:
            self._drop(dead)
        free = [one for one in self._processes if one.is_ready and one not in self._at_work]
        while self._waiting and free:
            process = free.pop()
            key, job = self._waiting.popleft()
            process.deadline = time.monotonic() + self._terms.seconds
            self._at_work[process] = key
            self._at_work_since = self._at_work_since or time.monotonic()
            process.send(frame(job))
        for _ in range(min(self._unserved(), self._room())):
            self._processes.append(_Process(self._terms))

    def _unserved(self) -> int:
        """How many pages wait for which no process is starting."""
        return len(self._waiting) - sum(not one.is_ready for one in self._processes)

    def _room(self) -> int:
        """How many processes may be started: the first at once, others when there is work for them."""
        return (self._most if time.monotonic() >= self._grows_at() else 1) - len(self._processes)

    def _grows_at(self) -> float:
        """When pages will have waited long enough for more processes, if they wait."""
        since = self._at_work_since if self._unserved() > 0 and len(self._processes) < self._most else None
        return math.inf if since is None else since + BUSY

    def _look_after(self, process: _Process, *, is_heard: bool) -> tuple[K, Extracted] | None:
        if not is_heard:
            return self._lost(process, None) if time.monotonic() >= process.deadline else None
        try:
            body = process.receive()
            told = None if body is None else answer(body)
        except (EOFError, ValueError):
            return self._lost(process, process.end())
        if body is None:
            return None
        if told is None or process not in self._at_work:
            process.is_ready = told is None
            return None
        key = self._at_work.pop(process)
        process.pages += 1
        if process.pages >= PAGES_EACH:
            self._drop(process)
        return key, told

    def _lost(self, process: _Process, status: int | None) -> tuple[K, Extracted] | None:
        """What comes of the page whose process is too slow (no status) or dead."""
        is_starting, key = not process.is_ready, self._at_work.get(process)
        self._drop(process)
        if is_starting:
            raise RuntimeError(f"a reading process did not start: {'too slow' if status is None else status}")
        assert key is not None
        if status is None or -status == signal.SIGXCPU:
            return key, Poison(reason=f"reading the page took longer than {self._terms.seconds:g} seconds")
        if status == OUT_OF_MEMORY:
            return key, too_big(self._terms)
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        return key, Poison(reason=f"reading the page ended its process ({how})")

    def _drop(self, process: _Process) -> None:
        self._at_work.pop(process, None)
        self._processes.remove(process)
        process.end()
