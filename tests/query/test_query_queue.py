"""The questions of `tracker review list` and `tracker show` go by an index, whatever the size of the database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tracker.query import contradictions, judgements, measures, queue
from tracker.store import Store

QUESTIONS: dict[str, tuple[str, tuple[object, ...]]] = {
    "contested fields": (queue.CONTESTED, (5,)),
    "unsure events": (queue.UNSURE, (0.5, 5)),
    "events that changed last": (queue.RECENT, (100, 5)),
    "judgements of reports": (judgements.OF_REPORTS, ('["a"]', "event")),
    "contradictions of events": (contradictions.OF_EVENTS, ('["a"]',)),
    "the steps of a measure": (measures.STEPS, ("m",)),
    "the ties of a measure": (measures.LINKS, ("m",)),
}
# Read in the order of an index, or of their rows, as far as the limit.
LIMITED = ("SCAN contradiction USING COVERING INDEX contradiction_contested", "SCAN change")
# What is not a table of the database: values that were handed over, and rows that were found before.
HANDED = ("VIRTUAL TABLE", "SCAN late", "SCAN (subquery")


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_table_is_read_through(tmp_path: Path, name: str) -> None:
    Store.open(tmp_path / "t.db").close()
    sql, values = QUESTIONS[name]
    with sqlite3.connect(tmp_path / "t.db") as raw:
        steps = [str(row[3]) for row in raw.execute("EXPLAIN QUERY PLAN " + sql, values)]
    raw.close()
    scans = [step for step in steps if step.startswith("SCAN") and not any(words in step for words in HANDED)]
    assert [step for step in scans if step not in LIMITED] == []
