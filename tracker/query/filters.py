"""The filters of the timeline, as one condition in SQL; every value is bound, none is spelt into the text.

Dates mean all of their year, month or day: an event of "2024" lies in every part of 2024.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypedDict, TypeVar

from tracker.errors import InputError
from tracker.model import Certainty, Direction, EventType, PartyKind, Status, Tier
from tracker.query import amounts, dates, parties, plan, words
from tracker.query.ground import Ground, Tables
from tracker.query.ids import leads_to
from tracker.query.plan import Asked, Clause, Condition, Plan
from tracker.store import facets
from tracker.store.codec import folded
from tracker.store.connection import Connection

__all__ = ["STANDING", "Condition", "Filters", "condition", "is_narrowed", "several"]

T = TypeVar("T")
Some = str | Iterable[str]  # one value, or any of several


class Filters(TypedDict, total=False):
    """What the timeline can be asked for; every filter that is given must hold."""

    type: Some | None
    subtype: Some | None  # of a user's ontology
    status: Some | None
    direction: Some | None
    certainty: Some | None
    actor: Some | None  # id, country, name or part of a name
    target: Some | None
    party: Some | None  # in either role
    country: Some | None  # seat of a party in either role: a code, or a name
    party_kind: Some | None  # of a party in either role
    pair: Some | None  # seats of who acts and of who is hit or helped: US>CN; of one of them alone: US>, >CN
    item: Some | None  # words of an item or instrument; =AI chips: an item that is called so
    instrument: Some | None  # words of a named law, list or rule alone
    amount: Some | None  # that a report tells: >=1bn USD, as `tracker.query.amounts` reads it
    on: str | None  # which date: announced (the date of the timeline), effective or first_seen
    since: str | None  # dates as `tracker.query.dates` reads them; each means all of its days
    until: str | None
    between: str | None  # 2024-06..2024-09
    last: str | None  # 30d, 6w, 3m, 1y
    in_force_on: str | None  # what holds on that day
    upcoming: bool | None  # what takes effect today or later
    within: str | None  # with upcoming: so long ahead at most
    changed_since: int | None  # a cursor of the log of changes
    as_of: str | None  # what was known then: at the end of that day, or at a time in UTC
    text: str | None  # full text of summary, parties, items and quotes
    source: Some | None  # id of a source that reports it
    tier: Some | None  # tier of a source that reports it
    tag: Some | None  # of a source that reports it
    language: Some | None  # of an article that reports it: ISO 639-1
    min_confidence: float | None
    min_origins: int | None  # independent accounts
    measure: Some | None  # id of the measure
    rejected: bool | None  # those that a person rejected, and no others; else they are left out
    reviewed: bool | None  # those that a person accepted or edited; False: the others
    contradicted: bool | None  # those on which reports disagree; False: the others


ENUMS: dict[str, type[StrEnum]] = {
    "type": EventType,
    "status": Status,
    "direction": Direction,
    "certainty": Certainty,
    "party_kind": PartyKind,
    "tier": Tier,
}
WORDS = ("subtype", "source", "tag", "language")  # fields of which any value is taken as it is
ROLES = {"actor": ("actor",), "target": ("target",), "party": ("actor", "target")}
SEATS = ("actor_seat", "target_seat")
EXACTLY = "="  # before the whole name of a thing
THINGS = {"item": ("item", "instrument"), "instrument": ("instrument",)}  # a named rule is a thing at stake, too
FLAGS = ("reviewed", "contradicted")
GREATEST = 2**63  # what SQLite holds is smaller
STANDING = "event.verdict IS NOT 'reject'"  # an event that no person rejected
REJECTION = "event.verdict IS 'reject'"
# Events that may hold on a day: their step was taken by then.
HOLDS = """
SELECT event.number FROM measure_step AS step CROSS JOIN event ON event.id = step.event_id
WHERE step.status = 'in_force' AND step.day <= ?
"""
STEPS_BY = "SELECT count(*) FROM (SELECT 1 FROM measure_step WHERE status = 'in_force' AND day <= ? LIMIT ?)"
# Of those that stand in the timeline after the day on which they hold, the last: nothing says when they were announced.
HELD_BEFORE = """
SELECT max(day) FROM event
WHERE announced_from IS NULL AND effective_from IS NOT NULL AND +effective_from <= ?1 AND day > ?1
"""
NEVER = "9999-12-31"
# Other axes than that of the timeline, where few events lie between two days.
# A date that is known to the year or month begins with it: of those before the first day only two beginnings count.
BETWEEN = {
    "effective": "SELECT number FROM event WHERE effective_from BETWEEN ? AND ? OR effective_from IN (?, ?)",
    "first_seen": "SELECT number FROM event WHERE first_seen_at BETWEEN ? AND ?",
}


def condition(db: Connection, filters: Filters) -> Condition:
    """All filters in one; raises InputError for a value that no filter knows."""
    checked(filters)
    ground = Tables(db, bool(filters.get("rejected")))
    settled = dates.absolute(filters, None)
    since, until = in_order(settled)
    first = int(since[:4]) * 10000 + 101 if since else 0
    last = int(until.replace("-", "")) if until else plan.NO_DAY
    if holds := settled.get("in_force_on"):
        last = min(last, _latest(db, holds))
    asked = [*wanted(ground, filters), *_axes(db, filters)]
    return Plan(
        every=plan.within(db, ground.any([("all", ("",))]), first, last),
        asked=tuple(plan.within(db, one, first, last) for one in asked),
        tests=tuple(tests(filters, settled, dates.AXES)),
        sure=_sure(ground, filters, settled),
        standing=(REJECTION if filters.get("rejected") else STANDING, ()),
        first=first,
        last=last,
        late=((f"{dates.AXES['announced'][1]} >= ?", (since,)),) if since else (),
        since=int(since.replace("-", "")) if since else 0,
    ).condition()


def _sure(ground: Tables, filters: Filters, settled: Mapping[str, Any]) -> Asked | None:
    """What passes the tests without a look at its row; None where nothing does, or all tests are kept by bands."""
    told = [amounts.read(text) for text in several(filters.get("amount"))]
    others = (*_numbers(filters), *dates.clauses(settled, dates.AXES))
    return None if others or all(one.is_band for one in told) else ground.surely(told)


def checked(filters: Filters) -> None:
    """Raises InputError for what is no filter, and for one that only the past knows."""
    if unknown := sorted(filters.keys() - Filters.__annotations__.keys()):
        raise InputError(f"{unknown[0]!r} is no filter; use {', '.join(Filters.__annotations__)}")
    if filters.get("as_of"):
        raise InputError("this is not kept of the past: `as_of` goes with the timeline, its count and one event")


def in_order(settled: dict[str, Any]) -> tuple[str, str]:
    """Take from the filters the days of the timeline's own order, which whoever asks looks at by themselves."""
    if (settled.get("on") or "announced") != "announced":
        return "", ""
    return settled.pop("since", ""), settled.pop("until", "")


def wanted(ground: Ground[T], filters: Filters) -> Iterator[T]:
    """What a ground makes of each filter, but for dates and what only a closer look at an event tells (`tests`)."""
    yield from _values(ground, filters)
    yield from _bands(ground, filters)
    yield from _parties(ground, filters)
    yield from _things(ground, filters)
    yield from _sets(ground, filters)
    if given := several(filters.get("amount")):
        yield ground.amounts([amounts.read(text) for text in given])


def tests(filters: Filters, settled: Mapping[str, Any], axes: Mapping[str, tuple[str, str]]) -> Iterator[Clause]:
    """Tests of an event's own row, in SQL that SQLite and DuckDB understand.

    `settled`: the dates that are left; `axes`: where their days stand.
    """
    yield from _numbers(filters)
    yield from _amounts_told(filters)
    yield from dates.clauses(settled, axes)


def _values(ground: Ground[T], filters: Filters) -> Iterator[T]:
    """Fields with values that are taken as they are."""
    for name, kind in ENUMS.items():
        if given := several(filters.get(name)):
            yield ground.any([(name, [_known(name, kind, value) for value in given])])
    for name in WORDS:
        if given := several(filters.get(name)):
            yield ground.any([(name, [value.lower() for value in given] if name == "language" else given)])
    for name in FLAGS:
        if (flag := filters.get(name)) is not None:
            yield ground.any([(name, ("",))], but=not flag)


def _bands(ground: Ground[T], filters: Filters) -> Iterator[T]:
    """Numbers by the bands they may lie in; of the lowest `_numbers` looks closer."""
    for name in facets.BANDS:
        least: Any = filters.get(f"min_{name}")
        if least is not None:
            if not abs(least) < GREATEST:
                raise InputError(f"min_{name} is no number that anything could have: {least}")
            yield ground.least(name, least)


def _numbers(filters: Filters) -> Iterator[Clause]:
    """Where a number does not begin a band."""
    for name, band in facets.BANDS.items():
        least: Any = filters.get(f"min_{name}")
        if least is not None and least > 0 and band(least) == band(math.nextafter(least, 0)):
            yield f"event.{name} >= ?", (least,)


def _parties(ground: Ground[T], filters: Filters) -> Iterator[T]:
    seats: dict[str, list[str]] = {}
    for name, roles in ROLES.items():
        if given := several(filters.get(name)):
            meant = [parties.meant(ground.names, text) for text in given]
            if all(one.country is not None for one in meant):
                seats[name] = [one.country for one in meant if one.country is not None]
            yield ground.any([found for one in meant for found in _party(ground, one, roles)])
    if "actor" in seats and "target" in seats:  # says nothing new, and there are fewer of them
        yield ground.any([("pair", [f"{one}>{other}" for one in seats["actor"] for other in seats["target"]])])
    if countries := several(filters.get("country")):
        codes = [_code(ground, text) for text in countries]
        yield ground.any([(seat, codes) for seat in SEATS])
    if pairs := several(filters.get("pair")):
        yield ground.any([_pair(ground, text) for text in pairs])


def _party(ground: Ground[T], meant: parties.Meant, roles: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """A country that acts is its state; one that is hit or helped, or takes part, is all that has its seat there."""
    if meant.country is not None:
        fields = ("actor_state",) if roles == ("actor",) else tuple(f"{role}_seat" for role in roles)
        return [(name, [meant.country]) for name in fields]
    ids = [*meant.ids, *parties.standing(ground.names, meant.ids)]
    return [(role, ids) for role in roles]


def _things(ground: Ground[T], filters: Filters) -> Iterator[T]:
    """Names of things by their words; words with a minus leave out events that have them."""
    for name, fields in THINGS.items():
        given = several(filters.get(name))
        texts = [words.match(text, prefixes=True) for text in given if not text.startswith(EXACTLY)]
        exact = [folded(text[1:]) for text in given if text.startswith(EXACTLY)]
        in_them = [one for one in texts if one.wanted is not None]
        not_in_them = [one for one in texts if one.unwanted is not None]
        if in_them or exact:
            yield ground.things(in_them, fields, exact=[(name, exact)])
        if not_in_them:
            yield ground.things(not_in_them, fields, but=True)
        if texts and not in_them and not not_in_them:
            yield ground.nothing()


def _sets(ground: Ground[T], filters: Filters) -> Iterator[T]:
    """Events by measure, by the log of changes, by words."""
    if measures := several(filters.get("measure")):
        yield ground.measures([leads_to(ground.names, one) for one in measures])
    if (cursor := filters.get("changed_since")) is not None:
        yield ground.changed(cursor)
    text = filters.get("text")
    if text and text.strip():
        found = words.match(text)
        if found.wanted is not None:
            yield ground.words(found)
        if found.unwanted is not None:
            yield ground.words(found, but=True)
        if found.wanted is None and found.unwanted is None:
            yield ground.nothing()


def _axes(db: Connection, filters: Filters) -> Iterator[Asked]:
    """On other axes than that of the timeline: the few events that may lie between two days."""
    settled = dates.absolute(filters, None)
    axis, since, until = settled.get("on"), settled.get("since", ""), settled.get("until", NEVER)
    if "upcoming" in settled:
        axis, since, until = "effective", settled["upcoming"], NEVER
    if (holds := settled.get("in_force_on")) and _latest(db, holds) > int(holds.replace("-", "")):
        events = db.number(STEPS_BY, (holds, plan.MOST_SORTED + 1))
        if events <= plan.MOST_SORTED:
            yield Asked(events, sql=HOLDS, values=(holds,))
    if axis in BETWEEN and (since or until < NEVER):
        begins = (f"{since[:4]}-01-01", f"{since[:7]}-01") if axis == "effective" else ()
        found = plan.of_set(db, BETWEEN[axis], (since, until + dates.DAYS_END, *begins))
        if found.events <= plan.MOST_SORTED:
            yield found


def _amounts_told(filters: Filters) -> Iterator[Clause]:
    """Amounts looked at closely, where bands do not do."""
    told = [amounts.read(text) for text in several(filters.get("amount"))]
    if not all(one.is_band for one in told):
        clauses = [one.clause() for one in told]
        values = tuple(value for _, some in clauses for value in some)
        yield f"({' OR '.join(sql for sql, _ in clauses)})", values


def _latest(db: Connection, day: str) -> int:
    """The last day, as a number, of the timeline on which there is what may hold on a day."""
    row = db.row(HELD_BEFORE, (day,))
    return int(((row and row[0]) or day).replace("-", ""))


def is_narrowed(filters: Filters) -> bool:
    """Whether any filter leaves out events: which date is meant leaves out none, nor does a filter that is off."""
    off = {"rejected": False, "upcoming": False}
    given = {name: value for name, value in filters.items() if name != "on" and value not in (None, "", (), [])}
    return any(name not in off or value is not off[name] for name, value in given.items())


def several(value: object) -> list[str]:
    """One value or many as a list; None as none."""
    if value is None or value == "":
        return []
    return [str(value)] if isinstance(value, str) else [str(one) for one in value]  # type: ignore[attr-defined]


def _known(name: str, kind: type[StrEnum], value: str) -> str:
    if value not in set(kind):
        raise InputError(f"unknown {name}: {value!r}; one of {', '.join(kind)}")
    return value


def _code(ground: Ground[T], text: str) -> str:
    return parties.country(ground.names, text) or text.upper()


def _pair(ground: Ground[T], text: str) -> tuple[str, list[str]]:
    """The facet of the seats of who acts and of who is hit, or of one; raises InputError where there is neither."""
    actor, arrow, target = (part.strip() for part in text.partition(">"))
    if not (arrow and (actor or target)):
        raise InputError(f"not a pair of countries: {text!r}; write who acts, then who is hit: US>CN")
    seats = [_code(ground, told) if told else "" for told in (actor, target)]
    name = "pair" if all(seats) else "actor_seat" if actor else "target_seat"
    return name, [">".join(seats) if all(seats) else "".join(seats)]
