"""A misspelt filter is an error, not an answer without it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker.config import Config
from tracker.errors import InputError
from tracker.query import Timeline


@pytest.mark.parametrize("filters", [{"actors": "OpenAI"}, {"sinse": "2030"}])
def test_an_unknown_filter_is_refused(stocked: Config, filters: dict[str, Any]) -> None:
    with (
        Timeline.open(stocked.settings.database) as timeline,
        pytest.raises(InputError, match="is no filter; use type"),
    ):
        timeline.timeline(**filters)


def test_a_date_object_is_a_date(stocked: Config) -> None:
    with Timeline.open(stocked.settings.database) as timeline:
        day: Any = date(2024, 6, 1)
        assert list(timeline.timeline(since=day)) == list(timeline.timeline(since="2024-06-01"))
