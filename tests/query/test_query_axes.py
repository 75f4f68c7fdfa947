"""The timeline by other dates than its own: each event that has the date once, in order, however it is found."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any, get_args

import pytest

from tracker.errors import InputError
from tracker.query import Timeline, axes
from tracker.query.axes import Along, Axis
from tracker.query.events import Order
from tracker.query.filters import condition

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"type": "export_control"},
    {"type": ("tariff", "sanction"), "country": "CN"},
    {"status": "in_force", "since": "2024", "on": "effective"},
    {"item": "chips"},
    {"type": "subsidy", "tag": "nobody"},
)


def asked(timeline: Timeline, axis: Axis, *, limit: int, after: str | None, order: Order, **filters: Any) -> Along:
    return timeline.ask(
        lambda db, told: axes.page(db, condition(db, told), axis, limit=limit, after=after, order=order), **filters
    )


@pytest.mark.parametrize(("most_sorted", "look"), [(20_000, 4), (-1, 0)], ids=["collected", "scanned"])
@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("axis", get_args(Axis))
def test_pages_hold_each_event_once_in_order(
    many: Timeline, axis: Axis, filters: dict[str, Any], most_sorted: int, look: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(axes, "MOST_SORTED", most_sorted)
    monkeypatch.setattr(axes, "LOOK", look)
    whole = list(many.stream(**filters))
    expected = {one.id for one in whole if axis == "first_seen" or one.effective_on}
    size = random.Random(len(whole)).randint(3, 40)
    told: dict[str, list[tuple[str, str]]] = {}
    for order in get_args(Order):
        found, after = [], None
        while True:
            page = asked(many, axis, limit=size, after=after, order=order, **filters)
            found += [(day, event.id) for day, event in page.events]
            after = page.next
            if after is None:
                break
            assert len(page.events) == size
        told[order] = found
    assert told["newest"] == told["oldest"][::-1]
    assert len(told["newest"]) == len(expected)
    assert {event for _, event in told["newest"]} == expected
    assert all(one >= other for (one, _), (other, _) in pairwise(told["newest"]))


def test_an_event_stands_at_the_first_day_of_its_date(timeline: Timeline) -> None:
    found = asked(timeline, "effective", limit=10, after=None, order="oldest")
    assert [(day, event.effective_on) for day, event in found.events] == [
        ("2024-07-09", "2024-07-09"),
        ("2024-12-01", "2024-12"),
    ]


@pytest.mark.parametrize("after", ["", "20240709.12", "2024-07-09", "2024-07-09~x'; DROP", "2024-07-09T00:00:00~"])
def test_a_place_of_another_order_is_refused(timeline: Timeline, after: str) -> None:
    for axis in get_args(Axis):
        with pytest.raises(InputError, match="not a place in this order"):
            asked(timeline, axis, limit=1, after=after, order="newest")
