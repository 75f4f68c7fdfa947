"""The parties, the most active first: a list to look through, and to search by name."""

from __future__ import annotations

from tracker.charts import shades
from tracker.charts.countries import name
from tracker.errors import InputError
from tracker.model import PartyKind
from tracker.query import roster
from tracker.query.roster import ORDERS, Roster
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.rendering import page

SIZE = 50  # parties of a page
LAST = 100  # page
OWN = ("text", "kind", "country", "order", "page")
HEADS = {"active": "most active", "acts": "most acts", "targeted": "most acted upon"}


def show(ask: Ask) -> Answer:
    """A page of the list with its form."""
    found, number = listed(ask)
    bounds = {
        side: shades.bounds(max((getattr(row, side) for row in found.rows), default=0)) for side in ("acts", "targeted")
    }
    return page(
        ask,
        "parties.html",
        found=found,
        number=number,
        first=(number - 1) * SIZE,
        last=min(LAST, -(-found.many // SIZE)),
        steps=[tuple(shades.step(bounds[side], getattr(row, side)) for side in bounds) for row in found.rows],
        held={field: ask.one(field) for field in OWN},
        kinds=[one.value for one in PartyKind],
        seats=sorted(((code, name(code)) for code in ask.timeline.ask(lambda db, _: roster.seats(db))), key=_by_name),
        orders=HEADS,
        called=name,
    )


def as_json(ask: Ask) -> Answer:
    """The same for programs."""
    found, number = listed(ask)
    told = {"page": number, **found.to_dict()}
    return in_json(told)


def listed(ask: Ask) -> tuple[Roster, int]:
    """The parties of a page, and its number; raises InputError."""
    if unknown := sorted(ask.query.keys() - set(OWN)):
        raise InputError(f"{unknown[0]!r} is nothing that parties are asked for by; use {', '.join(OWN)}")
    number = ask.number("page", 1, most=LAST)
    kind = ask.choice("kind", ("", *PartyKind), "")
    order = ask.choice("order", ORDERS, "active")
    text, country = ask.one("text"), ask.one("country").strip().upper()
    found = ask.timeline.ask(
        lambda db, _: roster.roster(
            db, text=text, kind=kind, country=country, order=order, limit=SIZE, offset=(number - 1) * SIZE
        )
    )
    return found, number


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1]
