"""Who wrote an article: names from metadata, then from the visible byline, then from the feed.

Not here: who those people are, or their roles; "Staff" and the site's own name are no authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from tracker.articles import jsonld
from tracker.articles.metadata import Metadata, words

METAS = (
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "cxenseparse:author",
)
NOBODY = frozenset("admin administrator staff editor editors newsroom webmaster unknown none".split())
LONGEST = 60  # characters of a name
MOST = 10  # names

_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author|authors|writer|by)(?:$|[\s_-]|name)", re.IGNORECASE)
_BY = re.compile(r"^(?:(?:written|reporting|story|text|posted|published)\s+)?by[:\s]+", re.IGNORECASE)
_CUT = re.compile(
    r"\s*(?:[|·•–—(]|,?\s+(?:in|for|at|of)\s+[A-Z]|\d|\bpublished\b|\bupdated\b|\bposted\b|@).*$", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:,|;|&|/|\band\b|\bwith\b)\s*")
_NAME = re.compile(r"[^\W\d_][\w.’'-]*(?: [\w.’'-]+){0,4}")


def authors(tree: HtmlElement, metadata: Metadata, *, feed: str | None, sites: Iterable[str]) -> str | None:
    """The authors' names, parted by commas, or None."""
    not_names = NOBODY | {site.casefold() for site in sites}
    for claims in _claims(tree, metadata, feed):
        names = dict.fromkeys(name for claim in claims for name in _names(claim) if name.casefold() not in not_names)
        if names:
            return ", ".join(list(names)[:MOST])
    return None


def _claims(tree: HtmlElement, metadata: Metadata, feed: str | None) -> Iterator[tuple[str, ...]]:
    yield jsonld.named(metadata.article.get("author"), metadata.objects)
    yield metadata.meta_authors
    yield tuple(metadata.metas[name] for name in METAS if name in metadata.metas)
    yield tuple(words(one) for one in tree.xpath("//*[@rel='author' or @itemprop='author']")[:MOST])
    bylines = (
        one for one in tree.iter("p", "span", "div", "a", "address", "li") if _BYLINE.search(one.get("class") or "")
    )
    yield tuple(line for one in bylines if (line := words(one)) and len(line) <= 2 * LONGEST)[:1]
    yield (feed,) if feed else ()


def _names(claim: str) -> Iterator[str]:
    if "://" in claim:
        return
    for part in _BETWEEN.split(_CUT.sub("", _BY.sub("", " ".join(claim.split())))):
        name = _BY.sub("", part).strip(" .,")
        if len(name) <= LONGEST and _NAME.fullmatch(name):
            yield name
