"""The Python face as a type checker sees it: `make test` has mypy check it, `test_query_typing.py` runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import tracker
from tracker.query import (
    Event,
    EventDetail,
    EventPage,
    EventRow,
    Events,
    Filters,
    Hits,
    MeasureDetail,
    PartyDossier,
    ReportRow,
    Timeline,
)


def told(path: Path) -> list[str]:
    """What is right: every line has the type that it says."""
    with tracker.open(path) as t:
        assert_type(t, Timeline)
        events = t.timeline(type="access_restriction", target=["CN", "RU"], since="2024-06", min_origins=1)
        assert_type(events, Events)
        assert_type(events[0], Event)
        assert_type(events[:5], Events)
        assert_type(len(events), int)
        assert_type(events[0].reports, tuple[ReportRow, ...])
        assert_type(events[0].reports[0].quote, str)
        assert_type(events[0].announced_on, str | None)
        assert_type(events.rows(), Iterator[EventRow])
        assert_type(events.to_dicts(), list[dict[str, Any]])
        assert_type(events.to_polars().height, int)
        assert_type(t.page(limit=2), EventPage)
        assert_type(t.count(type="tariff"), int)
        assert_type(t.event(events[0].id), EventDetail)
        assert_type(t.measure(events[0].measure_id), MeasureDetail)
        assert_type(t.party("OpenAI"), PartyDossier)
        assert_type(t.search("chips"), Hits)
        chosen: Filters = {"type": "export_control", "target": "CN"}
        return [f"{e.announced_on} {', '.join(e.actors)}: {e.summary}" for e in t.timeline(limit=10, **chosen)]


def wrong(t: Timeline) -> None:
    """What is wrong: each ignored fault is one, or mypy complains that it ignores nothing."""
    t.timeline(typ="tariff")  # type: ignore[call-arg]
    t.timeline(type=3)  # type: ignore[arg-type]
    t.timeline(min_origins="two")  # type: ignore[arg-type]
    t.timeline(order="random")  # type: ignore[arg-type]
    _ = t.timeline()[0].report  # type: ignore[attr-defined]
    t.timeline()[0].summary = "otherwise"  # type: ignore[misc]
    t.timeline().append(t.timeline()[0])  # type: ignore[attr-defined]
    t.page(limit=None)  # type: ignore[arg-type]
