"""Parties in the order of how much they do or meet, by kind, seat and name: for a list that people look through.

Its counts are the tallies of facets: events of a party with what belongs to it, those that the filters `actor` and
`target` give. Names that stand for nothing of their own (they were merged) are told by the party that stands for them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType

from tracker.errors import InputError
from tracker.query import parties
from tracker.query.answers import as_dict
from tracker.query.counting import iso
from tracker.query.still import still
from tracker.store.codec import folded
from tracker.store.connection import Connection, Value

MOST_NAMES = 2000  # parties whose name holds a text
ORDERS = MappingProxyType({"active": "acts + targeted", "acts": "acts", "targeted": "targeted"})
BY_PART = f"SELECT DISTINCT entity_id FROM alias WHERE {parties.HOLDS_PART} LIMIT ?2"  # noqa: S608 - a constant
# Those of a page are told in full once they are found, since what is put in order are all.
LISTED = """
SELECT page.*, name, kind, country, wikidata FROM (
  SELECT entity.id AS id, coalesce(acting.events, 0) AS acts, coalesce(hit.events, 0) AS targeted
  FROM entity
  LEFT JOIN facet_key AS acting ON acting.field = 'actor' AND acting.value = entity.id
  LEFT JOIN facet_key AS hit ON hit.field = 'target' AND hit.value = entity.id
  WHERE merged_into IS NULL AND {tests} ORDER BY {order} DESC, entity.id LIMIT ? OFFSET ?
) AS page CROSS JOIN entity ON entity.id = page.id ORDER BY {order} DESC, page.id
"""
MANY = "SELECT count(*) FROM entity WHERE merged_into IS NULL AND {tests}"
STANDING_FOR = ("metonym", "demonym", "people", "office")  # ways to mean a party without its name
ALSO = """
SELECT DISTINCT alias.name, how FROM alias JOIN entity ON entity.id = alias.entity_id
WHERE (entity.id = ?1 OR entity.merged_into = ?1) AND how IN (SELECT value FROM json_each(?2))
ORDER BY how, alias.name LIMIT ?3
"""
MONTHS = """
SELECT field, month, facet_month.events FROM facet_key CROSS JOIN facet_month ON facet_month.key = facet_key.number
WHERE field IN ('actor', 'target', 'both') AND value = ?
"""
AMONG = "entity.id IN (SELECT value FROM json_each(?))"
SEATS = "SELECT DISTINCT country FROM entity WHERE country IS NOT NULL ORDER BY country"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """A party, and in how many events it or what belongs to it acts or is acted upon."""

    id: str
    name: str
    kind: str
    country: str | None
    wikidata: str | None
    acts: int
    targeted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Some parties in order; `many` is how many there are in all."""

    many: int
    rows: tuple[RosterRow, ...]

    to_dict = as_dict


@still
def roster(
    db: Connection,
    *,
    text: str = "",
    kind: str = "",
    country: str = "",
    ids: tuple[str, ...] | None = None,
    order: str = "active",
    limit: int = 50,
    offset: int = 0,
) -> Roster:
    """Parties that pass what is asked for, the most active first.

    Args:
        db: the database.
        text: the beginning of a word in a name that articles use, or an id.
        kind: of the party.
        country: its seat.
        ids: none but these.
        order: one of `ORDERS`.
        limit: so many at most.
        offset: so many are left out first.

    Raises:
        InputError: there is no such order.
    """
    if order not in ORDERS:
        raise InputError(f"unknown order: {order!r}; one of {', '.join(ORDERS)}")
    tests: list[tuple[str, Value]] = []
    if kind:
        tests.append(("kind = ?", kind))
    if country:
        tests.append(("country = ?", country))
    if ids is not None:
        tests.append((AMONG, json.dumps(ids)))
    if text.strip():
        tests.append((AMONG, json.dumps(_named(db, text))))
    told, values = " AND ".join(["1", *(test for test, _ in tests)]), tuple(value for _, value in tests)
    rows = db.rows(LISTED.format(tests=told, order=ORDERS[order]), (*values, limit, offset))
    names = RosterRow.__dataclass_fields__
    return Roster(
        many=db.number(MANY.format(tests=told), values) if rows else 0,
        rows=tuple(RosterRow(**{name: row[name] for name in names}) for row in rows),
    )


def seats(db: Connection) -> list[str]:
    """The countries in which any party has its seat."""
    return [row["country"] for row in db.rows(SEATS)]


def months(db: Connection, key: str) -> dict[str, dict[str, int]]:
    """Events of a party (with what belongs to it) by month: "acts", "targeted", and "party" for those of either."""
    found: dict[str, Counter[str]] = {"actor": Counter(), "target": Counter(), "both": Counter()}
    for row in db.rows(MONTHS, (key,)):
        if row["month"]:
            found[row["field"]][iso(row["month"])] += row["events"]
    either = found["actor"] + found["target"]
    either.subtract(found["both"])
    return {"acts": dict(found["actor"]), "targeted": dict(found["target"]), "party": dict(either)}


def also(db: Connection, key: str, *, limit: int = 40) -> list[tuple[str, str]]:
    """What else articles call a party, beside its names: the words, and how they mean it (`STANDING_FOR`)."""
    rows = db.rows(ALSO, (key, json.dumps(STANDING_FOR), limit))
    return [(row["name"], row["how"]) for row in rows]


def _named(db: Connection, text: str) -> list[str]:
    found = [text.strip()]
    if name := folded(text):
        found += [row["entity_id"] for row in db.rows(BY_PART, (name, MOST_NAMES))]
    return parties.standing(db, found)
