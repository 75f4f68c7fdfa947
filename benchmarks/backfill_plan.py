"""The arithmetic of the benchmark of archives: speeds, scaling, quality of texts. Nothing is measured here."""

from __future__ import annotations

import re
from collections import Counter

WORD = re.compile(r"\w+")


def speed(count: int, seconds: float) -> float:
    """So many a second; 0 where no time was seen."""
    return count / seconds if seconds > 0 else 0.0


def efficiency(one: float, several: float, workers: int = 2) -> float:
    """What is kept of a worker's speed beside others: 1.0 when so many workers take the so-manieth part of the time.

    Args:
        one: wall seconds of one worker.
        several: wall seconds of all of them, on the same work.
        workers: how many those are.
    """
    return one / (workers * several) if several > 0 else 0.0


def f1(one: str, other: str) -> float:
    """F1 of words, each as often as it stands there; two empty texts agree."""
    left, right = Counter(WORD.findall(one.lower())), Counter(WORD.findall(other.lower()))
    both = (left & right).total()
    return 2 * both / (left.total() + right.total()) if left or right else 1.0
