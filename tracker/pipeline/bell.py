"""Signals as a long run hears them: SIGTERM and SIGINT end it, SIGHUP has it read its settings again.

Where work may be broken off at any point (`interruptible`), the end is raised into it, as Ctrl-C is; elsewhere it is
noted, and `check` or the next wait finds it. Work that does not end in time is cut off, which loses nothing: what is
not done is a query on the database. Does not know what the work is.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tracker.journal import tell

PATIENCE = 4.0  # seconds from the signal until the process is cut off
ENDING = (signal.SIGTERM, signal.SIGINT)


class StoppedError(BaseException):
    """Somebody has asked for the end. No `Exception`: nothing that carries on after an error may carry on after it."""


class Bell:
    """What has been asked for by signals so far. One per process, in its main thread."""

    def __init__(self, *, code: int = 0) -> None:
        """Nothing has been asked for; `hung` begins to listen. `code` is the exit code of a process that is cut off."""
        self.is_stopping = False
        self._code = code
        self._is_over = threading.Event()
        self._must_reload = False
        self._raises = False
        self._wake = self._doom = (-1, -1)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Listen to signals within."""
        self._wake, self._doom = os.pipe(), os.pipe()
        for end in (*self._wake, self._doom[1]):
            os.set_blocking(end, False)
        before = {number: signal.signal(number, self._stop) for number in ENDING}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._reload)
        # It is there before any signal: none can be started safely by one.
        threading.Thread(target=self._watch, args=(self._doom[0],), name="tracker-bell", daemon=True).start()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._is_over.set()
            os.close(self._doom[1])  # the thread ends
            for end in self._wake:
                os.close(end)

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Within, the end is raised wherever the work stands."""
        self.check()
        self._raises = True
        try:
            yield
        finally:
            self._raises = False
        self.check()

    def check(self) -> None:
        """Raise the end if it has been asked for."""
        if self.is_stopping:
            raise StoppedError

    def must_reload(self) -> bool:
        """Whether settings are to be read again; once for however many signals."""
        asked, self._must_reload = self._must_reload, False
        return asked

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until a signal comes; whether one came."""
        ready, _, _ = select.select([self._wake[0]], [], [], max(0.0, seconds))
        if ready:
            os.read(self._wake[0], 1024)
        return bool(ready)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as signal hands them over
        if self.is_stopping:
            return
        self.is_stopping = True
        _ring(self._doom[1])
        _ring(self._wake[1])
        if self._raises:
            raise StoppedError

    def _reload(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as above
        self._must_reload = True
        _ring(self._wake[1])

    def _watch(self, doom: int) -> None:
        """End the process when a stop was asked for and it is still at work after `PATIENCE`."""
        try:
            asked = os.read(doom, 1)
        finally:
            os.close(doom)
        if asked and not self._is_over.wait(PATIENCE):
            tell("cut off", level="warning", seconds=PATIENCE)
            os._exit(self._code)


def _ring(end: int) -> None:
    try:
        os.write(end, b"!")
    except BlockingIOError:  # it rings already
        return
