"""From a raw score to the share of events with such a score that were right, by a table fitted on gold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence


def calibrated(score: float, table: Sequence[tuple[float, float]]) -> float:
    """The table's value at a score, between its points on a straight line; the score itself without a table."""
    if not table:
        return round(score, 3)
    if score <= table[0][0]:
        return round(table[0][1], 3)
    for (x0, y0), (x1, y1) in itertools.pairwise(table):
        if score <= x1:
            return round(y0 + (y1 - y0) * (score - x0) / ((x1 - x0) or 1), 3)
    return round(table[-1][1], 3)


def fit_table(scores: Sequence[float], right: Sequence[bool], bins: int = 8) -> tuple[tuple[float, float], ...]:
    """Mean score and share right of equal bins, made to rise by pooling (isotonic regression)."""
    pairs = sorted(zip(scores, right, strict=True))
    size = max(1, len(pairs) // bins)
    pools: list[list[float]] = []
    for start in range(0, len(pairs), size):
        part = pairs[start : start + size]
        pools.append([sum(s for s, _ in part), float(sum(r for _, r in part)), float(len(part))])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    return tuple((round(s / n, 3), round(r / n, 3)) for s, r, n in pools)
