"""`tracker serve` in a process of its own, as a reader meets it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket
from tempfile import TemporaryFile

WAIT = 60.0  # seconds until it answers
LOG = 10_000_000  # bytes of what it writes


@contextmanager
def serving(database: Path, *words: str) -> Iterator[str]:
    """Its address, as long as it runs."""
    with served(database, *words) as site:
        yield site.address


@dataclass(frozen=True, slots=True)
class Site:
    """A server that runs."""

    address: str
    log: Callable[[], str]  # all that it has written


@contextmanager
def served(database: Path, *words: str) -> Iterator[Site]:
    """As `serving`, with what the server writes."""
    port = free_port()
    told = [sys.executable, "-m", "tracker", "--db", str(database), "serve", "--port", str(port), *words]
    with TemporaryFile() as log:  # a pipe that nobody reads would stop the server one day
        site = Site(f"http://127.0.0.1:{port}", lambda: os.pread(log.fileno(), LOG, 0).decode())
        with subprocess.Popen(told, stdout=log, stderr=subprocess.STDOUT) as running:
            try:
                wait(running, port, site)
                yield site
            finally:
                running.terminate()
                running.wait(timeout=20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait(running: subprocess.Popen[bytes], port: int, site: Site) -> None:
    """Until it takes connections; AssertionError with what it said where it ends before."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if running.poll() is not None:
            raise AssertionError(f"tracker serve ended: {site.log()}")
        try:
            create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("tracker serve did not answer in time")
