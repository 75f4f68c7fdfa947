"""What holds of dates in any text: no crash, spans inside, real dates, time in proportion to length."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp.temporal import find_dates
from tracker.nlp.temporal.calendar import valid

WORDS = st.sampled_from(
    """the a of in on by from since until 1 3rd 28th 31 30 February May March Monday Sat 2024 1999 3/31 13/13/2024 0/0
    2024-02-30 last next this that following same day week month year fortnight two ninety days weeks ago later after
    before earlier within early mid- end end of midnight today Christmas Q3 H2 quarter , . ( ) : - \n effective
    immediately twenty twenty-two first third autumn '24 9999 0000""".split(" ")
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=200)
ANCHORS = st.none() | st.dates().map(lambda day: day.isoformat()) | st.sampled_from(["2024", "2024-07", "", "soon"])


@given(TEXTS, ANCHORS)
def test_any_text_is_read_and_every_date_is_real_and_stands_in_it(text: str, anchor: str | None) -> None:
    found = find_dates(text, anchor)

    for one in found:
        assert valid(one.value)
        assert one.other is None or valid(one.other)
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert text[one.span.start : one.span.end].strip()
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))


@given(st.dates())
def test_an_iso_day_is_read_as_itself_whatever_the_anchor(day: date) -> None:
    if not 1950 <= day.year < 2100:
        return
    found = find_dates(f"It was adopted on {day.isoformat()}.", "2024-07-10")
    assert [one.value for one in found] == [day.isoformat()]


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 1, 1)))
def test_a_weekday_told_in_the_past_is_the_last_one(day: date) -> None:
    (found,) = find_dates("The ministry said on Tuesday that it had acted.", day.isoformat())
    told = date.fromisoformat(found.value)
    assert told.weekday() == 1
    assert 0 <= (day - told).days < 7


HOSTILE = {
    "one word": "a" * 212_000,
    "digits": "1" * 212_000,
    "capitals": "A " * 125_000,
    "line ends": "\n" * 212_000,
    "openers": "the " * 60_000,
    "unfinished dates": "the first day of the " * 12_000,
    "no spaces": "Monday,3June2024;" * 15_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_long_stretch_of_nonsense_costs_time_in_proportion(text: str) -> None:
    def seconds(part: str) -> float:
        start = time.perf_counter()
        find_dates(part, "2024-07-10")
        return time.perf_counter() - start

    seconds(text[:1000])
    whole, eighth = seconds(text), seconds(text[: len(text) // 8])
    assert whole < max(8 * 4 * eighth, 1.0)  # linear is 8 times; four for a busy machine
