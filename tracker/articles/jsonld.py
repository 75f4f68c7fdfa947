"""The article that a page describes in JSON-LD (schema.org), out of plain objects, lists and `@graph`s.

Only what is there: nothing is checked or interpreted beyond finding the object and the things it names by `@id`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml.html import HtmlElement

ARTICLES = frozenset(
    "NewsArticle Article ReportageNewsArticle AnalysisNewsArticle BackgroundNewsArticle OpinionNewsArticle "
    "AskPublicNewsArticle ReviewNewsArticle BlogPosting LiveBlogPosting SocialMediaPosting TechArticle Report "
    "ScholarlyArticle DiscussionForumPosting GovernmentService SpecialAnnouncement WebPage".split()
)
LISTS = frozenset({"ItemList", "CollectionPage", "SearchResultsPage"})
MAX_CHARS = 1_000_000  # of one script
MAX_DEPTH = 12

_WRAPPING = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")

Object = Mapping[str, Any]


def objects(tree: HtmlElement) -> tuple[Object, ...]:
    """Every JSON object of the page's JSON-LD that says its type, outermost first."""
    scripts = tree.xpath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]")
    return tuple(thing for script in scripts for thing in _typed(_load(script.text or ""), 0))


def article(things: tuple[Object, ...]) -> Object:
    """The object that tells of the page's article, the most telling type first; {} where there is none."""
    found = [thing for thing in things if types(thing) & ARTICLES]
    return min(found, key=lambda thing: (types(thing) <= {"WebPage"}, "headline" not in thing), default={})


def named(value: Any, things: tuple[Object, ...]) -> tuple[str, ...]:
    """Names of people or organisations: of a text, an object, a reference to another object, or a list of them."""
    if isinstance(value, list):
        return tuple(name for one in value[:20] for name in named(one, things))
    if isinstance(value, dict):
        if "name" not in value and "@id" in value:
            value = next((thing for thing in things if thing.get("@id") == value["@id"] and "name" in thing), {})
        value = value.get("name", "")
        value = value[0] if isinstance(value, list) and value else value
    return (value,) if isinstance(value, str) and value.strip() else ()


def text(value: Any) -> str:
    """A value's text: itself, the first of a list, or ""."""
    while isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value", value.get("@id", ""))
    return html.unescape(value) if isinstance(value, str) else ""


def types(thing: Object) -> frozenset[str]:
    """The types of an object, without the vocabulary's address."""
    kinds = thing.get("@type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return frozenset(kind.rpartition("/")[2] for kind in kinds if isinstance(kind, str))


def _load(raw: str) -> Any:
    if len(raw) > MAX_CHARS:
        return None
    raw = _WRAPPING.sub("", raw)
    for attempt in (raw, _TRAILING_COMMA.sub("", raw)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _typed(value: Any, depth: int) -> Iterator[Object]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _typed(one, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "author", "publisher"):
            yield from _typed(value.get(key), depth + 1)
