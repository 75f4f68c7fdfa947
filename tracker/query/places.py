"""Where an article tells a report: the places of each of its fields, in the order in which readers keep them.

It reads the JSON of `report.detail` (a `tracker.model.EventMention` as it is stored) and no text: whether a place fits
its article is for others to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Detail = Mapping[str, Any]

DATES = ("announced_on", "effective_on")
# What an account has several of, with what one of them is called.
PARTIES = MappingProxyType({"actors": "actor", "targets": "target"})
THINGS = MappingProxyType({"items": "item", "instruments": "instrument", "amounts": "amount"})


@dataclass(frozen=True, slots=True)
class Place:
    """From where to where, in the text or in the title."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Words that show a field ("actor", "item", "announced_on"; "quote": the event, "type": its kind).

    `value` is what is made of them, None of a quote and of a type; `kind` is what an amount is of.
    """

    place: Place
    what: str
    value: str | None = None
    kind: str | None = None


def marked(told: Detail) -> Iterator[Marked]:
    """All places of a report, what shows the event as a whole first."""
    yield from (Marked(place=place(span), what="quote") for span in told.get("evidence", ()))
    for reason in told.get("why", ()):
        if reason["what"] == "event" and reason.get("span"):
            yield Marked(place=place(reason["span"]), what="type")
    for name in DATES:
        if (when := told.get(name)) and when.get("span"):
            yield Marked(place=place(when["span"]), what=name, value=when["value"])
    for name, what in PARTIES.items():
        for one in _spanned(told, name):
            yield Marked(place=place(one["span"]), what=what, value=one["party"]["name"])
    for name, what in THINGS.items():
        for one in _spanned(told, name):
            yield Marked(place=place(one["span"]), what=what, value=one["text"], kind=one.get("kind"))


def place(span: Mapping[str, Any]) -> Place:
    """A place as it is stored: of the text where nothing else is said."""
    return Place(span.get("field", "text"), span["start"], span["end"])


def _spanned(told: Detail, name: str) -> Sequence[Mapping[str, Any]]:
    """Those of a list that stand anywhere: what a person or a heading adds stands nowhere."""
    return [one for one in told.get(name, ()) if one.get("span")]
