"""What makes articles of pages, kept by a process that stays: a reading process costs two seconds of CPU to start.

It is started with the first page, serves one refresh after the other, and is let go of once no page has come for a
while, since it takes some 150 MB. Not for two threads at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tracker.model import Article, Done, Poison

if TYPE_CHECKING:  # it loads what reads pages, and most refreshes have none
    from tracker.articles import Extractor, Job

K = TypeVar("K")

KEPT = 900.0  # seconds without a page: sources with news are asked more often


class KeptExtractor:
    """`Extracts` for many refreshes, by the rules for sites in a folder; `clock` gives seconds and never goes back."""

    def __init__(self, rules: Path | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules, self._clock = rules, clock
        self._kept: Extractor | None = None
        self._used = 0.0

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes that are kept."""
        return self._kept.pids if self._kept else ()

    def extract(self, jobs: Iterable[tuple[K, Job]], /) -> Iterator[tuple[K, Done[Article] | Poison]]:
        """Each key with what came of its page, in the order of completion.

        Raises:
            ConfigError: the rules for sites are wrong.
        """
        if self._kept is None:
            self._kept = open_extractor(self._rules)
        try:
            yield from self._kept.extract(jobs)
        finally:
            self._used = self._clock()

    def rest(self) -> None:
        """Let go of the processes where no page has come for `KEPT` seconds."""
        if self._clock() - self._used >= KEPT:
            self.close()

    def close(self) -> None:
        """End the processes; the next page starts new ones."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


def open_extractor(rules: Path | None) -> Extractor:
    """One by the rules of a folder, or by the bundled ones alone; ConfigError where they are wrong."""
    from tracker import articles  # noqa: PLC0415 - it takes long to load, and most refreshes have no page

    return articles.Extractor(rules=articles.load_rules(rules) if rules else None)
