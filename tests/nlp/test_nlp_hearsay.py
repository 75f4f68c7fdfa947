"""Unnamed sources and denials by the words of a sentence: a table of cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.nlp.hearsay import wordings

TABLE = Path(__file__).with_name("test_nlp_hearsay_cases.txt")
LINES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[:60])
def test_a_sentence_words_how_sure_it_is(line: str) -> None:
    sentence, expected = (part.strip() for part in line.split(" | "))

    assert " ".join(wordings(sentence)) == expected.strip("-")
