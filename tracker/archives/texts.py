"""Articles that an archive has as text: what they are known by, and nothing in them that no encoding holds."""

from __future__ import annotations

from dataclasses import replace

from tracker.model import Article
from tracker.urls import article_id, canonical, is_http


def identified(article: Article) -> Article:
    """The article under the id that its address gives it everywhere; one without an address is known by its text."""
    url = canonical(sound(article.url or "")) if is_http(article.url or "") else None
    published = article.published
    if published is not None and not published.value.isascii():
        published = replace(published, value=published.day)  # a time that is followed by anything
    return replace(
        article,
        url=url,
        id=article_id(url or f"{article.id}\n{article.text}"),
        language=sound(article.language) if article.language else None,
        published=published,
    )


def sound(text: str) -> str:
    """The text with lone surrogates replaced one for one."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
