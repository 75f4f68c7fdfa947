"""Amounts as people ask for them: what they mean, and that none takes long to be refused."""

from __future__ import annotations

import pytest

from tracker.errors import InputError
from tracker.query import amounts


@pytest.mark.parametrize(
    ("text", "tests", "unit"),
    [
        (">=1bn USD", ((">=", 1e9),), "USD"),
        ("  count  >  100 \t entities ", ((">", 100.0),), "entities"),
        ("1m .. 5m  EUR", ((">=", 1e6), ("<=", 5e6)), "EUR"),
        ("= $ 5,000", ((">=", 5000.0), ("<=", 5000.0)), "USD"),
    ],
)
def test_an_amount_may_be_written_with_any_blanks(text: str, tests: tuple[tuple[str, float], ...], unit: str) -> None:
    found = amounts.read(text)
    assert (found.tests, found.unit) == (tests, unit)


@pytest.mark.parametrize("word", [" ", "1", "1,", "a", "$ ", "1bn ", ". "])
def test_what_is_no_amount_is_refused_in_a_time_that_grows_with_its_length(word: str) -> None:
    """One that grew with the square of it would take minutes here."""
    with pytest.raises(InputError, match="not an amount"):
        amounts.read("bn" + word * 200_000 + "U")
