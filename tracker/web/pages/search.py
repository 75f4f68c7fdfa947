"""Search: events, articles and parties that hold some words, narrowed by every filter of the timeline.

`/search.json` is the same for programs. An address of an article leads to the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tracker.errors import NotFoundError
from tracker.query import Hits
from tracker.urls import is_http
from tracker.web import narrowing
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.narrowing import Chip, Stated
from tracker.web.rendering import page

OWN = ("text", "by", "in", "after", "size")  # parameters that are no filters
MOST = 500  # characters of a search
KINDS: Mapping[str, str] = MappingProxyType({"events": "Events", "articles": "Articles", "parties": "Parties"})
SIZES: Mapping[str, int] = MappingProxyType({"all": 10, "one": 30})  # hits of each kind, or of the one asked for
# Without a word of the reader the best come first of what few texts hold, the newest of what many do: to rank a million
# takes longer than a page may.
ORDERS: Mapping[str, str] = MappingProxyType({"": "Best first", "date": "Newest first"})
ORDERED: Mapping[str, str] = MappingProxyType({"rank": "best first", "date": "newest first"})
# What may be typed, with what it finds.
FORMS: tuple[tuple[str, str], ...] = (
    ("export controls", "both words, in any order"),
    ('"export controls"', "the words in a row"),
    ("gallium OR germanium", "either word"),
    ("tariff -steel", "the one without the other"),
    ("semicond*", "words that begin so"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The hits of one kind: how they are ordered, and where there are more."""

    kind: str
    title: str
    hits: tuple[object, ...]
    order: str
    more: str | None


def show(ask: Ask) -> Answer:
    """What was found, kind by kind; without words what may be asked."""
    text = _text(ask)
    if is_http(text) and (known := _known(ask, text)):
        return Answer(to=ask.links.article(known))
    stated = ask.stated(*OWN)
    kind = ask.choice("in", ("", *KINDS), "")
    found = _found(ask, text) if text else None
    return page(
        ask,
        "search.html",
        text=text,
        kind=kind,
        by=ask.choice("by", ORDERS, ""),
        kinds=KINDS,
        orders=ORDERS,
        forms=FORMS,
        sections=list(_sections(ask, found, kind)) if found else [],
        near=found.near if found else (),
        chips=list(_chips(ask, stated)),
        hidden=narrowing.hidden(stated, ()),
        asked=stated,
        begun=bool(ask.one("after")),
    )


def told(ask: Ask) -> Answer:
    """The same as JSON: `tracker.query.Hits`."""
    return in_json(_found(ask, _text(ask)).to_dict())


def _text(ask: Ask) -> str:
    return ask.one("text").strip()[:MOST]


def _known(ask: Ask, url: str) -> str | None:
    try:
        return ask.timeline.article(url).id
    except NotFoundError:
        return None


def _found(ask: Ask, text: str) -> Hits:
    kind = ask.choice("in", ("", *KINDS), "")
    return ask.timeline.search(
        text,
        among=(kind,) if kind else None,
        by="date" if ask.choice("by", ORDERS, "") else None,
        limit=ask.number("size", SIZES["one" if kind else "all"], most=100),
        after=ask.one("after") or None,
        **ask.filters(*OWN),
    )


def _sections(ask: Ask, found: Hits, kind: str) -> Iterator[Section]:
    for name, title in KINDS.items():
        if name not in found.orders or (kind and name != kind):
            continue
        following = found.next.get(name)
        yield Section(
            kind=name,
            title=title,
            hits=getattr(found, name),
            order=ORDERED[found.orders[name]],
            more=ask.links.page("search", ask.query, **{"in": name, "after": following}) if following else None,
        )


def _chips(ask: Ask, stated: Stated) -> Iterator[Chip]:
    """What the search is narrowed by, each value with the search without it."""
    kept = {name: ask.one(name) for name in ("text", "by", "in")}
    return narrowing.chips(ask, stated, lambda left: ask.links.page("search", {**kept, **left}))
