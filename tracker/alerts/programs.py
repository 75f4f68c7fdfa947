"""A command as a channel: an argument list, run without a shell, that gets the message as JSON on its standard input.

Exit code 0 means that it took the message. It has a time limit, at which it is killed with all that it started. What it
prints is dropped, but for the end of its standard error, which says why it failed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from typing import IO

from tracker.model.alerts import Delivered, Message, Undelivered

KEPT = 2_000  # bytes at the end of its standard error
CHUNK = 65_536
LEAVE = 1.0  # seconds until the pipes of a killed command are left


def deliver(command: Sequence[str], message: Message, *, seconds: float) -> Delivered | Undelivered:
    """Run the command with the message."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, an argument list and no shell
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return Undelivered(reason=f"the command cannot be run: {error.strerror}")
    text = json.dumps(message.document, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    said = bytearray()
    assert process.stdin is not None
    assert process.stderr is not None
    threads = [
        threading.Thread(target=_feed, args=(process.stdin, text), daemon=True),
        threading.Thread(target=_keep_end, args=(process.stderr, said), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return Undelivered(reason=f"the command was ended after {seconds:g} seconds", in_doubt=True)
    finally:
        for thread in threads:
            thread.join(LEAVE)
    if code == 0:
        return Delivered()
    words = bytes(said).decode("utf-8", "replace").strip().splitlines()
    return Undelivered(reason=f"the command ended with code {code}" + (f": {words[-1]}" if words else ""))


def _feed(pipe: IO[bytes], text: bytes) -> None:
    """Write the message; a command that does not read it has its reasons."""
    with contextlib.suppress(OSError, ValueError):
        pipe.write(text)
    with contextlib.suppress(OSError, ValueError):
        pipe.close()


def _keep_end(pipe: IO[bytes], said: bytearray) -> None:
    """Read all that it says, and keep the end of it."""
    with contextlib.suppress(OSError, ValueError), pipe:
        while piece := os.read(pipe.fileno(), CHUNK):
            said += piece
            del said[:-KEPT]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
