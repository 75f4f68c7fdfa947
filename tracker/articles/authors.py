"""Who wrote an article: names from metadata, then from the visible byline, then from the feed.

Not here: who those people are, or their roles; "Staff" and the site's own name are no authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from tracker.articles import jsonld
from tracker.articles.metadata import Metadata, words

METAS = tuple("article:author parsely-author sailthru.author dc.creator dcterms.creator byl citation_author".split())
PUBLISHERS = ("dc.publisher", "dcterms.publisher", "publisher")  # of a release: who issued it
NOBODY = frozenset("admin administrator staff editor editors newsroom webmaster unknown none".split())
LONGEST = 80  # characters of a name
MOST = 10  # names

_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author|authors|writer|by)(?:$|[\s_-]|name)", re.IGNORECASE)
_BY = re.compile(r"^(?:(?:written|reporting|story|text|posted|published)\s+)?by[:\s]+", re.IGNORECASE)
_CUT = re.compile(
    r"\s*(?:[|·•–—(]|,?\s+(?:in|for|at|of)\s+[A-Z]|\d|\bpublished\b|\bupdated\b|\bposted\b|@).*$", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:,|;|/|&|\band\b|\bwith\b)\s*")
_PERSON = re.compile(r"[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){1,3}")
_SMALL_WORDS = re.compile(r"\b(?:of|for|and|the|on|in)\b")


def authors(tree: HtmlElement, metadata: Metadata, *, feed: str | None, sites: Iterable[str]) -> str | None:
    """The authors' names, parted by commas, or None."""
    not_names = NOBODY | {site.casefold() for site in sites}
    for claims in _claims(tree, metadata, feed):
        names = dict.fromkeys(name for claim in claims for name in _names(claim) if name.casefold() not in not_names)
        if names:
            return ", ".join(list(names)[:MOST])
    return None


def _claims(tree: HtmlElement, metadata: Metadata, feed: str | None) -> Iterator[tuple[str, ...]]:
    """Sources of names, the most trusted first; a later one is only asked where those before name nobody."""
    yield jsonld.named(metadata.article.get("author"), metadata.objects)
    yield metadata.meta_authors
    yield tuple(metadata.metas[name] for name in METAS if name in metadata.metas)
    yield tuple(_visible(one) for one in tree.xpath("//*[@rel='author' or @itemprop='author']")[:MOST])
    bylines = (
        one for one in tree.iter("p", "span", "div", "a", "address", "li") if _BYLINE.search(one.get("class") or "")
    )
    yield tuple(line for one in bylines if (line := _visible(one)))[:1]
    yield (feed,) if feed else ()
    yield tuple(metadata.metas[name] for name in PUBLISHERS if name in metadata.metas)


def _visible(element: HtmlElement) -> str:
    """The names in a line that readers see, without place, date and role; "" for what is no line."""
    text = words(element)
    text = _CUT.sub("", _BY.sub("", text)) if len(text) <= 3 * LONGEST else ""
    return text.title() if text.isupper() else text


def _names(claim: str) -> Iterator[str]:
    """The names of a claim: one, unless every part of it could be a person."""
    claim = _BY.sub("", " ".join(claim.split())).strip(" .,;")
    parts = [part for part in _BETWEEN.split(claim) if part]
    if len(parts) > 1 and not all(_PERSON.fullmatch(part) and not _SMALL_WORDS.search(part) for part in parts):
        parts = [claim]
    yield from (part for part in parts if len(part) <= LONGEST and "://" not in part and part[:1].isalpha())
