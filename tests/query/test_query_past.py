"""What was known then: the timeline of every moment is the one that was seen at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import SQLITE_INTERRUPT, OperationalError
from tempfile import TemporaryDirectory
from typing import Any

import past_samples
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from past_samples import DAYS, REPORTS, Move, Said, moment

from tracker.errors import InputError, NotFoundError
from tracker.model import EventType, Status
from tracker.query import EventDetail, EventRow, Timeline

LABELS = 4
SAID = st.builds(
    Said,
    type=st.sampled_from([EventType.TARIFF, EventType.SANCTION]),
    status=st.sampled_from([Status.ANNOUNCED, Status.IN_FORCE, Status.SUSPENDED, Status.ENDED]),
    announced=st.sampled_from(DAYS),
    effective=st.sampled_from(DAYS),
    actors=st.sampled_from([("us",), ("openai",), ("us", "openai"), ("openai", "us")]),
    verdict=st.sampled_from([None, None, None, "reject", "accept"]),
    measure=st.integers(0, 1),
)
MOVE = st.builds(
    Move,
    homes=st.tuples(*[st.integers(0, LABELS - 1)] * REPORTS),
    said=st.tuples(*[SAID] * LABELS),
    merges=st.booleans(),
)
QUESTIONS: list[dict[str, Any]] = [
    {},
    {"type": "tariff"},
    {"status": ["in_force", "ended"], "actor": "US"},
    {"actor": "OpenAI", "min_origins": 2},
    {"source": "gazette"},
    {"tier": "specialist"},
    {"item": "gallium"},
    {"text": "gallium -sanction"},
    {"since": "2024-06-10", "until": "2024-06-30"},
    {"on": "effective", "between": "2024-07..2024-08"},
    {"in_force_on": "2024-07-09"},
    {"rejected": True},
    {"reviewed": False, "measure": "m1"},
]


@contextmanager
def told(moves: list[Move], look: Callable[[Timeline, int], None]) -> Iterator[Timeline]:
    """A database of these moves, looked at after each."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        store, reports = past_samples.opened(path)
        with store, Timeline.open(path) as timeline:
            look(timeline, 0)
            for step, move in enumerate(moves, start=1):
                past_samples.write(store, reports, move, step)
                look(timeline, step)
            yield timeline


@settings(max_examples=6, deadline=None)
@given(moves=st.lists(MOVE, min_size=2, max_size=4))
def test_the_past_is_what_was_seen(moves: list[Move]) -> None:
    seen: dict[int, list[list[EventRow]]] = {}

    def look(timeline: Timeline, step: int) -> None:
        seen[step] = [list(timeline.stream(**filters)) for filters in QUESTIONS]

    with told(moves, look) as timeline:
        for step, answers in seen.items():
            at = moment(step).isoformat()
            for filters, expected in zip(QUESTIONS, answers, strict=True):
                assert list(timeline.stream(as_of=at, **filters)) == expected, (step, filters)
                assert timeline.count(as_of=at, **filters) == len(expected)
            assert list(timeline.stream(as_of=at, order="oldest")) == answers[0][::-1]


@settings(max_examples=6, deadline=None)
@given(moves=st.lists(MOVE, min_size=1, max_size=4))
def test_pages_and_single_events_of_the_past(moves: list[Move]) -> None:
    seen: dict[int, list[EventDetail]] = {}

    def look(timeline: Timeline, step: int) -> None:
        seen[step] = [timeline.event(one.id) for one in timeline.stream()]

    with told(moves, look) as timeline:
        for step, details in seen.items():
            expected = [one.event for one in details]
            at, found = moment(step).isoformat(), list[EventRow]()
            while page := timeline.page(limit=2, as_of=at, after=found[-1].id if found else None).events:
                found += page
            assert found == expected
            assert list(timeline.timeline(as_of=at)[1:3].rows()) == expected[1:3]
            for one in details:
                then = timeline.event(one.id, as_of=at)
                assert then.event == one.event
                assert (then.reports, then.steps, then.actors) == (one.reports, one.steps, one.actors)


def test_what_was_not_known_yet_is_not_there() -> None:
    said = Said(EventType.TARIFF, Status.ANNOUNCED, "2024", None, ("us",), None, 0)
    first = Move((0,) * REPORTS, (said,) * LABELS, merges=False)
    with told([first, Move((1,) * REPORTS, (said,) * LABELS, merges=True)], lambda *_: None) as timeline:
        assert [one.id for one in timeline.timeline(as_of="2024-12-01T01:30")] == ["e0"]
        assert timeline.event("e0", as_of="2024-12-01T01:30").id == "e0"  # since merged into another
        assert timeline.event("e0").id == "e1"
        assert timeline.event("e0", as_of="2024-12").id == "e1"
        with pytest.raises(NotFoundError, match="no event 'e1' was known then"):
            timeline.event("e1", as_of="2024-12-01T01:30")
        assert not timeline.timeline(as_of="2024-11-30")
        with pytest.raises(InputError, match="is not kept of the past"):
            timeline.upcoming("2024", as_of="2024-11-30")


def test_what_an_earlier_tracker_did_not_keep_is_not_made_up(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, _ = past_samples.opened(path)
    with store:
        store._db.run(
            "INSERT INTO change (changed_at, what, id, kind)"
            " VALUES ('2024-06-01T10:00:00+00:00', 'event', 'e', 'updated')"
        )
        store._db.run("UPDATE change SET was = NULL")
    with Timeline.open(path) as timeline:
        with pytest.raises(InputError, match="kept since 2024-06-01T10:00:00 only"):
            timeline.timeline(as_of="2024-05")
        assert not timeline.timeline(as_of="2024-06-01")


def test_after_a_question_that_was_broken_off_anywhere_the_next_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    with store:
        for step, type_ in enumerate((EventType.TARIFF, EventType.SANCTION), start=1):
            said = Said(type_, Status.ANNOUNCED, "2024-06", None, ("us",), None, 0)
            past_samples.write(store, reports, Move((0,) * REPORTS, (said,) * LABELS, merges=False), step)
    broken = 0
    for most in range(0, 400, 9):  # looks at the clock before it is late
        with Timeline.open(path) as timeline:
            left = iter(range(most))
            raw = timeline.ask(lambda db, _: db.raw)
            raw.set_progress_handler(lambda: next(left, None) is None, 5)  # noqa: B023 - asked within
            try:
                timeline.page(as_of=moment(1).isoformat())
            except OperationalError as error:
                assert error.sqlite_errorcode == SQLITE_INTERRUPT  # noqa: PT017 - it is one of two ends
                broken += 1
            raw.set_progress_handler(None, 0)
            assert [event.type for event in timeline.page(as_of=moment(1).isoformat()).events] == ["tariff"], most
    assert 5 < broken < 45
