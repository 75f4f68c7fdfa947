"""Amounts in words."""

from __future__ import annotations

import pytest

from tracker.wording import worded

# kind, value, upper, comparison, unit, per
WORDED = {
    "300 million USD": ("money", 3e8, None, None, "USD", None),
    "up to 5.5 million EUR per day": ("money", 5.5e6, None, "at_most", "EUR", "day"),
    "1.375 billion USD": ("money", 1.375e9, None, None, "USD", None),
    "50,000 GBP": ("money", 50000, None, None, "GBP", None),
    "60 USD per barrel": ("money", 60, None, None, "USD", "barrel"),
    "0.5 USD": ("money", 0.5, None, None, "USD", None),
    "145 %": ("rate", 145, None, None, "%", None),
    "15 to 25 %": ("rate", 15, 25, None, "%", None),
    "more than 7.5 %": ("rate", 7.5, None, "more_than", "%", None),
    "2 percentage points": ("rate", 2, None, None, "percentage point", None),
    "about 140 entities": ("count", 140, None, "about", "entities", None),
    "1 day": ("duration", 1, None, None, "day", None),
    "at least 90 days": ("duration", 90, None, "at_least", "day", None),
    "1.6 million tonnes": ("quantity", 1.6e6, None, None, "tonne", None),
    "more than 1e+26 operations": ("quantity", 1e26, None, "more_than", "operation", None),
}


@pytest.mark.parametrize(("text", "amount"), WORDED.items())
def test_an_amount_in_words(text: str, amount: tuple[str, float, float | None, str | None, str, str | None]) -> None:
    kind, value, upper, comparison, unit, per = amount
    assert worded(kind=kind, value=value, upper=upper, comparison=comparison, unit=unit, per=per) == text
