"""Who wrote an article: names from metadata, then from the visible byline, then from the feed.

Not here: who those people are; roles, "Staff", addresses and the site's own name are no authors.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from lxml.html import HtmlElement

from tracker.articles import jsonld
from tracker.articles.metadata import Metadata, words

METAS = tuple("article:author parsely-author sailthru.author dc.creator dcterms.creator byl citation_author".split())
PUBLISHERS = ("dc.publisher", "dcterms.publisher", "publisher")  # of a release: who issued it
NOBODY = frozenset(
    "admin administrator author authors staff editor editors newsroom webmaster unknown none name".split()
)
ROLES = frozenset(
    "analyst anchor bureau chief columnist contributor correspondent critic director editor editorial fellow intern "
    "journalist manager photographer president producer professor redaktion redakteur reporter researcher reporting "
    "staff submitted writer".split()
)  # a part of a byline with one of these words is what somebody is, not who; their plurals as well
COMMENTED = re.compile(
    r"(?:^|[\s_-])(?:comment(?:s|list|ary)?|respond|reply|replies|related|recommended|teasers?|popular|caption|credit)(?=$|[\s_-])",
    re.IGNORECASE,
)  # classes and ids of what stands among comments, other articles, pictures
COMMENTED_TAGS = frozenset({"form", "aside", "footer", "nav", "label", "blockquote"})
LONGEST = 80  # characters of a name
MOST = 10  # names

_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author|authors|writer|by)(?:$|[\s_-]|name)", re.IGNORECASE)
_BY = re.compile(
    r"^(?:(?:written|reporting|story|text|posted|published)\s+)?(?:(?:by|von|par|por)\b[:\s]*|(?:authors?|writer):\s*)",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*(?:[|·•–—(]|-\s|,?\s+(?:in|for|at|of)\s+[A-Z]|\d|\b(?:published|updated|posted|submitted)\b|@).*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and|&)\s|[,;/&]|\band\b|\bwith\b|\bund\b)\s*")
_AFTER = re.compile(r"\s*(?:[|(<\[]|\s[-–—]\s).*$")
_PERSON = re.compile(r"[^\W\d_][\w.’'-]*(?: (?:[\"“][^\"”]+[\"”]|[^\W\d_][\w.’'-]*)){1,4}")
_SMALL_WORDS = re.compile(r"\b(?:of|for|and|the|on|in)\b")
_LOGIN = re.compile(r"[@_]|://|www\.|\d")  # of an account, an address; no letter of a name


def authors(
    tree: HtmlElement, metadata: Metadata, *, feed: str | None, sites: Iterable[str], ruled: Sequence[str] = ()
) -> str | None:
    """The authors' names, parted by commas, or None. `ruled` is what a rule for the site finds."""
    sites = tuple(sites)
    claims = chain((ruled,), _claims(tree, metadata, feed))
    return next((names for one in claims if (names := named(one, sites))), None)


def named(claims: Iterable[str], sites: Iterable[str]) -> str | None:
    """The names in some claims of authorship, parted by commas, or None."""
    not_names = NOBODY | {site.casefold() for site in sites}
    names = dict.fromkeys(name for claim in claims for name in _names(claim, not_names))
    return ", ".join(list(names)[:MOST]) or None


def _claims(tree: HtmlElement, metadata: Metadata, feed: str | None) -> Iterator[tuple[str, ...]]:
    """Sources of names, the most trusted first; a later one is only asked where those before name nobody."""
    yield jsonld.named(metadata.article.get("author"), metadata.objects)
    yield metadata.meta_authors
    yield tuple(metadata.metas[name] for name in METAS if name in metadata.metas)
    yield tuple(map(_visible, _together(tree.xpath("//*[@rel='author' or @itemprop='author']")[: 2 * MOST])))
    bylines = (
        one for one in tree.iter("p", "span", "div", "a", "address", "li") if _BYLINE.search(one.get("class") or "")
    )
    seen = (line for one in bylines if not _is_aside(one) and (line := _visible(one)))
    yield tuple(line for line in seen if _PERSON.match(_BY.sub("", line)))[:1]
    yield (feed,) if feed else ()
    yield tuple(metadata.metas[name] for name in PUBLISHERS if name in metadata.metas)


def _together(elements: list[HtmlElement]) -> list[HtmlElement]:
    """The first of some elements and those beside it: the same names stand on the cards of other articles."""
    elements = [one for one in elements if not _is_aside(one)]
    places = [tuple(one.iterancestors())[1:2] for one in elements]
    return [one for one, place in zip(elements, places, strict=True) if place == places[0]][:MOST]


def _is_aside(element: HtmlElement) -> bool:
    """Whether an element stands among comments or other articles."""
    return any(
        one.tag in COMMENTED_TAGS
        or (one.tag not in {"body", "html"} and COMMENTED.search(f"{one.get('class') or ''} {one.get('id') or ''}"))
        for one in (element, *element.iterancestors())
    )


def _visible(element: HtmlElement) -> str:
    """The names in a line that readers see, without place, date and role; "" for what is no line."""
    text = words(element)
    text = _CUT.sub("", _BY.sub("", text)) if len(text) <= 3 * LONGEST else ""
    return text.title() if text.isupper() else text


def _names(claim: str, not_names: Collection[str]) -> Iterator[str]:
    """The names of a claim: its parts if some could be people and the rest roles or houses, else one."""
    claim = _AFTER.sub("", _BY.sub("", " ".join(html.unescape(claim).split()))).strip(" .,;:*-")
    parts = [part for part in (part.strip(" .:*-") for part in _BETWEEN.split(claim)) if part]
    if parts and parts[0].casefold() in not_names:
        return  # the site, with its seat or its address behind
    people = [part for part in parts if _is_person(part, not_names)]
    others = [part for part in parts if part not in people and not _is_role(part) and part.casefold() not in not_names]
    if not people or (others and not (len(people) > len(others) and all(map(str.isupper, others)))):
        people = [claim] if others else []
    yield from (name for name in people if len(name) <= LONGEST and not _LOGIN.search(name) and name[:1].isalpha())


def _is_person(part: str, not_names: Collection[str]) -> bool:
    is_named = _PERSON.fullmatch(part) is not None and not _SMALL_WORDS.search(part)
    return is_named and not _is_role(part) and part.casefold() not in not_names


def _is_role(part: str) -> bool:
    return any(word in ROLES or word.removesuffix("s") in ROLES for word in re.findall(r"\w+", part.casefold()))
