"""From a page to a stored article, with the copies of its text: what collecting and rechecking share."""

from __future__ import annotations

from tracker import articles
from tracker.model import Article, Done, Item, Page, Poison, Source
from tracker.pipeline.run import Run


def from_page(run: Run, source: Source, item: Item, page: Page) -> Done[Article] | Poison:
    """The article on a page. A fault of ours in one page must not stop all that come after it."""
    try:
        return articles.from_page(item, source, page, now=run.clock())
    except Exception as error:  # noqa: BLE001 - as the docstring says
        return Poison(reason=f"fault of the tracker in reading the page: {type(error).__name__}: {error}")


def keep(run: Run, article: Article, *, item_id: str | None, note: str | None = None) -> bool:
    """Store an article with the origin of its text: its own, or that of the copies that are stored already.

    Returns:
        Whether there are such copies.
    """
    bands = articles.bands(article.signature)
    near = [
        n
        for n in run.store.articles.near(bands)
        if n.article_id != article.id and articles.similar(n.signature, article.signature) >= articles.COPY_AT
    ]
    origins = {n.origin for n in near} | {article.id}
    origin = min(origins)
    run.store.articles.join(origins, origin)
    run.store.articles.save(item_id, article, now=run.clock(), bands=bands, origin=origin, note=note)
    return bool(near)
