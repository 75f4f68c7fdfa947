"""The filters of the timeline, as one condition in SQL; every value is bound, none is spelt into the text.

Dates mean all of their year, month or day: an event of "2024" lies in every part of 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from tracker.errors import InputError
from tracker.model import Certainty, Direction, EventType, Status, Tier
from tracker.query import dates, parties, words
from tracker.query.ids import leads_to
from tracker.store.connection import Connection, Value

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
    item: Some | None  # words of an item or instrument
    on: str | None  # which date: announced (the date of the timeline), effective or first_seen
    since: str | None  # dates as `tracker.query.dates` reads them; each means all of its days
    until: str | None
    between: str | None  # 2024-06..2024-09
    last: str | None  # 30d, 6w, 3m, 1y
    in_force_on: str | None  # what holds on that day
    upcoming: bool | None  # what takes effect today or later
    within: str | None  # with upcoming: so long ahead at most
    text: str | None  # full text of summary, parties, items and quotes
    source: Some | None  # id of a source that reports it
    tier: Some | None  # tier of a source that reports it
    min_confidence: float | None
    min_origins: int | None  # independent accounts
    measure: Some | None  # id of the measure
    rejected: bool | None  # those that a person rejected, and no others; else they are left out
    reviewed: bool | None  # those that a person accepted or edited; False: the others


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL with its values."""

    sql: str
    values: tuple[Value, ...]


ENUMS: dict[str, type[StrEnum]] = {
    "type": EventType,
    "status": Status,
    "direction": Direction,
    "certainty": Certainty,
}
REPORTED_BY = """event.id IN (SELECT report.event_id FROM report JOIN article ON article.id = report.article_id
  JOIN source ON source.id = article.source_id WHERE source.{column} IN ({marks}))"""
STANDING = "event.verdict IS NOT 'reject'"  # an event that no person rejected
REVIEWED = "event.verdict IS 'accept' OR event.edited <> '[]'"


def condition(db: Connection, filters: Filters) -> Condition:
    """All filters in one; raises InputError for a value that no filter knows."""
    if unknown := sorted(filters.keys() - Filters.__annotations__.keys()):
        raise InputError(f"{unknown[0]!r} is no filter; use {', '.join(Filters.__annotations__)}")
    parts = [part for make in MAKERS for part in make(db, filters)]
    return Condition(" AND ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values))


def _plain(db: Connection, filters: Filters) -> Iterable[Condition]:
    """Fields with few values."""
    for name, kind in ENUMS.items():
        given = several(filters.get(name))
        if given:
            yield _within(f"event.{name}", [_known(name, kind, value) for value in given])
    if subtypes := several(filters.get("subtype")):
        yield _within("event.subtype", subtypes)
    if measures := several(filters.get("measure")):
        yield _within("event.measure_id", [leads_to(db, one) for one in measures])


def _numbers(db: Connection, filters: Filters) -> Iterable[Condition]:
    del db
    if (confidence := filters.get("min_confidence")) is not None:
        yield Condition("event.confidence >= ?", (confidence,))
    if (origins := filters.get("min_origins")) is not None:
        yield Condition("event.origins >= ?", (origins,))


def _verdicts(db: Connection, filters: Filters) -> Iterable[Condition]:
    """What people said of them."""
    del db
    yield Condition("event.verdict = 'reject'" if filters.get("rejected") else STANDING, ())
    if (reviewed := filters.get("reviewed")) is not None:
        yield Condition(f"({REVIEWED})" if reviewed else f"NOT ({REVIEWED})", ())


def _parties(db: Connection, filters: Filters) -> Iterable[Condition]:
    for name, role in (("actor", "actor"), ("target", "target"), ("party", None)):
        given = several(filters.get(name))
        if given:
            yield _any([_party(parties.chosen(db, text, role=role), role) for text in given])
    countries = several(filters.get("country"))
    if countries:
        codes = [parties.country(db, text) or text.upper() for text in countries]
        yield _any([_party(parties.of_country(code, state_only=False), None) for code in codes])


def _items(db: Connection, filters: Filters) -> Iterable[Condition]:
    del db
    given = several(filters.get("item"))
    if given:
        yield _any([_text(words.match(text, column="items", prefixes=True)) for text in given])


def _texts(db: Connection, filters: Filters) -> Iterable[Condition]:
    del db
    text = filters.get("text")
    if text and text.strip():
        yield _text(words.match(text))


def _dates(db: Connection, filters: Filters) -> Iterable[Condition]:
    """What is about time; the words are in `tracker.query.dates`."""
    del db
    return (Condition(*clause) for clause in dates.clauses(filters))


def _reporters(db: Connection, filters: Filters) -> Iterable[Condition]:
    del db
    if sources := several(filters.get("source")):
        yield Condition(REPORTED_BY.format(column="id", marks=_marks(sources)), tuple(sources))
    if tiers := several(filters.get("tier")):
        known = [_known("tier", Tier, tier) for tier in tiers]
        yield Condition(REPORTED_BY.format(column="tier", marks=_marks(known)), tuple(known))


MAKERS: tuple[Callable[[Connection, Filters], Iterable[Condition]], ...] = (
    _verdicts,
    _plain,
    _numbers,
    _parties,
    _items,
    _texts,
    _dates,
    _reporters,
)


def several(value: object) -> list[str]:
    """One value or many as a list; None as none."""
    if value is None or value == "":
        return []
    return [str(value)] if isinstance(value, str) else [str(one) for one in value]  # type: ignore[attr-defined]


def _known(name: str, kind: type[StrEnum], value: str) -> str:
    if value not in set(kind):
        raise InputError(f"unknown {name}: {value!r}; one of {', '.join(kind)}")
    return value


def _within(column: str, values: list[str]) -> Condition:
    return Condition(f"{column} IN ({_marks(values)})", tuple(values))


def _marks(values: list[str]) -> str:
    return ", ".join("?" * len(values))


def _any(conditions: list[Condition]) -> Condition:
    sql = " OR ".join(one.sql for one in conditions)
    return Condition(f"({sql})", tuple(value for one in conditions for value in one.values))


def _party(choice: parties.Chosen, role: str | None) -> Condition:
    roles = " AND role = ?" if role else ""
    return Condition(
        f"event.id IN (SELECT event_id FROM event_party WHERE entity_id IN ({choice.sql}){roles})",  # noqa: S608 - bound
        (*choice.values, *([role] if role else [])),
    )


def _text(found: words.Match) -> Condition:
    """Events with the wanted words and without the unwanted; nothing at all where no word is left."""
    parts = []
    if found.wanted is not None:
        parts.append(
            Condition("event.number IN (SELECT rowid FROM event_fts WHERE event_fts MATCH ?)", (found.wanted,))
        )
    if found.unwanted is not None:
        parts.append(
            Condition("event.number NOT IN (SELECT rowid FROM event_fts WHERE event_fts MATCH ?)", (found.unwanted,))
        )
    sql = " AND ".join(part.sql for part in parts)
    return Condition(f"({sql or '0'})", tuple(value for part in parts for value in part.values))
