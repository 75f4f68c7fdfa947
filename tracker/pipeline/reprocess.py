"""Stored articles read, and reports settled, again by the present rules: all of it or nothing, and what it changes.

One transaction does it, so a run that is killed has changed nothing, and a dry run is the same run taken back: what it
tells is what would happen. Whoever reads the database meanwhile sees it as it was before. Public ids and judgements
stay: they hang on reports. Asks no source and fetches nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker.config import Config
from tracker.model import Reads
from tracker.pipeline import making, reading, settling
from tracker.pipeline.run import Run
from tracker.progress import Quiet, Watch
from tracker.store import Difference, Store

EXAMPLES = 5  # of each kind of change


class Stage(StrEnum):
    """What is done again."""

    READ = "read"  # articles that other rules have read, and what follows from what is found in them
    RESOLVE = "resolve"  # which reports are one event, the events' fields, which events are one measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprocessed:
    """What reprocessing changed, or would change."""

    dry_run: bool
    articles_read: int
    reports_settled: int
    events_before: int
    events_after: int
    gained: int = 0  # events that were not there
    lost: int = 0  # whose reports are all gone
    merged: int = 0  # that are part of another one now
    split: int = 0  # that were part of another one
    changed: int = 0  # that stand under their id with other fields or reports
    fields: dict[str, int] = field(default_factory=dict)  # field to the number of events in which it changed
    examples: tuple[Difference, ...] = ()  # some of each kind
    faults: tuple[str, ...] = ()


def reprocess(  # noqa: PLR0913 - each is a choice of the caller's own
    config: Config,
    store: Store,
    load_reader: Callable[[], Reads],
    *,
    clock: Callable[[], datetime],
    stages: Collection[Stage] = tuple(Stage),
    since: str | None = None,
    sources: Collection[str] = (),
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Reprocessed:
    """Read and settle again what is stored.

    Args:
        config: the sources and settings.
        store: the database, opened for writing.
        load_reader: called where there is something to read.
        clock: the present time, aware and in UTC.
        stages: what is done again; what follows from it is always done.
        since: only articles published on this ISO day or later.
        sources: only articles of the sources with these ids; empty: all.
        dry_run: take everything back in the end.
        watch: who is told of the progress.

    Raises:
        BusyError: a refresh is under way on this database.
    """
    run = Run(
        config=config, store=store, clock=clock, watch=watch or Quiet(), sources={s.id: s for s in config.sources}
    )
    with store.writing(), Store.open(store.path, read_only=True) as before, store.batch(rehearsal=dry_run):
        _do(run, load_reader, stages, since=since, sources=sources)
        return _told(run, before, dry_run=dry_run)


def _do(
    run: Run,
    load_reader: Callable[[], Reads],
    stages: Collection[Stage],
    *,
    since: str | None,
    sources: Collection[str],
) -> None:
    """The work itself."""
    store = run.store
    making.renew(run)
    if Stage.READ in stages:
        reader = load_reader()
        store.articles.reopen(reader.version, since=since, sources=sources)
        run.tally.counts["articles read"] = store.articles.waiting()
        reading.read(run, lambda: reader)
    if Stage.RESOLVE in stages and (since or sources):
        store.reports.unsettle_of(since=since, sources=sources)
    elif Stage.RESOLVE in stages:
        store.reports.reset()
    run.tally.counts["reports settled"] = store.reports.waiting()
    settling.settle(store, run.clock, watch=run.watch)


def _told(run: Run, before: Store, *, dry_run: bool) -> Reprocessed:
    kinds, fields, examples = _counted(run.store.differences(before))
    return Reprocessed(
        dry_run=dry_run,
        articles_read=run.tally.counts["articles read"],
        reports_settled=run.tally.counts["reports settled"],
        events_before=before.counts()["event"],
        events_after=run.store.counts()["event"],
        gained=kinds["gained"],
        lost=kinds["lost"],
        merged=kinds["merged"],
        split=kinds["split"],
        changed=kinds["changed"],
        fields=dict(fields.most_common()),
        examples=examples,
        faults=tuple(run.tally.faults),
    )


def _counted(found: Iterable[Difference]) -> tuple[Counter[str], Counter[str], tuple[Difference, ...]]:
    """How many of each kind, how many per field, and the first few of each kind; the rest is let go."""
    kinds: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    examples: list[Difference] = []
    for one in found:
        kinds[one.kind] += 1
        fields.update(one.fields.keys())
        if kinds[one.kind] <= EXAMPLES:
            examples.append(one)
    return kinds, fields, tuple(sorted(examples, key=lambda one: (one.kind, one.event_id)))
