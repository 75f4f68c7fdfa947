"""Quiet hours, digests, rates and waits, with the clock put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.alerts import times
from tracker.config import alert_values
from tracker.model.alerts import Digest, Rate

BRUSSELS = ZoneInfo("Europe/Brussels")
# In 2024 the clocks of Brussels went forward on 31 March at 02:00 and back on 27 October at 03:00.


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("spans", "now", "quiet"),
    [
        pytest.param("22:00-07:00", "2024-10-01T20:00", True, id="begins at 22:00 in summer"),
        pytest.param("22:00-07:00", "2024-10-01T19:59", False, id="a minute before"),
        pytest.param("22:00-07:00", "2024-10-01T04:59", True, id="after midnight"),
        pytest.param("22:00-07:00", "2024-10-01T05:00", False, id="over at 07:00"),
        pytest.param("22:00-07:00", "2024-01-01T21:00", True, id="begins at 22:00 in winter"),
        pytest.param("22:00-07:00", "2024-01-01T20:30", False, id="not yet in winter"),
        pytest.param("02:00-03:00", "2024-03-31T01:00", False, id="the hour that was leapt over"),
        pytest.param("02:00-03:00", "2024-10-27T00:30", True, id="the hour that comes twice, once"),
        pytest.param("02:00-03:00", "2024-10-27T01:30", True, id="and again"),
        pytest.param("sat,sun", "2024-10-05T12:00", True, id="Saturday"),
        pytest.param("sat,sun", "2024-10-06T22:30", False, id="Monday has begun in Brussels"),
        pytest.param("fri 18:00-08:00", "2024-10-05T05:59", True, id="Friday's night ends on Saturday"),
        pytest.param("fri 18:00-08:00", "2024-10-04T05:00", False, id="Thursday's night is not Friday's"),
        pytest.param("mon-fri 09:00-12:00", "2024-10-05T08:00", False, id="not on Saturday"),
        pytest.param("00:00-24:00", "2024-10-05T08:00", True, id="the whole day"),
    ],
)
def test_quiet_hours(spans: str, now: str, quiet: bool) -> None:  # noqa: FBT001 - a table of cases
    assert times.is_quiet(alert_values.quiet(spans), BRUSSELS, at(now)) is quiet


@pytest.mark.parametrize(
    ("digest", "now", "due"),
    [
        pytest.param("hourly", "2024-10-01T08:15", "2024-10-01T09:00", id="hourly"),
        pytest.param("hourly", "2024-10-01T08:00", "2024-10-01T09:00", id="the hour itself is over"),
        pytest.param("daily 08:00", "2024-10-01T05:59", "2024-10-01T06:00", id="today"),
        pytest.param("daily 08:00", "2024-10-01T06:00", "2024-10-02T06:00", id="tomorrow"),
        pytest.param("daily 08:00", "2024-10-26T12:00", "2024-10-27T07:00", id="after the clock went back"),
        pytest.param("daily 02:30", "2024-03-31T00:00", "2024-03-31T01:30", id="a time that was leapt over"),
        pytest.param("daily 02:30", "2024-10-27T00:30", "2024-10-28T01:30", id="a time that comes twice, once"),
        pytest.param("weekly mon 08:00", "2024-10-01T12:00", "2024-10-07T06:00", id="weekly"),
        pytest.param("weekly tuesday 14:00", "2024-10-01T11:59", "2024-10-01T12:00", id="weekly, today"),
        pytest.param("weekly tue 14:00", "2024-10-01T12:00", "2024-10-08T12:00", id="weekly, a week on"),
        pytest.param("none", "2024-10-01T12:00", "2024-10-01T12:00", id="at once"),
    ],
)
def test_when_a_digest_is_due(digest: str, now: str, due: str) -> None:
    assert times.due(alert_values.digest(digest), BRUSSELS, at(now)) == at(due)


def test_hours_begin_by_the_clock_on_the_wall() -> None:
    assert times.due(Digest(every="hour"), ZoneInfo("Asia/Kolkata"), at("2024-10-01T08:15")) == at("2024-10-01T08:30")


@given(
    now=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["UTC", "Europe/Brussels", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Asia/Gaza"]),
    digest=st.builds(
        Digest,
        every=st.sampled_from(["hour", "day", "week"]),
        minute=st.integers(0, 1439),
        weekday=st.none(),
    )
    | st.builds(Digest, every=st.just("week"), minute=st.integers(0, 1439), weekday=st.integers(0, 6)),
)
def test_a_digest_is_due_after_now_and_soon(now: datetime, zone: str, digest: Digest) -> None:
    due = times.due(digest, ZoneInfo(zone), now)
    assert timedelta(0) < due - now <= timedelta(days=8, hours=2)
    assert times.due(digest, ZoneInfo(zone), due) > due


def test_a_rate_counts_what_was_sent_of_late() -> None:
    rate, now = Rate(count=2, span=timedelta(hours=1)), at("2024-10-01T08:00")
    assert times.allowance(rate, [now - timedelta(minutes=59), now - timedelta(hours=1)], now) == 1
    assert times.allowance(rate, [now] * 5, now) == 0
    assert times.allowance(None, [now], now) is None


def test_waits_grow_and_then_stay() -> None:
    now = at("2024-10-01T08:00")
    waits = [(times.next_try(tries, now) - now) // timedelta(minutes=1) for tries in range(1, 7)]
    assert waits == [1, 5, 15, 60, 60, 60]
