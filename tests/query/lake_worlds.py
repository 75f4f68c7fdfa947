"""Databases and the lakes that are made of them: what is asked of one is asked of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from tracker.errors import TrackerError
from tracker.query import Timeline, lakes
from tracker.query.lake_timeline import LakeTimeline

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Both:
    """The same timeline twice."""

    database: Timeline
    lake: LakeTimeline

    def told(self, ask: Callable[[Timeline], object]) -> tuple[object, object]:
        """What each answers, or how it refuses."""
        return _told(self.database, ask), _told(cast("Timeline", self.lake), ask)


@contextmanager
def both(database: Path) -> Iterator[Both]:
    folder = database.with_suffix(".lake")
    lakes.make(database, folder, now=NOW)
    with (
        Timeline.open(database, clock=lambda: NOW) as one,
        lakes.open_timeline(folder, clock=lambda: NOW, threads=1, memory="1GB") as other,
    ):
        yield Both(one, other)


def _told(timeline: Timeline, ask: Callable[[Timeline], object]) -> object:
    try:
        return ask(timeline)
    except TrackerError as error:
        return type(error), str(error)
