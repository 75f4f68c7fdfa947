"""Progress of long work: bars where a person watches (`bars`), one plain line per stage in cron."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TypeVar

from tracker.progress import Quiet, Watch

T = TypeVar("T")


@contextmanager
def watching(stream: IO[str], *, quiet: bool) -> Iterator[Watch]:
    """A watch for the pipeline: bars on a terminal, lines elsewhere, nothing if quiet."""
    if quiet:
        yield Quiet()
    elif not stream.isatty():
        yield Lines(stream)
    else:
        from tracker.cli.bars import Bars, drawn

        with drawn(stream) as bars:
            yield Bars(bars)


def counted(things: Iterable[T], what: str, stream: IO[str]) -> Iterator[T]:
    """The same things, counted on a terminal and silently elsewhere."""
    if not stream.isatty():
        yield from things
        return
    from tracker.cli.bars import drawn

    with drawn(stream) as bars:
        yield from bars.track(things, description=what)


class Lines:
    """One line per stage, when it ends: what a cron mail should hold."""

    def __init__(self, stream: IO[str]) -> None:
        """Write to the stream."""
        self._stream, self._stage, self._count, self._since = stream, "", 0, 0.0

    def begin(self, stage: str, total: int | None) -> None:  # noqa: ARG002
        """A stage starts."""
        self._stage, self._count, self._since = stage, 0, time.monotonic()

    def advance(self, count: int = 1) -> None:
        """Some of the stage is done."""
        self._count += count

    def end(self) -> None:
        """The stage is over."""
        if self._count:
            seconds = time.monotonic() - self._since
            self._stream.write(f"{self._stage}: {self._count} in {seconds:.1f} s\n")
            self._stream.flush()
