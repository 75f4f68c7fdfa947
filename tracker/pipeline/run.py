"""What the stages of one refresh share: the configuration, the database, the clock, and the counts so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tracker.config import Config
from tracker.journal import tell
from tracker.model import Article, Done, Poison, RunReport, Source
from tracker.progress import Watch
from tracker.store import Store

if TYPE_CHECKING:  # it loads what reads pages, and most refreshes have none
    from tracker.articles import Job

K = TypeVar("K")


class Extracts(Protocol):
    """What makes articles of pages, such as `tracker.articles.Extractor`."""

    def extract(self, jobs: Iterable[tuple[K, Job]], /) -> Iterator[tuple[K, Done[Article] | Poison]]:
        """Each key with what came of its page, in the order of completion."""


@dataclass(slots=True)
class Tally:
    """The counts of a refresh while it runs."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)  # those that gave new articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the stages share."""

    config: Config
    store: Store
    clock: Callable[[], datetime]
    watch: Watch
    sources: Mapping[str, Source]  # of the configuration, by id
    only: Collection[str] = ()  # ids of the sources that are meant; empty: all
    extractor: Extracts | None = None  # None: one is opened when there are pages
    tally: Tally = field(default_factory=Tally)

    def is_over(self, started: datetime, limit: timedelta) -> bool:
        """Whether a stage has had its time; what it has not done is done by the next run."""
        return self.clock() - started >= limit

    def has_pages_due(self) -> bool:
        """Whether there are items without their articles, or pages to look at again."""
        now = self.clock()
        return bool(self.store.items.waiting(now, only=self.only) or self.store.pages.to_check(now, 1, only=self.only))

    def report(self) -> RunReport:
        """What was done."""
        counts = self.tally.counts
        return RunReport(
            sources_asked=counts["asked"],
            sources_unchanged=counts["unchanged"],
            sources_failed=counts["failed sources"],
            items_new=counts["new items"],
            articles_new=counts["new articles"],
            articles_revised=counts["revised articles"],
            articles_unread=self.store.unread_counts(),
            articles_failed=counts["failed articles"],
            copies=counts["copies"],
            reports_new=counts["new reports"],
            events_new=counts["new events"],
            reports_of_older_rules=counts["reports of older rules"],
            articles_held=counts["held articles"],
            held=tuple(self.tally.held),
            faults=tuple(self.tally.faults),
            alarms=tuple(self.tally.alarms),
        )


def tell_refresh(report: RunReport, seconds: float) -> None:
    """One line for a refresh; a quiet one where it found nothing to do."""
    counts: dict[str, Any] = {
        "asked": report.sources_asked,
        "unchanged": report.sources_unchanged,
        "failed": report.sources_failed,
        "articles": report.articles_new,
        "revised": report.articles_revised,
        "copies": report.copies,
        "held": report.articles_held,
        "reports": report.reports_new,
        "events": report.events_new,
    }
    tell("refresh ended", level="info" if any(counts.values()) else "debug", seconds=round(seconds, 3), **counts)
