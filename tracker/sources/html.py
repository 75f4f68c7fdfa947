"""Index pages without a feed, read by the CSS selectors of the source.

Dates come from a `datetime` or `content` attribute or from visible text, relative ones ("3 hours ago") included, never
from the URL. No scripts are run.
"""

from __future__ import annotations

import itertools

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from tracker import dates
from tracker.encoding import decode
from tracker.model import Done, Listing, Page, Poison, Request, Selectors, Source, When
from tracker.sources import relative, times
from tracker.sources.bodies import looks_like, not_a
from tracker.sources.entries import MAX_ENTRIES, Entry, listing, primary
from tracker.sources.markup import attribute, soup
from tracker.sources.plain import link

ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
_DATE_ATTRIBUTES = ("datetime", "content", "data-datetime", "title")


def request(source: Source) -> Request:
    """The index page itself."""
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The items that the selectors find. Finding none is a fault: the page has been rebuilt, or is another page."""
    selectors = source.selectors
    if selectors is None:
        return Poison(reason="the source has kind html and no selectors")
    tree = soup(decode(page.body, page.content_type))
    if tree is None:
        return Poison(reason=not_a("an HTML page of a size that can be read", page.body, page.content_type))
    try:
        found = [_entry(source, page, selectors, one) for one in tree.select(selectors.item, limit=MAX_ENTRIES + 1)]
        older = _older(tree, page, selectors.next) if selectors.next else None
    except SelectorSyntaxError as fault:
        return Poison(reason=f"not a CSS selector: {str(fault).splitlines()[0]}")
    if not found:
        looks = looks_like(page.body, page.content_type)
        return Poison(reason=f"{looks}, where the item selector {selectors.item!r} finds nothing")
    return listing(source, found, base=_base(tree, page), older=older)


def _base(tree: BeautifulSoup, page: Page) -> str:
    """What relative links are relative to: the page's `<base href>` or its URL."""
    base = tree.select_one("base[href]")
    return (link(attribute(base, "href"), page.final_url) if base else None) or page.final_url


def _older(tree: BeautifulSoup, page: Page, selector: str) -> Request | None:
    """The page with older entries: the first link that the selector finds or that lies in what it finds."""
    for place in tree.select(selector, limit=10):
        anchor = place if place.has_attr("href") else place.select_one("a[href]")
        url = link(attribute(anchor, "href"), _base(tree, page)) if anchor else None
        if url and url not in {page.url, page.final_url}:
            return Request(url=url, accept=ACCEPT)
    return None


def _entry(source: Source, page: Page, selectors: Selectors, found: Tag) -> Entry | None:
    """One item of the index. The item may itself be the link."""
    anchor = found.select_one(selectors.link) or (found if found.has_attr("href") else None)
    if anchor is None:
        return None
    title = found.select_one(selectors.title) if selectors.title else anchor
    summary = found.select_one(selectors.summary) if selectors.summary else None
    language = _language(found)
    place = found.select_one(selectors.date or "time[datetime]")
    return Entry(
        url=attribute(anchor, "href"),
        title=(title or anchor).get_text(" ", strip=True) or attribute(anchor, "title") or "",
        published=_date(source, page, place, primary(language)) if place else None,
        summary=summary.decode_contents() if summary else None,
        language=language,
    )


def _date(source: Source, page: Page, place: Tag, language: str | None) -> When | None:
    """The date of an item: what a machine is told before what a reader sees, a date before a distance from now."""
    stated = [attribute(place, name) for name in _DATE_ATTRIBUTES]
    if (inner := place.select_one("time[datetime]")) is not None:
        stated.insert(0, attribute(inner, "datetime"))
    texts = [text for text in [*stated, place.get_text(" ", strip=True)] if text]
    day_first = dates.day_first(source.country, source.language)
    languages = (language or source.language, source.language, "en")
    exact = (times.from_text(text, day_first=day_first) for text in texts)
    counted = (relative.read(text, now=page.fetched_at, languages=languages) for text in texts)
    when = next((when for when in itertools.chain(exact, counted) if when), None)
    return when if when and dates.is_sane(when, page.fetched_at) else None


def _language(found: Tag) -> str | None:
    """The nearest `lang` around the item."""
    holder = found if found.has_attr("lang") else found.find_parent(attrs={"lang": True})
    return attribute(holder, "lang") if holder else None
