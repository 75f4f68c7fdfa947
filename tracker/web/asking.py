"""What a page is asked, and what it answers: values that know no server."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from tracker.errors import InputError
from tracker.model import Given
from tracker.query import Filters, Timeline, given
from tracker.query.facets import Facets, Index
from tracker.web.authority import Door
from tracker.web.links import Links
from tracker.web.memo import Memo
from tracker.web.settings import Settings

Query = Mapping[str, tuple[str, ...]]

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
DIGITS = 9  # of a number in an address, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request for a page, with the database open to answer it.

    `path` are the parts of the address that the route names, `query` what stands behind its question mark, `form` what
    was sent with a POST. `reviewer` is the name of whoever may decide, None for readers. `token` (ours) and `csrf`
    (Datasette's, where it has one) guard forms; `door` is where people come in to decide, None where nobody can.
    """

    timeline: Timeline
    links: Links
    settings: Settings
    now: datetime  # UTC
    path: Mapping[str, str]
    query: Query
    method: str = "GET"
    form: Query = field(default_factory=lambda: MappingProxyType({}))
    reviewer: str | None = None
    token: str = ""
    csrf: str = ""
    door: Door | None = None
    memo: Memo = field(default_factory=Memo)
    counting: Callable[[], Index | None] = lambda: None  # gives the index of facets, when a page wants it

    @property
    def index(self) -> Index | None:
        """The index of facets; None as long as it is not loaded."""
        return self.counting()

    def one(self, name: str, default: str = "") -> str:
        """The value of a parameter of which there is one; raises InputError for several."""
        told = self.query.get(name, ())
        if len(told) > 1:
            raise InputError(f"{name} takes one value, not {len(told)}")
        return told[0] if told else default

    def sent(self, name: str) -> str:
        """What a field of the form holds, without spaces around it; an empty text where it was not sent."""
        return next(iter(self.form.get(name, ())), "").strip()

    def choice(self, name: str, among: Iterable[str], default: str) -> str:
        """As `one`, of some words."""
        known = tuple(among)
        if (word := self.one(name, default)) not in known:
            raise InputError(f"{name} is one of {', '.join(known)}, not {word!r}")
        return word

    def number(self, name: str, default: int, *, least: int = 1, most: int = 1000) -> int:
        """As `one`, a whole number between two others."""
        word = self.one(name, str(default))
        if not (word.isascii() and word.isdigit() and len(word) <= DIGITS and least <= int(word) <= most):
            raise InputError(f"{name} is a whole number from {least} to {most}, not {word!r}")
        return int(word)

    def facets(self, filters: Filters, fields: Collection[str] = (), *, top: int = 12) -> Facets | None:
        """Counts of what some filters hold for; None before the index is there, and of the past. Raises InputError."""
        index = self.index
        if index is None or filters.get("as_of"):
            return None
        return self.timeline.ask(lambda db, told: index.facets(db, told, fields, top=top), **filters)

    def monthly(self, filters: Filters, name: str, values: Collection[str]) -> dict[str, dict[str, int]] | None:
        """As `facets`, the months of each of some values of a field, whatever dates are asked for."""
        index = self.index
        if index is None or filters.get("as_of"):
            return None
        found = self.timeline.ask(lambda db, told: index.monthly(db, told, name, values), **filters)
        return None if found is None else {value: dict(months) for value, months in found.items()}

    def filters(self, *others: str) -> Filters:
        """The filters of the timeline that the address states; `others` are parameters that are none of them.

        What is empty, as the fields of a form are that nobody filled in, is not stated.

        Raises:
            InputError: there is no such filter, or its text is no value of its kind.
        """
        return given(self.stated(*others))

    def stated(self, *others: str) -> dict[str, Given]:
        """As `filters`, as they stand in the address."""
        found: dict[str, Given] = {}
        for name, values in self.query.items():
            told = tuple(value for value in values if value.strip())
            if told and name not in others:
                found[name] = told[0] if len(told) == 1 else told
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: a body of some type, or with `to` the address of another page."""

    body: str | bytes = ""
    type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    to: str | None = None


def in_json(value: object) -> Answer:
    """A value for programs."""
    return Answer(body=json.dumps(value, ensure_ascii=False, indent=2) + "\n", type=JSON)
