"""Names in text, as the tables know them: which party, and how it was named."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp import gazetteer

# What looks like a name and is none here.
NOTHING = """
us and them
He wore a white shirt in the house.
a target for block trades
They take apple juice from local growers to market.
The Wall Street Journal and Reuters reported it.
The South China Sea and the Gulf of Mexico are warm.
a line of shell companies
customs duties rose
The tennis court was wet.
"""


def _cases() -> list[tuple[str, list[str]]]:
    """Texts with the indented lines below each."""
    cases: list[tuple[str, list[str]]] = []
    lines = Path(__file__).with_name("test_nlp_gazetteer_cases.txt").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        if line.startswith("    "):
            cases[-1][1].append(line.strip())
        else:
            cases.append((line, []))
    return cases


def _key(match: gazetteer.Match) -> str | None:
    """Whom a match stands for: a leader's body, else the party itself."""
    entry = match.entry
    return entry.acts_for if entry.party.kind == "person" else entry.party.id


@pytest.mark.parametrize(("text", "expected"), _cases())
def test_names_give_their_party(text: str, expected: list[str]) -> None:
    found = gazetteer.load().find(text)
    assert [f"{text[m.start : m.end]} = {_key(m)} {m.how}" for m in found] == expected


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_everyday_words_are_no_parties(text: str) -> None:
    assert [text[m.start : m.end] for m in gazetteer.load().find(text)] == []


def test_context_decides_whose_ministry_is_meant() -> None:
    text = (
        "JAKARTA - Indonesia will ban coal exports. The energy ministry said on Saturday that miners must sell at home."
    )
    (ministry,) = [m for m in gazetteer.load().find(text) if m.role == "energy"]
    assert (ministry.entry.party.id, ministry.bare) == ("gov:id:esdm", True)


def test_a_body_outside_the_tables_belongs_to_its_country() -> None:
    (match,) = gazetteer.load().find("Bolivia's energy ministry said so.")
    party = match.entry.party
    assert (party.name, party.country, party.parent, party.kind) == (
        "Bolivia's energy ministry",
        "BO",
        "gov:bo",
        "government",
    )


def test_products_tell_their_maker() -> None:
    known = gazetteer.load()
    maker = known.maker_of("H20")
    assert maker is not None
    assert maker.party.name == "Nvidia"
    assert known.maker_of("no such thing") is None


def test_every_company_is_found_by_its_own_name() -> None:
    known = gazetteer.load()
    lost = [
        entry.party.name
        for entry in known.entries.values()
        if entry.party.kind == "company" and entry.party.name not in known.tables.needs
        if [m.entry.party.id for m in known.find(f"Officials named {entry.party.name} again.")] != [entry.party.id]
    ]
    assert lost == []


def test_every_state_is_found_by_name_adjective_and_seat() -> None:
    known = gazetteer.load()
    lost = [
        alias.text
        for alias in known.tables.aliases
        if alias.key.startswith("gov:") and alias.key.count(":") == 1 and alias.how in {"name", "demonym", "metonym"}
        if alias.text not in known.tables.needs and alias.text not in known.lists["names_of_several"]
        if [m.entry.party.id for m in known.find(f"It was {alias.text} again.")] != [alias.key]
    ]
    assert lost == []


WORDS = "China US Huawei the commerce ministry President Xi said in of 's , . ( ) - ß İ \n".split(" ")


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.text(max_size=20))
def test_spans_lie_in_the_text_in_order_without_overlaps(words: list[str], tail: str) -> None:
    text = " ".join(words) + tail
    found = gazetteer.load().find(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(one.end <= following.start for one, following in pairwise(found))
