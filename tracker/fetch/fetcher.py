"""The face of the network room: an ordinary iterator over one asyncio loop in a thread of its own.

Requests are pulled as they are needed, in the caller's thread; outcomes come in order of completion. When the caller
does not take outcomes, no more than a few pages wait for it. Leaving the iterator or the `with` block, for whatever
reason, ends what is under way.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from types import MappingProxyType, TracebackType
from typing import Self

from tracker.fetch.connections import Wire
from tracker.fetch.dialling import Resolve, system_resolver
from tracker.fetch.rests import Rests
from tracker.fetch.transport import Transport
from tracker.fetch.turns import Gate
from tracker.fetch.visits import Visitor
from tracker.model import Fetched, FetchSettings, Request, RobotsMemory, RobotsText

LOOKAHEAD = 64  # requests pulled per place on the wire, so that one host's queue does not hold up the others
RESOLVERS = 2  # threads that wait for names, per place on the wire: a dead name server keeps them for long
_CLOSED = "the fetcher is not open: use it as a context manager"


@dataclass(frozen=True, slots=True)
class Running:
    """What lives in the loop's thread."""

    loop: asyncio.AbstractEventLoop
    visitor: Visitor
    stop: asyncio.Event


class Errand:
    """Something to do in the thread that takes the outcomes; whoever comes to it first does it, once."""

    def __init__(self, work: Callable[[], RobotsText | None], loop: asyncio.AbstractEventLoop) -> None:
        self.done: asyncio.Future[RobotsText | None] = loop.create_future()
        self._work, self._loop = [work], loop

    def run(self) -> None:
        """Do it, if nobody has. What it raises passes."""
        with suppress(IndexError):
            work = self._work.pop()
            try:
                found = work()
            except BaseException:
                self._loop.call_soon_threadsafe(self.done.cancel)
                raise
            self._loop.call_soon_threadsafe(self._end, found)

    def _end(self, found: RobotsText | None) -> None:
        if not self.done.done():
            self.done.set_result(found)


class Call:
    """One `fetch` under way: its tasks, its outcomes not yet taken, and the gate that closes when they pile up."""

    def __init__(self, running: Running, most_ready: int) -> None:
        self.outcomes: SimpleQueue[tuple[Request, Fetched] | BaseException | Errand] = SimpleQueue()
        self._running, self._most_ready = running, most_ready
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = Gate()
        self._ready = 0

    def start(self, request: Request) -> None:
        """Take on one more request. In the loop's thread."""
        task = self._running.loop.create_task(self._run(request))
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def taken(self) -> None:
        """The caller has taken an outcome. In the loop's thread."""
        self._ready -= 1
        if self._ready < self._most_ready and not self._gate.is_open:
            self._running.visitor.open(self._gate)

    async def cancel(self) -> None:
        """Stop everything and wait until it has stopped."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, request: Request) -> None:
        outcome = await self._running.visitor.visit(request, self._gate)
        self._ready += 1
        if self._ready >= self._most_ready:
            self._gate.is_open = False
        self.outcomes.put((request, outcome))

    def _end(self, task: asyncio.Task[None]) -> None:
        """Hand a bug, or the end of the fetcher, on to the caller."""
        self._tasks.discard(task)
        if task.cancelled():
            self.outcomes.put(RuntimeError(_CLOSED))
        elif error := task.exception():
            self.outcomes.put(error)


class Fetcher:
    """Fetches politely; a context manager.

    Sites, their pauses and their robots.txt are remembered from one `fetch` to the next; one may run inside the loop
    over another.

    Args:
        settings: limits, pauses, and who asks.
        now: the time, aware and in UTC, for `fetched_at`, dates in headers, and the rests of sites.
        rests: sites (registrable domains) that are to be left alone until a time, as `rests` of an earlier run says.
        robots: keeps robots.txt between runs.
        resolve: from a host name and a port to IP addresses; the system's resolver.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        now: Callable[[], datetime],
        rests: Mapping[str, datetime] = MappingProxyType({}),
        robots: RobotsMemory | None = None,
        resolve: Resolve = system_resolver,
    ) -> None:
        self._settings, self._now = settings, now
        self._rests, self._robots, self._resolve = Rests(rests, now), robots, resolve
        self._errands: set[Errand] = set()
        self._running: Running | None = None
        self._thread: threading.Thread | None = None
        self._calls: set[Call] = set()

    def __enter__(self) -> Self:
        started: Future[Running] = Future()
        self._thread = threading.Thread(target=self._work, args=(started,), name="tracker-fetch", daemon=True)
        self._thread.start()
        self._running = started.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        running, self._running = self._running, None
        if running is not None and self._thread is not None:
            running.loop.call_soon_threadsafe(running.stop.set)
            self._thread.join()

    @property
    def rests(self) -> dict[str, datetime]:
        """The sites that have asked to be left alone, and until when: for the next run."""
        return self._rests.present()

    def fetch(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Fetched]]:
        """Each request with its outcome, in order of completion. Raises only on bugs and on a fetcher not open."""
        running = self._open()
        call = Call(running, most_ready=self._settings.concurrency)
        self._calls.add(call)
        for errand in tuple(self._errands):  # after the call is known, so that none is overlooked
            call.outcomes.put(errand)
        try:
            yield from self._outcomes(call, running, iter(requests))
        finally:
            self._calls.discard(call)
            if self._running is running:
                stopped = asyncio.run_coroutine_threadsafe(call.cancel(), running.loop)
                if threading.current_thread() is not self._thread:  # where the garbage collector may have brought us
                    stopped.result()

    def _outcomes(self, call: Call, running: Running, requests: Iterator[Request]) -> Iterator[tuple[Request, Fetched]]:
        """Pull while there is room and nothing to hand out, then hand out."""
        under_way, more, room = 0, True, self._settings.concurrency * LOOKAHEAD
        while True:
            while more and under_way < room and call.outcomes.empty():
                request = next(requests, None)
                if request is None:
                    more = False
                    break
                running.loop.call_soon_threadsafe(call.start, request)
                under_way += 1
            if not under_way:
                return
            outcome = call.outcomes.get()
            if isinstance(outcome, Errand):
                outcome.run()
                continue
            if isinstance(outcome, BaseException):
                raise outcome
            under_way -= 1
            self._open().loop.call_soon_threadsafe(call.taken)
            yield outcome
            self._open()

    def _open(self) -> Running:
        if self._running is None:
            raise RuntimeError(_CLOSED)
        return self._running

    def _work(self, started: Future[Running]) -> None:
        """The thread: one loop, from the first request to the last connection closed."""
        with asyncio.Runner() as runner:
            runner.run(self._live(started))

    async def _live(self, started: Future[Running]) -> None:
        loop = asyncio.get_running_loop()
        threads = self._settings.concurrency * RESOLVERS
        loop.set_default_executor(ThreadPoolExecutor(threads, thread_name_prefix="tracker-dns"))
        try:
            wire = Wire(self._settings, self._resolve)
        except Exception as error:  # noqa: BLE001  handed on to the thread that asked for a fetcher
            started.set_exception(error)
            return
        visitor = Visitor(
            wire,
            Transport(wire),
            self._settings,
            self._now,
            rested=self._rests,
            memory=self._robots,
            call=self._on_errand,
        )
        running = Running(loop, visitor, asyncio.Event())
        started.set_result(running)
        await running.stop.wait()
        for call in tuple(self._calls):
            await call.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*visitor.close(), return_exceptions=True)
        await wire.close()

    async def _on_errand(self, work: Callable[[], RobotsText | None]) -> RobotsText | None:
        """Have something done by whichever call is being taken from. In the loop's thread."""
        errand = Errand(work, asyncio.get_running_loop())
        self._errands.add(errand)
        try:
            for call in tuple(self._calls):
                call.outcomes.put(errand)
            return await errand.done
        finally:
            self._errands.discard(errand)
