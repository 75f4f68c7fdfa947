"""Selectors for an index page without a feed, guessed from what repeats in it.

Articles of one page share a form of address and stand in elements of one form. JSON-LD that lists articles
(schema.org/ItemList) says which links they are; else it is the form of address whose links have the most words. A guess
is to be looked at: class names come and go with redesigns, so forms of address are preferred to them.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from tracker import urls
from tracker.encoding import decode
from tracker.model import Page, Selectors, SourceKind
from tracker.sources.discovery import Guess, Way
from tracker.sources.markup import attribute, soup
from tracker.sources.plain import link

LEAST = 4  # links of one form that make a list
WORDS = 4  # words of a link that is a headline rather than a button
MOST_DEPTH = 8  # levels from a link to the element of its item
MOST_LINKS = 2_000  # of a page that are looked at
MOST_HELD = 30  # links of one item
PAGE_DEPTH = 40  # levels above a link in which navigation is looked for
SHARE = 0.7  # of the links that a form of element has to hold
ROOTS = frozenset({"body", "html", "main", "ul", "ol", "table", "tbody", "nav", "header", "footer"})
DATE_CLASS = re.compile(r"date|time|published|datum|fecha", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][\w-]*\Z", re.ASCII)
_ARTICLES = frozenset({"Article", "NewsArticle", "BlogPosting", "Report", "PressRelease", "ListItem", "WebPage"})


@dataclass(frozen=True, slots=True)
class _Link:
    tag: Tag
    url: str
    words: int
    base: str


def index(page: Page) -> tuple[Guess, ...]:
    """How the page may be read as a list of articles; nothing where no form of address repeats."""
    tree = soup(decode(page.body, page.content_type))
    if tree is None:
        return ()
    links = [one for one in _links(tree, page.final_url) if urls.same_site(one.url, page.final_url)]
    told = set(_item_list(tree, page.final_url))
    listed = [one for one in links if one.url in told]
    if len({one.url for one in listed}) >= LEAST and (selectors := _selectors(tree, listed)):
        return (Guess(url=page.url, kind=SourceKind.HTML, way=Way.ITEM_LIST, selectors=selectors),)
    repeated = _repeated(links, page.final_url)
    selectors = _selectors(tree, repeated) if repeated else None
    return (Guess(url=page.url, kind=SourceKind.HTML, way=Way.INDEX, selectors=selectors),) if selectors else ()


def _links(tree: BeautifulSoup, base: str) -> Iterator[_Link]:
    """Every link outside navigation, with the count of its words."""
    for tag in tree.select("a[href]", limit=MOST_LINKS):
        url = link(attribute(tag, "href"), base)
        if url and not any(parent.name in {"nav", "footer"} for parent in islice(tag.parents, PAGE_DEPTH)):
            yield _Link(tag, url.partition("#")[0], len(tag.get_text(" ", strip=True).split()), base)


def _item_list(tree: BeautifulSoup, base: str) -> Iterator[str]:
    """The addresses that the page's JSON-LD lists."""
    for script in tree.select("script[type='application/ld+json']"):
        try:
            document = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        for node in _nodes(document):
            url = node.get("url") or node.get("@id")
            if isinstance(url, str) and (whole := link(url, base)):
                yield whole.partition("#")[0]


def _nodes(value: Any, *, inside: bool = False, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The articles in `itemListElement` and `blogPost`, however deep the lists stand."""
    if depth > MOST_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, inside=inside, depth=depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if inside and _ARTICLES.intersection(kinds if isinstance(kinds, list) else [kinds]):
            yield value
        for key, one in value.items():
            if key not in {"breadcrumb", "author", "publisher"} and value.get("@type") != "BreadcrumbList":
                is_list = key in {"itemListElement", "blogPost"} or (inside and key == "item")
                yield from _nodes(one, inside=is_list, depth=depth + 1)


def _repeated(links: Sequence[_Link], page: str) -> list[_Link]:
    """The links of the form of address that has the most words in all."""
    forms: dict[str, dict[str, _Link]] = defaultdict(dict)
    for one in links:
        if one.words >= WORDS and one.url.rstrip("/") != page.rstrip("/"):
            for form in _forms(one.url):
                known = forms[form].get(one.url)
                forms[form][one.url] = one if known is None or known.words < one.words else known
    weighed = {
        form: sum(min(one.words, 20) for one in found.values()) for form, found in forms.items() if len(found) >= LEAST
    }
    within = {form: weight for form, weight in weighed.items() if form != "/"} or weighed
    best = max(within, key=lambda form: (within[form], form.count("/"), form), default=None)
    return list(forms[best].values()) if best is not None else []


def _forms(url: str) -> Iterator[str]:
    """The leading parts of an address's path, numbers as such: /news/, /news/0000/."""
    parts = [re.sub(r"\d", "0", part) for part in urlsplit(url).path.strip("/").split("/")]
    for count in range(min(len(parts), 4)):
        yield "/" + "".join(f"{part}/" for part in parts[:count])


def _selectors(tree: BeautifulSoup, links: Sequence[_Link]) -> Selectors | None:
    """The element that holds one article, where one form of it holds most links; else the links themselves."""
    prefix = _shared(links)
    anchor = f'a[href*="{prefix}"]' if prefix else None
    wanted = {urlsplit(one.url).path for one in links}
    holders = [(holder, form) for one in links if (holder := _holder(one, wanted)) and (form := _form(holder))]
    for form, count in Counter(form for _, form in holders).most_common(3):
        matches = tree.select(form)
        if count >= SHARE * len(links) and len(matches) <= count * 2:
            inside = anchor if anchor and _all_hold(matches, anchor, count) else None
            item = form if len(matches) == count or not inside else f"{form}:has({inside})"
            held = [one for one, _ in holders]
            return Selectors(
                item=item, link=inside or "a[href]", title=_title(held, inside or "a[href]"), date=_date(held)
            )
    return Selectors(item=anchor) if anchor else None


def _shared(links: Sequence[_Link]) -> str:
    """The longest beginning of a path that all links share, up to a slash, or the start of a number behind it."""
    paths = [urlsplit(one.url).path for one in links]
    first, last = min(paths), max(paths)
    size = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    whole = first[:size].rpartition("/")[0] + "/"
    begun = first[len(whole) : size]
    found = whole + (begun[:2] if begun[:2].isdigit() and len(begun) >= 2 else "")
    written = [attribute(one.tag, "href") or "" for one in links]  # may be relative
    fits = (text for text in (found, found.lstrip("/")) if len(text) > 1 and all(text in href for href in written))
    return "" if set(found) & set("\"'\\") else next(fits, "")


def _holder(one: _Link, wanted: set[str]) -> Tag | None:
    """The largest element around a link in which no other article is linked."""
    own = urlsplit(one.url).path
    holder: Tag | None = None
    for parent in islice(one.tag.parents, MOST_DEPTH):
        if parent.name in ROOTS or parent.name == "[document]":
            break
        inside = parent.select("a[href]", limit=MOST_HELD)
        paths = {urlsplit(link(attribute(tag, "href"), one.base) or "").path for tag in inside} - {own}
        if len(inside) == MOST_HELD or paths & wanted:
            break
        holder = parent
    return holder


def _form(tag: Tag) -> str:
    """An element as a selector: its name, and its first class that is a plain word."""
    classes = tag.get("class")
    known = (
        [name for name in classes if _WORD.match(name) and not any(map(str.isdigit, name))]
        if isinstance(classes, list)
        else []
    )
    if known:
        return f"{tag.name}.{known[0]}"
    return tag.name if tag.name in {"article", "li", "tr", "dt"} else ""


def _all_hold(matches: Sequence[Tag], anchor: str, count: int) -> bool:
    return sum(1 for one in matches if one.select_one(anchor)) >= count * SHARE


def _title(holders: Sequence[Tag], anchor: str) -> str | None:
    """The heading, where the first link of most items is a picture."""
    bare = [one for one in holders if (first := one.select_one(anchor)) and not first.get_text(strip=True)]
    if len(bare) < SHARE * len(holders):
        return None
    found = Counter(heading.name for one in bare if (heading := one.select_one("h1, h2, h3, h4, h5")))
    return found.most_common(1)[0][0] if found else None


def _date(holders: Sequence[Tag]) -> str | None:
    """The element with the date, where most items have one of that form."""
    found: Counter[str] = Counter()
    for holder in holders:
        if holder.select_one("time"):
            found["time"] += 1
            continue
        for tag in holder.select("[class]"):
            classes = tag.get("class")
            names = (
                [one for one in classes if DATE_CLASS.search(one) and _WORD.match(one)]
                if isinstance(classes, list)
                else []
            )
            if names and re.search(r"\d", tag.get_text()):
                found[f".{names[0]}"] += 1
                break
    form, count = found.most_common(1)[0] if found else ("", 0)
    return form if count >= SHARE * len(holders) else None
