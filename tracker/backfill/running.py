"""The conductor of a backfill: chunks that are not done go to an engine, a bounded number at a time, until all are.

What is done is what the lake says. A chunk that fails is tried again later, and set aside with the reason after so
many tries; the others go on.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.backfill import working
from tracker.backfill.engines import Engine
from tracker.backfill.standing import Standing, Watches, unwatched
from tracker.backfill.terms import Outcome, Terms
from tracker.errors import ConfigError, EngineError, LakeError, ModelError
from tracker.journal import tell
from tracker.lake import Lake, Refused
from tracker.model.archives import ArchiveForm, Chunk

TICK = 1.0  # seconds between two looks at the engine
TRIES = 3
LOST = "the cluster gave the work up: its scheduler was lost or restarted; the same command goes on from there"
FATAL = (EngineError, ModelError, ConfigError)  # no fault of a chunk: with them, every chunk would fail


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done: chunks in the order of the archive, and how."""

    chunks: tuple[Chunk, ...]
    chunk_bytes: int
    tries: int = TRIES
    retry_refused: bool = False  # those that were set aside before, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one run did."""

    done: int
    before: int  # chunks that were done when it began
    refused: tuple[Refused, ...]  # of the plan, also by earlier runs
    refused_now: int  # of them by this run
    counts: dict[str, int]  # of what it did
    seconds: float
    engine: str


@dataclass(slots=True)
class _Run:
    """Where a run stands."""

    engine: Engine
    lake: Lake
    terms: Terms
    tries: int
    waiting: deque[Chunk]
    flying: dict[Future[Outcome], Chunk] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)  # tries, by chunk
    counts: Counter[str] = field(default_factory=Counter)
    done: int = 0
    bytes: int = 0
    refused: int = 0

    def fill(self, width: int) -> None:
        """Hand out as many chunks as there are workers for."""
        while self.waiting and len(self.flying) < width:
            chunk = self._next()
            if chunk is None:
                return
            self.flying[self.engine.executor.submit(working.work, chunk, self.terms)] = chunk

    def settle(self, future: Future[Outcome]) -> None:
        """Take note of what came of a chunk.

        Raises:
            EngineError, ModelError, ConfigError, LakeError: what came of it would come of every chunk.
        """
        chunk = self.flying.pop(future)
        try:
            outcome = future.result()
        except CancelledError as error:
            raise EngineError(f"{self.engine.name}: {LOST}") from error
        except FATAL:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the other chunks go on
            self._failed(chunk, error)
        else:
            self.done += 1
            self.bytes += chunk.size
            self.counts.update(outcome.counts)

    def _failed(self, chunk: Chunk, error: Exception) -> None:
        """Have it tried again when the others have been, or set aside."""
        self.failed[chunk.id] += 1
        reason = self.engine.cause(error)
        tell("chunk failed", chunk=chunk.id, input=chunk.input, tries=self.failed[chunk.id], reason=reason)
        if self.failed[chunk.id] < self.tries:
            self.waiting.append(chunk)
            return
        if isinstance(error, LakeError):
            raise error
        self.lake.refuse(Refused(chunk=chunk, reason=reason, tries=self.failed[chunk.id]))
        self.refused += 1
        self.bytes += chunk.size

    def _next(self) -> Chunk | None:
        """The next chunk; of those that ask the network, one at a time, so that no site is asked by many at once."""
        is_asking = any(chunk.form is ArchiveForm.GDELT for chunk in self.flying.values())
        for place, chunk in enumerate(self.waiting):
            if not (is_asking and chunk.form is ArchiveForm.GDELT):
                del self.waiting[place]
                return chunk
        return None


def run(plan: Plan, terms: Terms, engine: Engine, *, now: datetime, watch: Watches = unwatched) -> tuple[Lake, Ran]:
    """Do what is not done.

    Args:
        plan: the chunks.
        terms: what workers are told; without a reader's version, the first worker tells it.
        engine: who does the work.
        now: kept in a lake that is new.
        watch: told every second, and when it is over.

    Raises:
        LakeError: the lake holds something else, or cannot be written.
        EngineError: the cluster is gone, or its workers differ.
        ModelError, ConfigError: the reader cannot be loaded.
    """
    began = time.monotonic()
    terms = terms.keyed()
    try:
        if not terms.reader:
            terms = replace(terms, reader=_asked(engine, terms, watch, _empty(plan)))
        lake = Lake.begun(terms.out, terms.identity(plan.chunk_bytes), now=now)
        work = _begun(plan, lake, terms, engine)
        done = lake.done()
        before = sum(chunk.id in done for chunk in plan.chunks)
        _until_done(work, lambda width: _standing(plan, work, width, time.monotonic() - began), watch)
    finally:
        working.clear()
    refused = tuple(one for one in lake.refused() if one.chunk.id in {chunk.id for chunk in plan.chunks})
    seconds = time.monotonic() - began
    ran = Ran(
        done=work.done,
        before=before,
        refused=refused,
        refused_now=work.refused,
        counts=dict(work.counts),
        seconds=seconds,
        engine=engine.name,
    )
    return lake, ran


def _begun(plan: Plan, lake: Lake, terms: Terms, engine: Engine) -> _Run:
    done = lake.done()
    refused = set() if plan.retry_refused else {one.chunk.id for one in lake.refused()}
    waiting = deque(chunk for chunk in plan.chunks if chunk.id not in done and chunk.id not in refused)
    return _Run(engine=engine, lake=lake, terms=terms, tries=plan.tries, waiting=waiting)


def _until_done(work: _Run, standing: Callable[[int], Standing], watch: Watches) -> None:
    while work.waiting or work.flying:
        width = work.engine.width()
        work.fill(width)
        watch(standing(width))
        done, _ = wait(work.flying, timeout=TICK, return_when=FIRST_COMPLETED)
        if not work.flying:  # no worker is there yet
            time.sleep(TICK)
        for future in done:
            work.settle(future)
    watch(standing(0))


def _asked(engine: Engine, terms: Terms, watch: Watches, standing: Standing) -> str:
    """The reader's version, as the first worker tells it; a worker that dies of that is tried again."""
    for left in reversed(range(TRIES)):
        while not (width := engine.width()):
            watch(standing)
            time.sleep(TICK)
        future = engine.executor.submit(working.describe, terms)
        while not wait((future,), timeout=TICK).done:
            watch(replace(standing, workers=width))
            engine.width()
        try:
            return future.result()
        except CancelledError as error:
            raise EngineError(f"{engine.name}: {LOST}") from error
        except (*FATAL, LakeError):
            raise
        except Exception as error:
            if not left:
                raise EngineError(f"{engine.name}: no worker could load the reader: {engine.cause(error)}") from error
    raise AssertionError


def _empty(plan: Plan) -> Standing:
    return Standing(chunks=0, chunks_of=len(plan.chunks), bytes=0, bytes_of=_bytes(plan.chunks))


def _standing(plan: Plan, work: _Run, width: int, seconds: float) -> Standing:
    to_do = sum(chunk.size for chunk in (*work.waiting, *work.flying.values()))
    whole = _bytes(plan.chunks)
    return Standing(
        chunks=len(plan.chunks) - len(work.waiting) - len(work.flying),
        chunks_of=len(plan.chunks),
        bytes=whole - to_do,
        bytes_of=whole,
        bytes_before=whole - to_do - work.bytes,
        articles=work.counts["articles"],
        reports=work.counts["reports"],
        refused=work.refused,
        workers=min(width, len(work.flying)),
        seconds=seconds,
    )


def _bytes(chunks: Sequence[Chunk]) -> int:
    return sum(chunk.size for chunk in chunks)
