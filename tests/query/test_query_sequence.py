"""The answer of `timeline()`: a sequence that is read when it is looked at, with reports, in few questions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import query_samples

import tracker
from tracker.errors import InputError, NotFoundError
from tracker.query import Event, EventRow, Events, Timeline, sequence
from tracker.store import Store

ALL = "undated halt ruling tools api api-leak gallium licence".split()  # newest first
LATER = datetime(2024, 12, 2, tzinfo=UTC)


def keys(events: Any) -> list[str]:
    return [event.id.removeprefix("e-") for event in events]


@contextmanager
def questions(timeline: Timeline) -> Iterator[list[str]]:
    """The SQL that is run within."""
    told: list[str] = []
    raw: sqlite3.Connection = timeline._db.raw
    raw.set_trace_callback(told.append)
    try:
        yield told
    finally:
        raw.set_trace_callback(None)


def test_the_example_of_the_issue(tmp_path: Path) -> None:
    with tracker.open(query_samples.build(tmp_path / "t.db")) as t:
        told = [
            (e.announced_on, e.actors, e.summary, e.reports[0].quote)
            for e in t.timeline(type="export_control", target="CN", since="2024-06")
        ]
    assert told == [
        (
            "2024-07",
            ("US Commerce Department",),
            "US Commerce Department acts on chip tools against China",
            "US Commerce Department acted on chip tools against China.",
        )
    ]


def test_the_face_knows_which_day_it_is(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    with tracker.open(path, clock=lambda: datetime(2024, 9, 1, tzinfo=UTC)) as t:
        assert keys(t.timeline(last="15d")) == ["halt", "gallium"]
    with tracker.open(path) as t:
        assert len(t.timeline(last="1d", on="first_seen")) == 0


def test_an_event_is_its_row_with_the_reports_that_its_detail_has(timeline: Timeline) -> None:
    assert [field.name for field in fields(Event)] == [*(field.name for field in fields(EventRow)), "reports"]
    for event, row in zip(timeline.timeline(), timeline.stream(), strict=True):
        assert event.reports == timeline.event(event.id).reports
        assert len(event.reports) == event.report_count
        told = event.to_dict()
        assert told.pop("reports") == timeline.event(event.id).to_dict()["reports"]
        assert told == row.to_dict()


@pytest.mark.parametrize("place", [*range(-9, 9)])
def test_one_event_by_its_place(timeline: Timeline, place: int) -> None:
    events = timeline.timeline()
    if -len(ALL) <= place < len(ALL):
        assert keys([events[place]]) == [ALL[place]]
    else:
        with pytest.raises(IndexError, match="no event at"):
            events[place]


SLICES = [slice(a, b) for a in (None, 2, 12, -3) for b in (None, 3, 9, -1)]


@pytest.mark.parametrize("limit", [None, 5])
@pytest.mark.parametrize("cut", SLICES, ids=str)
def test_a_stretch_of_it(timeline: Timeline, cut: slice, limit: int | None) -> None:
    found, expected = timeline.timeline(limit=limit)[cut], ALL[:limit][cut]
    assert isinstance(found, Events)
    assert (keys(found), len(found), bool(found)) == (expected, len(expected), bool(expected))
    assert keys(found[1:3]) == expected[1:3]
    assert keys(reversed(found)) == expected[::-1]
    assert len(found.to_pandas()) == len(expected)


def test_it_goes_on_after_an_event(timeline: Timeline) -> None:
    events = timeline.timeline(after="e-ruling")
    assert (keys(events), len(events), keys(events[1:2])) == (ALL[3:], 5, [ALL[4]])
    assert list(events.to_pandas()["id"].str.removeprefix("e-")) == ALL[3:]
    page = timeline.page(limit=2)
    assert keys(timeline.timeline(after=page.next, limit=2)) == ALL[2:4]


def test_steps_are_for_lists(timeline: Timeline) -> None:
    with pytest.raises(ValueError, match="steps of 2"):
        timeline.timeline()[::2]


def test_what_is_wrong_is_told_where_it_is_asked(timeline: Timeline) -> None:
    with pytest.raises(InputError, match="unknown type"):
        timeline.timeline(type="weather")
    with pytest.raises(NotFoundError):
        timeline.timeline(after="nothing")


def test_it_may_be_gone_through_again_and_sees_what_was_written_since(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    with Timeline.open(path) as timeline:
        events = timeline.timeline(type="export_control")
        assert (keys(events), keys(events)) == (["tools", "gallium"], ["tools", "gallium"])
        with Store.open(path) as store:
            (event,) = store.events.events(["e-tools"])
            store.events.save([replace(event, summary="Otherwise")], now=LATER)
        assert next(iter(events)).summary == "Otherwise"


@pytest.mark.parametrize("size", [1, 3, 8, 50])
def test_reports_are_asked_for_by_the_page(timeline: Timeline, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(sequence, "FIRST", size)
    monkeypatch.setattr(sequence, "PAGE", size)
    with questions(timeline) as told:
        assert keys(timeline.timeline()) == ALL
    pages = -(-len(ALL) // size)
    assert sum("AS leads" in one for one in told) == pages
    assert sum("report_amount.*" in one for one in told) == pages


def test_only_what_is_looked_at_is_read(timeline: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence, "FIRST", 2)
    events = timeline.timeline()
    with questions(timeline) as told:
        assert keys([next(iter(events))]) == ALL[:1]
    assert sum("AS page" in one for one in told) == 1
    with questions(timeline) as told:
        repr(events)
    assert told == []


def test_the_past_has_the_reports_that_are_left(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    with Store.open(path) as store:
        (event,) = store.events.events(["e-tools"])
        store.events.save([replace(event, summary="Otherwise")], now=LATER)
    with Timeline.open(path) as timeline:
        for one in timeline.timeline(as_of="2024-12-01"):
            assert one.reports == timeline.event(one.id, as_of="2024-12-01").reports
            assert len(one.reports) == one.report_count
        assert len(timeline.timeline(as_of="2024-12-01").to_pandas()) == len(ALL)


def test_it_says_what_it_is_of(timeline: Timeline) -> None:
    assert (
        repr(timeline.timeline(type="tariff", target=None)[2:5]) == "<Events type='tariff', limit=3, offset=2, newest>"
    )
    assert repr(timeline.timeline(order="oldest", after="e-api")) == "<Events after='e-api', oldest>"


class Cells(HTMLParser):
    """The tags of a table, and what stands in its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_notebook_shows_a_table_in_which_text_is_text(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    bad = '<script>alert(1)</script> & "quoted" \x1b[31m\u202etxt.exe\x00'
    with Store.open(path) as store:
        (event,) = store.events.events(["e-ruling"])
        store.events.save([replace(event, summary=bad, subtype="<b>")], now=LATER)
    raw = sqlite3.connect(path)
    raw.execute("UPDATE article SET url = 'javascript:alert(1)' WHERE id = 'ruling-gazette'")
    raw.execute("UPDATE event_line SET url = 'javascript:alert(1)' WHERE url LIKE '%/ruling'")
    raw.commit()
    raw.close()
    with Timeline.open(path) as timeline:
        shown = Cells()
        shown.feed(timeline.timeline()._repr_html_())
        assert set(shown.tags) == {"table", "thead", "tbody", "tr", "th", "td", "a", "p"}
        assert '<script>alert(1)</script> & "quoted" [31m txt.exe' in shown.text
        assert len(shown.links) == len(ALL) - 1
        assert all(str(link).startswith("https://") for link in shown.links)
        assert shown.text[-1] == "8 events"
        assert timeline.timeline(limit=1)._repr_html_().count("<tr>") == 2
        assert "0 events" in timeline.timeline(type="tariff")._repr_html_()


def test_a_long_answer_is_shown_in_part(many: Timeline) -> None:
    told = many.timeline()._repr_html_()
    assert told.count("<tr>") == 21
    assert f"20 of {many.count()} events" in told
