"""How sources do at a glance, and plans whose day passed unheard of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tracker.errors import NotFoundError
from tracker.query import SourceRow, Timeline, health
from tracker.query.overdue import overdue
from tracker.query.source_answers import SourceGlance, SourceStory

NOW = datetime(2024, 12, 15, tzinfo=UTC)


def glance(timeline: Timeline) -> dict[str, SourceGlance]:
    return {one.id: one for one in timeline.ask(lambda db, _: health.glance(db, NOW))}


def told(timeline: Timeline, key: str) -> SourceStory:
    return timeline.ask(lambda db, _: health.story(db, key, NOW, limit=50))


def test_events_and_articles_of_each_source(timeline: Timeline) -> None:
    found = glance(timeline)
    assert {key: one.events for key, one in found.items()} == {"chipweek": 2, "gazette": 2, "herald": 6}
    assert {key: one.sampled for key, one in found.items()} == {"chipweek": 2, "gazette": 2, "herald": 6}
    assert found["herald"].per_article == 1.0
    assert found["chipweek"].copies_share == 0.5
    assert found["herald"].months["2024-07"] == 1
    assert list(found["herald"].months)[::23] == ["2023-01", "2024-12"]


def test_what_it_shares_with_the_view_is_the_same(timeline: Timeline) -> None:
    found = glance(timeline)
    same = ("name", "kind", "tier", "url", "enabled", "active", "failures", "pending", "last_success_at", "next_due_at")
    for row in timeline.sources():
        assert isinstance(row, SourceRow)
        assert {name: getattr(found[row.id], name) for name in same} == {name: getattr(row, name) for name in same}
        story = told(timeline, row.id)
        assert story.articles == row.articles
        assert sum(one.reports for one in story.latest) == row.reports
        assert story.source == found[row.id]


def test_a_rate_is_of_a_week_at_least(timeline: Timeline) -> None:
    assert glance(timeline)["herald"].per_week == 3.0  # six articles, stored two weeks ago
    young = timeline.ask(lambda db, _: health.glance(db, datetime(2024, 12, 2, tzinfo=UTC)))
    assert {one.id: one.per_week for one in young}["herald"] == 6.0


def test_a_source_that_there_is_not(timeline: Timeline) -> None:
    with pytest.raises(NotFoundError, match="no source 'herold'; did you mean 'herald'"):
        told(timeline, "herold")


OVERDUE: list[tuple[str, dict[str, Any], str]] = [
    # today, filters, events
    ("2024-07-09", {}, ""),  # its own day is not over
    ("2024-07-10", {}, "api"),  # that it came into force follows from its date, and is no report
    ("2024-07-10", {"actor": "OpenAI"}, "api"),
    ("2024-07-10", {"actor": "Nvidia"}, ""),
    ("2024-07-10", {"status": "in_force"}, ""),
    ("2024-07-10", {"status": ("in_force", "announced")}, "api"),
    ("2024-07-10", {"since": "2024-07-01"}, ""),  # a time of the reader's own
    ("2024-12-31", {}, ""),  # of a month only its end counts
    ("2025-01-01", {}, "gallium"),
    ("2025-06-01", {}, ""),  # long ago
]


@pytest.mark.parametrize(("today", "filters", "expected"), OVERDUE)
def test_plans_whose_day_passed(timeline: Timeline, today: str, filters: dict[str, Any], expected: str) -> None:
    day = date.fromisoformat(today)
    found = timeline.ask(lambda db, told: overdue(db, told, day, limit=5), **filters)
    assert [one.id.removeprefix("e-") for one in found] == expected.split()
