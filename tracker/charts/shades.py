"""Shades for numbers of events: few steps whose bounds are round, so that a legend can name them.

Events are spread unevenly: a few countries have most. Steps therefore grow by factors, not by equal parts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

STEPS = 5
FULL = 0.85  # of the greatest number: no step begins above it
ROUND = tuple(lead * 10**power for power in range(12) for lead in (1, 2, 5))
# From few to many: blues that grow darker, so that they are told apart without their hue.
COLOURS = ("#DCEBF7", "#B4D3EC", "#7FB2DC", "#2F78B7", "#0B3F75")
NONE = "#E9ECEF"


def bounds(most: int) -> tuple[int, ...]:
    """The least number of each step, for numbers up to `most`; none where there is nothing."""
    if most <= STEPS:
        return tuple(range(1, most + 1))
    known = [number for number in ROUND if number <= FULL * most]
    if len(known) <= STEPS:
        return tuple(known)
    return tuple(known[round(place * (len(known) - 1) / (STEPS - 1))] for place in range(STEPS))


def step(bounds: Sequence[int], events: int) -> int:
    """The step that a number lies in, from 1 to `STEPS`; 0 for no events. Where there are few, the middle ones."""
    place = bisect_right(bounds, events)
    return place and place + (STEPS + 1 - len(bounds)) // 2


def legend(bounds: Sequence[int], most: int) -> list[tuple[int, int, int]]:
    """Each step with its first and last number."""
    ends = [*(after - 1 for after in bounds[1:]), most]
    return [(step(bounds, first), first, last) for first, last in zip(bounds, ends[: len(bounds)], strict=True)]
