"""Whom a person means by a party: an id, a country, a name as articles have it, or a part of one.

As an actor a country is its state: government, agencies and courts. As a target it is all that has its seat there,
because a step against a firm or a group of users hits the country. A party always includes those that belong to it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.query.answers import PartyRow
from tracker.query.asks import Asks, Line
from tracker.store.codec import folded
from tracker.store.connection import Value
from tracker.store.facets import STATE_KINDS

MOST_NAMES = 200  # parties whose name holds a free text

# The parties of a list of ids with those that stand for them, those they stand for, and all that belong to them,
# however deep.
FAMILY = """
WITH RECURSIVE family (id) AS (
  SELECT value FROM json_each(?)
  UNION
  SELECT entity.merged_into FROM entity JOIN family ON entity.id = family.id WHERE entity.merged_into IS NOT NULL
  UNION
  SELECT entity.id FROM entity JOIN family ON entity.merged_into = family.id
  UNION
  SELECT entity.id FROM entity JOIN family ON entity.parent = family.id
)
SELECT id FROM family
"""
STANDING = """
SELECT DISTINCT coalesce(merged_into, id) AS id FROM entity WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 1
"""
BY_ALIAS = """
SELECT DISTINCT entity.* FROM alias JOIN entity ON entity.id = alias.entity_id
WHERE alias.folded = ? AND alias.how <> 'pronoun' ORDER BY entity.id
"""
# From the beginning of a word on: "hua" is in Huawei, not in Lithuania.
HOLDS_PART = "instr(alias.folded, ?1) AND instr(' ' || replace(alias.folded, '-', ' '), ' ' || replace(?1, '-', ' '))"
BY_PART = f"""
SELECT DISTINCT entity.* FROM alias JOIN entity ON entity.id = alias.entity_id
WHERE {HOLDS_PART} ORDER BY entity.id LIMIT ?2
"""  # noqa: S608 - a constant
LISTED = """
SELECT * FROM (SELECT entity.*,
  (SELECT json_group_array(name) FROM (
    SELECT DISTINCT alias.name FROM alias JOIN entity AS bearer ON bearer.id = alias.entity_id
    WHERE (bearer.id = entity.id OR bearer.merged_into = entity.id) AND how <> 'pronoun' ORDER BY 1)) AS aliases,
  (SELECT count(DISTINCT event_id) FROM event_party WHERE entity_id = entity.id AND role = 'actor') AS acts,
  (SELECT count(DISTINCT event_id) FROM event_party WHERE entity_id = entity.id AND role = 'target') AS targeted
FROM entity WHERE id IN (SELECT value FROM json_each(?))) AS party ORDER BY acts + targeted DESC, id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question that yields the ids of the parties that are meant, with its values."""

    sql: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text means: a country, or parties (with all that belong to them)."""

    country: str | None
    ids: tuple[str, ...]


def chosen(db: Asks, text: str, *, role: str | None = None) -> Chosen:
    """The parties that a text means in a role (None: in any)."""
    found = meant(db, text)
    if found.country is not None:
        return of_country(found.country, state_only=role == "actor")
    return family(list(found.ids))


def meant(db: Asks, text: str) -> Meant:
    """A country, or the parties of an id or a name."""
    text = text.strip()
    if db.row("SELECT 1 FROM entity WHERE id = ? OR parent = ?", (text, text)):
        return Meant(None, (text,))
    code = country(db, text)
    if code is not None:
        return Meant(code, ())
    return Meant(None, tuple(row["id"] for row in named(db, text)))


def family(ids: list[str]) -> Chosen:
    """The parties with these ids and all that belong to them."""
    return Chosen(FAMILY, (json.dumps(ids),))


def of_country(code: str, *, state_only: bool) -> Chosen:
    """The parties of a country, or only its state."""
    kinds = f" AND kind IN ({', '.join('?' * len(STATE_KINDS))})" if state_only else ""
    values = (code, *(STATE_KINDS if state_only else ()))
    return Chosen(f"SELECT id FROM entity WHERE country = ?{kinds}", values)  # noqa: S608 - placeholders


def country(db: Asks, text: str) -> str | None:
    """The country that a text means: its code, or a name under which articles know the state or the place."""
    code = text.upper()
    if len(code) == 2 and db.row("SELECT 1 FROM entity WHERE country = ?", (code,)):
        return code
    codes = {row["country"] for row in db.rows(BY_ALIAS, (folded(text),)) if _is_country(row)}
    return min(codes, default=None)


def named(db: Asks, text: str) -> Sequence[Line]:
    """The parties that are called so; where none is, those with a name in which the text begins a word."""
    name = folded(text)
    return (db.rows(BY_ALIAS, (name,)) or db.rows(BY_PART, (name, MOST_NAMES))) if name else []


def listed(db: Asks, text: str, limit: int) -> list[PartyRow]:
    """The parties that a text names, the most active first; all of them for an empty text."""
    if text.strip():
        ids = [row["id"] for row in db.rows(*_pair(chosen(db, text)))]
    else:
        ids = [row["id"] for row in db.rows("SELECT id FROM entity")]
    return rows(db, standing(db, ids), limit)


def rows(db: Asks, ids: Sequence[str], limit: int) -> list[PartyRow]:
    """The parties of these ids, the most active first."""
    return [_party(row) for row in db.rows(LISTED, (json.dumps(ids), limit))]


def standing(db: Asks, ids: Sequence[str]) -> list[str]:
    """The parties that stand for these, each once; ids that nobody has are left out."""
    return [row["id"] for row in db.rows(STANDING, (json.dumps(ids),))]


def _pair(choice: Chosen) -> tuple[str, tuple[Value, ...]]:
    return choice.sql, choice.values


def _is_country(row: Line) -> bool:
    return row["country"] is not None and (row["kind"] == "place" or row["id"] == f"gov:{row['country'].lower()}")


def _party(row: Line) -> PartyRow:
    return PartyRow(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        country=row["country"],
        wikidata=row["wikidata"],
        parent=row["parent"],
        aliases=tuple(json.loads(row["aliases"])),
        acts=row["acts"],
        targeted=row["targeted"],
    )
