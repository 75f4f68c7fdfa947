"""What a page says about itself outside its text: meta tags, links, JSON-LD, headings.

Everything comes out as it stands on the page; which of several titles or dates is right is decided by
`titles`, `published` and `authors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from tracker.articles import jsonld
from tracker.articles.blocks import text_of
from tracker.urls import is_http, same_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The page's words about itself; "" or () where it says nothing."""

    metas: Mapping[str, str]  # name, property or itemprop in lower case to the first content
    objects: tuple[jsonld.Object, ...]  # JSON-LD
    article: jsonld.Object  # the one that describes the article, or {}
    title: str  # <title>
    headings: tuple[str, ...]  # <h1>, in order
    language: str  # <html lang>
    canonical: str  # rel=canonical, absolute
    meta_authors: tuple[str, ...]

    def first(self, *names: str) -> str:
        """The content of the first of these meta tags that has one."""
        return next((self.metas[name] for name in names if self.metas.get(name)), "")

    def ld(self, name: str) -> str:
        """A text of the article's JSON-LD."""
        return " ".join(jsonld.text(self.article.get(name)).split())


def read(tree: HtmlElement, url: str) -> Metadata:
    """Everything at once, from a parsed page and its address."""
    objects = jsonld.objects(tree)
    links = tree.xpath("//link[contains(concat(' ', normalize-space(@rel), ' '), ' canonical ')]/@href")
    return Metadata(
        metas=_metas(tree),
        objects=objects,
        article=jsonld.article(objects),
        title=words(tree.find(".//title")),
        headings=tuple(text for heading in tree.iter("h1") if (text := words(heading))),
        language=str(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""),
        canonical=_joined(url, links[0]) if links else "",
        meta_authors=tuple(" ".join(one.split()) for one in tree.xpath("//meta[@name='author']/@content")),
    )


def address(metadata: Metadata, url: str) -> str:
    """The article's own address: the page's word for it where that is on the same site and no front page.

    A saved page, whose `url` is "" or that of a file, is taken at its word.
    """
    for claimed in (metadata.canonical, metadata.first("og:url"), metadata.ld("url")):
        is_near = is_http(claimed) and (not is_http(url) or same_site(claimed, url))
        if is_near and not (_is_front(claimed) and not (url and _is_front(url))):
            return claimed
    return url


def words(element: HtmlElement | None) -> str:
    """The text of an element on one line."""
    return "" if element is None else " ".join(text_of(element).split())


def _metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(key) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _joined(url: str, link: str) -> str:
    try:
        return urljoin(url, link.strip())
    except ValueError:
        return ""


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query
