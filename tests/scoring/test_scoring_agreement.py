"""When parties, items, spans and events agree: the rules of the annotation guide as tables of cases."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.scoring import Event, Party, Span
from tracker.scoring.agreement import compare, hits, overlap, parties_agree, same_item, same_party, stems, words


def party(name: str, kind: str = "company", country: str | None = None, *aka: str) -> Party:
    return Party(name=name, kind=kind, country=country, aka=aka)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("The U.S. Department of Commerce", ("us", "department", "commerce")),
        ("ASML Holding N.V.", ("asml",)),
        ("Société Générale S.A.", ("societe", "generale")),
        ("Holding Co.", ("holding", "co")),  # nothing but legal forms: they are the name
        ("", ()),
    ],
)
def test_the_words_of_a_name(name: str, wanted: tuple[str, ...]) -> None:
    assert words(name) == wanted


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        (party("OpenAI"), party("Open AI"), False),
        (party("ASML Holding NV"), party("ASML"), True),
        (party("Huawei", "company", "CN", "the Chinese firm"), party("The Chinese firm"), True),
        (party("Department of Commerce", "government"), party("US Commerce Department", "government"), True),
        (party("Samsung Electronics"), party("Samsung"), True),  # a company by its first word
        (party("Samsung Electronics"), party("Samsung Display"), False),
        (party("Li Auto"), party("Li"), False),  # too short a word
        (party("Samsung Electronics", "organisation"), party("Samsung"), False),
        (party("China", "government", "CN"), party("Beijing", "government", "CN"), True),
        (party("China", "place", "CN"), party("Ministry of Commerce", "government", "CN"), True),
        (party("China", "government", "CN"), party("Huawei", "company", "CN"), False),
        (party("Chinese firms", "group", "CN"), party("developers", "group", "CN"), True),
        (party("Chinese firms", "group", "CN"), party("developers", "group"), False),
        (party("China", "government"), party("Beijing", "government"), False),  # no country, no agreement
        (party("China"), party(""), False),
        (party("China"), party(" ".join(["China"] * 13)), False),  # beyond twelve words nothing is read
    ],
)
def test_parties(expected: Party, found: Party, *, same: bool) -> None:
    assert same_party(expected, found) is same


@pytest.mark.parametrize(
    ("expected", "found", "right", "agree"),
    [
        ("A", "A", 1, True),
        ("A", "A X", 1, True),  # half of them
        ("A", "A X Y", 1, False),
        ("A B", "B", 1, True),
        ("A", "", 0, False),
        ("A", "X X X X X X X X A", 0, False),  # the ninth is not read
    ],
)
def test_lists_of_parties(expected: str, found: str, right: int, *, agree: bool) -> None:
    one, other = ([party(f"{letter}corp name") for letter in side.split()] for side in (expected, found))
    assert (hits(one, other), parties_agree(one, other)) == (right, agree)


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        ("AI chips", "advanced AI chip", True),
        ("gallium and germanium", "germanium exports", True),
        ("batteries", "battery", True),
        ("advanced chips", "advanced lithography", False),  # "advanced" says nothing
        ("稀土", "稀土磁铁", True),
        ("土", "稀土磁铁", False),
        ("chips", "the chips " + "so on " * 6, False),
        ("", "chips", False),
    ],
)
def test_items(expected: str, found: str, *, same: bool) -> None:
    assert same_item(expected, found) is same


def test_stems_are_crude() -> None:
    assert stems("new licensing requirements for the batteries") == {"licens", "requireme", "batteri"}


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        (Span(start=0, end=100), Span(start=0, end=100), True),
        (Span(start=0, end=100), Span(start=50, end=150), True),  # half
        (Span(start=0, end=100), Span(start=51, end=151), False),
        (Span(start=0, end=100), Span(start=40, end=50), True),  # the shorter one whole
        (Span(start=0, end=10), Span(start=0, end=240), True),  # four times as long and 200
        (Span(start=0, end=10), Span(start=0, end=241), False),
        (Span(start=0, end=10), Span(start=5, end=5), False),
        (Span(start=0, end=10), Span(start=0, end=10, field="title"), False),
    ],
)
def test_spans(expected: Span, found: Span, *, same: bool) -> None:
    assert overlap([expected], [found]) is same


EXPECTED = Event(
    type="tariff", also_types=("import_restriction",), status="in_force",
    actors=(party("United States", "government", "US"),), targets=(party("China", "place", "CN"),),
    items=("electric cars",), evidence=(Span(start=0, end=80),),
)  # fmt: skip
US, EU = EXPECTED.actors[0], party("European Union", "government", "EU")
RIGHT: dict[str, Any] = {"type": "tariff", "status": "in_force", "actors": (US,), "items": ("cars",)}


@pytest.mark.parametrize(
    ("found", "strict", "loose", "weight"),
    [
        (RIGHT, True, True, 14),  # 8 strict, 4 loose, 1 status, 1 object
        (RIGHT | {"evidence": EXPECTED.evidence}, True, True, 16),
        (RIGHT | {"type": "import_restriction"}, True, True, 14),
        (RIGHT | {"type": "sanction"}, False, False, 0),
        (RIGHT | {"items": ("steel",)}, False, True, 5),
        (RIGHT | {"items": ("goods of China",)}, True, True, 14),  # the target told as an item
        (RIGHT | {"items": ("steel",) * 6 + ("cars",)}, False, True, 5),  # the seventh is not read
        (RIGHT | {"actors": (EU,)}, False, False, 0),
        (RIGHT | {"actors": (EU,), "evidence": EXPECTED.evidence}, False, True, 8),
        (RIGHT | {"status": "proposed"}, True, True, 13),
    ],
)
def test_events(found: dict[str, Any], weight: float, *, strict: bool, loose: bool) -> None:
    agreed = compare(EXPECTED, Event(**found))
    assert (agreed.strict, agreed.loose, agreed.weight) == (strict, loose, weight)
