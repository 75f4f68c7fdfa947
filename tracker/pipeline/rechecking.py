"""Pages that may have been edited are asked for again: a changed text becomes a revision, never a second article.

Young articles of the tiers that edit what matters are looked at on a plan; any article whose entry in its source has
changed is due at once (`store.items`). A page that has turned into something else (an error page, a list, another
article) leaves the stored text as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tracker import articles, fetch, sources
from tracker.model import Article, Basis, Done, Failed, Fetched, Item, Page, Poison, Request, Source, TextFrom, Tier
from tracker.pipeline import making
from tracker.pipeline.run import Extracts, Run
from tracker.store import Recheck, describe, fingerprint

PLAN = (timedelta(hours=2), timedelta(hours=12), timedelta(hours=48))  # after the page was first had
YOUNG = timedelta(hours=48)  # since it was published; older ones are hardly edited
TIERS = frozenset({Tier.OFFICIAL, Tier.MAJOR})
RECHECKING_MOST = timedelta(minutes=10)


def first(source: Source, article: Article, now: datetime) -> datetime | None:
    """When to look at an article's page again, if at all."""
    if source.tier not in TIERS or article.unread is not None or article.text_from is not TextFrom.PAGE:
        return None
    date = article.published
    known = date is not None and date.basis is not Basis.FETCHED
    if known and date is not None and date.day < (now - YOUNG).date().isoformat():
        return None
    return now + PLAN[0]


def following(one: Recheck, now: datetime) -> datetime | None:
    """When to look again after this look."""
    done = one.checks + 1
    return now + (PLAN[done] - PLAN[done - 1]) if done < len(PLAN) else None


Looking = tuple[Recheck, Page]


def recheck(run: Run, fetcher: fetch.Fetcher, extractor: Extracts, most: int) -> None:
    """Look at the pages that are due, at most so many."""
    started = run.clock()
    due = run.store.pages.to_check(started, most, only=run.only) if most > 0 else []
    if not due:
        return
    for (one, page), made in extractor.extract(_changed(run, fetcher, due)):
        _take(run, one, page, made)
        if run.is_over(started, RECHECKING_MOST):
            break


def _changed(run: Run, fetcher: fetch.Fetcher, due: list[Recheck]) -> Iterator[tuple[Looking, articles.Job]]:
    """The pages that are not what they were; the others are noted on the way."""
    asked: dict[Request, Recheck] = {}
    for request, outcome in fetcher.fetch(_requests(run, due, asked)):
        one = asked.pop(request)
        source = run.sources[one.source_id or ""]
        page = outcome.value if isinstance(outcome, Done) and isinstance(outcome.value, Page) else None
        if page and fingerprint(page.body) != one.body_hash:
            item = run.store.items.sighting(one.article_id, one.source_id)
            item = item or Item(source_id=source.id, url=one.url, title="")
            yield (one, page), articles.Job(item=item, source=source, page=page, now=run.clock())
        else:
            _same(run, one, outcome)


def _requests(run: Run, due: list[Recheck], asked: dict[Request, Recheck]) -> Iterator[Request]:
    for one in due:
        source = run.sources.get(one.source_id or "")
        if source is None:
            run.store.pages.checked(one.article_id, None)
            continue
        request = Request(
            url=one.url,
            etag=one.etag,
            last_modified=one.last_modified,
            private=sources.may_be_private(source, one.url),
            local=source.kind.is_local,
        )
        if request not in asked:
            asked[request] = one
            yield request


def _same(run: Run, one: Recheck, outcome: Fetched) -> None:
    """Nothing to store but that it was looked at; what was not asked for is still due."""
    if isinstance(outcome, Failed) and outcome.postponed:
        return
    with run.store.batch():
        run.store.fetches.log(one.source_id, one.url, describe(outcome), run.clock())
        run.store.pages.checked(one.article_id, following(one, run.clock()))


def _take(run: Run, one: Recheck, page: Page, made: Done[Article] | Poison) -> None:
    """Store what the page says now, where it still is the article."""
    store, now = run.store, run.clock()
    before = store.articles.get(one.article_id)
    if before is None or not isinstance(made, Done) or not _is_still(run, made.value, before):
        _same(run, one, Done(value=page))
        return
    article = made.value
    with store.batch():
        store.fetches.log(one.source_id, one.url, describe(Done(value=page)), now)
        if before.content_hash != article.content_hash:
            making.keep(run, article, item_id=None)
            run.tally.counts["revised articles"] += 1
        keep = run.config.settings.keep_pages > 0
        store.pages.keep(article.id, page, with_body=keep, checks=one.checks + 1, next_check=following(one, now))


def _is_still(run: Run, article: Article, before: Article) -> bool:
    """Whether a page still holds the article that was taken from it; one in a language not read stays unread.

    What another page of the source says too, and this one did not before, is a wall or an error page.
    """
    if (article.id, article.unread, article.text_from) != (before.id, before.unread, TextFrom.PAGE):
        return False
    if article.content_hash == before.content_hash or article.source_id is None:
        return True
    return run.store.articles.with_text(article.source_id, article.content_hash, but=article.id) is None
