"""The last stage but one: what the reader makes of the articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tracker.model import Analysis, Article, Basis, Reads
from tracker.pipeline.run import Run

READ_BATCH = 32  # articles per transaction


def read(run: Run, load_reader: Callable[[], Reads]) -> None:
    """Have every article read that no reader has read and one should."""
    if not run.store.articles.waiting():
        return
    reader = load_reader()
    run.watch.begin("articles read", run.store.articles.waiting())
    while found := run.store.articles.unread(READ_BATCH):
        analyses = _analysed(run, reader, [_without_fetch_date(article) for article in found])
        with run.store.batch():
            for analysis in analyses:
                reports = run.store.analyses.save(analysis, now=run.clock())
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
