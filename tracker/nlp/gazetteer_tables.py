"""The gazetteer's YAML tables as checked entries and aliases.

Reads the package's tables and a user's own, checks every row and says what is wrong with file and path. Does not
match text (`tracker.nlp.gazetteer` does) and knows nothing of spaCy.

A list is written `a; b; c` or as a YAML list. All scalars are strings: `NO` is Norway.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from tracker.errors import ConfigError
from tracker.model import Party, PartyKind
from tracker.nlp.gazetteer_entries import BODY_NOUNS, Alias, Entry, Needs, Role, Row, Tables
from tracker.nlp.gazetteer_own import COLUMNS as OWN_COLUMNS
from tracker.nlp.gazetteer_own import fill as fill_own

DATA = Path(__file__).parent / "data"

FILES = (
    "states.yaml",
    "roles.yaml",
    "descriptions.yaml",
    "groups.yaml",
    "reference.yaml",
    "names.yaml",
    "bodies-americas.yaml",
    "bodies-europe.yaml",
    "bodies-asia.yaml",
    "bodies-world.yaml",
    "companies-technology.yaml",
    "companies-trade.yaml",
    "leaders.yaml",
    "ambiguity.yaml",
)

COLUMNS = {
    "states": frozenset({"name", "also", "adj", "people", "capital", "seats", "cities", "in", "wikidata"}),
    "regions": frozenset({"name", "also", "adj", "people", "capital", "seats", "in", "wikidata"}),
    "places": frozenset({"name", "also", "adj", "people", "in", "wikidata"}),
    "bodies": frozenset({"name", "also", "role", "kind", "in", "seat", "nouns", "wikidata"}),
    "companies": frozenset(
        {"name", "also", "in", "sector", "parent", "said", "products", "nouns", "kind", "once", "wikidata"}
    ),
    "leaders": frozenset({"name", "also", "for", "as", "terms", "surname"}),
    "roles": frozenset({"phrases", "topics", "offices", "kind", "nouns", "state", "or"}),
    "sectors": frozenset({"nouns"}),
    "needs": frozenset({"near", "not_before", "not_after", "before", "after", "full"}),
    "parties": OWN_COLUMNS,
}
LISTS = frozenset(
    "names_of_several not_parties department_states us_departments no_ministries between any_company ties"
    " officer_nouns state_nouns only_states bloc_nouns court_nouns pointing acting_verbs empty_verbs state_roles"
    " court_words government_words organisation_words company_words not_last_words not_names common_words"
    " not_first not_first_words participles".split()
)
LISTS_BY_KEY = {"groups": "group", "without": "without", "only": "only"}
SURNAME_FIRST = frozenset({"CN", "TW", "KR", "KP", "KH"})
FORMS = frozenset({"ministry_forms", "department_forms"})
PREFIX = {"court": "court", "company": "co", "organisation": "org", "person": "person", "place": "place"}


def read(extra: Path | None = None, *, parties: Row | None = None, name: str = "own") -> Tables:
    """The package's tables and a user's own.

    Args:
        extra: a file of the same sections.
        parties: rows of the section `parties`, read elsewhere already (see `tracker.nlp.own`).
        name: what messages call the file that `parties` are from.

    Raises:
        ConfigError: a table is wrong; one line per fault, each with file and path.
    """
    tables = Tables()
    paths = [DATA / name for name in FILES] + ([extra] if extra else [])
    sections = [section for path in paths for section in _sections(path, tables)]
    sections.append((f"{name}: parties", "parties", parties or {}))
    for wanted, fill in _FILL.items():
        for where, section, rows in sections:
            if section == wanted:
                fill(tables, where, rows)
    _check_references(tables)
    if tables.faults:
        raise ConfigError(tuple(tables.faults))
    return tables


def items(value: object) -> tuple[str, ...]:
    """A list cell: `a; b` or a YAML list; empty cells give nothing."""
    parts = value if isinstance(value, list) else str(value or "").split(";")
    return tuple(text for part in parts if (text := str(part).strip()))


def _sections(path: Path, tables: Tables) -> Iterator[tuple[str, str, Row]]:
    """The known sections of one file; lists and forms are kept at once."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  (strings and containers only)
    except (OSError, yaml.YAMLError) as error:
        tables.faults.append(f"{path.name}: cannot be read: {' '.join(str(error).split())}")
        return
    if not isinstance(document, dict):
        tables.faults.append(f"{path.name}: sections are expected at the top, such as `companies:`")
        return
    for name, rows in document.items():
        where = f"{path.name}: {name}"
        if name in LISTS:
            tables.lists[name] = tables.lists.get(name, frozenset()) | frozenset(items(rows))
        elif name in FORMS:
            tables.forms[name] = rows
        elif name in LISTS_BY_KEY:
            tables.lists.update({f"{LISTS_BY_KEY[name]} {key}": frozenset(items(words)) for key, words in rows.items()})
        elif name in COLUMNS and isinstance(rows, dict):
            yield where, name, rows
        else:
            tables.faults.append(f"{where}: not a section; known: {', '.join(sorted({*COLUMNS, *LISTS}))}")


_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _rows(tables: Tables, where: str, section: str, rows: Row) -> Iterator[tuple[str, Row]]:
    """Rows whose columns are known and that have a name where one is needed."""
    for key, row in rows.items():
        if not isinstance(row, dict):
            tables.faults.append(f"{where}.{key}: a row of columns is expected, such as {{name: ..., also: ...}}")
            continue
        for column in row.keys() - COLUMNS[section]:
            tables.faults.append(
                f"{where}.{key}.{column}: no such column; known: {', '.join(sorted(COLUMNS[section]))}"
            )
        if "name" in COLUMNS[section] and not row.get("name"):
            tables.faults.append(f"{where}.{key}: name is missing")
            continue
        yield key, row


def _add(tables: Tables, where: str, entry: Entry) -> str:
    """Keep an entry; a key twice is a fault unless a user's file replaces a row on purpose."""
    key = entry.party.id or ""
    if key in tables.entries and not where.startswith("user"):
        tables.faults.append(f"{where}: the key {key} is taken by {tables.entries[key].party.name}")
    tables.entries[key] = entry
    return key


def _alias(tables: Tables, key: str, how: str, texts: tuple[str, ...], *, loose: bool = False) -> None:
    tables.aliases.extend(Alias(text, key, how, loose) for text in texts)


def _sectors(tables: Tables, where: str, rows: Row) -> None:
    for key, row in _rows(tables, where, "sectors", rows):
        tables.sectors[key] = frozenset(items(row.get("nouns")))


def _roles(tables: Tables, where: str, rows: Row) -> None:
    for key, row in _rows(tables, where, "roles", rows):
        kind = _kind(tables, f"{where}.{key}.kind", row.get("kind", "government"))
        tables.roles[key] = Role(
            key=key,
            kind=kind,
            nouns=frozenset(items(row.get("nouns"))),
            is_state=bool(row.get("state")),
            otherwise=row.get("or"),
        )
        phrases, offices = list(items(row.get("phrases"))), list(items(row.get("offices")))
        for forms in tables.forms.values():
            for topic in items(row.get("topics")):
                phrases += [form.replace("T", topic, 1) for form in items(forms.get("phrases"))]
                offices += [form.replace("T", topic, 1) for form in items(forms.get("offices"))]
        _alias(tables, f"role:{key}", "role", tuple(dict.fromkeys(phrases)), loose=True)
        _alias(tables, f"role:{key}", "office", tuple(dict.fromkeys(offices)), loose=True)


def _kind(tables: Tables, where: str, value: str) -> PartyKind:
    if value in set(PartyKind):
        return PartyKind(value)
    tables.faults.append(f"{where}: no such kind: {value!r}; known: {', '.join(PartyKind)}")
    return PartyKind.ORGANISATION


def _states(tables: Tables, where: str, rows: Row) -> None:
    for code, row in _rows(tables, where, "states", rows):
        _territory(tables, f"{where}.{code}", f"gov:{code.lower()}", PartyKind.GOVERNMENT, {"in": code, **row})


def _regions(tables: Tables, where: str, rows: Row) -> None:
    for key, row in _rows(tables, where, "regions", rows):
        if f"gov:{row.get('in', '').lower()}" not in tables.entries:
            tables.faults.append(f"{where}.{key}.in: no such state: {row.get('in')!r}")
        _territory(tables, f"{where}.{key}", f"gov:{key}", PartyKind.GOVERNMENT, row)


def _places(tables: Tables, where: str, rows: Row) -> None:
    for key, row in _rows(tables, where, "places", rows):
        _territory(tables, f"{where}.{key}", f"place:{key}", PartyKind.PLACE, row)


def _territory(tables: Tables, where: str, key: str, kind: PartyKind, row: Row) -> None:
    """A state, region or place with its names, demonyms, capital and seats."""
    country = row.get("in") or None
    parent = f"gov:{country.lower()}" if country and key != f"gov:{country.lower()}" else None
    adjectives, people = items(row.get("adj")), items(row.get("people"))
    party = Party(name=row["name"], kind=kind, country=country, wikidata=row.get("wikidata"), id=key, parent=parent)
    nouns = frozenset({"bloc"} if key == "gov:eu" else ())
    _add(tables, where, Entry(party=party, nouns=nouns, adjective=adjectives[0] if adjectives else row["name"]))
    if "(" not in row["name"]:
        _alias(tables, key, "name", (row["name"],))
    _alias(tables, key, "alias", items(row.get("also")))
    _alias(tables, key, "demonym", adjectives)
    _alias(tables, key, "people", people or tuple(f"{a}s" for a in adjectives if a.endswith(("n", "i", "ek"))))
    _alias(tables, key, "capital", items(row.get("capital")))
    _alias(tables, key, "metonym", items(row.get("seats")))
    _alias(tables, key, "city", items(row.get("cities")))


def _bodies(tables: Tables, where: str, rows: Row) -> None:
    for country, group in rows.items():
        for key, row in _rows(tables, f"{where}.{country}", "bodies", group):
            _body(tables, f"{where}.{country}.{key}", country, key, row, group)


def _body(tables: Tables, where: str, country: str, key: str, row: Row, group: Row) -> None:
    state = None if country == "org" else f"gov:{country.lower()}"
    if state and state not in tables.entries:
        tables.faults.append(f"{where}: no such state: {country!r}")
    kind = _kind(tables, f"{where}.kind", row.get("kind", "government" if state else "organisation"))
    full = _body_key(country, key, kind)
    above = row.get("in") or ""
    if above and above not in group:
        tables.faults.append(f"{where}.in: no such body: {above!r}")
    parent = _body_key(country, above, PartyKind(group[above].get("kind", "government"))) if above in group else state
    roles = items(row.get("role"))
    for role in roles:
        if role not in tables.roles:
            tables.faults.append(f"{where}.role: no such role: {role!r}; roles.yaml has {', '.join(tables.roles)}")
        elif tables.bodies.setdefault((country.lower(), role), full) != full:
            tables.faults.append(
                f"{where}.role: {role} of {country} is taken by {tables.bodies[country.lower(), role]}"
            )
    nouns = frozenset(items(row.get("nouns"))).union(*(tables.roles[r].nouns for r in roles if r in tables.roles))
    party = Party(
        name=row["name"],
        kind=kind,
        country=country if state else row.get("seat"),
        wikidata=row.get("wikidata"),
        id=full,
        parent=parent,
    )
    _add(tables, where, Entry(party=party, acts_for=parent, nouns=nouns | _own_nouns(row["name"]), roles=roles))
    _alias(tables, full, "name", (row["name"],))
    _alias(tables, full, "alias", items(row.get("also")))


def _body_key(country: str, key: str, kind: PartyKind) -> str:
    prefix = PREFIX.get(kind, "gov")
    return (
        f"{prefix}:{key}" if country == "org" and kind is not PartyKind.COURT else f"{prefix}:{country.lower()}:{key}"
    )


def _own_nouns(name: str) -> frozenset[str]:
    """The nouns in a body's own name that refer back to it: "the Commission"."""
    return BODY_NOUNS & set(name.lower().split())


def _companies(tables: Tables, where: str, rows: Row) -> None:
    for key, row in _rows(tables, where, "companies", rows):
        sectors = items(row.get("sector"))
        for sector in sectors:
            if sector not in tables.sectors:
                tables.faults.append(f"{where}.{key}.sector: no such sector: {sector!r}")
        nouns = frozenset(items(row.get("nouns"))).union(*(tables.sectors.get(s, frozenset()) for s in sectors))
        kind = _kind(tables, f"{where}.{key}.kind", row.get("kind", "company"))
        full = f"{PREFIX.get(kind, 'co')}:{key}"
        parent = f"co:{row['parent']}" if row.get("parent") else None
        party = Party(
            name=row["name"],
            kind=kind,
            country=row.get("in") or None,
            wikidata=row.get("wikidata"),
            id=full,
            parent=parent,
        )
        _add(tables, f"{where}.{key}", Entry(party=party, nouns=nouns))
        _alias(tables, full, "name", (row["name"],))
        _alias(tables, full, "alias", items(row.get("also")))
        _alias(tables, full, "former", items(row.get("once")))
        _alias(tables, full, "description", items(row.get("said")), loose=True)
        tables.products.update(dict.fromkeys(items(row.get("products")), full))


def _leaders(tables: Tables, where: str, rows: Row) -> None:
    for key, row in _rows(tables, where, "leaders", rows):
        body = tables.entries.get(row.get("for", ""))
        if body is None:
            tables.faults.append(f"{where}.{key}.for: no such party: {row.get('for')!r}")
            continue
        full = f"person:{key}"
        party = Party(
            name=row["name"], kind=PartyKind.PERSON, country=body.party.country, id=full, parent=body.party.id
        )
        _add(
            tables, f"{where}.{key}", Entry(party=party, acts_for=body.party.id, terms=_terms(tables, where, key, row))
        )
        _alias(tables, full, "office", (row["name"], *items(row.get("also"))))
        _surname(tables, row, full, is_first=body.party.country in SURNAME_FIRST)
        if row.get("surname"):
            _alias(tables, full, "office", (row["name"].split()[-1],))


def _surname(tables: Tables, row: Row, key: str, *, is_first: bool) -> None:
    """What an office and the surname alone stand for: nobody where two leaders share both."""
    place = (str(row.get("as", "")).lower(), row["name"].split()[0 if is_first else -1])
    tables.surnames[place] = key if place not in tables.surnames else ""


def _terms(tables: Tables, where: str, key: str, row: Row) -> tuple[tuple[str, str], ...]:
    """`2017-01/2021-01; 2025-01/` as pairs; an open end is written as nothing."""
    terms = [tuple(term.split("/")) for term in items(row.get("terms"))]
    for term in terms:
        if len(term) != 2 or not all(part == "" or part[:4].isdigit() for part in term):
            tables.faults.append(f"{where}.{key}.terms: not FROM/TO with ISO dates: {'/'.join(term)!r}")
    return tuple((term[0], term[-1]) for term in terms)


def _needs(tables: Tables, where: str, rows: Row) -> None:
    for alias, row in _rows(tables, where, "needs", rows):
        words = {column: frozenset(w.lower() for w in items(row.get(column))) for column in COLUMNS["needs"]}
        words.pop("full")
        tables.needs[alias] = Needs(full=bool(row.get("full")), **words)


def _check_references(tables: Tables) -> None:
    """Parents exist, and one alias means two parties only where a rule decides."""
    for key, entry in tables.entries.items():
        parent = entry.party.parent
        if parent and parent not in tables.entries:
            tables.faults.append(f"{key}: parent: no such party: {parent!r}")
    owners: dict[str, set[str]] = {}
    for alias in tables.aliases:
        owners.setdefault(alias.text, set()).add("" if alias.key.startswith("role:") else alias.key)
    shared = tables.lists.get("names_of_several", frozenset())
    for text, keys in owners.items():
        if len(keys - {""}) > 1 and text not in shared and not keys & tables.own:
            both = " and ".join(sorted(keys - {""}))
            tables.faults.append(f"{text!r} means {both}: list it under `names_of_several` in ambiguity.yaml")
    tables.faults += [
        f"ambiguity.yaml: names_of_several: {text!r} is no name of two parties"
        for text in shared
        if len(owners.get(text, ())) < 2
    ]
    tables.faults += [
        f"ambiguity.yaml: needs.{text}: no party has that name" for text in tables.needs if text not in owners
    ]


_FILL = {
    "sectors": _sectors,
    "roles": _roles,
    "states": _states,
    "regions": _regions,
    "places": _places,
    "bodies": _bodies,
    "companies": _companies,
    "leaders": _leaders,
    "parties": fill_own,
    "needs": _needs,
}
