"""One article: its text with what it tells marked in place, what it reports, and how it was come by.

`.json` is the same for programs, with the text in whole. Its older texts with what each edit changed have a page of
their own. The page it was taken from is shown by `original.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracker.query import AccountRow, ArticleDetail, EventRow, PlaceRow, Revision
from tracker.query.edits import Edit, edits
from tracker.web import originals, words
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.highlighting import Piece, numbered, paragraphs, parts, pieces
from tracker.web.rendering import page

PART = 40_000  # characters of a text that are shown at once
TITLE = 300  # of a title
COMPARED = 200_000  # of a text whose edits are told
EDITS = 20  # texts whose edits are told on one page
AROUND = 160  # characters of what stayed that are shown on either side of an edit
# What is marked, with what the switch for it says; later ones are drawn over earlier ones.
KINDS: Mapping[str, str] = MappingProxyType(
    {"quote": "Quotes", "item": "Goods and rules", "amount": "Amounts", "date": "Dates", "party": "Parties"}
)
SENTENCES: Mapping[str, str] = MappingProxyType(
    {"announced": "announced", "effective": "takes effect", "published": "published"}
)
NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "correction": "This article corrects an earlier one of its outlet.",
        "retraction": "This article takes back an earlier one of its outlet.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A piece of the text as it is drawn: its kinds, where it leads, what it tells, and the events whose quotes end."""

    text: str
    kinds: tuple[str, ...]
    party: PlaceRow | None
    tells: str
    ends: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event with the number by which its quotes lead to it, and what the article says of it."""

    number: int | None
    event: EventRow | None
    accounts: tuple[AccountRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A text of an article as an edit of the one before; `cut` where only its beginning was compared."""

    revision: Revision
    edits: tuple[Edit, ...]
    cut: bool
    first: bool


def show(ask: Ask) -> Answer:
    """The article."""
    found = ask.timeline.article(ask.path["id"])
    cuts = parts(found.text, PART)
    part = ask.number("part", 1, most=len(cuts))
    events = {one.event.id: one.event for one in found.accounts if one.event}
    numbers = numbered(one.event.id if one.event else None for one in found.accounts)
    start, end = cuts[part - 1]
    of = {field: [one for one in found.places if one.field == field] for field in ("title", "text")}
    lines = paragraphs(pieces(found.text, of["text"], start=start, end=end))
    return page(
        ask,
        "article.html",
        article=found,
        heading=[_shown(one, events) for one in pieces(found.title, of["title"], end=TITLE)],
        lines=[[_shown(one, events) for one in line] for line in lines],
        told=_told(found.accounts, numbers),
        numbers=numbers,
        counts=_counts(found.places),
        part=part,
        parts=len(cuts),
        kinds=KINDS,
        notices=NOTICES,
        lang=_language(found),
        markup=found.original is not None and originals.is_markup(found.original.content_type),
        textual=found.original is not None and originals.is_text(found.original.content_type),
    )


def told(ask: Ask) -> Answer:
    """The article as JSON."""
    found = ask.timeline.article(ask.path["id"]).to_dict()
    return in_json(found)


def revisions(ask: Ask) -> Answer:
    """The texts that an article has had, the last first, each with what it changed."""
    found = ask.timeline.revisions(ask.path["id"])
    shown = [_edited(before, one) for before, one in zip([None, *found], found, strict=False)][-EDITS:]
    return page(
        ask,
        "revisions.html",
        ident=ask.path["id"],
        title=found[-1].title,
        shown=shown[::-1],
        left=len(found) - len(shown),
        compared=COMPARED,
    )


def _shown(piece: Piece[PlaceRow], events: Mapping[str, EventRow]) -> Shown:
    parties = [one for one in piece.over if one.kind == "party"]
    quotes = dict.fromkeys(one.leads_to for one in piece.ends if one.kind == "quote" and one.leads_to in events)
    return Shown(
        text=piece.text,
        kinds=tuple(kind for kind in KINDS if any(one.kind == kind for one in piece.over)),
        party=parties[-1] if parties else None,
        tells="; ".join(dict.fromkeys(filter(None, map(_tells, piece.over)))),
        ends=tuple(events[key] for key in quotes if key),
    )


def _tells(place: PlaceRow) -> str:
    """What a place tells beyond its words."""
    if place.kind == "date":
        return f"{SENTENCES.get(place.words, place.words)} {words.date(place.value)}"
    if place.kind == "party":
        return place.words
    return words.spelt(place.words) if place.kind == "amount" else ""


def _told(accounts: Iterable[AccountRow], numbers: Mapping[str, int]) -> list[Told]:
    """What is reported: each event once, in the order of the text; then what is not settled yet."""
    found: dict[str, list[AccountRow]] = {}
    for one in accounts:
        found.setdefault(one.event.id if one.event else f" {one.report_id}", []).append(one)
    told = [Told(number=numbers.get(key), event=some[0].event, accounts=tuple(some)) for key, some in found.items()]
    return sorted(told, key=lambda one: one.number or len(numbers) + 1)


def _counts(places: Sequence[PlaceRow]) -> dict[str, int]:
    """How many places there are of each kind that there is."""
    found = {kind: len({(one.field, one.start, one.end) for one in places if one.kind == kind}) for kind in KINDS}
    return {kind: number for kind, number in found.items() if number}


def _language(article: ArticleDetail) -> str | None:
    """The language for browsers, where it is one."""
    return article.language if article.language in words.LANGUAGES else None


def _edited(before: Revision | None, one: Revision) -> Edited:
    if before is None:
        return Edited(revision=one, edits=(), cut=False, first=True)
    found = edits(before.text[:COMPARED], one.text[:COMPARED])
    cut = max(len(before.text), len(one.text)) > COMPARED
    return Edited(revision=one, edits=tuple(_short(found)), cut=cut, first=False)


def _short(found: Sequence[Edit]) -> Iterable[Edit]:
    """Edits with no more of what stayed than stands around them."""
    for n, one in enumerate(found):
        if one.kind != "same" or len(one.text) <= 3 * AROUND:
            yield one
            continue
        head = one.text[:AROUND] if n else ""
        tail = one.text[-AROUND:] if n < len(found) - 1 else ""
        yield Edit("same", f"{head} … {tail}")
