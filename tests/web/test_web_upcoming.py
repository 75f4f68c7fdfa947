"""What lies ahead: by date as far as known, as grids, and as a calendar."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import icalendar
import pytest
from asking_pages import asked, clock, text

from tracker.errors import InputError
from tracker.query import EventRow, Timeline
from tracker.web import almanac
from tracker.web.pages import upcoming

TODAY = date(2026, 11, 23)
EVENT = EventRow(
    id="e",
    date="2026-01-01",
    type="tariff",
    subtype=None,
    status="announced",
    direction="restrict",
    certainty="confirmed",
    announced_on=None,
    effective_on=None,
    summary="A acts",
    actors=(),
    targets=(),
    items=(),
    instruments=(),
    confidence=0.5,
    report_count=1,
    origins=1,
    sources=1,
    url=None,
    measure_id="m",
)
AHEAD = [
    ("2026-11-23", "today"),
    ("2026-11-24", "tomorrow"),
    ("2026-12-07", "in 14 days"),
    ("2026-12-31", "in 5 weeks"),
    ("2027-06-01", "in 6 months"),
    ("2030-01-01", "in 3 years"),
    ("2027", "year known, not the day"),
    ("2027-03", "month known, not the day"),
    ("2026-11", "month known, not the day, under way"),
    ("2026", "year known, not the day, under way"),
]


@pytest.mark.parametrize(("when", "expected"), AHEAD)
def test_how_far_ahead(when: str, expected: str) -> None:
    assert almanac.ahead(when, TODAY) == expected


def test_events_stand_under_their_dates_as_far_as_known() -> None:
    dates = ["2026", "2026-12", "2026-12-01", "2026-12-01T09:00", "2027-02-28"]
    found = almanac.stretches([replace(EVENT, id=when, effective_on=when) for when in dates], TODAY)
    told = {
        stretch.period: [(entry.date, entry.known, len(entry.events)) for entry in stretch.entries] for stretch in found
    }
    assert told == {
        "2026": [("2026", "year", 1)],
        "2026-12": [("2026-12", "month", 1), ("2026-12-01", "day", 2)],
        "2027-02": [("2027-02-28", "day", 1)],
    }
    assert [stretch.events for stretch in found] == [1, 3, 1]


def test_a_month_as_a_grid() -> None:
    dates = ["2026-11-30", "2026-11", "2026-11-30", "2027"]
    (grid,) = almanac.grids([replace(EVENT, effective_on=when) for when in dates], TODAY)
    assert (grid.period, grid.rough, len(grid.weeks)) == ("2026-11", 1, 6)
    days = [cell for week in grid.weeks for cell in week]
    assert [cell.number for cell in days[:8]] == [0, 0, 0, 0, 0, 0, 1, 2]  # the first was a Sunday
    assert {cell.date: cell.events for cell in days if cell.events} == {"2026-11-30": 2}
    assert [cell.date for cell in days if cell.today] == ["2026-11-23"]


def test_the_last_month_that_dates_know_has_a_grid() -> None:
    (grid,) = almanac.grids([replace(EVENT, effective_on="9999-12-31")], TODAY)
    assert [(cell.number, cell.events) for cell in grid.weeks[-1]] == [
        (27, 0),
        (28, 0),
        (29, 0),
        (30, 0),
        (31, 1),
        (0, 0),
        (0, 0),
    ]


def test_the_page_and_its_filters(demo: Path) -> None:
    with Timeline.open(demo, clock=clock) as timeline:
        whole = text(asked(timeline, upcoming.show))
        assert "Some time in" in whole
        assert 'href="webcal://tracker.test/upcoming.ics"' in whole
        one = text(asked(timeline, upcoming.show, type="tariff", within="1y"))
        assert '<option value="tariff" selected>' in one
        assert 'href="webcal://tracker.test/upcoming.ics?type=tariff&amp;within=1y"' in one
        assert one.count('class="event"') < whole.count('class="event"')
        with pytest.raises(InputError, match="no filter"):
            asked(timeline, upcoming.show, colour="red")


def test_a_plan_whose_day_passed_stands_below(demo: Path) -> None:
    with Timeline.open(demo, clock=clock) as timeline:
        assert "not heard of since" in text(asked(timeline, upcoming.show))
        assert "not heard of since" not in text(asked(timeline, upcoming.show, since="2030"))


def test_the_calendar_holds_the_same_events(demo: Path) -> None:
    with Timeline.open(demo, clock=clock) as timeline:
        listed = json.loads(text(asked(timeline, upcoming.listed)))
        calendar = icalendar.Calendar.from_ical(text(asked(timeline, upcoming.ics)))
    entries: list[Any] = list(calendar.walk("VEVENT"))
    assert {str(one["uid"]).partition("@")[0] for one in entries} == {one["id"] for one in listed} != set()
    assert all(one.walk("VALARM") for one in entries)
    assert str(calendar["x-wr-calname"]) == "tracker: upcoming"


def test_of_very_many_the_next_are_in_the_calendar(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcoming, "ENTRIES", 5)
    with Timeline.open(demo, clock=clock) as timeline:
        calendar = icalendar.Calendar.from_ical(text(asked(timeline, upcoming.ics)))
        next_ones = {one.id for one in timeline.upcoming(limit=5)}
        assert len(timeline.upcoming(limit=None)) > 10
    told = {str(one["uid"]).partition("@")[0] for one in calendar.walk("VEVENT")}
    assert next_ones <= told
    assert len(told) < 10


def test_it_is_served_as_a_calendar(site: str) -> None:
    with urlopen(f"{site}/upcoming.ics") as answer:
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.read().startswith(b"BEGIN:VCALENDAR")
