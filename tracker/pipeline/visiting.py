"""The part of a refresh that uses the network, in its order, with one fetcher for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from tracker import fetch
from tracker.model import Source, SourceState
from tracker.pipeline import alarms, asking, maintenance
from tracker.pipeline.pooling import open_extractor
from tracker.pipeline.run import Run

PAGES_A_RUN = 2_000  # so that a long queue is read and settled in parts, not at its end


def visit(run: Run, due: Sequence[tuple[Source, SourceState]]) -> None:
    """Ask the sources that are due, collect the articles of what is new, look again at what may have been edited."""
    store, now = run.store, run.clock()
    rests = store.hosts.rests(now)
    with fetch.Fetcher(run.config.settings.fetch, now=run.clock, rests=rests, robots=store.hosts) as fetcher:
        asking.ask(run, fetcher, due)
        if run.has_pages_due():
            _collect(run, fetcher)
        store.hosts.keep_rests(fetcher.rests, run.clock())
    alarms.watch_articles(run)
    maintenance.begin(maintenance.Job(store=store, settings=run.config.settings, now=now))


def _collect(run: Run, fetcher: fetch.Fetcher) -> None:
    """What makes articles of pages takes longer to load than most refreshes, which find nothing new, take in all."""
    from tracker.pipeline import collecting, making, rechecking  # noqa: PLC0415 - as above

    own = nullcontext(run.extractor) if run.extractor else open_extractor(run.config.settings.site_rules)
    with own as extractor:
        making.renew(run)
        left = collecting.collect(run, fetcher, extractor, PAGES_A_RUN)
        rechecking.recheck(run, fetcher, extractor, left)
