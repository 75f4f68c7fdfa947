"""A Dask cluster as an engine, through its standard executor. The only module that imports Dask.

Its settings are Dask's own (files and environment variables, docs/backfill.md): TLS, time limits, how often a chunk may
lose its worker before it is given up. Nothing is started here: scheduler and workers are there already, or come.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tracker.backfill.engines import cause
from tracker.errors import EngineError
from tracker.extras import needed

CONNECTING = 10.0  # seconds
AGAIN = "what was done is kept: the same command goes on from there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A connection to a scheduler."""

    name: str
    executor: Executor
    client: Any
    killed: type[BaseException]  # what Dask says of a chunk that has lost too many workers

    def width(self) -> int:
        """Threads of all workers there are now; EngineError where the scheduler is gone."""
        if self.client.status == "running":
            with suppress(OSError, TimeoutError, RuntimeError, ValueError):
                return sum(self.client.nthreads().values())
        raise EngineError(f"{self.name}: the connection to the scheduler was lost; {AGAIN}")

    def cause(self, error: BaseException) -> str:
        """As with every engine; Dask has its own way to say that workers died."""
        if isinstance(error, self.killed):
            return "the workers that worked on it died, one after another: killed, or out of memory"
        return cause(error)


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """A connection while the block lasts; what workers are at when it ends early, they end, and it counts.

    Raises:
        InputError: Dask is not installed.
        EngineError: no scheduler answers there.
    """
    distributed = needed("distributed", "the engine dask", extra="dask")
    name = f"dask://{address}"
    where = address if "://" in address else f"tcp://{address}"
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told by `EngineError`
    try:
        client = distributed.Client(where, timeout=CONNECTING, set_as_default=False, name="tracker-backfill")
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineError(f"{name}: no scheduler answers there ({error}); start it, or see its address") from error
    executor = client.get_executor(pure=False)
    try:
        yield Cluster(name=name, executor=executor, client=client, killed=distributed.KilledWorker)
    finally:
        with suppress(Exception):  # of a scheduler that is gone there is nothing to take leave of
            executor.shutdown(wait=False)
        with suppress(Exception):
            client.close(timeout=2)
