"""How many accounts some reports are, and whom a report rests on."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from accounts import report
from hypothesis import given
from hypothesis import strategies as st

from tracker.resolve.independence import Voice, independent, outlet_of, rests_on, voices


@pytest.mark.parametrize(
    ("told", "accounts"),
    [
        ("one:a two:b", 2),
        ("one:wire two:wire three:wire", 1),
        ("one:a one:b one:c", 1),
        ("one:wire one:own two:wire", 2),
        ("one:a one:b one:c two:d three:d", 2),
        ("one:reuters two:reuters two:ap three:ap", 2),
        ("", 0),
    ],
)
def test_independent_accounts(told: str, accounts: int) -> None:
    pairs = [(outlet, text) for outlet, _, text in (pair.partition(":") for pair in told.split())]
    assert independent(pairs) == independent(pairs[::-1]) == accounts


@given(st.sets(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("12345")), max_size=9))
def test_they_are_the_most_of_which_no_two_share_an_outlet_or_a_text(told: set[Voice]) -> None:
    apart = [
        len(some)
        for size in range(len(told) + 1)
        for some in combinations(told, size)
        if len({o for o, _ in some}) == len({t for _, t in some}) == size
    ]
    assert independent(told) == max(apart)


@pytest.mark.parametrize(
    ("quote", "outlet"),
    [
        ("Reuters reported on Tuesday that Beijing would ban exports.", "reuters"),
        ("Beijing will ban exports, according to the Financial Times.", "ft"),
        ("The Wall Street Journal first reported the plan.", "wsj"),
        ("Officials told Bloomberg News that the rule was ready.", "bloomberg"),
        ("The plan was set out in a report by Nikkei Asia.", "nikkei"),
        ("A draft was seen, an AP report said.", "ap"),
        ("The ministry reported a fall in exports.", None),
        ("Officials told AP Moller to stop.", None),
        ("Leaders reported in APEC talks that they would lift the ban.", None),
        ("The ban on Bloomberg terminals was lifted.", None),
        ("Growth is strong, according to the ministry.", None),
    ],
)
def test_whom_the_words_of_a_report_rest_on(quote: str, outlet: str | None) -> None:
    assert rests_on(quote) == outlet


@pytest.mark.parametrize(
    ("source", "outlet"),
    [
        ("bloomberg-politics", "bloomberg"),
        ("social-bloomberg", "bloomberg"),
        ("social-financial-times", "ft"),
        ("ft-world", "ft"),
        ("ap", "ap"),
        ("us-fr-bis", "us-fr-bis"),
        ("minted-news", "minted-news"),
    ],
)
def test_the_outlet_of_a_source(source: str, outlet: str) -> None:
    assert outlet_of(source) == outlet


def test_texts_credited_to_one_agency_are_its_account() -> None:
    """Also where they are no copies, and also beside what the agency itself publishes."""
    credited = [replace(report(name), wire="reuters") for name in ("herald", "post")]
    own, other = report("reuters-world", outlet="reuters-world"), report("gazette")
    assert independent(voices(credited).values()) == 1
    assert independent(voices([*credited, own]).values()) == 1
    assert independent(voices([*credited, own, other]).values()) == 2
