"""What is alarming about a source, and what it takes for the alarm to cease."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tracker.fetch import Harvest
from tracker.model import SourceState
from tracker.pipeline.alarms import BEFORE, LATE, in_words, of_answers, of_articles

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def state(**changes: object) -> SourceState:
    values: dict[str, object] = {"source_id": "s", "last_success": NOW, "last_new": NOW, "rhythm": 4 * HOUR}
    return SourceState(**(values | changes))  # type: ignore[arg-type]


def found(
    before: SourceState | None = None,
    after: SourceState | None = None,
    *,
    sounding: dict[str, str] | None = None,
    reason: str | None = None,
    distrusted: bool = False,
    **harvest: object,
) -> dict[str, str]:
    facts = Harvest(**harvest)  # type: ignore[arg-type]
    return of_answers(
        before or state(), after or state(), facts, NOW, sounding=sounding or {}, reason=reason, distrusted=distrusted
    )


def test_a_source_that_does_as_usual_alarms_nobody() -> None:
    assert found(listed=20, dated=20, new=1) == {}
    assert found() == {}


@pytest.mark.parametrize(
    ("rhythm", "silent", "sounds"),
    [
        (4 * HOUR, 2 * DAY, False),  # six gaps are a day, but a long weekend is no alarm
        (4 * HOUR, 3 * DAY, True),
        (DAY, 5 * DAY, False),
        (DAY, 6 * DAY, True),
        (30 * DAY, 100 * DAY, False),
        (None, 29 * DAY, False),
        (None, 31 * DAY, True),
    ],
)
def test_silence_is_measured_by_the_rhythm(rhythm: timedelta | None, silent: timedelta, sounds: bool) -> None:  # noqa: FBT001  a column
    assert ("silent" in found(after=state(last_new=NOW - silent, rhythm=rhythm))) is sounds


def test_silence_is_told_with_the_rhythm() -> None:
    told = found(after=state(last_new=NOW - 5 * DAY))
    assert told == {"silent": "nothing new since 2025-12-31; something new usually comes every 4 hours"}


def test_a_source_that_has_never_had_anything_is_not_silent() -> None:
    assert found(after=state(last_new=None, rhythm=None)) == {}


def test_failing_takes_times_and_days() -> None:
    for failures, since, sounds in ((4, 9 * DAY, False), (5, DAY, False), (5, 3 * DAY, True)):
        after = state(failures=failures, last_success=NOW - since)
        assert ("failing" in found(after=after, reason="HTTP 503")) is sounds
    told = found(after=state(failures=7, last_success=None), reason="HTTP 404 (not found)")
    assert told == {"failing": "has failed from the first time on, 7 times in a row: HTTP 404 (not found)"}


def test_gone_moved_and_lying_are_told() -> None:
    told = found(after=state(gone_at=NOW, moved_to="https://new.example/feed"), distrusted=True)
    assert told["gone"] == "gone for good (HTTP 410) since 2026-01-05"
    assert told["moved"].endswith("write the new address into feeds.yaml: https://new.example/feed")
    assert "asked for the whole" in told["validators"]


USUAL = state(usual_items=20.0, usual_dated=1.0)
USED_TO_IT = state(usual_items=0.1, usual_dated=0.0)


def test_an_empty_listing_alarms_where_there_were_many_and_until_there_are_some() -> None:
    told = found(USUAL, listed=0)
    assert told == {"empty": "lists nothing; it usually lists 20 items"}
    assert found(state(usual_items=1.0), listed=0) == {}
    assert found(USED_TO_IT, listed=0, sounding=told) == told
    assert found(USED_TO_IT, sounding=told) == told  # a 304
    assert found(USED_TO_IT, listed=1, sounding=told) == {}


def test_items_without_dates_alarm_where_they_had_them_and_until_they_have() -> None:
    told = found(USUAL, listed=9, dated=0)
    assert told == {"undated": "its items have no dates any more"}
    assert found(USUAL, listed=2, dated=0) == {}
    assert found(state(usual_dated=0.5), listed=9, dated=0) == {}
    assert found(USED_TO_IT, listed=9, dated=0, sounding=told) == told
    assert found(USED_TO_IT, sounding=told) == told
    assert found(USED_TO_IT, listed=9, dated=1, sounding=told) == {}


READ, CHINESE, WALLED, COPY = (None, False), ("language: zh is not read yet", False), ("paywall", False), (None, True)


@pytest.mark.parametrize(
    ("late", "kinds"),
    [
        ([READ] * 30, set()),
        ([WALLED] * LATE + [READ] * BEFORE, {"unreadable"}),
        ([WALLED] * (LATE - 1) + [READ] * BEFORE, set()),
        ([WALLED] * LATE + [READ] * 3, set()),  # too few to say what was usual
        ([WALLED] * (LATE + BEFORE), set()),  # it always was so
        ([CHINESE] * LATE + [READ] * BEFORE, set()),
        ([COPY] * LATE + [READ] * BEFORE, {"copies"}),
        ([COPY] * (LATE + BEFORE), set()),
    ],
)
def test_articles_that_turn_bad_alarm(late: Sequence[tuple[str | None, bool]], kinds: set[str]) -> None:
    assert set(of_articles(late, {})) == kinds


def test_an_alarm_about_articles_lasts_until_one_is_good_again() -> None:
    told = of_articles([WALLED] * LATE + [READ] * BEFORE, {})
    assert told == {"unreadable": "none of its last 10 articles can be read: paywall"}
    assert of_articles([WALLED] * (LATE + BEFORE), told) == told
    assert of_articles([READ] + [WALLED] * (LATE + BEFORE), told) == {}


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=3), "1 minute"),
        (timedelta(minutes=20), "20 minutes"),
        (timedelta(minutes=100), "2 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_spans_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words
