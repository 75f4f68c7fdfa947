"""Rates, money, counts, quantities and durations as typed values."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp.amounts import find_amounts

# text: kind, value, upper end, unit, comparison
AMOUNTS = {
    "a tariff of 145%": ("rate", "145", None, "%", None),
    "cut to 7.5 per cent": ("rate", "7.5", None, "%", None),
    "25 percent": ("rate", "25", None, "%", None),
    "up to 50 percent": ("rate", "50", None, "%", "at_most"),
    "at least 40% local content": ("rate", "40", None, "%", "at_least"),
    "between 15 and 25 per cent": ("rate", "15", "25", "%", None),
    "a levy of 15-25 per cent": ("rate", "15", "25", "%", None),
    "one hundred and forty-five percent": ("rate", "145", None, "%", None),
    "10% or more": ("rate", "10", None, "%", "at_least"),
    "a 15 percent minimum tax": ("rate", "15", None, "%", "at_least"),
    "no higher than 20%": ("rate", "20", None, "%", "at_most"),
    "≥ 10%": ("rate", "10", None, "%", "at_least"),
    "more than 10 %": ("rate", "10", None, "%", "more_than"),
    "10% to 25% tariffs": ("rate", "10", "25", "%", None),
    "rates ranging from 5% to 10%": ("rate", "5", "10", "%", None),
    "two-thirds of the shares": ("rate", "66.7", None, "%", None),
    "25 basis points": ("rate", "25", None, "basis point", None),
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
    "$1.375 BILLION": ("money", "1375000000", None, "USD", None),
    "US$ 1.5m": ("money", "1500000", None, "USD", None),
    "up to $5 million": ("money", "5000000", None, "USD", "at_most"),
    "the 500-million-euro fine": ("money", "500000000", None, "EUR", None),
    "half a billion Canadian dollars": ("money", "500000000", None, "CAD", None),
    "RM124mil": ("money", "124000000", None, "MYR", None),
    "R500m": ("money", "500000000", None, "ZAR", None),
    "1,300 won": ("money", "1300", None, "KRW", None),
    "50 cents": ("money", "0.5", None, "USD", None),
    "$5-10 million": ("money", "5000000", "10000000", "USD", None),
    "between $400,000 and $2 million": ("money", "400000", "2000000", "USD", None),
    "€4.4bn or so": ("money", "4400000000", None, "EUR", "about"),
    "$40 billion to $50 billion": ("money", "40000000000", "50000000000", "USD", None),
    "140 entities": ("count", "140", None, "entities", None),
    "33 Chinese companies": ("count", "33", None, "companies", None),
    "24 kinds of tool": ("count", "24", None, "kinds of tool", None),
    "24 types of semiconductor manufacturing equipment, used in fabs": (
        "count",
        "24",
        None,
        "types of semiconductor manufacturing equipment",
        None,
    ),
    "one hundred and forty vessels": ("count", "140", None, "vessels", None),
    "two dozen firms": ("count", "24", None, "firms", None),
    "some 250 000 doses": ("count", "250000", None, "doses", "about"),
    "10 U.S. firms": ("count", "10", None, "firms", None),
    "13 of its soldiers": ("count", "13", None, "soldiers", None),
    "fewer than 100,000 persons": ("count", "100000", None, "persons", "less_than"),
    "140+ entities": ("count", "140", None, "entities", "at_least"),
    "between 10 and 15 tankers": ("count", "10", "15", "tankers", None),
    "nine Chinese companies": ("count", "9", None, "companies", None),
    "1.6 million tonnes": ("quantity", "1600000", None, "tonne", None),
    "500 pounds of copper": ("quantity", "500", None, "pound", None),
    "5 to 7 million tonnes": ("quantity", "5000000", "7000000", "tonne", None),
    "above 10^26 operations": ("quantity", "1" + "0" * 26, None, "operation", "more_than"),
    "10²⁵ FLOPs": ("quantity", "1" + "0" * 25, None, "floating-point operation", None),
    "7nm": ("quantity", "7", None, "nanometre", None),
    "no more than 4,800 TOPS": ("quantity", "4800", None, "TOPS", "at_most"),
    "a 90-day pause": ("duration", "90", None, "day", None),
    "for six months": ("duration", "6", None, "month", None),
    "up to five years in jail": ("duration", "5", None, "year", "at_most"),
    "gave companies 48 hours to comply": ("duration", "48", None, "hour", None),
    "within 30 working days": ("duration", "30", None, "working day", None),
}


@pytest.mark.parametrize(("text", "expected"), AMOUNTS.items())
def test_an_amount_has_kind_value_unit_and_bound(
    text: str, expected: tuple[str, str, str | None, str, str | None]
) -> None:
    kind, value, upper, unit, bound = expected
    (found,) = find_amounts(text)
    assert (found.kind, found.value, found.unit, found.comparison) == (kind, Decimal(value), unit, bound)
    assert found.upper == (None if upper is None else Decimal(upper))


# text: kind, value, unit, what it is for one of
PRICES = {
    "$60 a barrel": ("money", "60", "USD", "barrel"),
    "a $60-a-barrel cap": ("money", "60", "USD", "barrel"),
    "€7.60/kg": ("money", "7.6", "EUR", "kilogram"),
    "$950/t": ("money", "950", "USD", "tonne"),
    "$50 per net ton": ("money", "50", "USD", "ton"),
    "up to $10,000 a day": ("money", "10000", "USD", "day"),
    "$500,000 for each violation": ("money", "500000", "USD", "violation"),
    "49,000 electric cars a year": ("count", "49000", "cars", "year"),
    "2 million bpd": ("quantity", "2000000", "barrel", "day"),
    "half a million barrels per day": ("quantity", "500000", "barrel", "day"),
    "three hours a week": ("duration", "3", "hour", "week"),
    "5 per cent per annum": ("rate", "5", "%", "year"),
}


@pytest.mark.parametrize(("text", "expected"), PRICES.items())
def test_a_price_or_pace_says_for_one_of_what(text: str, expected: tuple[str, str, str, str]) -> None:
    kind, value, unit, per = expected
    (found,) = find_amounts(text)
    assert (found.kind, found.value, found.unit, found.per) == (kind, Decimal(value), unit, per)


@pytest.mark.parametrize(
    "text",
    [
        "in 2024",
        "the 2022 sanctions",
        "Section 301 products",
        "on July 9 users",
        "15 C.F.R. Parts 730-774",
        "On 14 December buses",
        "the NIS2 directive",
        "the party won 12 seats",
        "two years ago",
        "for two years before the ban",
        "a 51-year-old man",
        "a two-year low",
        "over the past 10 years",
        "the 10-year Treasury yield",
        "a day",
        "One games studio",
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


def test_a_change_is_two_values_and_no_range() -> None:
    found = find_amounts("It raised duties from 10% to 25% and aid from $40 billion to $50 billion.")
    assert [(one.text, one.upper) for one in found] == [
        ("10%", None), ("25%", None), ("$40 billion", None), ("$50 billion", None),
    ]  # fmt: skip


def test_a_year_earlier_is_no_pace() -> None:
    assert [one.per for one in find_amounts("It made $5 billion, against $4 billion a year earlier.")] == [None, None]


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("It fined Apple 500 million euros and Meta 200 million on Wednesday.", ["500000000 EUR", "200000000 EUR"]),
        ("A surplus of 16.8 billion yuan after 8.5 billion a year earlier.", ["16800000000 CNY", "8500000000 CNY"]),
        ("It paid $5 million. Some 3 million moved out.", ["5000000 USD"]),
        ("It paid $5 million and moved 3 million tonnes.", ["5000000 USD", "3000000 tonne"]),
        ("Some 3 million in all, or $5 million.", ["5000000 USD"]),
    ],
)
def test_a_currency_is_said_once_for_sums_near_by(text: str, sums: list[str]) -> None:
    assert [f"{one.value} {one.unit}" for one in find_amounts(text)] == sums


def test_a_parse_may_say_what_a_number_counts() -> None:
    text = "It lists more than 11 kinds-of-thingamajigs."
    end = len(text) - 1
    assert find_amounts(text) == ()
    (found,) = find_amounts(text, lambda start, _: (end, "thingamajigs") if text.startswith("more", start) else None)
    assert (found.text, found.unit, found.value) == ("more than 11 kinds-of-thingamajigs", "thingamajigs", Decimal(11))


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$2bn and up\u00a0to 3 million", [("2000000000", "USD", None), ("3000000", "USD", "at_most")]),
        ("0$:UP\u00a0TO0mil", [("0", "USD", None), ("0", "USD", "at_most")]),
        ("$5 bill\u0131on", [("5000000000", "USD", None)]),
        ("5 m\u0130ll\u0130on euros", [("5000000", "EUR", None)]),
    ],
)
def test_hard_blanks_and_letters_that_are_others_in_capitals_are_read(
    text: str, found: list[tuple[str, str, str | None]]
) -> None:
    assert [(str(one.value), one.unit, one.comparison) for one in find_amounts(text)] == found


@given(TEXTS)
def test_any_text_is_read_and_amounts_stand_in_it(text: str) -> None:
    found = find_amounts(text)
    assert all(0 <= one.span.start < one.span.end <= len(text) for one in found)
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))
    assert all(one.value.is_finite() and one.text == text[one.span.start : one.span.end] for one in found)
