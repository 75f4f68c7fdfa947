"""A made article comes into the database and takes its place among the copies of its text.

What collecting and rechecking share, and how articles are brought up whose copies an older scheme of signatures knew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from tracker import articles
from tracker.model import Article, Source, Standing, Tier
from tracker.pipeline.run import Run
from tracker.resolve import cluster, documents
from tracker.store import Store

COPIES = documents.Copies(likeness=articles.likeness, signature_keys=articles.keys)
RENEW_BATCH = 100  # articles per transaction
RENEWING_MOST = timedelta(minutes=2)  # of one refresh


def keep(run: Run, article: Article, *, item_id: str | None, note: str | None = None) -> bool:
    """Store an article and find the copies of its text.

    Returns:
        Whether there are any.
    """
    with run.store.batch():
        if run.store.articles.save(item_id, article, now=run.clock(), note=note, scheme=articles.SIGNATURE_SCHEME):
            run.store.holds.await_judgement(article.id)
        settled = place(run.store, run.sources, [article])
    return any(one.lead != one.id and article.id in {one.id, one.lead} for one in settled)


def place(store: Store, sources: Mapping[str, Source], made: Iterable[Article]) -> tuple[Standing, ...]:
    """Put stored articles among their copies; all whose place is new."""
    found = [(article, sources.get(article.source_id or "")) for article in made]
    standings = [standing(article, source.tier if source else None) for article, source in found]
    settled = _alone(store, standings) or cluster.settle(standings, (), store.articles.copies, COPIES)
    keys = {one.id: COPIES.keys(one.profile) for one in standings}
    store.articles.follow(settled, keys, scheme=articles.SIGNATURE_SCHEME)
    return settled


def _alone(store: Store, standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """The place of one new article that no other is a copy of, as most are: its own. Nothing in all other cases.

    Clustering would come to the same, since what is linked to nothing leads and moves nobody; but more slowly.
    """
    if len(standings) != 1:
        return ()
    (one,) = standings
    near = store.articles.copies.sharing(COPIES.asks(one.profile))
    if any(other.id == one.id or COPIES.score(one.profile, other.profile) >= COPIES.at for other in near):
        return ()
    return () if any(store.articles.copies.get((one.id,))) else (replace(one, lead=one.id, leads=True),)


def renew(run: Run) -> None:
    """Bring articles to the present scheme of signatures, as many as there is time for."""
    started = run.clock()
    while not run.is_over(started, RENEWING_MOST):
        found = run.store.articles.of_other_scheme(articles.SIGNATURE_SCHEME, RENEW_BATCH)
        if not found:
            return
        renewed = list(map(_renewed, found))
        with run.store.batch():
            run.store.articles.keep_credits(renewed)
            place(run.store, run.sources, renewed)


def _renewed(article: Article) -> Article:
    """An article with what its stored text says of copies, credits and corrections; a credit that is known stays."""
    credit = articles.credit(article.text.split("\n\n"), author=article.author, url=article.url)
    return replace(
        article,
        signature=articles.signature(article.text),
        wire=article.wire or credit,
        notice=articles.notice(article.title, article.text),
    )


def standing(article: Article, tier: Tier | None) -> Standing:
    """An article as it is put among its like; `tier` is that of its source."""
    published = article.published.value if article.published else None
    rank = documents.rank(
        article.id,
        wires_own=articles.is_wires_own(article.wire, article.url),
        tier=tier,
        length=articles.length(article.signature),
        published=published,
    )
    text = documents.Text(
        scheme=articles.SIGNATURE_SCHEME,
        day=documents.day(published),
        exact=articles.exact_key(article),
        signature=article.signature,
    )
    return Standing(id=article.id, group="", rank=rank, profile=documents.pack(text))
