"""iCalendar: days as days, months and years as what they are, any text."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import export_samples as samples
import icalendar
import pytest
from hypothesis import given, settings

from tracker.export import calendar
from tracker.model import Exported


def written(*events: Exported) -> bytes:
    out = io.BytesIO()
    calendar.write(events, out, samples.ABOUT)
    return out.getvalue()


def entries(*events: Exported) -> list[Any]:
    return list(icalendar.Calendar.from_ical(written(*events)).walk("VEVENT"))


def test_an_event_is_a_day_with_reminders() -> None:
    whole: Any = icalendar.Calendar.from_ical(written(samples.EVENT))
    assert (whole["version"], whole["x-wr-calname"]) == ("2.0", "Chips & China")
    (entry,) = whole.walk("VEVENT")
    assert entry["uid"] == "e1@tracker.invalid"
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (date(2024, 7, 9), date(2024, 7, 10))
    assert entry["dtstamp"].dt == datetime(2024, 6, 26, 8, 30, tzinfo=UTC)
    assert (entry["sequence"], entry["summary"], entry["status"]) == (2, "The US restricts AI chips", "CONFIRMED")
    assert entry["url"] == samples.EVENT.url
    assert [alarm["trigger"].dt for alarm in entry.walk("VALARM")] == [timedelta(days=-7), timedelta(days=-1)]


def test_where_events_have_pages_an_entry_leads_there_and_names_the_report() -> None:
    out = io.BytesIO()
    calendar.write([samples.EVENT], out, replace(samples.ABOUT, pages="https://tracker.example/event/"))
    entry: Any = icalendar.Calendar.from_ical(out.getvalue()).walk("VEVENT")[0]
    assert entry["url"] == "https://tracker.example/event/e1"
    assert str(entry["description"]).splitlines()[-1] == f"Reported at {samples.EVENT.url}"


@pytest.mark.parametrize(
    ("known", "first", "last", "title", "reminders"),
    [
        ("2024-07-09", "2024-07-09", "2024-07-09", "The US restricts AI chips", 2),
        ("2024-07", "2024-07-01", "2024-07-31", "some time in 2024-07: The US restricts AI chips", 1),
        ("2024", "2024-01-01", "2024-12-31", "some time in 2024: The US restricts AI chips", 1),
    ],
)
def test_a_month_is_no_day(known: str, first: str, last: str, title: str, reminders: int) -> None:
    event = replace(samples.EVENT, effective_on=known, effective_from=first, effective_to=last)
    (entry,) = entries(event)
    assert entry["dtstart"].dt == date.fromisoformat(first)
    assert entry["dtend"].dt == date.fromisoformat(last) + timedelta(days=1)
    assert (entry["summary"], entry["transp"]) == (title, "TRANSPARENT")
    assert len(entry.walk("VALARM")) == reminders


@pytest.mark.parametrize(("known", "first"), [("9999-12-31", "9999-12-31"), ("9999", "9999-01-01")])
def test_the_last_day_that_dates_know_has_its_place(known: str, first: str) -> None:
    event = replace(samples.EVENT, effective_on=known, effective_from=first, effective_to="9999-12-31")
    (entry,) = entries(event)
    assert entry["dtstart"].dt == date.fromisoformat(first)


def test_a_lone_surrogate_breaks_no_calendar() -> None:
    (entry,) = entries(replace(samples.EVENT, type="tariff\ud800"))
    assert b"tariff," in entry["categories"].to_ical()


def test_what_takes_effect_on_no_day_has_no_place() -> None:
    assert entries(replace(samples.EVENT, effective_on=None, effective_from=None, effective_to=None)) == []


def test_what_was_called_off_is_cancelled() -> None:
    assert [one["status"] for one in entries(replace(samples.EVENT, status="rejected"))] == ["CANCELLED"]


@settings(max_examples=60)
@given(samples.EVENTS)
def test_any_event_has_its_place(events: list[Exported]) -> None:
    data = written(*events)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    whole: Any = icalendar.Calendar.from_ical(data)
    assert len(whole.walk("VEVENT")) == len(events)
    assert whole.errors == []
