"""What exports are given: the same as the timeline tells, in the same order, also after something has changed."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import query_samples

from tracker.model import EVENT_COLUMNS, SEPARATOR, CellKind
from tracker.query import Timeline
from tracker.query.exports import row
from tracker.store import Store

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"order": "oldest"},
    {"type": "export_control"},
    {"actor": "US", "since": "2024"},
    {"party": "CN", "text": "chips"},
    {"item": "nothing of the kind"},
)
LATER = datetime(2024, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_rows_are_the_timeline(timeline: Timeline, asked: dict[str, Any]) -> None:
    assert list(timeline.rows(**asked)) == [row(event) for event in timeline.stream(**asked)]


@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_lines_are_the_rows(timeline: Timeline, asked: dict[str, Any]) -> None:
    told = list(csv.reader(timeline.lines(**asked), strict=True))
    assert told == [["" if cell is None else str(cell) for cell in one] for one in timeline.rows(**asked)]


def test_a_row_tells_lists_with_separators(timeline: Timeline) -> None:
    (one,) = timeline.rows(type="licence_decision")
    told = {column.name: cell for column, cell in zip(EVENT_COLUMNS, one, strict=True)}
    lists = {column.name for column in EVENT_COLUMNS if column.kind is CellKind.LIST}
    assert lists == {"actors", "targets", "items", "instruments"}
    assert (told["actors"], told["items"], told["instruments"]) == ("United States", "AI chips", None)
    assert SEPARATOR not in str(told["summary"])


def test_whole_events_have_their_parties_and_what_leads_them(timeline: Timeline) -> None:
    (event,) = timeline.whole(measure="m-tools")
    (actor,), (target,) = event.actors, event.targets
    assert (actor.id, actor.name, actor.kind) == ("gov:us:commerce", "US Commerce Department", "government")
    assert (target.id, target.country) == ("gov:cn", "CN")
    assert event.quote == "US Commerce Department acted on chip tools against China."
    assert (event.changes, event.first_seen_at) == (0, event.changed_at)
    assert [one.id for one in timeline.whole(order="oldest", limit=3)] == [
        one.id for one in timeline.timeline(order="oldest", limit=3)
    ]


def test_lines_are_kept_with_what_changes(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    with Store.open(path) as store:
        (event,) = store.events.events(["e-tools"])
        changed = [
            replace(event, items=('a "quoted" \\ thing', "other, things"), summary="=Said otherwise"),
        ]
        store.events.save(changed, now=LATER)
    with Timeline.open(path) as timeline:
        rows = list(timeline.rows())
        assert rows == [row(one) for one in timeline.stream()]
        (whole,) = timeline.whole(limit=1)
        assert (whole.id, whole.changes) == ("e-tools", 1)
        told = list(csv.reader(timeline.lines(), strict=True))
        assert told == [["" if cell is None else str(cell) for cell in one] for one in rows]


def test_what_is_asked_within_is_of_one_state(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    with closing(sqlite3.connect(path)) as db:
        (last,) = db.execute("SELECT max(cursor) FROM change").fetchone()
    with Timeline.open(path) as timeline, timeline.still() as cursor:
        before = list(timeline.rows())
        with Store.open(path) as store:
            (event,) = store.events.events(["e-tools"])
            store.events.save([replace(event, summary="Otherwise")], now=LATER)
        assert list(timeline.rows()) == before
    assert cursor == last
