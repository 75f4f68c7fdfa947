"""Commands run one after another in a process that may do no more than permissions say, as root may not either.

Each line of standard input is a JSON object: `words`, the command; `most_bytes`, how large a file may get (as on a full
disk); `locks`, whether files can be locked. Each line of the output is one too: `code`, and `messages`.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import io
import json
import resource
import sys
from collections.abc import Iterator

from tracker.cli import main
from tracker.store import connection

DROPPED = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: to read and write whatever one likes
HEADER = 0x20080522  # of capset(2), version 3


def as_anybody() -> None:
    """Give up what root may beyond the permissions of files; others have nothing to give up."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(HEADER, 0)
    sets = (ctypes.c_uint32 * 6)()
    libc.capget(header, sets)
    for position in range(3):
        for capability in DROPPED:
            sets[position] &= ~(1 << capability)
    libc.capset(header, sets)


def ran(words: list[str]) -> tuple[int, str]:
    """The exit code and the messages of one command."""
    messages = io.StringIO()
    with (
        contextlib.redirect_stderr(messages),
        contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")),
    ):
        try:
            main(words)
        except SystemExit as ended:
            return int(ended.code or 0), messages.getvalue()
        except Exception as bug:  # noqa: BLE001 - the test shows it
            return -1, f"Traceback: {bug!r}"
    return 0, messages.getvalue()


@contextlib.contextmanager
def circumstances(most_bytes: int | None, *, locks: bool) -> Iterator[None]:
    """A disk that is full, or one that keeps no locks."""
    was, lock = resource.getrlimit(resource.RLIMIT_FSIZE), fcntl.flock
    if most_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, was[1]))
    if not locks:
        fcntl.flock = no_locks
    try:
        yield
    finally:
        fcntl.flock = lock
        resource.setrlimit(resource.RLIMIT_FSIZE, was)


def no_locks(*_: object) -> None:
    """As on a network disk."""
    raise OSError(errno.ENOLCK, "No locks available")


if __name__ == "__main__":
    as_anybody()
    connection.BUSY_SECONDS = 0.05  # nobody is waited for
    for line in sys.stdin:
        asked = json.loads(line)
        with circumstances(asked["most_bytes"], locks=asked["locks"]):
            code, told = ran(asked["words"])
        print(json.dumps({"code": code, "messages": told}), flush=True)  # noqa: T201
