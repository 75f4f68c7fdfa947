"""Bars on a terminal, one per stage of a refresh. Imported only where a person watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)


class Bars:
    """One bar per stage of a refresh."""

    def __init__(self, bars: Progress) -> None:
        """Draw on the given bars."""
        self._bars = bars
        self._task: TaskID | None = None

    def begin(self, stage: str, total: int | None) -> None:
        """A stage starts; `total` is None where it is not known."""
        self._task = self._bars.add_task(stage, total=total)

    def advance(self, count: int = 1) -> None:
        """Some of the stage is done."""
        if self._task is not None:
            self._bars.advance(self._task, count)

    def end(self) -> None:
        """The stage is over."""
        if self._task is not None:
            done = self._bars.tasks[self._task].completed
            self._bars.update(self._task, total=done, completed=done)


def drawn(stream: IO[str]) -> Progress:
    """Bars that are drawn on the stream while they are used as a context manager."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=stream),
        transient=False,
    )


@contextmanager
def measured(stream: IO[str]) -> Iterator[Callable[[float, str], None]]:
    """One bar; it is moved to a share from 0 to 1, with words behind it."""
    columns = (SpinnerColumn(), BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(file=stream)) as bars:
        task = bars.add_task("", total=1.0)
        yield lambda share, words: bars.update(task, completed=share, description=words)
