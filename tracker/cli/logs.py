"""The options of logs and figures, for the commands that run unattended, and the stages of a run as lines of a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from tracker.config import Config
from tracker.journal import FORMS, LEVELS, Journal, run_id, tell, written
from tracker.progress import Watch

Command = TypeVar("Command", bound=Callable[..., Any])

PLACE = click.Path(path_type=Path, dir_okay=False)


def log_options(command: Command) -> Command:
    """Give a command --log, --log-file, --log-level and --metrics."""
    options = [
        click.option("--log", "form", type=click.Choice(FORMS), help="Write a log, one line per event."),
        click.option("--log-file", "log_file", type=PLACE, help="Write it here instead of to standard error."),
        click.option("--log-level", "level", type=click.Choice(list(LEVELS)), default="info", help="The least level."),
        click.option("--metrics", type=PLACE, help="Write figures for Prometheus here.  [default: settings.metrics]"),
    ]
    told: Any = command
    for option in reversed(options):
        told = option(told)
    return cast("Command", told)


@contextmanager
def opened(form: str | None, file: Path | None, level: str) -> Iterator[Journal | None]:
    """The log that the options ask for; None where they ask for none."""
    if form is None and file is None:
        yield None
        return
    with written(form or FORMS[0], to=sys.stderr, file=file, level=level) as journal:
        yield journal


@contextmanager
def staged(journal: Journal, settled: Config, started: datetime) -> Iterator[Watch]:
    """A watch that tells the log, for one refresh."""
    journal.run, journal.secrets = run_id(started), settled.secrets
    yield Stages()


class Stages:
    """A `tracker.progress.Watch`: one line per stage that did something."""

    def __init__(self) -> None:
        """No stage has begun."""
        self._stage, self._count, self._since = "", 0, 0.0

    def begin(self, stage: str, total: int | None) -> None:
        """A stage starts."""
        self._stage, self._count, self._since = stage, 0, time.monotonic()
        tell("stage begun", level="debug", stage=stage, total=total)

    def advance(self, count: int = 1) -> None:
        """Some of the stage is done."""
        self._count += count

    def end(self) -> None:
        """The stage is over."""
        if self._count:
            seconds = round(time.monotonic() - self._since, 3)
            tell("stage ended", stage=self._stage, count=self._count, seconds=seconds)
