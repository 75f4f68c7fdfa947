"""The conductor: one refresh, from the sources that are due to the timeline.

    sources due ─▶ ask ──▶ items ─▶ collect ──▶ articles ─▶ read ──▶ reports ─▶ judge ──▶ settle ─▶ events
    `asking`                        `collecting`            `reading`          `holding`  `settling`
                    pages that may have been edited ─▶ `rechecking` ─▶ revisions

Each stage takes what the one before has left in the database and commits in batches; what is not done is a query, so
a refresh that is killed goes on where it was and ends with the same rows. The stages follow one another, so that
what is settled does not depend on which server answered first. Nothing here parses, fetches, reads or compares by
itself, and nothing below reads the clock: `clock` is handed in. A stage is imported when there is something for it to
do, since most refreshes of a crontab find that nothing is due.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from tracker.config import Config
from tracker.model import Reads, RunReport, Source, SourceState
from tracker.pipeline.run import Extracts, Run
from tracker.progress import Quiet, Watch
from tracker.store import Store

__all__ = ["refresh"]


def refresh(
    config: Config,
    store: Store,
    load_reader: Callable[[], Reads],
    *,
    clock: Callable[[], datetime],
    only: Collection[str] = (),
    force: bool = False,
    watch: Watch | None = None,
    extractor: Extracts | None = None,
) -> RunReport:
    """Bring the timeline up to date and say what was done.

    Args:
        config: the sources and settings.
        store: the database, opened for writing.
        load_reader: called once there is something to read (loading the language model takes seconds).
        clock: the present time, aware and in UTC.
        only: ids of the sources to ask and to collect articles for; all where it is empty.
        force: ask sources whether they are due or not.
        watch: who is told of the progress.
        extractor: makes articles of pages, for many refreshes; None starts processes of this one's own.

    Raises:
        BusyError: another refresh is under way on this database.
    """
    by_id = {source.id: source for source in config.sources}
    run = Run(
        config=config,
        store=store,
        clock=clock,
        watch=watch or Quiet(),
        sources=by_id,
        only=only,
        extractor=extractor,
    )
    with store.writing():
        store.sources.sync(config.sources, clock())
        store.upkeep.distrust(clock())
        due = _due(run, force=force)
        if due or run.has_pages_due():
            from tracker.pipeline import visiting  # noqa: PLC0415 - a refresh with nothing due need not load it

            visiting.visit(run, due)
        if store.articles.waiting() or store.holds.waiting() or store.needs_settling():
            from tracker.pipeline import holding, reading, settling  # noqa: PLC0415 - as above

            reading.read(run, load_reader)
            holding.judge(run)
            run.tally.counts["reports of older rules"] = settling.older(store)
            run.tally.counts["new events"] += settling.settle(store, clock, watch=run.watch)
    return run.report()


def _due(run: Run, *, force: bool) -> list[tuple[Source, SourceState]]:
    """The sources to ask now with their states: those that answer before those that fail, the longest due first."""
    states = run.store.sources.states()
    now = run.clock()
    meant = [s for s in run.config.sources if (s.id in run.only if run.only else s.enabled)]
    known = [(source, states.get(source.id) or SourceState(source_id=source.id)) for source in meant]
    due = [(source, state) for source, state in known if force or state.is_due(now)]
    return sorted(due, key=lambda pair: (pair[1].failures, pair[1].next_due or now, pair[0].id))
