"""What people set of two events: what of it holds when they are put together is told before, and comes true."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from review_samples import later, of

from tracker import review
from tracker.query import Timeline
from tracker.store import Store

BY: dict[str, Any] = {"who": "ann", "why": "as the paper says"}
Decide = Callable[[Store, Path], object]


def edit(article: str, field: str, value: str, hours: int = 1, who: str = "ann") -> Decide:
    """Set a field of the event of an article."""
    return lambda store, path: review.edit(store, of(path, article), field, value, who=who, why="x", now=later(hours))


def verdict(article: str, act: Callable[..., object]) -> Decide:
    return lambda store, path: act(store, of(path, article), **BY, now=later(1))


# What was decided before (three articles tell of Acme, one of Bolt); what is told: field, value, the other's, instead.
CASES: dict[str, tuple[list[Decide], list[tuple[str | None, Any, Any, str | None]]]] = {
    "nothing": ([], []),
    "of the larger": ([edit("acme-herald", "status", "ended")], [("status", "ended", "in_force", None)]),
    "of the smaller": (
        [edit("bolt-wire", "announced_on", "2023-03")],
        [("announced_on", "2023-03", "2024-05-03", None)],
    ),
    "of both, later of the smaller": (
        [edit("acme-herald", "status", "ended"), edit("bolt-wire", "status", "suspended", 2, "bob")],
        [("status", "ended", "suspended", "bob")],
    ),
    "the same of both": (
        [edit("acme-herald", "status", "ended"), edit("bolt-wire", "status", "ended", 2)],
        [],
    ),
    "things": ([edit("bolt-wire", "items", "wood; paper")], [("items", ("wood", "paper"), ("drones",), None)]),
    "parties": ([edit("bolt-wire", "targets", "Acme; co:bolt")], [("targets", ("Acme", "Bolt"), ("Acme",), None)]),
    "rejected": ([verdict("bolt-wire", review.reject)], [(None, "reject", None, None)]),
    "accepted and rejected": (
        [verdict("acme-herald", review.accept), verdict("bolt-wire", review.reject)],
        [(None, "accept", "reject", "ann")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_told_before_comes_true(path: Path, name: str) -> None:
    decisions, expected = CASES[name]
    with Store.open(path) as store:
        for decide in decisions:
            decide(store, path)
    one, two = of(path, "acme-herald"), of(path, "bolt-wire")
    with Timeline.open(path) as timeline:
        told = review.carried(timeline, one, two)
        assert told == review.carried(timeline, two, one)
    assert [(t.field, t.value, t.other, t.instead and t.instead.who) for t in told] == expected
    with Store.open(path) as store:
        review.same(store, two, one, **BY, now=later(9))
    with Timeline.open(path) as timeline:
        detail = timeline.event(one)
    for each in told:
        assert (getattr(detail.event, each.field) if each.field else detail.verdict) == each.value
