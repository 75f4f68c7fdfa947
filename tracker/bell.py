"""Signals as every command hears them: SIGTERM and SIGINT end it; SIGHUP too, or has it read its settings again.

Where work may be broken off at any point (`interruptible`), the end is raised into it, as Ctrl-C is, and again where
Python lets nothing be raised (in the callback of a weak reference, as `import` has them); elsewhere it is noted, and
`check` or the next wait finds it. Work that does not end in time is cut off, which loses nothing: what is
not done is a query on the database. Does not know what the work is.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from tracker.journal import tell

PATIENCE = 4.0  # seconds from the signal until the process is cut off
AGAIN = 0.1  # seconds between two looks whether what was raised was lost
ENDING = (signal.SIGTERM, signal.SIGINT)
SIGNALLED = 128  # what shells add to the number of a signal to say that it ended a process


class StoppedError(BaseException):
    """Somebody has asked for the end. No `Exception`: nothing that carries on after an error may carry on after it."""


class Bell:
    """What has been asked for by signals so far. In the main thread; one that is hung within another goes before it."""

    def __init__(self, *, code: int | None = None, reloads: bool = False, words: str = "") -> None:
        """Nothing has been asked for; `hung` begins to listen.

        Args:
            code: the exit code of a process that is stopped; None: 128 and the number of the signal.
            reloads: whether SIGHUP asks for new settings; else it ends, as the other two do.
            words: what is said on standard error when the process is cut off.
        """
        self.is_stopping = False
        self.code = code or 0
        self._is_fixed = code is not None
        self._words = words
        self._reloads = reloads
        self._is_over = threading.Event()
        self._must_reload = False
        self._raises = False
        self._was_lost = False  # the end was raised where nothing can be raised
        self._wake = self._doom = (-1, -1)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Listen to signals within."""
        self._wake, self._doom = os.pipe(), os.pipe()
        for end in (*self._wake, self._doom[1]):
            os.set_blocking(end, False)
        heard = dict.fromkeys(ENDING, self._stop) | {signal.SIGHUP: self._reload if self._reloads else self._stop}
        if not self._reloads:  # a shell has what it starts in the background deaf to Ctrl-C, `nohup` to a hangup
            heard = {number: act for number, act in heard.items() if signal.getsignal(number) != signal.SIG_IGN}
        before = {number: signal.signal(number, act) for number, act in heard.items()}
        # It is there before any signal: none can be started safely by one.
        threading.Thread(target=self._watch, args=(self._doom[0],), name="tracker-bell", daemon=True).start()
        told, sys.unraisablehook = sys.unraisablehook, self._unraisable(sys.unraisablehook)
        try:
            yield
        finally:
            sys.unraisablehook = told
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
        if self.is_stopping and not self._was_lost:
            return
        if not self.is_stopping:
            self.is_stopping = True
            self.code = self.code if self._is_fixed else SIGNALLED + number
            _ring(self._doom[1])
            _ring(self._wake[1])
        self._was_lost = False
        if self._raises:
            raise StoppedError

    def _unraisable(self, told: Callable[[sys.UnraisableHookArgs], object]) -> Callable[[sys.UnraisableHookArgs], None]:
        """Notes that the end was lost; all else is told as before."""

        def hear(lost: sys.UnraisableHookArgs) -> None:
            if issubclass(lost.exc_type, StoppedError):
                self._was_lost = True
            else:
                told(lost)

        return hear

    def _reload(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as above
        self._must_reload = True
        _ring(self._wake[1])

    def _watch(self, doom: int) -> None:
        """End the process when a stop was asked for and it is still at work after `PATIENCE`."""
        try:
            asked = os.read(doom, 1)
        finally:
            os.close(doom)
        ends = time.monotonic() + PATIENCE
        while asked and not self._is_over.wait(min(AGAIN, PATIENCE)):
            if time.monotonic() < ends:
                self._raise_again()
                continue
            tell("cut off", level="warning", seconds=PATIENCE)
            with suppress(OSError):  # there may be nobody left to hear it
                os.write(sys.stderr.fileno(), self._words.encode())
            os._exit(self.code)

    def _raise_again(self) -> None:
        """Have the main thread hear the signal once more where what it raised was lost."""
        main = threading.main_thread().ident
        if self._was_lost and main is not None:
            signal.pthread_kill(main, signal.SIGTERM)


def _ring(end: int) -> None:
    try:
        os.write(end, b"!")
    except BlockingIOError:  # it rings already
        return
