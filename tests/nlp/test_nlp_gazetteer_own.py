"""A user's parties: how they are found, what they may add to known ones, and what is said of a wrong or shared name."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.errors import ConfigError
from tracker.nlp import gazetteer
from tracker.nlp.gazetteer import Gazetteer, load_with

Rows = dict[str, dict[str, Any]]

OWN: Rows = {
    "acme": {"name": "Acme Drones", "country": "NO", "aliases": ["Acme", "Apple"], "wikidata": "Q999999999"},
    "acme-cloud": {"name": "Acme Cloud", "country": "NO", "parent": "acme"},
    "sea": {"name": "Norwegian Seabed Authority", "kind": "government", "country": "NO"},
    "tribunal": {"name": "Maritime Prize Court", "kind": "court", "country": "NO"},
    "kari": {"name": "Kari Nordby", "kind": "person", "country": "NO", "parent": "gov:no"},
    "forum": {"name": "Forum for Ores", "kind": "organisation"},
    "co:huawei": {"aliases": ["HW Teknikk"], "products": ["Kirin 9999"]},
}

# rows | what is said
WRONG: list[tuple[Rows, str]] = [
    ({"co:hauwei": {"aliases": ["x"]}}, "parties.co:hauwei: no such party: 'co:hauwei'; did you mean 'co:huawei'?"),
    (
        {"co:zte": {"name": "Z"}},
        "parties.co:zte.name: cannot be changed; only aliases and products are added to co:zte",
    ),
    ({"A b": {"name": "A"}}, "parties.A b: not a key: 'A b'; use small letters, digits and single hyphens"),
    ({"a": {}}, "own.yaml: parties.a.name: missing; add the party's full name"),
    ({"a": {"name": "A", "kind": "firm"}}, "parties.a.kind: no such kind: 'firm'; use one of government, company"),
    ({"a": {"name": "A", "country": "XX"}}, "parties.a.country: no such country: 'XX'; write its ISO code"),
    ({"a": {"name": "A", "country": "no"}}, "parties.a.country: not in capitals: 'no'; write NO"),
    ({"a": {"name": "A", "kind": "court"}}, "parties.a.country: missing, and a court has one; add its ISO code"),
    ({"a": {"name": "A", "wikidata": "312"}}, "parties.a.wikidata: no Wikidata id: '312'; write it as Q312"),
    ({"a": {"name": "A", "parent": "nobody"}}, "parties.a.parent: no such party: 'nobody'; write its key (co:huawei"),
    ({"a": {"name": "A", "parent": "a"}}, "parties.a.parent: the party itself; write its key"),
    (
        {"a": {"name": "A", "parent": "b"}, "b": {"name": "B", "parent": "a"}},
        "parties.b.parent: 'a' belongs to this party itself; take one of the two parents away",
    ),
    ({"huawei": {"name": "H"}}, "parties.huawei: co:huawei is Huawei already; take another key, or write 'co:huawei'"),
]


@pytest.fixture(scope="module")
def own() -> Gazetteer:
    return load_with(OWN, name="own.yaml")


@pytest.mark.parametrize(
    ("text", "name", "key", "parent"),
    [
        ("Acme sued.", "Acme", "co:acme", None),
        ("Acme Cloud sued.", "Acme Cloud", "co:acme-cloud", "co:acme"),
        ("The Norwegian Seabed Authority refused.", "Norwegian Seabed Authority", "gov:no:sea", "gov:no"),
        ("The Maritime Prize Court ruled.", "Maritime Prize Court", "court:no:tribunal", "gov:no"),
        ("Kari Nordby resigned.", "Kari Nordby", "person:kari", "gov:no"),
        ("The Forum for Ores met.", "Forum for Ores", "org:forum", None),
        ("HW Teknikk sued.", "HW Teknikk", "co:huawei", None),
    ],
)
def test_a_users_party_is_found(own: Gazetteer, text: str, name: str, key: str, parent: str | None) -> None:
    (match,) = [m for m in own.find(text) if text[m.start : m.end] == name]
    assert (match.entry.party.id, match.entry.party.parent) == (key, parent)


def test_products_lead_to_their_maker(own: Gazetteer) -> None:
    maker = own.maker_of("Kirin 9999")
    assert maker is not None
    assert maker.party.name == "Huawei"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Norway fined Apple on Monday. Oslo said Norwegian drones were grounded.", "co:acme"),
        ("The United States sued Apple. Washington said American users pay more.", "co:apple"),
        ("Apple sued.", "co:acme"),
    ],
)
def test_a_name_that_others_have_goes_by_the_countries_around_it_else_to_the_users(
    own: Gazetteer, text: str, key: str
) -> None:
    assert key in {match.entry.party.id for match in own.find(text)}


def test_shared_names_and_ids_are_warnings(own: Gazetteer) -> None:
    assert own.tables.warnings == [
        "own.yaml: parties.acme: 'Apple' also means Apple (co:apple); the countries around it decide, else it is yours"
    ]
    twice = load_with({"a": {"name": "Aaa", "wikidata": "Q312"}}, name="own.yaml").tables.warnings
    assert twice == [
        "own.yaml: parties.a.wikidata: Q312 is Apple (co:apple); to add names to it, write 'co:apple' as the key"
    ]


@pytest.mark.parametrize(("rows", "message"), WRONG)
def test_a_wrong_row_is_told_with_its_remedy(rows: Rows, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_with(rows, name="own.yaml")
    assert message in str(caught.value)


def test_the_cached_gazetteer_stays_as_it_is(own: Gazetteer) -> None:
    plain = gazetteer.load()
    assert gazetteer.load() is plain
    assert plain is not own
    assert not [m for m in plain.find("Acme sued.") if m.entry.party.id == "co:acme"]
    assert plain.tables.warnings == []
