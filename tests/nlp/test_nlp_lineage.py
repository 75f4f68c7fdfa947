"""What a party of the gazetteer belongs to: every chain ends, and holds no key that the tables lack."""

from __future__ import annotations

import pytest

from tracker.nlp.gazetteer import load

LINEAGES = [
    ("gov:us:bis", ["gov:us", "gov:us:bis", "gov:us:commerce"]),
    ("co:deepmind", ["co:alphabet", "co:deepmind", "co:google"]),
    ("gov:eu", ["gov:eu"]),
    ("name:company:nobody", []),
]


@pytest.mark.parametrize(("key", "keys"), LINEAGES)
def test_a_party_comes_with_all_that_it_belongs_to(key: str, keys: list[str]) -> None:
    assert [party.id for party in load().lineage([key])] == keys


def test_every_parent_is_in_the_tables() -> None:
    entries = load().entries
    assert {e.party.parent for e in entries.values() if e.party.parent and e.party.parent not in entries} == set()


def test_every_body_of_a_state_leads_to_it() -> None:
    gazetteer = load()
    bodies = [key for key in gazetteer.entries if key.startswith("gov:") and key.count(":") == 2]
    astray = {
        key for key in bodies if ":".join(key.split(":")[:2]) not in {party.id for party in gazetteer.lineage([key])}
    }
    assert astray == set()
