"""The section `parties` of the gazetteer: a user's own parties in the plainest form, and names added to known ones.

A fault is told with its remedy. A name that means another party too is no fault: it is kept for both, and a warning
says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tracker.model import Party, PartyKind
from tracker.nlp.gazetteer_entries import BODY_NOUNS, Alias, Entry, Row, Tables
from tracker.spelling import nearest

COLUMNS = frozenset({"name", "kind", "country", "wikidata", "aliases", "parent", "products"})
PREFIX = {
    PartyKind.GOVERNMENT: "gov",
    PartyKind.COMPANY: "co",
    PartyKind.COURT: "court",
    PartyKind.ORGANISATION: "org",
    PartyKind.PERSON: "person",
    PartyKind.GROUP: "group",
    PartyKind.PLACE: "place",
}
OF_A_STATE = frozenset({PartyKind.GOVERNMENT, PartyKind.COURT})
ACTS_FOR_PARENT = OF_A_STATE | {PartyKind.PERSON}  # a ministry's acts are its state's, an officer's their office's
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
WIKIDATA = re.compile(r"Q[1-9]\d*", re.ASCII)


def fill(tables: Tables, where: str, rows: Row) -> None:
    """Add the rows to the tables, then look for parents and for names that others have too."""
    added: list[tuple[str, str, Row]] = []
    for key, row in rows.items():
        here = f"{where}.{key}"
        full = _known(tables, here, key, row) if ":" in key else _new(tables, here, key, row)
        if full is not None:
            added.append((here, full, row))
            _names(tables, full, row)
    for here, full, row in added:
        _parent(tables, here, full, row.get("parent"), rows)
    tables.warnings += _shared_names(tables, where)


def _known(tables: Tables, here: str, key: str, row: Row) -> str | None:
    """The key of a party that the tables hold already, to which names are added."""
    if key not in tables.entries:
        near = nearest(key, tuple(tables.entries))
        remedy = f"did you mean '{near}'?" if near else "write a key without ':'"
        _fault(tables, here, f"no such party: {key!r}", remedy)
        return None
    for column in sorted(row.keys() - {"aliases", "products"}):
        _fault(tables, f"{here}.{column}", "cannot be changed", f"only aliases and products are added to {key}")
    return key


def _new(tables: Tables, here: str, key: str, row: Row) -> str | None:
    before = len(tables.faults)
    if not KEY.fullmatch(key):
        _fault(tables, here, f"not a key: {key!r}", "use small letters, digits and single hyphens")
    if not row.get("name"):
        _fault(tables, f"{here}.name", "missing", "add the party's full name")
    kind, country = _kind(tables, here, row), _country(tables, here, row)
    if kind in OF_A_STATE and not country:
        _fault(tables, f"{here}.country", f"missing, and a {kind} has one", "add its ISO code, such as country: NO")
    _wikidata(tables, here, row.get("wikidata"))
    full = ":".join(filter(None, (PREFIX[kind], country.lower() if kind in OF_A_STATE else "", key)))
    if full in tables.entries:
        name = tables.entries[full].party.name
        _fault(tables, here, f"{full} is {name} already", f"take another key, or write '{full}' to add names to it")
    if len(tables.faults) > before:
        return None
    parent = f"gov:{country.lower()}" if kind in OF_A_STATE else None
    party = Party(
        name=row["name"], kind=kind, country=country or None, wikidata=row.get("wikidata"), id=full, parent=parent
    )
    nouns = BODY_NOUNS & set(row["name"].lower().split()) if kind in OF_A_STATE else frozenset()
    tables.entries[full] = Entry(party=party, acts_for=parent, nouns=nouns)
    return full


def _kind(tables: Tables, here: str, row: Row) -> PartyKind:
    value = row.get("kind", PartyKind.COMPANY.value)
    if value in set(PartyKind):
        return PartyKind(value)
    _fault(tables, f"{here}.kind", f"no such kind: {value!r}", f"use one of {', '.join(PartyKind)}")
    return PartyKind.COMPANY


def _country(tables: Tables, here: str, row: Row) -> str:
    value = str(row.get("country") or "")
    if value and f"gov:{value.lower()}" not in tables.entries:
        _fault(tables, f"{here}.country", f"no such country: {value!r}", "write its ISO code: US, CN, EU …")
    elif value != value.upper():
        _fault(tables, f"{here}.country", f"not in capitals: {value!r}", f"write {value.upper()}")
    return value


def _wikidata(tables: Tables, here: str, value: str | None) -> None:
    if not value:
        return
    if not WIKIDATA.fullmatch(value):
        _fault(tables, f"{here}.wikidata", f"no Wikidata id: {value!r}", "write it as Q312, or take it away")
    for key, entry in tables.entries.items():
        if entry.party.wikidata == value:
            what = f"{value} is {entry.party.name} ({key})"
            tables.warnings.append(f"{here}.wikidata: {what}; to add names to it, write '{key}' as the key")


def _names(tables: Tables, full: str, row: Row) -> None:
    """The user's names stand before all others: they count where nothing speaks for another party's."""
    tables.own.add(full)
    name = [Alias(row["name"], full, "name")] if row.get("name") else []
    tables.aliases[:0] = [*name, *(Alias(text, full, "alias") for text in row.get("aliases", ()))]
    tables.products.update(dict.fromkeys(row.get("products", ()), full))


def _parent(tables: Tables, here: str, full: str, wanted: str | None, rows: Row) -> None:
    """Set the parent: the full key of a known party, its name, or a key of this section."""
    if not wanted:
        return
    found = _resolved(tables, wanted, rows)
    if found is None or found == full:
        remedy = "write its key (co:huawei, gov:us), its name, or the key of a party of this file"
        _fault(tables, f"{here}.parent", f"no such party: {wanted!r}" if found is None else "the party itself", remedy)
        return
    if full in _ancestors(tables, found):
        _fault(tables, f"{here}.parent", f"{wanted!r} belongs to this party itself", "take one of the two parents away")
        return
    entry = tables.entries[full]
    acts_for = found if entry.party.kind in ACTS_FOR_PARENT else None
    tables.entries[full] = replace(entry, party=replace(entry.party, parent=found), acts_for=acts_for)


def _ancestors(tables: Tables, key: str) -> Iterator[str]:
    parent = tables.entries[key].party.parent
    while parent is not None and parent in tables.entries:
        yield parent
        parent = tables.entries[parent].party.parent


def _resolved(tables: Tables, wanted: str, rows: Row) -> str | None:
    if wanted in tables.entries:
        return wanted
    if wanted in rows:
        return next((key for key in tables.own if key.rpartition(":")[2] == wanted), None)
    named = sorted(key for key, entry in tables.entries.items() if entry.party.name.casefold() == wanted.casefold())
    return named[0] if len(named) == 1 else None


def _shared_names(tables: Tables, where: str) -> Iterator[str]:
    """A warning for each name of the user's that another party has too."""
    owners: dict[str, set[str]] = {}
    for alias in tables.aliases:
        if not alias.key.startswith("role:"):
            owners.setdefault(alias.text, set()).add(alias.key)
    for text, keys in owners.items():
        mine, others = keys & tables.own, keys - tables.own
        if mine and len(keys) > 1:
            told = " and ".join(f"{tables.entries[key].party.name} ({key})" for key in sorted(others or keys))
            name = min(mine).rpartition(":")[2]
            yield f"{where}.{name}: {text!r} also means {told}; the countries around it decide, else it is yours"


def _fault(tables: Tables, here: str, what: str, remedy: str) -> None:
    tables.faults.append(f"{here}: {what}; {remedy}")
