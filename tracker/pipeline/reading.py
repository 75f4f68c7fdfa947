"""The last stages: what the reader makes of the articles, and which events its reports tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tracker import resolve
from tracker.model import Analysis, Article, Basis, Cluster, Placement, Reads, Report
from tracker.pipeline.run import Run

READ_BATCH = 32  # articles per transaction of the reading stage
SETTLE_BATCH = 200  # reports per transaction of the settling stage


def read(run: Run, load_reader: Callable[[], Reads], *, reread: bool) -> None:
    """Have every article read that no reader has read and one should; with `reread`, those of other readers too."""
    if not reread and not run.store.articles.waiting():
        return
    reader = load_reader()
    if reread:
        run.store.articles.reopen(reader.version)
    run.watch.begin("articles read", run.store.articles.waiting())
    while found := run.store.articles.unread(READ_BATCH):
        analyses = _analysed(run, reader, [_without_fetch_date(article) for article in found])
        with run.store.batch():
            for analysis in analyses:
                reports = run.store.analyses.save(analysis, now=run.clock(), keys=resolve.keys)
                run.tally.counts["new reports"] += len(reports)
        run.watch.advance(len(found))
    run.watch.end()


def _analysed(run: Run, reader: Reads, found: Sequence[Article]) -> list[Analysis]:
    """What the reader makes of the articles; one that it fails on is set aside with the reason, and told."""
    try:
        return list(reader.read_many(found))
    except Exception as error:  # noqa: BLE001 - whatever it is, one article must not stop all that come after it
        if len(found) > 1:
            return [analysis for article in found for analysis in _analysed(run, reader, [article])]
        reason = f"fault of the reader: {type(error).__name__}: {error}"
        run.store.articles.set_aside(found[0].id, reason)
        run.tally.faults.append(f"{found[0].source_id}: {found[0].url}: {reason}")
        return []


def _without_fetch_date(article: Article) -> Article:
    """The day somebody fetched an article is no anchor for "on Tuesday"."""
    known = article.published is None or article.published.basis is not Basis.FETCHED
    return article if known else replace(article, published=None)


def settle(run: Run) -> None:
    """Place the new reports among the events, and resolve the events anew whose reports have changed."""
    run.watch.begin("reports settled", run.store.reports.waiting())
    while found := run.store.reports.unplaced(SETTLE_BATCH):
        memory = resolve.Memory(run.store.reports)
        placements = [_placed(report, memory) for report in found]
        _keep_events(run, memory.clusters(), placements)
        run.watch.advance(len(found))
    while stale := run.store.events.stale(SETTLE_BATCH):  # their reports were read again and say something else
        _keep_events(run, filter(None, map(run.store.reports.cluster, stale)), ())
    run.watch.end()


def _placed(report: Report, memory: resolve.Memory) -> Placement:
    placement = resolve.place(report, memory)
    memory.add(report, placement)
    return placement


def _keep_events(run: Run, clusters: Iterable[Cluster], placements: Iterable[Placement]) -> None:
    events = [resolve.consensus(cluster) for cluster in clusters]
    measures = resolve.founded(events)
    run.tally.counts["new events"] += run.store.events.save(events, placements, now=run.clock(), measures=measures)
