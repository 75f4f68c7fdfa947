"""Pages that may have been edited are asked for again: a changed text becomes a revision, never a second article.

Young articles of the tiers that edit what matters are looked at on a plan; any article whose entry in its source has
changed is due at once (`store.items`). A page that has turned into something else (an error page, a list, another
article) leaves the stored text as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tracker import fetch
from tracker.model import Article, Basis, Done, Fetched, Item, Page, Request, Source, TextFrom, Tier
from tracker.pipeline import making
from tracker.pipeline.run import Run
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


def recheck(run: Run, fetcher: fetch.Fetcher, most: int) -> None:
    """Look at the pages that are due, at most so many."""
    if most <= 0:
        return
    started, asked = run.clock(), dict[Request, Recheck]()
    due = run.store.pages.to_check(started, most, only=run.only)
    for request, outcome in fetcher.fetch(_requests(run, due, asked)):
        _take(run, asked[request], outcome)
        if run.is_over(started, RECHECKING_MOST):
            break


def _requests(run: Run, due: list[Recheck], asked: dict[Request, Recheck]) -> Iterator[Request]:
    for one in due:
        source = run.sources.get(one.source_id or "")
        if source is None:
            run.store.pages.checked(one.article_id, None)
            continue
        request = Request(url=one.url, etag=one.etag, last_modified=one.last_modified, private=source.private)
        if request not in asked:
            asked[request] = one
            yield request


def _take(run: Run, one: Recheck, outcome: Fetched) -> None:
    """Store what the page says now, where it still is the article."""
    store, source, now = run.store, run.sources[one.source_id or ""], run.clock()
    page = outcome.value if isinstance(outcome, Done) and isinstance(outcome.value, Page) else None
    article = _article(run, source, one, page) if page and fingerprint(page.body) != one.body_hash else None
    with store.batch():
        store.fetches.log(source.id, one.url, describe(outcome), now)
        if page is None or article is None:
            store.pages.checked(one.article_id, following(one, now))
            return
        before = store.articles.get(article.id)
        if before is not None and before.content_hash != article.content_hash:
            making.keep(run, article, item_id=None)
            run.tally.counts["revised articles"] += 1
        keep = run.config.settings.keep_pages > 0
        next_check = following(one, now)
        store.pages.keep(article.id, page, with_body=keep, checks=one.checks + 1, next_check=next_check)


def _article(run: Run, source: Source, one: Recheck, page: Page) -> Article | None:
    """The article that the page holds now, or None where it is not the one that was stored."""
    item = run.store.items.sighting(one.article_id, one.source_id)
    item = item or Item(source_id=source.id, url=one.url, title="")
    made = making.from_page(run, source, item, page)
    if not isinstance(made, Done) or made.value.id != one.article_id:
        return None
    article = made.value
    return article if article.unread is None and article.text_from is TextFrom.PAGE else None
