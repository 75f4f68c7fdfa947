"""When a source is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.fetch import Harvest, next_state
from tracker.fetch.schedule import HARD_AFTER, LONGEST_HARD_WAIT, LONGEST_RETRY_AFTER, LONGEST_WAIT, PUT_OFF, SPREAD
from tracker.model import (
    Done,
    Failed,
    Fetched,
    Pace,
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
TIMEOUT, FORBIDDEN = Failed(reason="timeout"), Skipped(reason="robots")
GONE = Poison(reason="gone for good", status=410)


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


def lie_above(found: list[float], least: list[float]) -> bool:
    """Whether each wait is the one expected, or longer by no more than the spread."""
    return all(low <= one <= low * (1 + SPREAD) for one, low in zip(found, least, strict=True))


BROKEN, MISSING = Poison(reason="not a feed"), Poison(reason="404", status=404)


@pytest.mark.parametrize(
    ("outcomes", "hours"),
    [
        ([PAGE, PAGE], [1, 1]),
        ([SAME, SAME], [1, 1]),
        ([TIMEOUT] * 7, [1, 2, 4, 8, 16, 24, 24]),
        ([BROKEN] * 6, [2, 4, 8, 16, 24, 24]),
        ([MISSING] * 9, [2, 4, 8, 16, 32, 64, 128, 168, 168]),
        ([GONE, GONE], [168, 168]),
        ([TIMEOUT, TIMEOUT, PAGE, TIMEOUT], [1, 2, 1, 1]),
        ([TIMEOUT, BROKEN], [1, 4]),
        ([FORBIDDEN, FORBIDDEN], [24, 24]),
        ([Failed(reason="429", retry_after=3 * HOUR)], [3]),
        ([Failed(reason="429", retry_after=timedelta(seconds=5))], [1]),
        ([Failed(reason="429", retry_after=48 * HOUR)], [48]),
        ([Failed(reason="429", retry_after=timedelta(days=4_000))], [7 * 24]),
    ],
)
def test_faults_slow_a_source_down_by_their_class_and_an_answer_forgives_them(
    outcomes: list[Fetched], hours: list[float]
) -> None:
    assert lie_above(waits(*outcomes), hours)


def test_what_has_failed_for_weeks_is_asked_once_a_week() -> None:
    assert lie_above(waits(*[TIMEOUT] * (HARD_AFTER + 2))[-3:], [24, 168, 168])


def test_a_source_asked_less_than_daily_is_never_asked_more_often_for_failing() -> None:
    assert lie_above(waits(TIMEOUT, TIMEOUT, FORBIDDEN, interval=72 * HOUR), [72, 72, 72])


def test_what_was_not_asked_has_not_failed() -> None:
    before = next_state(
        SourceState(source_id="s", failures=HARD_AFTER, moved_to="http://b.example/"), source(), GONE, NOW
    )
    after_that = [
        (timedelta(seconds=30), timedelta(seconds=30)),
        (3 * HOUR, 3 * HOUR),
        (timedelta(days=4_000), LONGEST_RETRY_AFTER),
        (None, PUT_OFF),  # its host has answered nobody: the next run sees whether it does
    ]
    for asked, least in after_that:
        outcome = Failed(reason="a.example has asked for a pause", retry_after=asked, postponed=True)
        state = before
        for times in range(HARD_AFTER):
            state = next_state(state, source(), outcome, NOW + times * HOUR)
            assert state == replace(before, next_due=NOW + times * HOUR + least)


def test_what_answers_nobody_is_put_off_by_no_more_than_its_interval() -> None:
    outcome = Failed(reason="no answer 3 times in a row", postponed=True)
    assert waits(outcome, interval=timedelta(minutes=5)) == [5 / 60]


def test_faults_are_counted_on_after_a_pause() -> None:
    pause = Failed(reason="pause", retry_after=HOUR / 2, postponed=True)
    found = waits(TIMEOUT, TIMEOUT, pause, pause, TIMEOUT)
    assert lie_above([*found[:2], found[4]], [1, 2, 4])
    assert found[2:4] == [0.5, 0.5]


def test_an_answer_is_remembered() -> None:
    state = next_state(SourceState(source_id="s", failures=3, asked=8), source(), SAME, NOW)
    assert replace(state, next_due=None) == SourceState(source_id="s", failures=0, last_success=NOW, asked=9)
    failed = next_state(state, source(), TIMEOUT, NOW + HOUR)
    assert (failed.failures, failed.last_success) == (1, NOW)
    assert next_state(failed, source(), FORBIDDEN, NOW).failures == 1


@pytest.mark.parametrize(
    ("due", "is_it"), [(None, True), (NOW - HOUR, True), (NOW, True), (NOW + timedelta(seconds=1), False)]
)
def test_a_source_is_due_when_its_time_has_come(due: datetime | None, is_it: bool) -> None:  # noqa: FBT001  a column
    assert SourceState(source_id="s", next_due=due).is_due(NOW) is is_it


# ---- the rhythm


def after(state: SourceState, now: datetime = NOW, *, interval: timedelta = HOUR, **harvest: object) -> SourceState:
    return next_state(state, source(interval), PAGE, now, Harvest(**harvest))  # type: ignore[arg-type]


def wait(state: SourceState, now: datetime = NOW) -> float:
    assert state.next_due is not None
    return (state.next_due - now) / HOUR


# The usual gap between two new items in hours, how long nothing new has come, the interval, and the wait in hours.
RHYTHMS = [
    (0.1, 0, 1, 1),  # a wire: as often as is allowed
    (4, 0, 1, 1),
    (24, 0, 1, 3),  # one a day: eight looks per item
    (24, 0, 6, 6),
    (24, 48, 1, 6),  # silent for longer than usual: slower and slower
    (168, 0, 1, 21),
    (1000, 0, 1, 24),  # never more seldom than daily
    (1000, 0, 72, 72),  # unless the configuration says so
    (None, 0, 1, 1),
    (None, 100, 1, 12.5),
]


@pytest.mark.parametrize(("rhythm", "silent", "interval", "hours"), RHYTHMS)
def test_a_source_is_asked_in_its_own_rhythm(
    rhythm: float | None, silent: float, interval: float, hours: float
) -> None:
    state = SourceState(
        source_id="s", last_new=NOW - silent * HOUR, rhythm=None if rhythm is None else rhythm * HOUR, asked=7
    )
    assert lie_above([wait(after(state, interval=interval * HOUR))], [hours])


def test_the_rhythm_is_learnt_from_arrivals() -> None:
    state = after(SourceState(source_id="s"), new=20)
    assert (state.rhythm, state.last_new) == (None, NOW)  # twenty old items say nothing about the next
    state = after(state, NOW + 10 * HOUR, new=2)
    assert state.rhythm == 5 * HOUR
    state = after(state, NOW + 20 * HOUR, new=0)
    assert (state.rhythm, state.last_new) == (5 * HOUR, NOW + 10 * HOUR)
    state = after(state, NOW + 25 * HOUR, new=1)  # fifteen hours for one: 5 + 0.3 (15 - 5)
    assert state.rhythm == 8 * HOUR


def test_the_first_rhythm_is_that_of_the_dates_listed() -> None:
    assert after(SourceState(source_id="s"), new=20, first_gap=16 * HOUR).rhythm == 16 * HOUR


def test_what_is_usual_is_learnt_from_listings() -> None:
    state = after(SourceState(source_id="s"), listed=20, dated=20)
    assert (state.usual_items, state.usual_dated) == (20, 1)
    state = after(state, listed=10, dated=5)
    assert (state.usual_items, state.usual_dated) == (17, 0.85)
    assert after(state).usual_items == 17  # a 304 says nothing
    assert after(state, listed=0).usual_dated == 0.85


# ---- what servers and feeds ask for

SUNDAY = frozenset({6})
NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5})


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        ({"fresh_for": timedelta(minutes=5)}, 1),
        ({"fresh_for": 5 * HOUR}, 5),
        ({"fresh_for": timedelta(days=365)}, 24),  # no feed means that
        ({"pace": Pace(at_least=3 * HOUR)}, 3),
        ({"pace": Pace(at_least=timedelta(days=30))}, 24),
        ({"pace": Pace(at_least=3 * HOUR), "fresh_for": 2 * HOUR}, 3),
        ({"pace": Pace(skip_hours=frozenset({13, 14}))}, 3),
        ({"pace": Pace(skip_hours=NIGHT), "fresh_for": 11 * HOUR}, 18),  # 23:00, so 06:00
        ({"pace": Pace(skip_days=frozenset({1}))}, 12),  # a Tuesday
        ({"pace": Pace(skip_hours=frozenset(range(24)))}, 1),  # all of them: nobody means that
        ({"pace": Pace(skip_days=SUNDAY)}, 1),
    ],
)
def test_what_is_asked_for_is_kept(asked: dict[str, Any], hours: float) -> None:
    assert lie_above([wait(after(SourceState(source_id="s"), **asked))], [hours])


# ---- addresses


def test_a_permanent_redirect_is_remembered_until_it_leads_nowhere() -> None:
    state = after(SourceState(source_id="s"), moved_to="http://b.example/")
    assert state.moved_to == "http://b.example/"
    assert after(state).moved_to == "http://b.example/"
    assert next_state(state, source(), TIMEOUT, NOW).moved_to == "http://b.example/"
    assert next_state(state, source(), MISSING, NOW).moved_to is None
    assert after(state, moved_to=source().url).moved_to is None  # back where the configuration says


def test_gone_is_remembered_from_the_first_time_until_it_is_back() -> None:
    state = next_state(SourceState(source_id="s"), source(), GONE, NOW)
    state = next_state(state, source(), GONE, NOW + HOUR)
    assert state.gone_at == NOW
    assert next_state(state, source(), TIMEOUT, NOW).gone_at == NOW
    assert next_state(state, source(), SAME, NOW).gone_at is None


# ---- laws


@given(
    failures=st.integers(0, 10_000),
    asked=st.integers(0, 10_000),
    interval=st.timedeltas(timedelta(seconds=1), timedelta(days=60)),
    retry_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=40_000)),
    rhythm=st.none() | st.timedeltas(timedelta(0), timedelta(days=40_000)),
    outcome=st.sampled_from([PAGE, TIMEOUT, GONE, BROKEN, FORBIDDEN]),
)
def test_no_source_is_ever_switched_off_or_asked_before_its_interval_whatever_the_spread(
    failures: int,
    asked: int,
    interval: timedelta,
    retry_after: timedelta | None,
    rhythm: timedelta | None,
    outcome: Fetched,
) -> None:
    if outcome is TIMEOUT:
        outcome = Failed(reason="x", retry_after=retry_after)
    before = SourceState(source_id="s", failures=failures, asked=asked, rhythm=rhythm)
    state = next_state(before, source(interval), outcome, NOW)
    assert state.next_due is not None
    most = max(interval, LONGEST_WAIT, LONGEST_RETRY_AFTER, LONGEST_HARD_WAIT)
    assert NOW + interval <= state.next_due <= NOW + most * (1 + SPREAD)


def test_sources_spread_over_a_tenth_of_their_wait() -> None:
    dues = [
        wait(next_state(SourceState(source_id=f"s{n}", asked=m), source(), SAME, NOW))
        for n in range(40)
        for m in range(5)
    ]
    assert min(dues) < 1.01
    assert 1.09 < max(dues) <= 1.1
    assert len(set(dues)) == len(dues)
    again = wait(next_state(SourceState(source_id="s0", asked=0), source(), SAME, NOW))
    assert again == dues[0]
