"""`tracker serve` in a process of its own, as a reader meets it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket

WAIT = 60.0  # seconds until it answers


@contextmanager
def serving(database: Path, *words: str) -> Iterator[str]:
    """Its address, as long as it runs."""
    port = free_port()
    told = [sys.executable, "-m", "tracker", "--db", str(database), "serve", "--port", str(port), *words]
    with subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        try:
            wait(running, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.communicate(timeout=20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait(running: subprocess.Popen[str], port: int) -> None:
    """Until it takes connections; AssertionError with what it said where it ends before."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if running.poll() is not None:
            raise AssertionError(f"tracker serve ended: {running.communicate()[0]}")
        try:
            create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("tracker serve did not answer in time")
