"""Hacker News: stories, through the search of Algolia.

Of `wanted.terms`, each is a search of its own; without them the URL says what is searched for:
`https://hn.algolia.com/?q=WORDS`, `https://news.ycombinator.com/newest`, or the address of the API itself. A story
leads to its article, one with a text of its own ("Ask HN") is whole. No comments, no points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import posts, times
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing
from tracker.sources.json_documents import load, record, records, text
from tracker.sources.plain import plain
from tracker.sources.queries import asking, parameter

ACCEPT = "application/json"
PAGE_SIZE = 100
API = "https://hn.algolia.com/api/v1/search_by_date"
STORIES = "https://news.ycombinator.com/item?id="
FORMS = "https://hn.algolia.com/?q=WORDS or https://news.ycombinator.com/newest"
_UNTIL = "created_at_i<="
_METHOD = re.compile(r"/api/v1/search(?:_by_date)?/?\Z")
_PAGES = frozenset({"hn.algolia.com", "news.ycombinator.com"})
_PATHS = frozenset({"", "/", "/news", "/newest"})  # all stories; other pages list some that the search cannot name


def request(source: Source) -> Request:
    """The search, newest first; of several terms the first, which has to be answered to lead to the others."""
    first = _searches(source)[0]
    return Request(url=first, accept=ACCEPT, conditional=len(source.wanted.terms) < 2)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The stories found."""
    if not _base(source.url):
        return Poison(reason=f"not a search of Hacker News: {source.url!r}; expected {FORMS}")
    document = record(load(page))
    if not isinstance(document.get("hits"), list):
        if error := text(document, "message") or text(document, "error"):
            return Poison(reason=f"the search of Hacker News says: {plain(error)[:200]}")
        return Poison(reason=not_a("an answer of Hacker News' search", page.body, page.content_type))
    hits = records(document["hits"])
    first, *others = _searches(source)
    return listing(
        source,
        (_entry(one, page.final_url) for one in hits if text(one, "title")),  # comments have none
        base=page.final_url,
        follow=[Request(url=url, accept=ACCEPT) for url in others] if page.url == first else [],
        older=_older(page, hits, document.get("hitsPerPage")),
    )


def _searches(source: Source) -> list[str]:
    """The addresses to ask: one for each term, else the one that the URL shows."""
    base = _base(source.url)
    if base is None:
        return [source.url]
    return [asking(base, query=term) for term in source.wanted.terms] or [base]


def _base(url: str) -> str | None:
    """The address of the API for a page that people read, or for itself; None for anything else."""
    parts = urlsplit(url)
    if _METHOD.match(parts.path):
        return asking(url, defaults=True, tags="story", hitsPerPage=PAGE_SIZE)
    if parts.netloc.lower() not in _PAGES or parts.path not in _PATHS:
        return None
    return asking(API, query=parameter(url, "q") or parameter(url, "query"), tags="story", hitsPerPage=PAGE_SIZE)


def _older(page: Page, hits: Sequence[Mapping[str, Any]], size: object) -> Request | None:
    """The stories up to the last one of a full page: by its time, since pages shift while stories come in.

    Those of the same second are listed again, lest one of them be missed.
    """
    at = hits[-1].get("created_at_i") if hits else None
    if not isinstance(at, int) or not isinstance(size, int) or len(hits) < size:
        return None
    filters = parameter(page.final_url, "numericFilters").split(",")
    at -= f"{_UNTIL}{at}" in filters  # a page of nothing but that second
    kept = [one for one in filters if one and not one.startswith(_UNTIL.removesuffix("="))]
    return Request(url=asking(page.final_url, numericFilters=",".join([*kept, f"{_UNTIL}{at}"])), accept=ACCEPT)


def _entry(hit: Mapping[str, Any], base: str) -> Entry:
    """One story, or the article that it leads to."""
    number, url = text(hit, "objectID"), text(hit, "url")
    post = posts.Post(
        url=f"{STORIES}{number}" if number else None,
        title=text(hit, "title") or "",
        guid=number,
        author=text(hit, "author"),
        published=times.from_text(text(hit, "created_at")) or times.from_seconds(hit.get("created_at_i")),
        content=text(hit, "story_text") or "",
        links=(posts.Link(url=url),) if url else (),
    )
    return posts.entry(post, base=base)
