"""The log of changes: whoever asks from cursor to cursor hears of everything, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import change_writer
import past_samples
import pytest
from past_samples import REPORTS, Move, Said

from tracker.errors import InputError
from tracker.model import EventType, Status
from tracker.query import Change, Timeline

SAID = Said(EventType.TARIFF, Status.ANNOUNCED, "2024", None, ("us",), None, 0)
MOVES = (
    Move((0,) * REPORTS, (SAID,) * 3, merges=False),
    Move((0, 1, 1, 1, 2), (SAID,) * 3, merges=False),
    Move((1,) * REPORTS, (SAID,) * 3, merges=True),  # the others are merged into it
    Move((0,) * REPORTS, (SAID,) * 3, merges=False),  # it is taken away
)


def test_whoever_asks_from_cursor_to_cursor_misses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    heard: list[Change] = []
    with store, Timeline.open(path) as timeline:
        cursor = 0
        for step, move in enumerate(MOVES, start=1):
            past_samples.write(store, reports, move, step)
            more = True
            while more:
                found = timeline.changes(since=cursor, limit=2)
                assert found.cursor > cursor
                heard += found.changes
                cursor, more = found.cursor, found.more
        logged = timeline.changes(limit=None).changes
        assert [replace(one, about=None) for one in heard] == [replace(one, about=None) for one in logged]
        assert "tariff by us" in {one.about for one in logged}
        assert [one.cursor for one in heard] == sorted({one.cursor for one in heard})
        assert timeline.changes(since=cursor).changes == ()
        assert timeline.changes(since=cursor).cursor == cursor
        events = [(one.id, one.kind) for one in timeline.changes(what=["event"]).changes]
        assert events[:4] == [("e0", "new"), ("e0", "updated"), ("e1", "new"), ("e2", "new")]
        assert {("e0", "merged"), ("e2", "merged"), ("e1", "removed")} < set(events)
        (into,) = {one.fields["into"][1] for one in heard if one.id == "e2" and one.kind == "merged"}
        assert into == "e1"
        with pytest.raises(InputError, match=f"no cursor of this database: {cursor + 1}; its log has come to {cursor}"):
            timeline.changes(since=cursor + 1)
        with pytest.raises(InputError, match="unknown kind of thing: 'party'"):
            timeline.changes(what=["party"])


def test_two_processes_write_and_a_third_misses_nothing(tmp_path: Path) -> None:
    path, moves = tmp_path / "t.db", 25
    past_samples.opened(path)[0].close()
    command = [sys.executable, change_writer.__file__, str(path)]
    samples = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    writers = [
        subprocess.Popen([*command, str(number), str(moves)], stdout=subprocess.DEVNULL, env=samples)
        for number in range(2)
    ]
    heard: list[Change] = []
    looks = 0
    with Timeline.open(path) as timeline:
        cursor, over = 0, False
        while not over:
            over = all(writer.poll() is not None for writer in writers)  # looked at once more after the last has ended
            found = timeline.changes(since=cursor, what=["event"], limit=3)
            assert [one.cursor for one in found.changes] == sorted(one.cursor for one in found.changes)
            assert found.cursor >= cursor
            looks += bool(found.changes)
            heard += found.changes
            cursor = found.cursor
            over = over and not found.more
        every = timeline.changes(what=["event"], limit=None).changes
    assert [writer.wait() for writer in writers] == [0, 0]
    assert looks > 5  # it looked while they were writing
    assert heard == list(every)
    for label in (2, 3, 4, 5):  # two events of each writer, each written by every move
        assert [one.kind for one in heard if one.id == f"e{label}"] == ["new"] + ["updated"] * (moves - 1)


def test_what_is_still_being_written_is_heard_of_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    with store, Timeline.open(path) as timeline:
        with store.batch():
            past_samples.write(store, reports, MOVES[0], 1)
            cursor = timeline.changes().cursor
            assert not timeline.timeline(changed_since=0)
        assert [one.id for one in timeline.changes(since=cursor, what=["event"]).changes] == ["e0"]
        assert [one.id for one in timeline.timeline(changed_since=cursor)] == ["e0"]
        newest = timeline.changes(since=cursor).cursor
        past_samples.write(store, reports, MOVES[1], 2)
        with pytest.raises(InputError, match="no cursor of this database: 999"):
            timeline.timeline(changed_since=999)
        assert {one.id for one in timeline.timeline(changed_since=newest)} == {"e0", "e1", "e2"}
        with monkeypatch.context() as walking:  # as where very much has changed: each event is asked
            walking.setattr("tracker.query.plan.MOST_SORTED", 0)
            assert {one.id for one in timeline.timeline(changed_since=newest)} == {"e0", "e1", "e2"}
            assert [one.id for one in timeline.timeline(changed_since=newest, limit=1)] == [timeline.timeline()[0].id]
        assert timeline.count(changed_since=newest, as_of=past_samples.moment(1).isoformat()) == 0


def test_the_views_tell_what_changed_and_how_things_stand(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store, reports = past_samples.opened(path)
    with store:
        for step, move in enumerate(MOVES[:2], start=1):
            past_samples.write(store, reports, move, step)
        rows = store._db.rows(
            "SELECT kind, field, before, after FROM event_history WHERE event_id = 'e0' ORDER BY 1, 2"
        )
        assert ("new", None, None, None) in map(tuple, rows)
        assert ("updated", "origins", 5, 1) in map(tuple, rows)
        states = {row["id"]: json.loads(row["state"]) for row in store._db.rows("SELECT id, state FROM event_state")}
        assert sorted(states) == ["e0", "e1", "e2"]
        assert states["e0"]["parties"] == [["actor", 0, "gov:us", "United States"], ["target", 0, "gov:cn", "China"]]
        assert {"all", "type", "status"} < {field for field, _ in states["e0"]["facets"]}
        (measure,) = store._db.rows("SELECT id, state FROM measure_state")
        assert json.loads(measure["state"])["title"] == "Measure m0"
        told = store._db.rows("SELECT state FROM report_state")
        assert len(told) == REPORTS
        assert all(json.loads(row["state"])["quote"].startswith("OpenAI acted on chips") for row in told)
