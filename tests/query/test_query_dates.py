"""Dates as people write them, and what of the timeline lies in them on each axis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import query_samples
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.query import Timeline, dates
from tracker.query.dates import Period

TODAY = date(2024, 7, 31)

WRITTEN = [
    ("2024", "2024-01-01", "2024-12-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2024-06-25", "2024-06-25", "2024-06-25"),
    ("2024-Q1", "2024-01-01", "2024-03-31"),
    ("2024-q4", "2024-10-01", "2024-12-31"),
    ("2024Q2", "2024-04-01", "2024-06-30"),
    ("2024-H1", "2024-01-01", "2024-06-30"),
    ("2024-h2", "2024-07-01", "2024-12-31"),
    ("today", "2024-07-31", "2024-07-31"),
    ("Yesterday", "2024-07-30", "2024-07-30"),
    ("tomorrow", "2024-08-01", "2024-08-01"),
    ("30d", "2024-07-01", "2024-07-01"),
    ("30d ago", "2024-07-01", "2024-07-01"),
    ("30 days ago", "2024-07-01", "2024-07-01"),
    ("1 Week", "2024-07-24", "2024-07-24"),
    ("+2 months", "2024-09-30", "2024-09-30"),
    ("0d", "2024-07-31", "2024-07-31"),
    ("6w", "2024-06-19", "2024-06-19"),
    ("1m", "2024-06-30", "2024-06-30"),  # June has no 31st
    ("5m", "2024-02-29", "2024-02-29"),
    ("8M", "2023-11-30", "2023-11-30"),
    ("1y", "2023-07-31", "2023-07-31"),
    ("+30d", "2024-08-30", "2024-08-30"),
    ("+7m", "2025-02-28", "2025-02-28"),
    ("+1y", "2025-07-31", "2025-07-31"),
]


@pytest.mark.parametrize(("text", "first", "last"), WRITTEN, ids=[text for text, _, _ in WRITTEN])
def test_a_date_means_all_of_its_days(text: str, first: str, last: str) -> None:
    assert dates.period(text, TODAY) == Period(first, last)
    assert dates.period(f" {text} ", TODAY) == Period(first, last)


NO_DATES = (
    "June 0000 2024-13 2024-00 2024-02-30 2024-Q5 2024-Q0 2024-H3 0000-Q1 24-06-25 2024-6 30 -30d 30x d"
    " 2024-06-25T10:00 25.06.2024 month 30dayss now ٢٠٢٤ ٢٠٢٤-Q1 99999y +99999y 2024-06.. ++3d"
).split()


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(InputError, match="not a date"):
        dates.period(text, TODAY)


@pytest.mark.parametrize(
    ("text", "today"), [("tomorrow", date.max), ("+1d", date.max), ("yesterday", date.min), ("1y", date.min)]
)
def test_what_lies_beyond_the_calendar_is_no_date(text: str, today: date) -> None:
    with pytest.raises(InputError, match="lies outside of the calendar"):
        dates.period(text, today)


@pytest.mark.parametrize("text", ["today", "30d", "+1y"])
def test_what_counts_from_today_wants_to_be_told_which_day_that_is(text: str) -> None:
    with pytest.raises(InputError, match="counts from today, and no day was told"):
        dates.period(text, None)


def test_a_date_of_python_is_one() -> None:
    assert dates.period(date(2024, 6, 25), None) == Period("2024-06-25", "2024-06-25")


PERIODS = [
    ("2024-06..2024-09", "2024-06-01", "2024-09-30"),
    ("2024-Q1 .. today", "2024-01-01", "2024-07-31"),
    ("30d..+30d", "2024-07-01", "2024-08-30"),
    ("2024..2024", "2024-01-01", "2024-12-31"),
]


@pytest.mark.parametrize(("text", "first", "last"), PERIODS, ids=[text for text, _, _ in PERIODS])
def test_a_period_has_both_its_ends(text: str, first: str, last: str) -> None:
    assert dates.between(text, TODAY) == Period(first, last)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-06", "not a period: '2024-06'"),
        ("2024-06..", "not a period"),
        ("..2024", "not a period"),
        ("2024..2025..2026", "not a period"),
        ("2024-09..2024-06", "a period that ends before it begins"),
        ("June..July", "not a date: 'June'"),
    ],
)
def test_what_is_no_period(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        dates.between(text, TODAY)


@pytest.mark.parametrize("text", ["2024", "+30d", "30", "today", ""])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(InputError, match="not a length of time"):
        dates.last(text, TODAY)


ABSOLUTE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"type": "tariff", "since": None, "until": ""}, {"type": "tariff"}),
    ({"since": "2024-06"}, {"since": "2024-06-01"}),
    ({"until": "2024-06"}, {"until": "2024-06-30"}),
    ({"last": "30d"}, {"since": "2024-07-01", "until": "2024-07-31"}),
    ({"between": "2024-Q1..2024-Q2"}, {"since": "2024-01-01", "until": "2024-06-30"}),
    (
        {"between": "2024-Q1..2024-Q2", "since": "2024-02", "until": "+1d"},
        {"since": "2024-02-01", "until": "2024-06-30"},
    ),
    ({"in_force_on": "2024-06"}, {"in_force_on": "2024-06-30"}),
    ({"in_force_on": "today"}, {"in_force_on": "2024-07-31"}),
    ({"upcoming": True, "within": "30d"}, {"upcoming": "2024-07-31", "within": "2024-08-30"}),
    ({"upcoming": "2024-08", "within": "2024-09"}, {"upcoming": "2024-08-01", "within": "2024-09-30"}),
    ({"upcoming": False}, {}),
]


@pytest.mark.parametrize(("filters", "expected"), ABSOLUTE, ids=[str(filters) for filters, _ in ABSOLUTE])
def test_filters_without_today(filters: dict[str, Any], expected: dict[str, Any]) -> None:
    assert dates.absolute(filters, TODAY) == expected
    assert dates.absolute(expected, None) == expected  # nothing is left to settle


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "2024-09", "until": "2024-06"},
        {"between": "2024-01..2024-02", "since": "2024-03"},
        {"last": "30d", "until": "2024-06"},
    ],
    ids=str,
)
def test_bounds_that_leave_no_day(filters: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="a period that ends before it begins: from 2024-0"):
        dates.absolute(filters, TODAY)


def test_within_alone_says_nothing() -> None:
    with pytest.raises(InputError, match="`within` goes with `upcoming`"):
        dates.absolute({"within": "30d"}, TODAY)


MOMENTS = [
    ("2024-06-25", "2024-06-25T99"),
    ("2024-06", "2024-06-30T99"),
    ("30d", "2024-07-01T99"),
    ("2024-06-25T12:30", "2024-06-25T12:30:00+00:00"),
    ("2024-06-25 12:30:15+02:00", "2024-06-25T10:30:15+00:00"),
    ("2024-06-25T12:30:15.5Z", "2024-06-25T12:30:15.500000+00:00"),
]


@pytest.mark.parametrize(("text", "expected"), MOMENTS, ids=[text for text, _ in MOMENTS])
def test_a_moment_is_the_last_that_a_date_means(text: str, expected: str) -> None:
    assert dates.moment(text, TODAY) == expected


@pytest.mark.parametrize("text", ["2024-06-25T25:00", "2024-06-25T12:30 or so", "June"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(InputError, match=r"not a (time|date)"):
        dates.moment(text, TODAY)


DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


@given(today=DAYS, count=st.integers(0, 5000))
def test_so_many_days_away_is_as_many_days_away(today: date, count: int) -> None:
    for sign, text in ((-1, f"{count}d"), (1, f"+{count}d")):
        assert dates.period(text, today).first == (today + sign * timedelta(days=count)).isoformat()


@given(today=DAYS, count=st.integers(0, 60), unit=st.sampled_from("dwmy"))
def test_longer_ago_is_earlier_and_no_month_is_left_out(today: date, count: int, unit: str) -> None:
    near, far = (date.fromisoformat(dates.period(f"{n}{unit}", today).first) for n in (count, count + 1))
    assert far < near <= today
    if unit in "my":
        months = (today.year - near.year) * 12 + today.month - near.month
        assert months == count * (12 if unit == "y" else 1)
        assert near.day == today.day or (near + timedelta(days=1)).day == 1


NEAR_DATES = st.text(alphabet="0123456789-+qQhHdwmy .todayT٣", max_size=12)


@given(text=NEAR_DATES)
def test_any_text_is_a_date_or_told_to_be_none(text: str) -> None:
    try:
        found = dates.period(text, TODAY)
    except InputError as error:
        assert "not a date" in str(error)  # noqa: PT017 - either will do
    else:
        assert date.fromisoformat(found.first) <= date.fromisoformat(found.last)


# On which axis and in which days -> the events of the sample. `gallium` is announced in 2024 and takes effect in
# 2024-12, `tools` is announced in 2024-07, `undated` first reported on 2024-09-15; all were first seen on 2024-12-01.
AXES: list[tuple[dict[str, Any], str]] = [
    ({"on": "announced", "between": "2024-06..2024-06"}, "api api-leak gallium"),
    ({"between": "2024-07-15..2024-07-15"}, "tools gallium"),
    ({"since": "2024-Q4"}, "gallium"),
    ({"until": "2023-H2"}, "licence"),
    ({"on": "effective", "since": "2024"}, "api gallium"),
    ({"on": "effective", "until": "2024-07-08"}, ""),
    ({"on": "effective", "between": "2024-12-25..2025"}, "gallium"),
    ({"on": "effective", "since": "2025"}, ""),
    ({"on": "first_seen", "since": "2024-12-01", "type": "export_control"}, "tools gallium"),
    ({"on": "first_seen", "until": "2024-12-01", "type": "export_control"}, "tools gallium"),
    ({"on": "first_seen", "until": "2024-11"}, ""),
    ({"on": "first_seen", "since": "2024-12-02"}, ""),
    ({"last": "31d"}, "gallium"),
    ({"last": "8m", "type": "export_control"}, "tools gallium"),
    ({"since": "yesterday"}, "gallium"),
    ({"since": "+1m"}, ""),
    ({"upcoming": True}, "gallium"),
    ({"in_force_on": "2024-07-08"}, "tools licence"),
    ({"in_force_on": "2024-07-09"}, "tools api licence"),
]  # fmt: skip


@pytest.fixture(scope="module")
def timeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    path: Path = query_samples.build(tmp_path_factory.mktemp("dates") / "t.db")
    with Timeline.open(path, clock=lambda: datetime(2024, 12, 1, 9, tzinfo=UTC)) as opened:
        yield opened


@pytest.mark.parametrize(("filters", "expected"), AXES, ids=[str(filters) for filters, _ in AXES])
def test_what_lies_in_some_days(timeline: Timeline, filters: dict[str, Any], expected: str) -> None:
    found = timeline.timeline(**filters)
    assert [event.id.removeprefix("e-") for event in found] == expected.split()
    assert timeline.count(**filters) == len(found)


def test_what_is_ahead_counts_from_the_clock(timeline: Timeline) -> None:
    assert [event.id for event in timeline.upcoming()] == ["e-gallium"]
    assert [event.id for event in timeline.upcoming("2024-07-01")] == ["e-api", "e-gallium"]
    assert [event.id for event in timeline.upcoming("2024-07-01", within="30d")] == ["e-api"]
    assert [event.id for event in timeline.upcoming("2024-07-01", within="2024-12")] == ["e-api", "e-gallium"]
