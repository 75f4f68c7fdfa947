"""A made article comes into the database with the copies of its text: what collecting and rechecking share."""

from __future__ import annotations

from tracker import articles
from tracker.model import Article
from tracker.pipeline.run import Run


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
