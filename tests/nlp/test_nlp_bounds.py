"""Texts that nobody writes but every feed has: read whole, without a fault, in time that their length bounds."""

from __future__ import annotations

import time

import pytest

import tracker.nlp
from tracker.model import Analysis, Article, TextFrom
from tracker.nlp.gate import Gate, Weights
from tracker.nlp.ontology import load_ontology
from tracker.nlp.reader import Reader, clip
from tracker.reach import LETTERS, MARK, MOST_LETTERS, MOST_TEXT, MOST_WORK, beyond, reach

SECONDS = 10.0  # for texts of SIZE characters; most take less than one
SIZE = 2_000

BAD = {
    "one sentence": "the export ban on gallium and ",
    "no blanks": "x",
    "no blanks, other scripts": "禁止出口",
    "capitals": "CHINA BANS EXPORTS OF GALLIUM TO THE UNITED STATES! ",
    "line breaks": "\n",
    "short lines": "ban\n",
    "blank lines": "Ban.\n\n \n\t\n",
    "opening quotes": "“He said ‘",
    "brackets": "(",
    "emoji": "🇨🇳🚫👩‍👩‍👧‍👦 ban ",
    "digits": "1,000 ",
    "money": "$5 bn % ",
    "full stops": ". ",
    "names": "China, the United States and ",
    "dates": "on Monday, 9 July 2024, ",
    "pronouns": "it said that they said that he banned it and ",
    "controls": "\x00\x1b[31m\u202e\ufeff ban",
    "accents": "bán e\u0301xports ",
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    """A reader that no gate keeps from anything."""
    reader = tracker.nlp.load()
    reader.gate = Gate(load_ontology(), Weights(bias=0.0, threshold=0.0, words={}, trained_on="reads everything"))
    return reader


def read(reader: Reader, title: str, text: str) -> Analysis:
    return reader.read(
        Article(id="a", url=None, title=title, text=text, published=None, language="en", text_from=TextFrom.INPUT)
    )


@pytest.mark.real_reader
@pytest.mark.parametrize("name", BAD)
def test_a_bad_text_is_read_in_time(reader: Reader, name: str) -> None:
    text = (BAD[name] * SIZE)[:SIZE]
    begun = time.process_time()
    found = read(reader, BAD[name] * 3, text)
    assert time.process_time() - begun < SECONDS
    spans = [mention.span for mention in found.mentions] + [span for event in found.events for span in event.evidence]
    assert all(0 <= span.start <= span.end <= len(text) for span in spans if span.field == "text")


@pytest.mark.real_reader
def test_half_surrogates_are_read_as_what_cannot_be_read(reader: Reader) -> None:
    words = "The Commerce Department will restrict exports of chips to China from July\udc81."
    found, sound = (read(reader, text, text) for text in (words, words.replace("\udc81", "\N{REPLACEMENT CHARACTER}")))
    assert found.mentions == sound.mentions != ()
    assert found.events == sound.events != ()


def test_a_text_is_read_so_far_and_no_further() -> None:
    for piece in BAD.values():
        text = (piece * MOST_TEXT)[: MOST_TEXT + 7]
        read = clip(text)
        assert len(read) <= MOST_TEXT
        assert sum(1 + min(len(mark[0]), MOST_LETTERS) // LETTERS for mark in MARK.finditer(read)) <= MOST_WORK + 1


def test_a_long_article_is_read_whole() -> None:
    text = "The ministry said on Tuesday that it would restrict exports of gallium from July. " * 600
    assert clip(text) == text
    assert beyond(text) is None


def test_what_is_beyond_is_told() -> None:
    sentence = "The ministry said on Tuesday that it would restrict exports of gallium from July. "
    text = sentence * 1_000
    end = reach(text)
    assert 500 < end // len(sentence) < 800
    assert beyond(text) == f"too long: read for events to character {end:,} of 82,000"
    assert reach(text + "more") == end
