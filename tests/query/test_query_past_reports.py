"""What the reports of an event said at a moment, whatever has become of them and of their articles since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import past_samples
from past_samples import REPORTS, Move, Said, moment

from tracker.model import Analysis, EventMention, EventType, Status
from tracker.query import EventDetail, Timeline
from tracker.store import Store

SAID = Said(EventType.TARIFF, Status.ANNOUNCED, "2024", None, ("us",), None, 0)
ALL_IN_ONE = Move((0,) * REPORTS, (SAID,) * 3, merges=False)


def read_anew(store: Store, number: int, now: datetime, **other: object) -> None:
    """Read an article again, with an event that says something else; or, where nothing is said, with none."""
    (report_id,) = [row["id"] for row in store._db.rows("SELECT id FROM report WHERE article_id = ?", (f"a{number}",))]
    (report,) = store.reports.reports([report_id])
    mention: EventMention = replace(report.event, **other)  # type: ignore[arg-type]
    events = (mention,) if other else ()
    store.analyses.save(Analysis(article_id=f"a{number}", mentions=(), events=events, reader="r2"), now=now)


def told(path: Path, at: int) -> EventDetail:
    with Timeline.open(path) as timeline:
        return timeline.event("e0", as_of=moment(at).isoformat())


def test_what_was_read_anew_is_as_it_was_read_first(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    with store, Timeline.open(path) as timeline:
        past_samples.write(store, reports, ALL_IN_ONE, 1)
        seen = timeline.event("e0")
        read_anew(store, 1, moment(2), status=Status.ENDED)  # says otherwise, as the same report
        read_anew(store, 2, moment(2))  # tells nothing any more
        read_anew(store, 3, moment(2), type=EventType.SANCTION)  # is another report, which takes the place of the first
        only_touched = timeline.event("e0", as_of=moment(1).isoformat())
        assert only_touched.reports == seen.reports
        assert only_touched.event == seen.event
        left = sorted(row["id"] for row in store._db.rows("SELECT id FROM report"))
        assert len(set(left) - set(reports)) == 1
        assert len(left) == REPORTS - 1
        past_samples.write(store, left, replace(ALL_IN_ONE, homes=(0,) * len(left)), 3)
        assert timeline.event("e0", as_of=moment(1).isoformat()).reports == seen.reports
        now = timeline.event("e0")
        assert len(now.reports) == REPORTS - 1
        assert [one.differs for one in now.reports] != [one.differs for one in seen.reports[: len(now.reports)]]
        assert timeline.event("e0", as_of=moment(3).isoformat()).reports == now.reports
        assert timeline.timeline(as_of=moment(1).isoformat())[0].reports == seen.reports
    assert told(path, 1).reports == seen.reports


def test_an_event_that_lost_all_its_reports_still_has_them_then(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    with store:
        past_samples.write(store, reports, ALL_IN_ONE, 1)
        for number in range(REPORTS):
            read_anew(store, number, moment(2))
    then = told(path, 1)
    assert {one.article_id for one in then.reports} == {f"a{number}" for number in range(REPORTS)}
    assert all(one.quote for one in then.reports)
    with Timeline.open(path) as timeline:
        assert not timeline.timeline(type="tariff")
        assert [one.id for one in timeline.timeline(type="tariff", as_of=moment(1).isoformat())] == ["e0"]


def test_reports_that_went_from_an_event_that_nobody_wrote_anew(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    with store, Timeline.open(path) as timeline:
        past_samples.write(store, reports, ALL_IN_ONE, 1)
        seen = timeline.event("e0")
        other = past_samples._event(1, reports[:2], SAID)
        with store.batch():  # takes two of them; e0 is marked stale, no more
            store.events.save([other], now=moment(2))
            store.measures.save(past_samples._measures([other]), now=moment(2))
        assert store.events.stale(9) == ["e0"]
        assert len(timeline.event("e0").reports) == REPORTS - 2
        assert timeline.event("e0", as_of=moment(1).isoformat()).reports == seen.reports
        past_samples.write(store, reports, Move((1, 1, 0, 0, 0), (SAID,) * 3, merges=False), 3)
        assert timeline.event("e0", as_of=moment(1).isoformat()).reports == seen.reports
        past_samples.write(store, reports, ALL_IN_ONE, 4)
        assert timeline.event("e0", as_of=moment(1).isoformat()).reports == seen.reports
        assert len(timeline.event("e1", as_of=moment(3).isoformat()).reports) == 2
        assert len(timeline.event("e0", as_of=moment(3).isoformat()).reports) == REPORTS - 2


def test_a_moment_that_is_not_over_is_looked_at_anew(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    with store, Timeline.open(path) as timeline:
        for step in range(1, 4):
            past_samples.write(store, reports, replace(ALL_IN_ONE, homes=(step - 1,) * REPORTS), step)
            assert [one.id for one in timeline.stream(as_of="2024-12-01")] == [f"e{step - 1}"]
            assert timeline.count(as_of="2024-12-01", type="tariff") == 1
            assert timeline.count(as_of="2024-12-01T01:30", type="tariff") == 1


def test_what_is_written_later_changes_nothing_of_a_moment_that_is_asked_all_along(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    with store, Timeline.open(path) as timeline:
        past_samples.write(store, reports, Move((0, 0, 1, 1, 2), (SAID,) * 3, merges=False), 1)
        at = moment(1).isoformat()
        filters: tuple[dict[str, Any], ...] = (
            {},
            {"type": "tariff"},
            {"text": "gallium"},
            {"actor": "US", "on": "effective"},
        )
        seen = [list(timeline.stream(**one)) for one in filters]
        told_then = [timeline.event(f"e{label}").reports for label in range(3)]
        for step, homes in enumerate(((0,) * 5, (1, 0, 0, 2, 2), (2,) * 5, (0, 0, 1, 1, 2)), start=2):
            said = replace(SAID, status=Status.ENDED, effective="2024-07-09", actors=("openai",))
            past_samples.write(store, reports, Move(homes, (said,) * 3, merges=bool(step % 2)), step)
            assert [list(timeline.stream(as_of=at, **one)) for one in filters] == seen, step
            assert [timeline.event(f"e{label}", as_of=at).reports for label in range(3)] == told_then, step
