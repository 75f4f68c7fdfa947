"""The title of an article without the name of its site or section.

Candidates in the order of trust: the JSON-LD headline, `og:title`, the page's heading, `<title>`, the feed's title.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from tracker.articles.metadata import Metadata

SEPARATORS = re.compile(r"\s+(?:[|–—·•»«:/-]|--)\s+|\s*[|»«]\s*|:\s+(?=[A-Z][\w.]+$)")
LONGEST = 300  # characters of a title; what is longer is a text
ELLIPSIS = ("…", "...")


def title(metadata: Metadata, *, feed: str, sites: Iterable[str], ruled: Sequence[str] = ()) -> str:
    """The best title, on one line; "" where nobody gives one.

    `sites` are names of the site to take off, `ruled` what a rule for the site finds.
    """
    sites = tuple(sites)
    if ruled:
        return without_site(html.unescape(ruled[0]), sites)[:LONGEST]
    names = _names(sites)
    heading = metadata.headings[0] if len(metadata.headings) == 1 else _shared(metadata)
    candidates = [
        metadata.ld("headline"),
        metadata.first("og:title", "twitter:title", "dc.title", "parsely-title"),
        heading,
        metadata.title,
        feed,
    ]
    cleaned = [without_site(html.unescape(one), sites) for one in candidates if one and len(one) <= LONGEST]
    usable = [one for one in cleaned if one and _plain(one) not in names]
    agreed = [
        one for n, one in enumerate(usable) if any(_is_like(one, other) for other in usable[:n] + usable[n + 1 :])
    ]
    return _whole((agreed or usable)[0], cleaned) if usable else ""


def _is_like(one: str, other: str) -> bool:
    """Whether one title is part of the other: what a page says in two places is its title, not its description."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    return short in long and len(short) * 3 >= len(long)


def without_site(text: str, sites: Iterable[str]) -> str:
    """A title without the segments at its end or beginning that are the site's name, or a section before it."""
    names = _names(sites)
    text = " ".join(text.split())
    found = list(SEPARATORS.finditer(text))
    while found and (tail := next((at for at in reversed(found) if _plain(text[at.end() :]) in names), None)):
        text = text[: tail.start()]
        found = [at for at in found if at.end() < tail.start()]
    if found and _plain(text[: found[0].start()]) in names:
        return text[found[0].end() :]
    return text


def _shared(metadata: Metadata) -> str:
    """Of several headings the one that the page's title begins with; the first is often the site's name."""
    page = _plain(metadata.title)
    return next((one for one in metadata.headings if _plain(one) and page.startswith(_plain(one))), "")


def _whole(chosen: str, others: list[str]) -> str:
    """A title cut with an ellipsis gives way to the whole one."""
    if not chosen.endswith(ELLIPSIS):
        return chosen
    head = _plain(chosen)
    return next((one for one in others if not one.endswith(ELLIPSIS) and _plain(one).startswith(head)), chosen)


def _names(sites: Iterable[str]) -> set[str]:
    return {_plain(site) for site in sites} - {""}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold()).removeprefix("the").removesuffix("com")
