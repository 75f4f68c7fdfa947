"""When a source is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.fetch import is_due, next_state
from tracker.fetch.schedule import LONGEST_RETRY_AFTER, LONGEST_WAIT
from tracker.model import (
    Done,
    Failed,
    Fetched,
    Page,
    Poison,
    Skipped,
    Source,
    SourceKind,
    SourceState,
    Tier,
    Unchanged,
)

NOW = datetime(2024, 7, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE = Done(value=Page(url="u", final_url="u", status=200, content_type="", body=b"", fetched_at=NOW))
SAME = Done(value=Unchanged(url="u", fetched_at=NOW))
TIMEOUT, GONE, FORBIDDEN = Failed(reason="timeout"), Poison(reason="404"), Skipped(reason="robots")


def source(interval: timedelta = HOUR) -> Source:
    return Source(
        id="s",
        name="s",
        kind=SourceKind.FEED,
        url="http://a.example/",
        tier=Tier.MAJOR,
        language="en",
        country=None,
        interval=interval,
    )


def waits(*outcomes: Fetched, interval: timedelta = HOUR) -> list[float]:
    """The hours waited after each of a run of outcomes."""
    state, found = SourceState(source_id="s"), []
    for outcome in outcomes:
        state = next_state(state, source(interval), outcome, NOW)
        assert state.next_due is not None
        found.append((state.next_due - NOW) / HOUR)
    return found


@pytest.mark.parametrize(
    ("outcomes", "hours"),
    [
        ([PAGE, PAGE], [1, 1]),
        ([SAME, SAME], [1, 1]),
        ([TIMEOUT] * 7, [1, 2, 4, 8, 16, 24, 24]),
        ([GONE] * 6, [2, 4, 8, 16, 24, 24]),
        ([TIMEOUT, TIMEOUT, PAGE, TIMEOUT], [1, 2, 1, 1]),
        ([TIMEOUT, GONE], [1, 4]),
        ([FORBIDDEN, FORBIDDEN], [24, 24]),
        ([Failed(reason="429", retry_after=3 * HOUR)], [3]),
        ([Failed(reason="429", retry_after=timedelta(seconds=5))], [1]),
        ([Failed(reason="429", retry_after=48 * HOUR)], [48]),
        ([Failed(reason="429", retry_after=timedelta(days=4_000))], [7 * 24]),
    ],
)
def test_faults_slow_a_source_down_and_an_answer_forgives_them(outcomes: list[Fetched], hours: list[float]) -> None:
    assert waits(*outcomes) == hours


def test_a_source_asked_less_than_daily_is_never_asked_more_often_for_failing() -> None:
    assert waits(TIMEOUT, TIMEOUT, FORBIDDEN, interval=72 * HOUR) == [72, 72, 72]


def test_an_answer_is_remembered() -> None:
    state = next_state(SourceState(source_id="s", failures=3), source(), SAME, NOW)
    assert state == SourceState(source_id="s", next_due=NOW + HOUR, failures=0, last_success=NOW)
    failed = next_state(state, source(), TIMEOUT, NOW + HOUR)
    assert (failed.failures, failed.last_success) == (1, NOW)
    assert next_state(failed, source(), FORBIDDEN, NOW).failures == 1


@pytest.mark.parametrize(
    ("due", "is_it"), [(None, True), (NOW - HOUR, True), (NOW, True), (NOW + timedelta(seconds=1), False)]
)
def test_a_source_is_due_when_its_time_has_come(due: datetime | None, is_it: bool) -> None:  # noqa: FBT001  a column
    assert is_due(SourceState(source_id="s", next_due=due), NOW) is is_it


@given(
    failures=st.integers(0, 10_000),
    interval=st.timedeltas(timedelta(seconds=1), timedelta(days=60)),
    retry_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=40_000)),
    outcome=st.sampled_from([PAGE, TIMEOUT, GONE, FORBIDDEN]),
)
def test_no_source_is_ever_switched_off(
    failures: int, interval: timedelta, retry_after: timedelta | None, outcome: Fetched
) -> None:
    if outcome is TIMEOUT:
        outcome = Failed(reason="x", retry_after=retry_after)
    state = next_state(SourceState(source_id="s", failures=failures), source(interval), outcome, NOW)
    assert state.next_due is not None
    assert NOW + interval <= state.next_due <= NOW + max(interval, LONGEST_WAIT, LONGEST_RETRY_AFTER)
