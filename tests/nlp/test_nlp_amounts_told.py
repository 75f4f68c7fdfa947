"""Which of a sentence's amounts are an event's: those whose nearest clause tells it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from tracker.model import Span
from tracker.nlp.amounts_told import amounts_told
from tracker.nlp.drafts import Draft, evidence_of
from tracker.nlp.reader import Reader, open_language
from tracker.nlp.reading import Reading

pytestmark = pytest.mark.real_reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.untrained(open_language())


def read(reader: Reader, text: str) -> Reading:
    return reader.context(reader.language(text), reader.language(""), None).reading


def draft(reading: Reading, word: str, evidence: Span | None = None) -> Draft:
    """A telling whose clause is headed by the word, with its evidence and nothing else."""
    head = next(token.i for token in reading.doc if token.text == word)
    nothing: dict[str, Any] = {one.name: None for one in fields(Draft)}
    found = evidence or evidence_of(reading, reading.clauses[head])
    return Draft(**nothing | {"head": head, "evidence": found, "score": 1.0})


# The sentence; the heads of its events; the amounts of each.
TOLD: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
    "The European Union raised duties on steel to 25 per cent and fined Apple 500 million euros.": (
        ("raised", "fined"),
        (("25 per cent",), ("500 million euros",)),
    ),
    "Shares fell 3 percent after the United States banned exports of 24 kinds of tool to China.": (
        ("banned",),
        (("24 kinds of tool",),),
    ),
    "The Commission fined the bank, ordering it to pay up to $5 million within 30 days.": (
        ("fined",),
        (("up to $5 million", "30 days"),),
    ),
    "The ministry added 140 entities to the list on Monday.": (("added",), (("140 entities",),)),
    "China imposed an export quota of 1.6 million tonnes a year on 11 smelters.": (
        ("imposed",),
        (("1.6 million tonnes a year", "11 smelters"),),
    ),
    "The fine was $5 million.": (("fine",), (("$5 million",),)),
    "Britain, which sanctioned 30 tankers, banned imports above $60 a barrel.": (
        ("sanctioned", "banned"),
        (("30 tankers",), ("above $60 a barrel",)),
    ),
    "India banned exports of wheat in 2022.": (("banned",), ((),)),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.items())
def test_an_event_has_the_amounts_of_its_clause(
    reader: Reader, text: str, expected: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
) -> None:
    heads, amounts = expected
    reading = read(reader, text)
    found = amounts_told(reading, [[draft(reading, head)] for head in heads])
    assert tuple(tuple(one.text for one in told) for told in found) == amounts
    for told in found:
        assert all(text[one.span.start : one.span.end] == one.text for one in told)


def test_a_value_told_twice_stands_once_and_keeps_its_first_place(reader: Reader) -> None:
    text = "The US raised the tariff to 25%. It set the tariff at 25% from a base of 10%."
    reading = read(reader, text)
    (found,) = amounts_told(reading, [[draft(reading, "raised"), draft(reading, "set")]])
    assert [(one.text, one.span.start) for one in found] == [("25%", text.index("25%")), ("10%", text.index("10%"))]


def test_words_before_the_evidence_tell_what_a_number_is(reader: Reader) -> None:
    """An evidence that begins within "Section 301 products" makes no count of it."""
    text = "Under Section 301 products were banned by the United States."
    reading = read(reader, text)
    assert amounts_told(reading, [[draft(reading, "banned", Span(start=14, end=len(text)))]]) == [()]


def test_no_event_has_no_amounts(reader: Reader) -> None:
    assert amounts_told(read(reader, "It costs $5."), []) == []
