"""What single accounts of an event tell: amounts that were corrected or withdrawn since, and shades of meaning."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import query_samples

from tracker.cli import event_text, render
from tracker.query import Timeline


def test_amounts_that_an_outlet_corrected_or_withdrew_are_not_the_events(tmp_path: Path) -> None:
    path = query_samples.build(tmp_path / "t.db")
    amounts = (
        "UPDATE report_amount SET text = ?, value = ? WHERE kind = 'money' AND report_id IN (SELECT id FROM report"
    )
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE article SET notice = 'correction', source_id = 'gazette' WHERE id = 'api-herald'")
        raw.execute(f"{amounts} WHERE article_id = 'api-herald')", ("$7m", 7e6))
    with Timeline.open(path) as timeline:
        detail = timeline.event("e-api")
        assert [one.text for one in detail.amounts] == ["$7m", "140 entities", "up to $5m"]  # its copy has $5m
        assert ["140 entities", "up to $5m"] in [[one.text for one in report.amounts] for report in detail.reports]
    with sqlite3.connect(path) as raw:
        raw.execute(f"{amounts} WHERE article_id = 'api-chipweek')", ("$7m", 7e6))
    with Timeline.open(path) as timeline:
        assert [one.text for one in timeline.event("e-api").amounts] == ["$7m", "140 entities"]
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE report SET withdrawn = 1 WHERE article_id <> 'api-gazette'")
    with Timeline.open(path) as timeline:
        assert [one.text for one in timeline.event("e-api").amounts] == ["140 entities", "up to $5m"]


SHADES = [
    ({"announced_on": "2024-06-24", "certainty": "reported"}, "told as: reported, announced 2024-06-24"),
    (
        {"status": "proposed", "effective_on": "2024-07"},
        "told as: effective 2024-07",
    ),  # of status the accounts disagree
    ({"targets": ["developers"], "actors": [], "items": ["API"]}, None),
    ({"announced_on": None}, None),
]


@pytest.mark.parametrize(("differs", "line"), SHADES)
def test_what_an_account_tells_otherwise_without_contradicting_is_one_quiet_line(
    timeline: Timeline, differs: dict[str, Any], line: str | None
) -> None:
    detail = timeline.event("e-api")
    first, *others = detail.reports
    shown = render.text(*event_text.event(replace(detail, reports=(replace(first, differs=differs), *others))))
    assert [told.strip() for told in shown.splitlines() if "told as" in told] == ([line] if line else [])
