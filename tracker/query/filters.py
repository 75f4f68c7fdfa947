"""The filters of the timeline, as one condition in SQL; every value is bound, none is spelt into the text.

Dates mean all of their year, month or day: an event of "2024" lies in every part of 2024.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Row
from typing import Any, TypedDict

from tracker.errors import InputError
from tracker.model import Certainty, Direction, EventType, PartyKind, Status, Tier
from tracker.query import amounts, changes, dates, parties, plan, words
from tracker.query.ids import leads_to
from tracker.query.plan import Asked, Clause, Condition, Plan
from tracker.store import facets
from tracker.store.codec import folded
from tracker.store.connection import Connection

__all__ = ["STANDING", "Condition", "Filters", "condition", "is_narrowed", "several"]

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
STEPS = "SELECT number FROM event WHERE measure_id IN (SELECT value FROM json_each(?))"
NAMED = """
SELECT facet_key.number, events FROM facet_fts CROSS JOIN facet_key ON facet_key.number = facet_fts.rowid
WHERE facet_fts MATCH ? AND field IN (SELECT value FROM json_each(?))
UNION
SELECT number, events FROM json_each(?) AS wanted CROSS JOIN json_each(?) AS name
CROSS JOIN facet_key ON field = wanted.value AND facet_key.value = name.value
"""
BANDS = "SELECT number, events FROM facet_key WHERE field = ? AND CAST(value AS INTEGER) >= ?"
AMOUNTS = "SELECT number, events, value FROM facet_key WHERE field = ?"
CHANGED = "SELECT number FROM event WHERE id IN (SELECT id FROM change WHERE cursor > ? AND what = 'event')"
MOST_CHANGED = "SELECT count(*) FROM (SELECT 1 FROM change WHERE cursor > ? AND what = 'event' LIMIT ?)"
CHANGED_ONE = """EXISTS (SELECT 1 FROM event AS one CROSS JOIN change ON change.id = one.id
  WHERE one.number = {number} AND change.cursor > ? AND change.what = 'event')"""
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


@dataclass(frozen=True, slots=True)
class Question:
    """What filters are read with: the database, and the world they are about."""

    db: Connection
    filters: Filters

    def any(self, fields: Iterable[str], values: Iterable[str], *, but: bool = False) -> Asked:
        """Events with any of these values in any of these fields."""
        told = list(values)
        return plan.asked(self.db, ((self.field(name), told) for name in fields), but=but)

    def field(self, name: str) -> str:
        """A field as events have it that a person rejected, where those are asked for."""
        return f"{facets.REJECTED}{name}" if self.filters.get("rejected") else name

    def several(self, name: str) -> list[str]:
        """The values of a filter."""
        return several(self.filters.get(name))


def condition(db: Connection, filters: Filters) -> Condition:
    """All filters in one; raises InputError for a value that no filter knows."""
    if unknown := sorted(filters.keys() - Filters.__annotations__.keys()):
        raise InputError(f"{unknown[0]!r} is no filter; use {', '.join(Filters.__annotations__)}")
    if filters.get("as_of"):
        raise InputError("this is not kept of the past: `as_of` goes with the timeline, its count and one event")
    question = Question(db, filters)
    settled = dates.absolute(filters, None)
    since, until = ("", "")
    if (settled.get("on") or "announced") == "announced":
        since, until = settled.pop("since", ""), settled.pop("until", "")
    first = int(since[:4]) * 10000 + 101 if since else 0
    last = int(until.replace("-", "")) if until else plan.NO_DAY
    if holds := settled.get("in_force_on"):
        last = min(last, _latest(db, holds))
    asked = [one for make in MAKERS for one in make(question)]
    return Plan(
        every=plan.within(db, question.any(("all",), ("",)), first, last),
        asked=tuple(plan.within(db, one, first, last) for one in asked),
        tests=(*_numbers(filters), *_amounts_told(filters), *dates.clauses(settled)),
        standing=(REJECTION if filters.get("rejected") else STANDING, ()),
        first=first,
        last=last,
        late=((f"{dates.AXES['announced'][1]} >= ?", (since,)),) if since else (),
        since=int(since.replace("-", "")) if since else 0,
    ).condition()


def _values(question: Question) -> Iterable[Asked]:
    """Fields with values that are taken as they are."""
    for name, kind in ENUMS.items():
        if given := question.several(name):
            yield question.any((name,), [_known(name, kind, value) for value in given])
    for name in WORDS:
        if given := question.several(name):
            yield question.any((name,), [value.lower() for value in given] if name == "language" else given)
    for name in FLAGS:
        if (flag := question.filters.get(name)) is not None:
            yield question.any((name,), ("",), but=not flag)


def _bands(question: Question) -> Iterable[Asked]:
    """Numbers by the bands they may lie in; of the lowest `_numbers` looks closer."""
    for name, band in facets.BANDS.items():
        least: Any = question.filters.get(f"min_{name}")
        if least is not None:
            if not abs(least) < GREATEST:
                raise InputError(f"min_{name} is no number that anything could have: {least}")
            yield plan.of_keys(_once(question.db.rows(BANDS, (question.field(name), band(max(least, 0))))))


def _numbers(filters: Filters) -> Iterable[Clause]:
    """Where a number does not begin a band."""
    for name, band in facets.BANDS.items():
        least: Any = filters.get(f"min_{name}")
        if least is not None and least > 0 and band(least) == band(math.nextafter(least, 0)):
            yield f"event.{name} >= ?", (least,)


def _parties(question: Question) -> Iterable[Asked]:
    seats: dict[str, list[str]] = {}
    for name, roles in ROLES.items():
        if given := question.several(name):
            meant = [parties.meant(question.db, text) for text in given]
            if all(one.country is not None for one in meant):
                seats[name] = [one.country for one in meant if one.country is not None]
            told = [found for one in meant for found in _party(question, one, roles)]
            yield plan.asked(question.db, [(question.field(one), ids) for one, ids in told])
    if "actor" in seats and "target" in seats:  # says nothing new, and there are fewer of them
        yield question.any(("pair",), [f"{one}>{other}" for one in seats["actor"] for other in seats["target"]])
    if countries := question.several("country"):
        yield question.any(SEATS, [_code(question, text) for text in countries])
    if pairs := question.several("pair"):
        yield plan.asked(question.db, [_pair(question, text) for text in pairs])


def _party(question: Question, meant: parties.Meant, roles: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """A country that acts is its state; one that is hit or helped, or takes part, is all that has its seat there."""
    if meant.country is not None:
        fields = ("actor_state",) if roles == ("actor",) else tuple(f"{role}_seat" for role in roles)
        return [(name, [meant.country]) for name in fields]
    return [(role, [*meant.ids, *parties.standing(question.db, meant.ids)]) for role in roles]


def _things(question: Question) -> Iterable[Asked]:
    """Names of things by their words; words with a minus leave out events that have them."""
    for name, fields in THINGS.items():
        given = question.several(name)
        texts = [words.match(text, prefixes=True) for text in given if not text.startswith(EXACTLY)]
        exact = json.dumps([folded(text[1:]) for text in given if text.startswith(EXACTLY)])
        told = json.dumps([question.field(one) for one in fields])
        if (wanted := [one.wanted for one in texts if one.wanted is not None]) or len(texts) < len(given):
            yield _named(question, wanted, told, exact=(json.dumps([question.field(name)]), exact))
        if unwanted := [one.unwanted for one in texts if one.unwanted is not None]:
            yield _named(question, unwanted, told, but=True)
        if texts and not wanted and not unwanted:
            yield plan.of_keys(())


def _named(
    question: Question,
    expressions: Sequence[str],
    fields: str,
    *,
    exact: tuple[str, str] = ("[]", "[]"),
    but: bool = False,
) -> Asked:
    """Things whose names any of some expressions of FTS5 finds, or that are called so exactly."""
    values = (f"({') OR ('.join(expressions)})" if expressions else '""', fields, *exact)
    return plan.of_keys(_once(question.db.rows(NAMED, values)), but=but, found=(NAMED, values))


def _sets(question: Question) -> Iterable[Asked]:
    """Events that a question gives: by words, by measure, by when they take effect."""
    db, filters = question.db, question.filters
    if measures := question.several("measure"):
        yield plan.of_set(db, STEPS, (json.dumps([leads_to(db, one) for one in measures]),))
    if (cursor := filters.get("changed_since")) is not None:
        changes.known(db, cursor)
        most = db.number(MOST_CHANGED, (cursor, plan.MOST_SORTED + 1))
        yield Asked(most, sql=CHANGED, values=(cursor,), once=CHANGED_ONE if most > plan.MOST_SORTED else "")
    text = filters.get("text")
    if text and text.strip():
        found = words.match(text)
        if found.wanted is not None:
            yield plan.of_words(db, found.wanted)
        if found.unwanted is not None:
            yield plan.of_words(db, found.unwanted, but=True)
        if found.wanted is None and found.unwanted is None:
            yield plan.of_keys(())


def _axes(question: Question) -> Iterable[Asked]:
    """On other axes than that of the timeline: the few events that may lie between two days."""
    settled = dates.absolute(question.filters, None)
    axis, since, until = settled.get("on"), settled.get("since", ""), settled.get("until", NEVER)
    if "upcoming" in settled:
        axis, since, until = "effective", settled["upcoming"], NEVER
    if (holds := settled.get("in_force_on")) and _latest(question.db, holds) > int(holds.replace("-", "")):
        events = question.db.number(STEPS_BY, (holds, plan.MOST_SORTED + 1))
        if events <= plan.MOST_SORTED:
            yield Asked(events, sql=HOLDS, values=(holds,))
    if axis in BETWEEN and (since or until < NEVER):
        begins = (f"{since[:4]}-01-01", f"{since[:7]}-01") if axis == "effective" else ()
        found = plan.of_set(question.db, BETWEEN[axis], (since, until + dates.DAYS_END, *begins))
        if found.events <= plan.MOST_SORTED:
            yield found


def _amounts(question: Question) -> Iterable[Asked]:
    """Amounts by the bands they may lie in; `_amounts_told` looks closer."""
    if given := question.several("amount"):
        rows = question.db.rows(AMOUNTS, (question.field("amount"),))
        told = [amounts.read(text) for text in given]
        yield plan.of_keys(
            [(row["number"], row["events"]) for row in rows if any(one.near(row["value"]) for one in told)]
        )


def _amounts_told(filters: Filters) -> Iterable[Clause]:
    told = [amounts.read(text) for text in several(filters.get("amount"))]
    if not all(one.is_band for one in told):
        clauses = [one.clause() for one in told]
        values = tuple(value for _, some in clauses for value in some)
        yield f"({' OR '.join(sql for sql, _ in clauses)})", values


MAKERS: tuple[Callable[[Question], Iterable[Asked]], ...] = (
    _values,
    _bands,
    _parties,
    _things,
    _sets,
    _axes,
    _amounts,
)


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


def _code(question: Question, text: str) -> str:
    return parties.country(question.db, text) or text.upper()


def _pair(question: Question, text: str) -> tuple[str, list[str]]:
    """The facet of the seats of who acts and of who is hit, or of one; raises InputError where there is neither."""
    actor, arrow, target = (part.strip() for part in text.partition(">"))
    if not (arrow and (actor or target)):
        raise InputError(f"not a pair of countries: {text!r}; write who acts, then who is hit: US>CN")
    seats = [_code(question, told) if told else "" for told in (actor, target)]
    name = "pair" if all(seats) else "actor_seat" if actor else "target_seat"
    return question.field(name), [">".join(seats) if all(seats) else "".join(seats)]


def _once(rows: Iterable[Row]) -> Iterable[tuple[int, int]]:
    return [(row["number"], row["events"]) for row in rows]
