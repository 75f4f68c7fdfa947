"""Questions of several steps are asked of one state of the database, whatever is written between two of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import facet_world
import pytest

from tracker.query import Timeline

QUESTIONS: dict[str, tuple[str, Callable[[Timeline, Any], object]]] = {  # the step before which all events go
    "search": ("SELECT number, id FROM event", lambda t, _: len(t.search("alfa").events) > 0),
    "page": ("SELECT event.at, number FROM event", lambda t, _: t.page(limit=2).next is not None),
    "event": ("FROM report JOIN", lambda t, one: len(t.event(one.id).reports) > 0),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    facet_world.write(tmp_path / "t.db", 5, 30)
    raw = sqlite3.connect(tmp_path / "t.db")
    raw.execute(
        "UPDATE report SET detail = ?", (json.dumps({"actors": [], "targets": [], "items": [], "instruments": []}),)
    )
    raw.execute("DELETE FROM event_fts")
    raw.execute("INSERT INTO event_fts (rowid, summary) SELECT number, 'alfa' FROM event")
    raw.commit()
    raw.close()
    return tmp_path / "t.db"


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_written_between_two_steps_is_seen_by_the_next_question(path: Path, name: str) -> None:
    before, ask = QUESTIONS[name]
    writer, done = sqlite3.connect(path), list[str]()

    def meanwhile(sql: str) -> None:
        if before in sql and not done:
            done.append(sql)
            writer.execute("DELETE FROM report")
            writer.execute("DELETE FROM event")
            writer.commit()

    with Timeline.open(path) as timeline:
        (one,) = timeline.page(limit=1, source="herald").events
        timeline._db.raw.set_trace_callback(meanwhile)
        assert ask(timeline, one)
        timeline._db.raw.set_trace_callback(None)
        assert done
    writer.close()


def test_the_past_can_be_asked_within_one_state(path: Path) -> None:
    with Timeline.open(path) as timeline:
        with timeline.still():
            rows = list(timeline.rows(as_of="2030"))
        assert len(rows) == timeline.count(as_of="2030") > 0
