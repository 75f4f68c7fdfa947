"""How late the official word is: tallies, events and what one would work out by hand agree."""

from __future__ import annotations

from datetime import date
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.query import EventDetail, Timeline
from tracker.query.lags import LagRow, spread


def first(event: EventDetail, *, official: bool) -> date | None:
    days = [
        date.fromisoformat(report.published[:10])
        for report in event.reports
        if (report.tier == "official") == official and len(report.published or "") >= 10 and not report.withdrawn
        if report.published
    ]
    return min(days, default=None)


def by_hand(timeline: Timeline, **filters: Any) -> list[tuple[str, int | None, int | None]]:
    """Id, lag and notice of each event, the newest first."""
    found = []
    for row in timeline.timeline(limit=None, **filters):
        event = timeline.event(row.id)
        media, official = first(event, official=False), first(event, official=True)
        effect = date.fromisoformat(row.effective_on) if row.effective_on and len(row.effective_on) == 10 else None
        lag = (official - media).days if media and official else None
        found.append((row.id, lag, (effect - official).days if effect and official else None))
    return found


CASES: list[dict[str, Any]] = [
    {},
    {"type": "sanction"},
    {"min_confidence": 0.0},
    {"actor": "US", "since": "2024"},
    {"rejected": True},
    {"type": "subsidy"},
]


@pytest.mark.parametrize("filters", CASES, ids=str)
def test_lags_are_those_of_the_reports(many: Timeline, filters: dict[str, Any]) -> None:
    told = by_hand(many, **filters)
    lags = sorted(lag for _, lag, _ in told if lag is not None)
    notices = sorted(notice for _, _, notice in told if notice is not None)
    found = many.lag(limit=1000, **filters)
    (row,) = found.rows
    for spread_of, days in ((row.lag, lags), (row.notice, notices)):
        assert (spread_of.events if spread_of else 0) == len(days)
        if spread_of:
            assert (spread_of.least, spread_of.most) == (days[0], days[-1])
    assert [(event.id, event.lag, event.notice) for event in found.events] == [
        one for one in told if one[1] is not None
    ]


def test_there_is_something_to_find(many: Timeline) -> None:
    lags = [lag for _, lag, notice in by_hand(many) if lag is not None]
    assert (len(lags) > 5, min(lags) < 0 < max(lags)) == (True, True)


def test_lags_by_type_are_those_of_each_type(many: Timeline) -> None:
    _, *rows = many.lag(by="type").rows
    assert {row.value for row in rows} >= {"sanction", "tariff"}
    for row in rows:
        (alone,) = many.lag(type=row.value).rows
        assert (alone.lag, alone.notice) == (row.lag, row.notice)
    assert many.lag(by="type", min_confidence=0.0).rows == many.lag(by="type").rows


def test_lags_by_source_count_its_own_first_report(many: Timeline) -> None:
    _, *rows = many.lag(by="source").rows
    days: dict[str, list[int]] = {}
    for event in (many.event(row.id) for row in many.timeline(limit=None)):
        official = first(event, official=True)
        for report in event.reports:
            if official and report.tier != "official" and report.source_name and len(report.published or "") >= 10:
                day = date.fromisoformat((report.published or "")[:10])
                days.setdefault(report.source_name, []).append((official - day).days)
    assert {row.value: (row.lag.events, row.lag.least, row.lag.most) for row in rows if row.lag} == {
        name: (len(told), min(told), max(told)) for name, told in days.items()
    }


def test_by_what_lags_are_not_told(many: Timeline) -> None:
    with pytest.raises(InputError, match="lags are told by type or source, not by 'actor'"):
        many.lag(by="actor")


@given(st.dictionaries(st.integers(-50, 50), st.integers(1, 9), min_size=1))
def test_quartiles_part_the_events(days: dict[int, int]) -> None:
    found = spread(days)
    every = sorted(day for day, many in days.items() for _ in range(many))
    assert found is not None
    assert found.least <= found.lower <= found.median <= found.upper <= found.most
    assert abs(found.median - median(every)) <= max(b - a for a, b in zip(every, every[1:] or every, strict=False))
    for share, mark in ((1, found.lower), (2, found.median), (3, found.upper)):
        assert sum(day <= mark for day in every) * 4 >= share * len(every)
        assert sum(day < mark for day in every) * 4 < share * len(every)


def test_nothing_has_no_spread() -> None:
    assert spread({}) is None
    assert LagRow(value=None, lag=None, notice=None).lag is None
