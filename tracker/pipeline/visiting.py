"""The part of a refresh that uses the network, in its order, with one fetcher for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta

from tracker import articles, fetch
from tracker.model import Source, SourceState
from tracker.pipeline import alarms, asking, collecting, rechecking
from tracker.pipeline.run import Run

PAGES_A_RUN = 2_000  # so that a long queue is read and settled in parts, not at its end


def visit(run: Run, due: Sequence[tuple[Source, SourceState]]) -> None:
    """Ask the sources that are due, collect the articles of what is new, look again at what may have been edited."""
    store, now = run.store, run.clock()
    rests = store.hosts.rests(now)
    with (
        fetch.Fetcher(run.config.settings.fetch, now=run.clock, rests=rests, robots=store.hosts) as fetcher,
        nullcontext(run.extractor) if run.extractor else _extractor(run) as extractor,
    ):
        asking.ask(run, fetcher, due)
        left = collecting.collect(run, fetcher, extractor, PAGES_A_RUN)
        rechecking.recheck(run, fetcher, extractor, left)
        store.hosts.keep_rests(fetcher.rests, run.clock())
    alarms.watch_articles(run)
    store.fetches.prune(now)
    store.pages.prune(now - timedelta(days=run.config.settings.keep_pages))


def _extractor(run: Run) -> articles.Extractor:
    """What makes articles of pages, by the user's own rules for sites if there are any."""
    folder = run.config.settings.site_rules
    return articles.Extractor(rules=articles.load_rules(folder) if folder else None)
