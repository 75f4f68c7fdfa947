"""Briefs: what the log of changes says of a time, as news."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from tracker.errors import InputError
from tracker.model.briefs import Brief
from tracker.query import Timeline

NOW = datetime(2024, 12, 10, 9, tzinfo=UTC)
AGREED: list[Any] = []
LOG: tuple[tuple[str, str, str, dict[str, Any]], ...] = (  # the sample's events became known on 1 December
    ("2024-12-05T08:00:00+00:00", "e-halt", "updated", {"status": ["announced", "delayed"]}),
    ("2024-12-06T08:00:00+00:00", "e-halt", "updated", {"status": ["delayed", "in_force"]}),
    ("2024-12-06T09:00:00+00:00", "e-tools", "updated", {"status": ["in_force", "ended"]}),
    ("2024-12-06T10:00:00+00:00", "e-tools", "updated", {"status": ["ended", "in_force"]}),
    ("2024-12-07T08:00:00+00:00", "e-api", "updated", {"contradictions": [AGREED, [["status", 0, "announced"]]]}),
    ("2024-12-07T09:00:00+00:00", "e-gone", "new", {}),
    ("2024-12-07T10:00:00+00:00", "e-gone", "merged", {}),
    ("2024-12-08T08:00:00+00:00", "e-ruling", "updated", {"summary": ["a", "b"]}),
    ("2024-12-12T08:00:00+00:00", "e-licence", "updated", {"status": ["announced", "in_force"]}),
)


@pytest.fixture(scope="module")
def told(timeline: Timeline, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    path = tmp_path_factory.mktemp("briefs") / "t.db"
    shutil.copy(timeline.path, path)
    with closing(sqlite3.connect(path)) as raw, raw:
        rows = [(at, key, kind, json.dumps(fields)) for at, key, kind, fields in LOG]
        raw.executemany("INSERT INTO change (changed_at, what, id, kind, fields) VALUES (?, 'event', ?, ?, ?)", rows)
    with Timeline.open(path, clock=lambda: NOW) as opened:
        yield opened


def found(brief: Brief) -> dict[str, dict[str, str]]:
    return {
        section.name: {
            line.event_id.removeprefix("e-"): line.change for group in section.groups for line in group.lines
        }
        for section in brief.sections
    }


def test_the_last_days(told: Timeline) -> None:
    brief = told.brief("7d")
    assert (brief.first, brief.last, brief.made_at) == ("2024-12-03", "2024-12-10", "2024-12-10T09:00:00+00:00")
    assert found(brief) == {
        "new": {},
        "changed": {"halt": "announced → in_force"},
        "soon": {"gallium": "takes effect 2024-12"},
        "contradicted": {"api": "status: announced / proposed"},
        "withdrawn": {"ruling": "1 of 1 reports taken back"},
    }


def test_what_was_new_is_told_by_measure(told: Timeline) -> None:
    new, *_ = told.brief("2024-11-30..2024-12-02").sections
    assert (new.name, new.events, new.left_out) == ("new", 8, 0)
    groups = {group.measure_id: [line.event_id for line in group.lines] for group in new.groups}
    assert groups["m-api"] == ["e-api", "e-api-leak"]
    (line, _) = next(group.lines for group in new.groups if group.measure_id == "m-api")
    assert (line.outlet, line.url, line.origins) == ("The Gazette", "https://gazette.example/api", 2)
    assert line.quote.startswith("OpenAI acted on API access")


def test_a_limit_says_what_it_leaves_out(told: Timeline) -> None:
    new, *_ = told.brief("2024-11-30..2024-12-02", limit=3).sections
    assert (new.events, new.left_out) == (8, 5)


def test_filters_choose_the_events(told: Timeline) -> None:
    assert found(told.brief("10d", actor="OpenAI"))["new"].keys() == {"api", "api-leak"}
    assert found(told.brief("10d", type="subsidy")) == {name: {} for name in found(told.brief("10d"))}
    assert found(told.brief("10d", since="2024-08"))["new"].keys() == {"undated", "halt", "ruling", "gallium"}


def test_the_same_time_gives_the_same_brief(told: Timeline) -> None:
    assert told.brief("10d") == told.brief("2024-11-30..2024-12-10")


def test_a_brief_needs_a_time_and_a_clock(told: Timeline, timeline: Timeline) -> None:
    with pytest.raises(InputError, match="a brief needs to know the time"):
        timeline.brief()
    with pytest.raises(InputError, match="not a length of time: 'soon'"):
        told.brief("soon")
