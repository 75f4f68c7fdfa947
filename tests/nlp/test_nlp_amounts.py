"""Rates, money, counts, quantities and durations as typed values."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp.amounts import find_amounts

# text: kind, value, upper end, unit, bound
AMOUNTS = {
    "a tariff of 145%": ("rate", "145", None, "%", None),
    "cut to 7.5 per cent": ("rate", "7.5", None, "%", None),
    "25 percent": ("rate", "25", None, "%", None),
    "up to 50 percent": ("rate", "50", None, "%", "at_most"),
    "at least 40% local content": ("rate", "40", None, "%", "at_least"),
    "between 15 and 25 per cent": ("rate", "15", "25", "%", None),
    "a levy of 15-25 per cent": ("rate", "15", "25", "%", None),
    "two percentage points": ("rate", "2", None, "percentage point", None),
    "$300 million": ("money", "300000000", None, "USD", None),
    "US$1mil": ("money", "1000000", None, "USD", None),
    "€5bn of aid": ("money", "5000000000", None, "EUR", None),
    "fined £12,000": ("money", "12000", None, "GBP", None),
    "Rs 17,000-crore": ("money", "170000000000", None, "INR", None),
    "12 million kronor": ("money", "12000000", None, "SEK", None),
    "more than 1.2 billion euros": ("money", "1200000000", None, "EUR", "more_than"),
    "a hundred million dollars": ("money", "100000000", None, "USD", None),
    "¥150 billion": ("money", "150000000000", None, "JPY", None),
    "$40 billion to $50 billion": ("money", "40000000000", "50000000000", "USD", None),
    "140 entities": ("count", "140", None, "entities", None),
    "33 Chinese companies": ("count", "33", None, "companies", None),
    "24 kinds of tool": ("count", "24", None, "kinds", None),
    "nine Chinese companies": ("count", "9", None, "companies", None),
    "1.6 million tonnes": ("quantity", "1600000", None, "tonne", None),
    "no more than 4,800 TOPS": ("quantity", "4800", None, "TOPS", "at_most"),
    "a 90-day pause": ("duration", "90", None, "day", None),
    "for six months": ("duration", "6", None, "month", None),
    "within 30 working days": ("duration", "30", None, "working day", None),
}


@pytest.mark.parametrize(("text", "expected"), AMOUNTS.items())
def test_an_amount_has_kind_value_unit_and_bound(
    text: str, expected: tuple[str, str, str | None, str, str | None]
) -> None:
    kind, value, upper, unit, bound = expected
    (found,) = find_amounts(text)
    assert (found.kind, found.value, found.unit, found.bound) == (kind, Decimal(value), unit, bound)
    assert found.upper == (None if upper is None else Decimal(upper))


@pytest.mark.parametrize(
    "text",
    [
        "in 2024",
        "Section 301",
        "on 9 July 2024",
        "Executive Order 14117",
        "COVID-19",
        "5G",
        "a chip",
        "the one",
        "24/7",
    ],
)
def test_years_names_and_dates_are_no_amounts(text: str) -> None:
    assert find_amounts(text) == ()


def test_several_amounts_keep_the_order_of_the_text() -> None:
    text = "It raised duties from 10% to 25% on $200 billion of goods from 140 firms for 90 days."
    assert [text[one.span.start : one.span.end] for one in find_amounts(text)] == [
        "10%",
        "25%",
        "$200 billion",
        "140 firms",
        "90 days",
    ]


PIECES = st.sampled_from(
    "$ US$ € Rs 1 2.5 1,000 17,00,000 25 % per\u00a0cent percent million hundred bn to - and up\u00a0to at least 140 "
    "firms Chinese entities days working tonnes of a two".split(" ")
)


TEXTS = st.text(max_size=300) | st.lists(PIECES, max_size=20).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])
)


@given(TEXTS)
def test_any_text_is_read_and_amounts_stand_in_it(text: str) -> None:
    found = find_amounts(text)
    assert all(0 <= one.span.start < one.span.end <= len(text) for one in found)
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))
    assert all(one.value.is_finite() for one in found)
