"""What of an article stream is held back: by its own past, and where little is known, hardly anything."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.assertions import WIDEST, judge, told, words
from tracker.assertions.figures import chance
from tracker.model.assertions import USUAL, Arrival, Assertion, Batch, Breach, Limits

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = Arrival(
    id="",
    title="",
    stored=NOW,
    is_titled=True,
    has_text=True,
    has_date=True,
    has_author=True,
    unread=None,
    language="en",
    origin="",
    reports=0,
)


def some(count: int, first: int = 0, **changes: Any) -> tuple[Arrival, ...]:
    """Articles with ids, titles and texts of their own, as far as nothing else is said."""
    return tuple(
        replace(GOOD, **{"id": f"a{n}", "title": f"Title {n}", "origin": f"a{n}", **changes})
        for n in range(first, first + count)
    )


def past(count: int = 100, first: int = 1000, **changes: Any) -> tuple[Arrival, ...]:
    """Published articles, two a day."""
    return tuple(replace(one, stored=NOW - DAY * (1 + n / 2)) for n, one in enumerate(some(count, first, **changes)))


def batch(new: tuple[Arrival, ...], before: tuple[Arrival, ...] | None = None) -> Batch:
    told_before = past() if before is None else before
    return Batch(new=new, last=told_before[: WIDEST * 10], past=told_before)


def broken(one: Batch, limits: Limits = USUAL) -> set[str]:
    return {breach.assertion.value for breach in judge({"s": one}, {"s": limits}, limits).get("s", ())}


UNDATED: dict[str, Any] = {"has_date": False}
WALL: dict[str, Any] = {"origin": "a0"}
# What came, what was usual, what does not hold.
CASES: dict[str, tuple[tuple[Arrival, ...], tuple[Arrival, ...], set[str]]] = {
    "as usual": (some(20), past(), set()),
    "nothing is known of the source": (some(20, has_date=False, is_titled=False), (), set()),
    "too little is known": (some(20, has_date=False), past(29), set()),
    "no dates any more": (some(20, **UNDATED), past(), {"undated"}),
    "it never had dates": (some(20, **UNDATED), past(**UNDATED), set()),
    "half of it never had": (some(20, **UNDATED), (*past(50), *past(50, 2000, **UNDATED)), set()),
    "a fifth of it never had": (some(20, **UNDATED), (*past(80), *past(20, 2000, **UNDATED)), {"undated"}),
    "a fifth of it never had, and few are new": (some(9, **UNDATED), (*past(80), *past(20, 2000, **UNDATED)), set()),
    "half without dates": (some(10) + some(10, 10, **UNDATED), past(), set()),
    "one good after many bad": (some(1), some(9, 50, **UNDATED) + past(), set()),
    "one bad after good ones": (some(1, **UNDATED), past(), set()),
    "one bad after five bad": (some(1, **UNDATED), some(5, 50, **UNDATED) + past(), set()),  # it may be chance
    "one bad after six bad": (some(1, **UNDATED), some(6, 50, **UNDATED) + past(), {"undated"}),
    "what was published of a fault is not usual": (some(1, **UNDATED), some(9, 50, **UNDATED) + past(60), {"undated"}),
    "no titles": (some(12, is_titled=False), past(), {"untitled"}),
    "no texts": (some(12, has_text=False), past(), {"textless"}),
    "no authors": (some(12, has_author=False), past(), set()),
    "walls": (some(12, unread="paywall: 30 words"), past(), {"unreadable"}),
    "a language that is not read": (some(12, unread="language: fr", language="fr"), past(), {"other_language"}),
    "as many languages as ever": (some(12, language="fr"), (*past(90), *past(10, 2000, language="fr")), set()),
    "no language known": (some(12, language=None), past(), set()),
    "copies": (tuple(replace(one, origin=f"x{n}") for n, one in enumerate(some(12))), past(), {"copies"}),
    "one text": (some(12, **WALL), past(), {"same_text", "copies"}),
    "one text in a new source": (some(12, **WALL), (), {"same_text"}),
    "one text as ever": (some(12, **WALL), past(origin="x0"), set()),
    "one text, but few": (some(9, **WALL), (), set()),
    "one text that is none": (some(12, has_text=False, **WALL), (), set()),
    "one title": (some(12, title="Just a moment…"), past(), {"same_title"}),
    "one title as ever": (some(12, title="Daily briefing"), past(title="Daily briefing"), set()),
    "its archive anew": (some(500), past(), {"flood"}),
    "many, but not that many": (some(45), past(), set()),
    "many after a month away": (
        some(500),
        tuple(replace(one, stored=one.stored - 60 * DAY) for one in past()),
        set(),
    ),
    "twelve events in each": (some(12, reports=12), past(), {"many_events"}),
    "as many as ever": (some(12, reports=12), past(reports=12), set()),
    "one round-up": (some(11) + some(1, 50, reports=60), past(), set()),
    "no events any more": (some(30), past(reports=2), set()),  # it is quiet
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_held_back_of_a_source(name: str) -> None:
    new, before, expected = CASES[name]
    assert broken(batch(new, before)) == expected


def test_limits_are_those_of_the_source() -> None:
    bad = batch(some(20, has_date=False, has_author=False))
    assert broken(bad, replace(USUAL, of=((Assertion.UNDATED, None), (Assertion.ANONYMOUS, 0.5)))) == {"anonymous"}
    assert broken(bad, replace(USUAL, enabled=False)) == set()
    assert broken(bad, replace(USUAL, together=21)) == {"undated"}  # with one of the last
    assert broken(bad, replace(USUAL, history=101)) == set()


def test_what_was_released_is_usual_from_then_on() -> None:
    released = past(20, **UNDATED)
    one = Batch(new=some(10, **UNDATED, **WALL), last=(), past=released[:5], is_released=True)
    assert broken(one) == set()  # not known yet, but somebody has looked at it
    assert broken(replace(one, past=released)) == {"same_text"}
    assert broken(replace(one, past=past(20, **WALL), is_released=True)) == {"undated"}


def each(sources: int, per_source: int, before: tuple[Arrival, ...] | None = None, **changes: Any) -> dict[str, Batch]:
    return {f"s{n}": batch(some(per_source, n * 100, **changes), before) for n in range(sources)}


def test_what_no_source_shows_alone_is_seen_in_all_together() -> None:
    found = judge(each(20, 3, **UNDATED), {}, USUAL)
    assert set(found) == {f"s{n}" for n in range(20)}
    assert {(one.assertion, one.overall, one.articles) for one in found["s0"]} == {(Assertion.UNDATED, True, 60)}
    assert judge(each(16, 3, **UNDATED), {}, USUAL) == {}  # fewer than fifty
    assert judge(each(2, 30, before=past(), has_author=False), {}, USUAL) == {}


def test_new_sources_have_no_part_in_what_is_usual_in_all() -> None:
    known, new = each(18, 3), {f"n{n}": batch(some(9, 5000 + n * 100, **UNDATED), ()) for n in range(20)}
    assert judge(known | new, {}, USUAL) == {}
    of_each_own = each(20, 3, before=past(**UNDATED), **UNDATED)
    assert judge(of_each_own, {}, USUAL) == {}


def test_one_source_with_a_title_for_all_it_brings_is_not_all_of_them() -> None:
    briefing = batch(some(45, title="Daily briefing"), past(title="Daily briefing"))
    assert judge(each(10, 2) | {"briefing": briefing}, {}, USUAL) == {}


def test_one_page_in_place_of_all_is_held_back() -> None:
    found = judge(each(20, 3, origin="a0"), {}, USUAL)
    assert {one.assertion for one in found["s3"]} >= {Assertion.SAME_TEXT}


def test_a_reader_that_finds_nothing_any_more_is_seen_in_all() -> None:
    found = judge(each(20, 3, before=past(reports=1)), {}, USUAL)
    assert {one.assertion for one in found["s3"]} == {Assertion.NO_EVENTS}
    assert (
        judge(each(20, 3, before=past(80) + past(20, 2000, reports=1)), {}, USUAL) == {}
    )  # hardly anybody ever told any


def test_a_source_that_is_not_judged_has_no_part_in_all() -> None:
    off = replace(USUAL, enabled=False)
    found = judge(each(20, 3, **UNDATED), {"s0": off}, USUAL)
    assert "s0" not in found
    assert "s1" in found


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3), st.integers(0, 40)), max_size=40),
    st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3), st.integers(0, 40)), max_size=60),
)
def test_what_a_source_always_was_like_is_never_held_back(
    drawn: list[tuple[bool, bool, int, int]], more: list[tuple[bool, bool, int, int]]
) -> None:
    kinds: list[dict[str, Any]] = [
        {"has_date": dated, "is_titled": titled, "reports": reports} for dated, titled, _, reports in drawn + more
    ]
    usual = [replace(one, **kind) for one, kind in zip(past(len(kinds)), kinds, strict=True)]
    new = tuple(replace(one, id=f"n{n}", origin=f"n{n}", stored=NOW) for n, one in enumerate(usual))
    titles = tuple(replace(one, title=f"New {n}") for n, one in enumerate(new))
    found = broken(Batch(new=titles, last=tuple(usual[:10]), past=tuple(usual)))
    assert found <= {"flood"}


@pytest.mark.parametrize(("number", "of", "usual"), [(6, 10, 0.03), (30, 40, 0.5), (400, 500, 0.7), (9, 9, 0.2)])
def test_chance_is_the_sum_of_the_binomial(number: int, of: int, usual: float) -> None:
    exact = sum(math.comb(of, n) * usual**n * (1 - usual) ** (of - n) for n in range(number, of + 1))
    assert chance(number, of, usual) == pytest.approx(exact, rel=1e-9)


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0, 1))
def test_chance_is_a_probability_that_falls_with_what_is_found(number: int, of: int, usual: float) -> None:
    assert 0.0 <= chance(number + 1, of, usual) <= chance(number, of, usual) + 1e-9 <= 1.0 + 2e-9


WORDED = [
    (Assertion.UNDATED, 0.9, 0.03, 0.5, '90% of 12 articles have no date, usually 3% (at most 50%): "A title"'),
    (Assertion.SAME_TEXT, 1.0, None, 0.5, '100% of 12 articles have the same text (at most 50%): "A title"'),
    (Assertion.FLOOD, 5000.0, 12.0, 10.0, "5,000 new articles at once, usually 12 (at most 10 times as many)"),
    (Assertion.NO_EVENTS, 1.0, 0.4, 0.95, '100% of 12 articles tell no event, usually 40% (at most 95%): "A title"'),
]


@pytest.mark.parametrize(("assertion", "found", "usual", "limit", "expected"), WORDED, ids=[one[0] for one in WORDED])
def test_why_in_words(assertion: Assertion, found: float, usual: float | None, limit: float, expected: str) -> None:
    breach = Breach(
        assertion=assertion, overall=False, articles=12, found=found, usual=usual, limit=limit, example="A\n title"
    )
    assert words(breach).startswith(expected)
    assert told([breach, replace(breach, overall=True)]).count("; ") == 1


def test_every_assertion_has_a_limit_and_words() -> None:
    assert [one for one, _ in USUAL.of] == list(Assertion)
    for one in Assertion:
        assert words(Breach(assertion=one, overall=True, articles=1, found=1, usual=1, limit=1, example="x" * 99))
