"""Full-text search over events, articles and parties, with every filter of the timeline.

What few texts hold stands in the order of its rank, what very many hold by its date, the newest first: a page of it is
there at once either way. Filters ask the event; of an article its own source, language and dates, of what it reports
the others; of a party any event that it takes part in. It does not know what words mean to FTS5 (`words`), nor what
filters mean (`filters`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Literal

from tracker.errors import InputError
from tracker.query import search_articles, search_events, search_parties
from tracker.query.answers import Hits
from tracker.query.filters import Filters, condition
from tracker.query.hits import Found, Place
from tracker.query.still import still
from tracker.query.words import match
from tracker.store.connection import Connection

KINDS = ("events", "articles", "parties")
By = Literal["rank", "date"]
ORDERS: tuple[By, ...] = ("rank", "date")
MARK = "~"  # between the parts of a place
SCORE = r"-?\d{1,9}(?:\.\d+)?(?:e-\d+)?"
# What stands first in a place, by kind and order: the score of a hit, its day as a number, its date as far as known.
PLACES: Mapping[tuple[str, By], str] = MappingProxyType(
    {
        ("events", "rank"): SCORE,
        ("events", "date"): r"\d{1,8}",
        ("articles", "rank"): SCORE,
        ("articles", "date"): r"(?:\d{4}[\dT:.+Z-]*)?",
        ("parties", "rank"): SCORE,
    }
)


@still
def search(
    db: Connection,
    text: str,
    filters: Filters,
    *,
    among: Collection[str] | None,
    by: By | None,
    limit: int,
    after: str | None,
) -> Hits:
    """What holds the words of a text and passes the filters.

    Raises:
        InputError: there is no such kind, order or place, or a filter has a value that it cannot have.
    """
    if by is not None and by not in ORDERS:
        raise InputError(f"unknown order: {by!r}; one of {', '.join(ORDERS)}")
    kinds = _kinds(among)
    kind, order, start = "", by, None
    if after is not None:
        kind, order, start = place(after)
        kinds = [kind]
    where = condition(db, filters)
    query = match(text)
    answers: dict[str, Found[Any]] = {}
    if query.wanted is not None:
        if "events" in kinds:
            answers["events"] = search_events.find(db, query, where, by=order, limit=limit, after=start)
        if "articles" in kinds:
            answers["articles"] = search_articles.find(db, query, filters, by=order, limit=limit, after=start)
        if "parties" in kinds:
            answers["parties"] = search_parties.find(db, query, where, filters, limit=limit, after=start)
    found = any(one.hits for one in answers.values())
    return Hits(
        events=answers["events"].hits if "events" in answers else (),
        articles=answers["articles"].hits if "articles" in answers else (),
        parties=answers["parties"].hits if "parties" in answers else (),
        near=() if found or "parties" not in kinds or after else search_parties.near(db, text),
        orders={name: one.order for name, one in answers.items()},
        next={name: told(name, one.order, one.next) for name, one in answers.items() if one.next is not None},
    )


def _kinds(among: Collection[str] | None) -> list[str]:
    if among is None:
        return list(KINDS)
    if unknown := sorted(set(among).difference(KINDS)):
        raise InputError(f"unknown kind: {unknown[0]!r}; one of {', '.join(KINDS)}")
    return [one for one in KINDS if one in among]


def told(kind: str, order: str, place: Place) -> str:
    """A place as it is asked for with `after`."""
    return MARK.join((kind, order, str(place[0]), str(place[1])))


def place(after: str) -> tuple[str, By, Place]:
    """A kind, an order and the place of the last hit seen in it."""
    for (kind, order), first in PLACES.items():
        if told := re.fullmatch(rf"{kind}{MARK}{order}{MARK}({first}){MARK}(\d{{1,18}})", after, re.ASCII):
            return kind, order, (float(told[1]) if order == "rank" else told[1], int(told[2]))
    raise InputError(f"not the place of a hit: {after!r}; use the `next` of a search")
