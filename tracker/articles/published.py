"""When an article was published and last changed, each date with what it rests on.

Candidates in the order of trust: metadata (JSON-LD, meta tags, microdata), `<time>`, the visible byline, the address,
the feed. A date that cannot be (in the future, before the web) is passed over, and so is one that is far from what the
feed says: footers, templates and imports write such dates. The time of fetching is the last resort.
Not here: dates in the running text, except a line that is a date and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from tracker.articles.metadata import Metadata, words
from tracker.dates import earliest, find, is_sane, parse, prefix
from tracker.model import Basis, When

PUBLISHED_LD = ("datePublished", "uploadDate", "dateCreated")
PUBLISHED_METAS = (
    "article:published_time og:published_time datepublished article:published og:article:published_time "
    "parsely-pub-date sailthru.date dc.date.issued dcterms.issued dcterms.date dc.date dcterms.created dc.date.created "
    "citation_publication_date citation_date publish-date publish_date publishdate pubdate published_time "
    "publication_date cxenseparse:recs:publishtime article.published originalpublicationdate displaydate datecreated "
    "date"
).split()
MODIFIED_METAS = (
    "article:modified_time og:updated_time datemodified og:modified_time article:updated_time dcterms.modified "
    "dc.date.modified lastmod last-modified last_updated_date revision_date"
).split()
FAR_OFF = {Basis.METADATA: timedelta(days=30), Basis.PAGE: timedelta(days=7)}  # from the feed's date, either way

LATER = re.compile(
    r"\b(?:updated?|modified|edited|revised|corrected|aktualisiert|mis à jour|actualizado)\b", re.IGNORECASE
)
EARLIER = re.compile(r"\b(?:published|posted|issued|released|first)\b", re.IGNORECASE)
DATED = re.compile(
    r"date|time|publish|posted|pubdt|byline|dateline|stamp|(?:^|[\s_-])(?:meta|info)(?:$|[\s_-])", re.IGNORECASE
)
ELSEWHERE = re.compile(
    r"footer|masthead|top-?bar|today|current-?date|clock|sidebar|related|recommend|most-?(?:read|popular)|trending|latest|teaser|comment|promo|newsletter|archive|"
    r"live-?update|(?:^|[\s_-])(?:nav|menu|card|ticker|stamp|update)(?:$|[\s_-])",
    re.IGNORECASE,
)
ELSEWHERE_TAGS = frozenset({"footer", "aside", "nav", "li", "a", "blockquote"})
DAY = len("2024-06-25")
NEW_YEAR = "-01-01"  # what htmldate makes of a year alone, such as that of a copyright line
LONGEST_BYLINE = 160  # characters
LOOKED_AT = 1_500  # elements from the top of the page in which a byline may stand

_PARTS = re.compile(r"\s[|·•–—]\s")
_YEAR = re.compile(r"(?:19|20)\d\d")
_IN_URL = (
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/_-](?P<m>0?[1-9]|1[0-2])[/_-](?P<d>[0-3]?\d)(?=[/_.-]|$)"),
    re.compile(r"/(?P<y>20\d\d)/(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?=[/_.-]|$)"),
    re.compile(r"[/_-](?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?=[/_.-]|$)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>0[1-9]|1[0-2])(?=/)"),
)


def published(candidates: Iterator[When], *, feed: When | None, now: datetime, fetched: datetime | None = None) -> When:
    """The first date of the page that can be, else the feed's, else the day it was fetched."""
    feed = feed if feed is not None and is_sane(feed, now) else None
    for when in candidates:
        if is_sane(when, now) and not (feed and _far_off(when, feed)):
            if feed and feed.value.startswith(when.value):
                return feed  # the same day, but with its time
            return when if len(when.value) >= DAY else _finer(when, candidates, now)
    return feed or When(value=prefix(fetched or now)[:10], basis=Basis.FETCHED)  # the hour says nothing of the article


def _finer(when: When, others: Iterator[When], now: datetime) -> When:
    """A month or a year gives way to the first day in it that the page names elsewhere."""
    days = (one for one in others if len(one.value) >= DAY and one.value.startswith(when.value) and is_sane(one, now))
    return next(days, when)


def candidates(
    tree: HtmlElement, metadata: Metadata, url: str, *, day_first: bool | None, ruled: Sequence[str] = ()
) -> Iterator[When]:
    """Every date of publication that the page offers, the most trusted first; `ruled` is what a rule finds.

    Where the address names a day, a later one on the page is that of an edit or of another edition.
    """
    told = (parse(text, basis=Basis.METADATA, day_first=day_first) for text in ruled)
    yield from (when for when in told if when is not None)
    in_url = from_url(url)
    day = in_url.value if in_url is not None and len(in_url.value) == DAY else None
    for when in _on_page(tree, metadata, day_first=day_first):
        if day is None or when.value[:DAY] <= _next_day(day):
            yield when
    if in_url is not None:
        yield in_url


def _on_page(tree: HtmlElement, metadata: Metadata, *, day_first: bool | None) -> Iterator[When]:
    texts = [metadata.ld(name) for name in PUBLISHED_LD]
    texts += [metadata.metas[name] for name in PUBLISHED_METAS if name in metadata.metas]
    texts += [_own(element) for element in tree.xpath("//*[contains(@itemprop, 'datePublished')]")]
    for text in texts:
        when = parse(text, basis=Basis.METADATA, day_first=day_first)
        if when is not None:
            yield when
    yield from _visible(tree, day_first=day_first)


def guessed(tree: HtmlElement, url: str, *, now: datetime) -> Iterator[When]:
    """The opinion of htmldate, for pages that say nothing where it is looked for, and whose feed is silent too."""
    found = find_date(tree, original_date=True, extensive_search=True, url=url or None, max_date=now)
    if found and not found.endswith(NEW_YEAR):
        yield When(value=found, basis=Basis.PAGE)


def modified(tree: HtmlElement, metadata: Metadata, published: When, *, now: datetime) -> str | None:
    """The ISO prefix of the last change that the page states, if it is after publication and not in the future."""
    texts = [metadata.ld("dateModified"), *(metadata.metas[name] for name in MODIFIED_METAS if name in metadata.metas)]
    texts += [_own(element) for element in tree.xpath("//*[contains(@itemprop, 'dateModified')]")]
    for text in texts:
        when = parse(text, basis=Basis.METADATA)
        if when is not None and is_sane(when, now) and when.day >= published.day and when.value != published.value:
            return when.value
    return None


def from_url(url: str) -> When | None:
    """The date in an address (`/2024/06/25/`, `-20240625`, `/2024/06/`), or None."""
    for pattern in _IN_URL:
        found = pattern.search(url)
        if found:
            parts = [f"{int(part):02}" for part in found.groups()]
            return parse("-".join(parts), basis=Basis.PAGE)
    return None


def _next_day(day: str) -> str:
    """The day after, for where the page and its address count in different zones."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _visible(tree: HtmlElement, *, day_first: bool | None) -> Iterator[When]:
    """Dates that a reader sees near the top: `<time>` first, then bylines, then lines that are a date alone."""
    found: tuple[list[When], list[When], list[When]] = ([], [], [])  # times, bylines, lines
    for count, element in enumerate(tree.iter("*")):
        if count > LOOKED_AT:
            break
        kind = 0 if element.tag == "time" else 1 if DATED.search(_names(element)) else 2
        text = _own(element) if kind == 0 else _short(element)
        if not text or not _YEAR.search(text) or _is_update(element, text) or _is_elsewhere(element):
            continue
        read = find if kind == 1 or _is_byline(text) else parse
        when = read(text, basis=Basis.PAGE, day_first=day_first)
        if when is not None:
            found[kind].append(when)
    yield from (*found[0][:3], *found[1][:3], *found[2][:1])


def _is_byline(text: str) -> bool:
    """Whether a line of unknown purpose is made of short parts: "14 January 2022 · Tess Harrow · Print"."""
    return len(text) <= LONGEST_BYLINE // 2 and bool(_PARTS.search(text)) and not text.endswith((".", "!", "?"))


def _own(element: HtmlElement) -> str:
    """The machine-readable date of an element, or its text."""
    return element.get("datetime") or element.get("content") or words(element)[:LONGEST_BYLINE]


def _short(element: HtmlElement) -> str:
    """The text of a small element; "" for containers and for what is no place of a date."""
    if element.tag in {"script", "style", "html", "head", "body", "title", "meta", "option"} or len(element) > 12:
        return ""
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > 2 * LONGEST_BYLINE:
            return ""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_BYLINE else ""


def _is_update(element: HtmlElement, text: str) -> bool:
    parent = element.getparent()
    label = f"{_names(element)} {text} {(parent.text or '') if parent is not None else ''}"
    return bool(LATER.search(label)) and not EARLIER.search(label)


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element stands in a part of the page that is about other articles, or about today."""
    return any(
        one.tag in ELSEWHERE_TAGS
        or (one.tag == "header" and one.find(".//h1") is None)
        or (one.tag not in {"body", "html"} and ELSEWHERE.search(_names(one)))
        for one in (element, *element.iterancestors())
    )


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _far_off(when: When, feed: When) -> bool:
    if len(when.value) < 10:  # a month or a year: far off when the feed's date is not in it
        return not feed.value.startswith(when.value)
    return abs(earliest(when) - earliest(feed)) > FAR_OFF[when.basis]
