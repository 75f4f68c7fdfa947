"""Work in processes that may be killed: each a fork of a server that has loaded the reader once.

A forked process does what a fresh one does, without the ten seconds in which it would load Python, the libraries and
the models: what is killed is the work and not the loading. Knows nothing of what the work is.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.model import Reads

MARK = "TRACKER_CRASH_DRILL"  # in the environment of all that the drill starts
ENDED = 300.0  # seconds after which work that nobody kills is taken for stuck
ROOT = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a piece of work ended: its exit code (negative: the signal), its wall time in seconds."""

    code: int
    seconds: float

    @property
    def is_killed(self) -> bool:
        """Whether it was killed before it ended."""
        return self.code < 0


@cache
def reader() -> Reads:
    """The reader, loaded once in the server and inherited by every fork; never in the drill itself."""
    from tracker import nlp  # noqa: PLC0415 - it takes seconds

    return nlp.load()


def serve(mark: str, *, reads: bool) -> multiprocessing.context.ForkServerContext:
    """The server of forks, which starts with the first of them."""
    os.environ |= {MARK: mark, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crash_loaded" if reads else "crash_works"])
    return context


def run(
    context: multiprocessing.context.ForkServerContext,
    work: Callable[..., object],
    *given: object,
    log: Path,
    kill_after: float | None = None,
) -> Outcome:
    """Do a piece of work in a process of its own, killed with SIGKILL after so many seconds of it."""
    ready, begins = context.Pipe(duplex=False)
    process = context.Process(target=_begin, args=(begins, log, work, given))
    process.start()
    begins.close()
    ready.recv()  # what is measured is the work, not the fork
    begun = time.monotonic()
    process.join(ENDED if kill_after is None else kill_after)
    if process.exitcode is None:
        process.kill()
        process.join()
    assert process.exitcode is not None
    return Outcome(code=process.exitcode, seconds=time.monotonic() - begun)


def _begin(
    begins: multiprocessing.connection.Connection, log: Path, work: Callable[..., object], given: tuple[object, ...]
) -> None:
    """In the fork: its output into the log, then the work."""
    with log.open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    begins.send("ready")
    begins.close()
    code = work(*given)
    sys.exit(code if isinstance(code, int) else 0)


def left_behind(mark: str) -> list[str]:
    """The command lines of the processes that bear the mark, other than the server of forks and what watches it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has ended, or is somebody else's
            continue
        if f"{MARK}={mark}".encode() in environment and "multiprocessing" not in words:
            found.append(words[:200])
    return found
