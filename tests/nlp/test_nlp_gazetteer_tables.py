"""Tables of parties: what a user may add, and what is said of a wrong row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.nlp import gazetteer
from tracker.nlp.gazetteer_tables import read

OWN = """
companies:
  acme: {name: Acme Drones, in: "NO", sector: devices, also: Acme, said: the Acme-1 maker}
bodies:
  SE:
    debt: {name: Swedish National Debt Office, also: [Riksgälden, SNDO]}
"""

# yaml | part of the message
WRONG = [
    ("companies: {acme: {nme: Acme}}", "own.yaml: companies.acme.nme: no such column; known: also, in, kind, name"),
    ("companies: {acme: {in: US}}", "own.yaml: companies.acme: name is missing"),
    ("companies: {acme: Acme}", "own.yaml: companies.acme: a row of columns is expected"),
    ("companies: {acme: {name: Acme, sector: toys}}", "own.yaml: companies.acme.sector: no such sector: 'toys'"),
    (
        "companies: {acme: {name: Acme, kind: firm}}",
        "own.yaml: companies.acme.kind: no such kind: 'firm'; known: government",
    ),
    ("companies: {acme: {name: Acme, parent: nobody}}", "co:acme: parent: no such party: 'co:nobody'"),
    ("bodies: {QQ: {x: {name: X Office}}}", "own.yaml: bodies.QQ.x: no such state: 'QQ'"),
    ("bodies: {SE: {x: {name: X Office, role: magic}}}", "own.yaml: bodies.SE.x.role: no such role: 'magic'"),
    ("leaders: {x: {name: X Y, for: 'gov:xx'}}", "own.yaml: leaders.x.for: no such party: 'gov:xx'"),
    (
        "leaders: {x: {name: X Y, for: 'gov:us', terms: 2020}}",
        "own.yaml: leaders.x.terms: not FROM/TO with ISO dates: '2020'",
    ),
    ("companies: {acme: {name: Huawei}}", "'Huawei' means co:acme and co:huawei: list it under `names_of_several`"),
    ("needs: {Zorblax: {near: x}}", "needs.Zorblax: no party has that name"),
    ("firms: {acme: {name: Acme}}", "own.yaml: firms: not a section; known: "),
    ("- a list", "own.yaml: sections are expected at the top"),
    ("companies: {", "own.yaml: cannot be read: "),
]


def _own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_users_parties_are_found_beside_the_packages(tmp_path: Path) -> None:
    known = gazetteer.load(_own(tmp_path, OWN))
    text = "Acme sued Sweden's Riksgälden and Huawei."
    assert [(text[m.start : m.end], m.entry.party.id) for m in known.find(text)] == [
        ("Acme", "co:acme"),
        ("Sweden's Riksgälden", "gov:se:debt"),
        ("Huawei", "co:huawei"),
    ]
    assert known.entries["co:acme"].party.country == "NO"


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_wrong_row_is_named_with_file_and_path(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(_own(tmp_path, text))
    assert message in str(caught.value)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(_own(tmp_path, "companies: {a: {nme: A}, b: {name: B, sector: toys}}"))
    assert len(caught.value.faults) == 3


def test_the_packages_own_tables_are_right_and_large() -> None:
    tables = read()
    companies = sum(entry.party.kind == "company" for entry in tables.entries.values())
    bodies = sum(key.count(":") == 2 for key in tables.entries)
    assert companies > 1000
    assert bodies > 400
    assert len({key for key in tables.entries if key.startswith("gov:") and len(key) == 6}) > 195


def test_wikidata_ids_are_of_one_party_each() -> None:
    ids = [entry.party.wikidata for entry in read().entries.values() if entry.party.wikidata]
    assert len(ids) == len(set(ids))
    assert all(qid.startswith("Q") and qid[1:].isdigit() for qid in ids)
