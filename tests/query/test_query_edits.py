"""Two texts in one: what stayed, what went, what came."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.query.edits import edits

OLD = "The rules begin in May. They cover tools.\n\nNobody objected."


def told(old: str, new: str) -> str:
    signs = {"same": "", "gone": "-", "come": "+"}
    return "|".join(f"{signs[one.kind]}{one.text}" for one in edits(old, new))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, OLD),
        (OLD.replace("May", "June"), "The rules begin in |-May|+June|. They cover tools.\n\nNobody objected."),
        (f"{OLD} Corrected.", f"{OLD}|+ Corrected."),
        ("They cover tools.\n\nNobody objected.", "-The rules begin in May. |They cover tools.\n\nNobody objected."),
        # A passage that has hardly a word of the old one is told whole.
        (OLD.replace("They cover tools", "Washington is silent, as are all"),
         "The rules begin in May. |-They cover tools.|+Washington is silent, as are all.|\n\nNobody objected."),
        ("", f"-{OLD}"),
    ],
)  # fmt: skip
def test_edits_are_told_by_words_where_passages_are_alike(new: str, expected: str) -> None:
    assert told(OLD, new) == expected


@given(st.text(alphabet="ab .\n"), st.text(alphabet="ab .\n"))
def test_both_texts_are_in_it(old: str, new: str) -> None:
    found = edits(old, new)
    assert "".join(one.text for one in found if one.kind != "come") == old
    assert "".join(one.text for one in found if one.kind != "gone") == new
    assert all(one.text for one in found)
    assert [one.kind for one in edits(old, old)] == ["same"] * bool(old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a. " * 300_000, "b. a. " * 150_000),
        ("a " * 500_000, "b a " * 250_000),
        ("x" * 1_000_000, "x" * 999_999),
        (" " * 1_000_000, "\n" * 1_000_000),
    ],
    ids=["sentences", "words", "one word", "spaces"],
)
def test_texts_of_a_megabyte_cost_a_bounded_time(old: str, new: str) -> None:
    began = time.process_time()
    found = edits(old, new)
    assert time.process_time() - began < 5
    assert "".join(one.text for one in found if one.kind != "come") == old
