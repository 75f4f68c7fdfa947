"""The second stage: the articles of what is new, from their pages, or from the feed's own words.

The queue is kept full: a host that is slow holds up nobody else's pages. What is not done in a run's time or number
of pages stays in the queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker import articles, fetch, sources
from tracker.journal import tell
from tracker.model import Article, Done, Failed, Fetched, Page, Poison, Request, Skipped, Source
from tracker.pipeline import making, rechecking
from tracker.pipeline.run import Extracts, Run
from tracker.store import PendingItem, describe

PAGE_TRIES = 10  # a page that fails this often (over some four days) is given up, and the feed's own text is used
RETRY_PAGE = timedelta(minutes=15)  # doubled with each try
PUT_OFF = timedelta(minutes=10)  # a page that was not asked for, since its site wants to be left alone
RETRY_PAGE_MOST = timedelta(days=1)
COLLECTING_MOST = timedelta(minutes=15)  # so that a slow host does not keep the sources from being asked
TEXTS_A_RUN = 50_000  # articles whose text is in their source, which cost no request
TEXTS_AT_ONCE = 50  # of them per transaction
AT_ONCE = 2_000  # items per look at the queue
SAME_TEXT = 400  # characters from which on two addresses of a source that have the same text are one article


def collect(run: Run, fetcher: fetch.Fetcher, extractor: Extracts, most: int) -> int:
    """Collect the articles that are due, with at most so many pages; how many more would have been allowed."""
    store, started, left = run.store, run.clock(), Left(pages=most)
    run.watch.begin("articles collected", store.items.waiting(run.clock(), only=run.only))
    while left.is_some and (queue := store.items.queue(run.clock(), AT_ONCE, only=run.only)):
        for (one, page), made in extractor.extract(_pages(run, fetcher, queue, left)):
            _take(run, one, page, made)
            if run.is_over(started, COLLECTING_MOST):
                run.tally.faults.append(f"collecting took longer than {COLLECTING_MOST}; the next run goes on")
                left.pages = 0
                break
    run.watch.end()
    return left.pages


@dataclass(slots=True)
class Left:
    """How much more one run collects."""

    pages: int
    texts: int = TEXTS_A_RUN

    @property
    def is_some(self) -> bool:
        """Whether the queue is worth another look."""
        return self.pages > 0 and self.texts > 0


Fetching = tuple[PendingItem, Page]


def _pages(run: Run, fetcher: fetch.Fetcher, queue: list[str], left: Left) -> Iterator[tuple[Fetching, articles.Job]]:
    """The pages to make articles of, as they come in; what brought no page is settled on the way."""
    paged: dict[Request, PendingItem] = {}
    for request, outcome in fetcher.fetch(_requests(run, queue, paged, left)):
        one = paged.pop(request)
        if isinstance(outcome, Done) and isinstance(outcome.value, Page):
            page, source = outcome.value, run.sources[one.item.source_id]
            yield (one, page), articles.Job(item=one.item, source=source, page=page, now=run.clock())
        else:
            run.store.fetches.log(one.item.source_id, one.item.url, describe(outcome), run.clock())
            _without_page(run, one, outcome)


def _requests(run: Run, queue: list[str], paged: dict[Request, PendingItem], left: Left) -> Iterator[Request]:
    """What to ask for, while items that need no page are made into articles on the way, many per transaction."""
    whole: list[PendingItem] = []
    for key in queue:
        one = run.store.items.get(key)
        if one is None:  # settled meanwhile, by another way to the same article
            continue
        source = run.sources[one.item.source_id]
        if one.item.is_whole or not source.full_text:
            whole.append(one)
            if len(whole) == TEXTS_AT_ONCE:
                _keep_own_texts(run, whole, left)
            continue
        local = source.kind.is_local
        private = sources.may_be_private(source, one.item.url)
        request = Request(url=one.item.url, conditional=False, private=private, local=local)
        if request not in paged and left.pages > 0:
            left.pages -= 1
            paged[request] = one
            yield request
    _keep_own_texts(run, whole, left)


def _take(run: Run, one: PendingItem, page: Page, made: Done[Article] | Poison) -> None:
    """Store the article of a page, or its feed's text where the page harms whoever reads it."""
    source = run.sources[one.item.source_id]
    run.store.fetches.log(source.id, one.item.url, describe(Done(value=page)), run.clock())
    if isinstance(made, Done):
        _keep(run, source, one, made.value, page, note=made.value.note)
    else:
        _keep_own_text(run, source, one, because=made.reason)


def _without_page(run: Run, one: PendingItem, outcome: Fetched) -> None:
    """Have the page tried again later, or take the feed's text where it cannot be had."""
    if isinstance(outcome, Failed) and outcome.postponed:
        run.store.items.put_off(one.id, run.clock() + (outcome.retry_after or PUT_OFF))
        run.watch.advance()
        return
    if isinstance(outcome, Failed) and one.attempts + 1 < PAGE_TRIES:
        wait = max(min(RETRY_PAGE * 2**one.attempts, RETRY_PAGE_MOST), outcome.retry_after or timedelta())
        _give_up(run, one, outcome.reason, retry_at=run.clock() + wait)
        return
    assert isinstance(outcome, Skipped | Failed | Poison)  # no request of this stage is conditional
    _keep_own_text(run, run.sources[one.item.source_id], one, because=outcome.reason)


def _keep_own_texts(run: Run, whole: list[PendingItem], left: Left) -> None:
    """Make articles of the sources' own texts, in one transaction, and empty the list."""
    with run.store.batch():
        for one in whole:
            if run.store.items.get(one.id) is not None:  # not settled by the one before
                _keep_own_text(run, run.sources[one.item.source_id], one, because=None)
    left.texts -= len(whole)
    whole.clear()


def _keep_own_text(run: Run, source: Source, one: PendingItem, *, because: str | None) -> None:
    made = articles.from_item(one.item, source, now=run.clock(), because=because)
    if isinstance(made, Done):
        _keep(run, source, one, made.value, None, note=because or made.value.note)
    else:
        _give_up(run, one, f"{because}; {made.reason}" if because else made.reason, retry_at=None)


def _give_up(run: Run, one: PendingItem, reason: str, *, retry_at: datetime | None) -> None:
    run.store.items.fail(one.id, reason, retry_at)
    run.tally.counts["failed articles"] += 1
    later = "; tried again later" if retry_at else ""
    run.tally.faults.append(f"{one.item.source_id}: {one.item.url}: {reason}{later}")
    tell("article not to be had", source=one.item.source_id, url=one.item.url, reason=f"{reason}{later}")
    run.watch.advance()


def _keep(run: Run, source: Source, one: PendingItem, article: Article, page: Page | None, *, note: str | None) -> None:
    """Store an article with its page, or see that the source has given its text under another address."""
    store, now = run.store, run.clock()
    before = store.articles.get(article.id)
    same = _under_another_address(run, article) if before is None else None
    with store.batch():
        if same:
            store.articles.settle(one.id, same.id, f"the same text as {same.url}")
        else:
            is_copy = making.keep(run, article, item_id=one.id, note=note)
            if page is not None:
                check = rechecking.first(source, article, now)
                store.pages.keep(article.id, page, with_body=run.config.settings.keep_pages > 0, next_check=check)
    if before is None and not same:
        run.tally.counts["new articles"] += 1
        run.tally.counts["copies"] += is_copy
        run.tally.sources.add(source.id)
    elif before is not None:
        run.tally.counts["revised articles"] += before.content_hash != article.content_hash
    run.watch.advance()


def _under_another_address(run: Run, article: Article) -> Article | None:
    """The article that the same source has given with the same text on the same day: another sighting, no copy."""
    if article.source_id is None or article.unread is not None or len(article.text) < SAME_TEXT:
        return None
    same = run.store.articles.with_text(article.source_id, article.content_hash, but=article.id)
    if same is None or same.title != article.title:
        return None
    days = {date.day for date in (same.published, article.published) if date is not None}
    return same if len(days) <= 1 else None
