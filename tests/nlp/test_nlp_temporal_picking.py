"""Choosing the date of a clause, and dates that head a report or an item."""

from __future__ import annotations

import pytest

from tracker.model import Basis, Precision, Span
from tracker.nlp.temporal import dateline, find_dates, heading_over, nearest, resolve, within

TEXT = (
    "The ministry said on Tuesday that the ban, agreed in June, takes effect on 1 August. "
    "Tokyo met it with silence on Monday."
)
ANCHOR = "2024-07-10"


def span_of(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start=start, end=start + len(words))


def test_the_date_inside_the_clause_wins_over_those_around_it() -> None:
    found = nearest(find_dates(TEXT, ANCHOR), span_of("agreed in June"))
    assert found is not None
    assert found.value == "2024-06"


def test_without_one_inside_the_nearest_of_the_sentence_is_taken() -> None:
    dates = find_dates(TEXT, ANCHOR)
    sentence = span_of(TEXT[: TEXT.index(" Tokyo")])
    clause = span_of("the ban")

    assert nearest(dates, clause) is None
    found = nearest(dates, clause, sentence=sentence)
    assert found is not None
    assert found.value == "2024-07-09"


def test_roles_narrow_the_choice() -> None:
    found = nearest(find_dates(TEXT, ANCHOR), span_of(TEXT), roles=["effective"])
    assert found is not None
    assert found.value == "2024-08-01"
    assert nearest(find_dates(TEXT, ANCHOR), span_of(TEXT), roles=["deadline"]) is None


def test_within_keeps_the_order_of_the_text() -> None:
    assert [one.value for one in within(find_dates(TEXT, ANCHOR), span_of(TEXT))] == [
        "2024-07-09",
        "2024-06",
        "2024-08-01",
        "2024-07-08",
    ]


DATELINES = {
    "WASHINGTON, Aug 19 (Reuters) - The department said on Monday it would act.": "2024-08-19",
    "JAKARTA, Nov 1 (Archipelago Wire) - It blocked the phone.": "2024-11-01",
    "Brussels, 20 August 2024\nThe Commission has approved the aid.": "2024-08-20",
    "FOR IMMEDIATE RELEASE\nThursday, June 7, 2018\nThe Department announced it.": "2018-06-07",
    "date 2024-11-28 MOSCOW (Agency) - It will let refiners sell again.": "2024-11-28",
    "10:41, 10 February 2026, Bishkek - Alatoo News\nIt is proposed.": "2026-02-10",
    "Published: 12 March 2024\nThe rule is final.": "2024-03-12",
}


@pytest.mark.parametrize(("text", "value"), DATELINES.items())
def test_a_dateline_is_known_as_one(text: str, value: str) -> None:
    line = dateline(find_dates(text, value))
    assert line is not None
    assert (line.value, line.role) == (value, None)


def test_a_full_dateline_stands_in_for_a_missing_date_of_the_article() -> None:
    text = "Brussels, 20 August 2024\n\nThe Commission approved the aid yesterday."
    assert [one.value for one in find_dates(text, None)] == ["2024-08-20", "2024-08-19"]


def test_without_any_anchor_only_what_is_written_out_has_a_value() -> None:
    found = find_dates("It was banned on 3 June 2021 and on Tuesday it was eased; a month later it was gone.", None)
    assert [(one.value, one.when.basis) for one in found] == [
        ("2021-06-03", Basis.STATED),
        ("2021-07", Basis.RELATIVE),
    ]


NEWSLETTER = """What happened this week

MON 13
Beijing hits back with duties.

WED 15: Washington lists Huawei.

Fri 17 - Decision on cars kicked down the road.
"""


def test_headings_of_a_newsletter_govern_the_items_below_them() -> None:
    dates = find_dates(NEWSLETTER, "2019-05-18")
    assert [(one.value, one.cue) for one in dates[1:]] == [
        ("2019-05-13", "heading"),
        ("2019-05-15", "heading"),
        ("2019-05-17", "heading"),
    ]
    item = heading_over(dates, span_of("Washington lists Huawei", NEWSLETTER))
    assert item is not None
    assert item.value == "2019-05-15"
    assert nearest(dates, span_of("Beijing hits back with duties", NEWSLETTER)) is None


def test_a_timeline_looks_back() -> None:
    text = "- 24 March: the deadline is pushed back to 27 May\n- April: the company takes back its cargoes\n"
    assert [one.value for one in find_dates(text, "2025-07-25")][0::2] == ["2025-03-24", "2025-04"]


def test_a_date_keeps_its_precision_and_its_other_reading() -> None:
    (found,) = find_dates("The ministry said on Tuesday it had acted.", ANCHOR)
    assert found.when.precision is Precision.DAY
    assert found.other == "2024-07-16"
    (month,) = find_dates("It had acted in October.", ANCHOR)
    assert (month.value, month.other, month.when.precision) == ("2023-10", "2024-10", Precision.MONTH)


def test_a_parser_that_knows_the_tense_may_turn_an_open_date_round() -> None:
    (found,) = find_dates("The talks of Tuesday.", ANCHOR)
    assert found.value == "2024-07-09"
    assert resolve(found, "past", ANCHOR).value == "2024-07-09"
    turned = resolve(found, "future", ANCHOR)
    assert (turned.value, turned.other, turned.span) == ("2024-07-16", "2024-07-09", found.span)
    (firm,) = find_dates("The talks of 9 July 2024.", ANCHOR)
    assert resolve(firm, "future", ANCHOR) == firm
