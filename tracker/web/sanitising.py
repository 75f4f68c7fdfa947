"""Originals made harmless in a process of their own, which is kept, and killed where a page is too much for it.

A stranger's page is taken apart by libraries in C: what it does to them (an endless loop, all memory, a crash) ends
that process, and the server says so. Both ways go texts alone, each behind its length; nothing in them is ever run.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import selectors
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

from tracker.web.originals import REFUSED, harmless

SECONDS = 10.0  # for one page
START = 60.0  # seconds in which the process has to be there
MEMORY = 600_000_000  # bytes of address space that pages may add to it
LENGTH = struct.Struct("<Q")
MOST = 50_000_000  # bytes of an answer
READY = b"ready"
BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from tracker.web.sanitising import main; main()"
LATE, DEAD = "taking it apart takes too long", "taking it apart ended the process that tried"


class Sanitiser:
    """A process that is started with the first page, and anew after one that ended it. For many threads."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        """Nothing is started yet."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process that is kept, if there is one."""
        return None if self._process is None else self._process.pid

    def harmless(self, source: str) -> str:
        """As `tracker.web.originals.harmless`; a page that cannot be taken apart in time, or at all, says why."""
        with self._lock:
            try:
                process = self._started()
                _send(process, source.encode("utf-8", "replace"))
                return _answer(process, self._seconds).decode()
            except TimeoutError:
                self._end()
                return REFUSED.format(fault=LATE)
            except (OSError, EOFError):
                self._end()
                return REFUSED.format(fault=DEAD)

    def close(self) -> None:
        """End the process; the next page starts another one."""
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter, our own code
            [sys.executable, "-c", BOOT, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the server's to act upon
        )
        if _answer(self._process, START) != READY:
            raise EOFError
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # the rest of a page that nobody reads any more
                pipe.close()


def _send(process: subprocess.Popen[bytes], body: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(LENGTH.pack(len(body)) + body)
    process.stdin.flush()


def _answer(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """What the process says; raises TimeoutError where it does not in time, EOFError where it ends or babbles."""
    assert process.stdout is not None
    until, had = time.monotonic() + seconds, bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            data = os.read(process.stdout.fileno(), 1 << 20)
            had += data
            size = LENGTH.unpack_from(had)[0] if len(had) >= LENGTH.size else 0
            if not data or size > MOST:
                raise EOFError
            if len(had) >= LENGTH.size and len(had) == LENGTH.size + size:
                return bytes(had[LENGTH.size :])


def main() -> None:
    """Serve until the input ends, within the limits."""
    pages, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not reach the answers
    harmless("<p>warm up")  # what is loaded for it is no part of the first page's time
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory()
    _tell(answers, READY)
    while len(head := pages.read(LENGTH.size)) == LENGTH.size:
        _limit_cpu()
        _tell(answers, harmless(pages.read(LENGTH.unpack(head)[0]).decode()).encode("utf-8", "replace"))


def _tell(answers: BinaryIO, body: bytes) -> None:
    answers.write(LENGTH.pack(len(body)) + body)
    answers.flush()


def _limit_cpu() -> None:
    """A process that nobody is left to end ends itself."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = int(usage.ru_utime + usage.ru_stime + 2 * SECONDS) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit_memory() -> None:
    """Libraries reserve what they never touch, so the limit counts from what there is now (Linux alone tells it)."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        most = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


KEPT = Sanitiser()  # of this server
