from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import day_first, earliest, find, is_sane, parse, prefix
from tracker.model import Basis, Precision, When

WHOLE = [
    # feeds and headers
    ("Tue, 25 Jun 2024 13:14:05 GMT", "2024-06-25T13:14:05Z"),
    ("Tue, 25 Jun 2024 09:14:05 -0400", "2024-06-25T13:14:05Z"),
    ("25 Jun 2024 23:30 EST", "2024-06-26T04:30:00Z"),
    ("25 Jun 24 09:14:00 EDT", "2024-06-25T13:14:00Z"),
    ("Tue Jun 25 09:14:00 2024", "2024-06-25"),
    ("Tue Jun 25 09:14:00 +0000 2024", "2024-06-25T09:14:00Z"),
    # ISO 8601
    ("2024-06-25T09:14:00Z", "2024-06-25T09:14:00Z"),
    ("2024-06-25T09:14:00.123456+08:00", "2024-06-25T01:14:00Z"),
    ("2024-06-25T09:14-0400", "2024-06-25T13:14:00Z"),
    ("2024-06-25 09:14:00 UTC", "2024-06-25T09:14:00Z"),
    ("20240625T091400Z", "2024-06-25T09:14:00Z"),
    ("2024-06-25T09:14:00", "2024-06-25"),
    ("2024-06-25", "2024-06-25"),
    ("2024-6-5", "2024-06-05"),
    ("20240625", "2024-06-25"),
    ("2024-06", "2024-06"),
    ("2024", "2024"),
    ("2024/06/25", "2024-06-25"),
    # bylines
    ("June 25, 2024 9:14 AM EDT", "2024-06-25T13:14:00Z"),
    ("June 25, 2024 at 9:14 a.m. ET", "2024-06-25T13:14:00Z"),
    ("Jan. 5, 2024, 12:05 a.m. ET", "2024-01-05T05:05:00Z"),
    ("Published: Tuesday, June 25, 2024", "2024-06-25"),
    ("Posted on Jun 25, 2024", "2024-06-25"),
    ("25 June 2024", "2024-06-25"),
    ("25th June, 2024", "2024-06-25"),
    ("9:14 AM EDT, Tue June 25, 2024", "2024-06-25T13:14:00Z"),
    ("June 2024", "2024-06"),
    ("25. Juni 2024, 09:14 Uhr", "2024-06-25"),
    ("25. Juni 2024, 09:14 Uhr MESZ", "2024-06-25T07:14:00Z"),
    ("25 juin 2024", "2024-06-25"),
    ("1er août 2024", "2024-08-01"),
    ("25 de junio de 2024", "2024-06-25"),
    ("2024年6月25日 09:14", "2024-06-25"),
    ("2024년 6월 25일", "2024-06-25"),
    ("25.06.2024", "2024-06-25"),
    ("05.06.2024", "2024-06-05"),
    ("06/25/2024", "2024-06-25"),
    ("25/06/2024", "2024-06-25"),
    # letters that are an i and an s to regular expressions
    ("25 JUN\u0130 2024", "2024-06-25"),
    ("25 Augu\u017ft 2024 09:14 E\u017fT", "2024-08-25T14:14:00Z"),
    # a broken time leaves the day
    ("2024-06-25T29:14:00Z", "2024-06-25"),
    ("Tue, 25 Jun 2024 13:14:05 +9900", "2024-06-25"),
]


@pytest.mark.parametrize(("text", "value"), WHOLE, ids=[text for text, _ in WHOLE])
def test_a_whole_date(text: str, value: str) -> None:
    assert parse(text, basis=Basis.FEED) == When(value=value, basis=Basis.FEED)


NO_DATE = [
    "",
    "yesterday",
    "1719306840",
    "2024-02-30",
    "2024-13-01",
    "0001-01-01T00:00:00Z",
    "06/07/2024",
    "June 31, 2024",
    "The chip rules of June 25, 2024 explained",
    "version 2024.06.25.1",
    "99/99/2024",
]


@pytest.mark.parametrize("text", NO_DATE)
def test_what_is_no_date(text: str) -> None:
    assert parse(text, basis=Basis.FEED) is None


@pytest.mark.parametrize(
    ("country", "language", "value"),
    [
        ("US", "en", "2024-06-07"),
        ("GB", "en", "2024-07-06"),
        ("IN", "en", "2024-07-06"),
        (None, "fr", "2024-07-06"),
        (None, "en", None),
        ("CA", "en", None),
        ("CA", "fr", "2024-07-06"),
        (None, None, None),
    ],
)
def test_the_country_says_which_comes_first(country: str | None, language: str | None, value: str | None) -> None:
    when = parse("06/07/2024", basis=Basis.PAGE, day_first=day_first(country, language))
    assert (when.value if when else None) == value


IN_A_LINE = [
    ("By Ann Lee | June 25, 2024 9:14 AM EDT | 5 min read", "2024-06-25T13:14:00Z"),
    ("WASHINGTON, 25 June 2024 (Wire) -", "2024-06-25"),
    ("Trade desk · Published 2024-06-25T09:14:00Z · Updated 2024-06-26T10:00:00Z", "2024-06-25T09:14:00Z"),
    ("Last updated on 25 Jun 2024 | 09:14 PM IST", "2024-06-25T15:44:00Z"),
    ("发布时间：2024年6月25日", "2024-06-25"),
    ("no date in 1,200 words", None),
    ("call 2024-555-0199", None),
]


@pytest.mark.parametrize(("text", "value"), IN_A_LINE)
def test_a_date_in_a_line(text: str, value: str | None) -> None:
    when = find(text, basis=Basis.PAGE)
    assert (when.value if when else None) == value


@pytest.mark.parametrize(
    ("value", "sane"),
    [
        ("2024-06-25", True),
        ("2024-06-26T11:00:00Z", True),
        ("2024-06-27", False),
        ("2031-01-01", False),
        ("1989-12-31", False),
        ("1970-01-01T00:00:00Z", False),
        ("1990", True),
        ("2024", True),
    ],
)
def test_sanity(value: str, sane: bool) -> None:  # noqa: FBT001  # a column of the table
    now = datetime(2024, 6, 25, 12, tzinfo=UTC)
    assert is_sane(When(value=value, basis=Basis.METADATA), now) is sane


def test_earliest_moment_of_a_prefix() -> None:
    assert earliest(When(value="2024", basis=Basis.FEED)) == datetime(2024, 1, 1, tzinfo=UTC)
    assert earliest(When(value="2024-07", basis=Basis.FEED)) == datetime(2024, 7, 1, tzinfo=UTC)
    assert earliest(When(value="2024-07-09T01:02:03Z", basis=Basis.FEED)) == datetime(2024, 7, 9, 1, 2, 3, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        prefix(datetime(2024, 6, 25))  # noqa: DTZ001  # the case


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2098, 12, 30), timezones=ZONES)  # noqa: DTZ001  # bounds


@given(MOMENTS)
def test_every_zone_comes_out_in_utc(moment: datetime) -> None:
    expected = When(value=prefix(moment), basis=Basis.FEED)
    assert parse(moment.isoformat(timespec="seconds"), basis=Basis.FEED) == expected
    assert parse(moment.strftime("%a, %d %b %Y %H:%M:%S %z"), basis=Basis.FEED) == expected
    assert earliest(expected) == moment.replace(microsecond=0)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    forms = (
        day.isoformat(),
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%A}, {day.day} {day:%b} {day.year}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    for text in forms:
        assert parse(text, basis=Basis.PAGE) == When(value=day.isoformat(), basis=Basis.PAGE)
    for hint, text in ((True, f"{day:%d/%m/%Y}"), (False, f"{day:%m/%d/%Y}")):
        assert parse(text, basis=Basis.PAGE, day_first=hint) == When(value=day.isoformat(), basis=Basis.PAGE)


@given(st.text() | st.text(alphabet="0123456789-:/. TZ+aprilJune,年月日"))
def test_no_text_breaks_it(text: str) -> None:
    for when in (parse(text, basis=Basis.PAGE), find(text, basis=Basis.PAGE)):
        assert when is None or (when.precision in Precision and earliest(when))
