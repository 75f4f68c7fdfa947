"""What articles are like together: shares, the largest group of one kind, events in each, how many were expected.

Numbers only; what is too much is said by `judging`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from tracker.model.assertions import Arrival, Assertion, Batch

Test = Callable[[Arrival], bool]

SAMPLE = 200  # published articles of a source from which it is known what is usual
NOT_ITS_FAULT = "language:"  # how the reason begins for which an article in a language that is not read is left alone
RARE = 0.05  # a language in which fewer of a source's articles were is another one
TRIMMED = 0.1  # the share of articles, those that tell most events, that is left out: a round-up tells fifty
LONG = timedelta(days=7)  # over so much time it is known how many articles are usual, unless the sample is full
DAY = timedelta(days=1)

# What is wrong with one article.
FLAWS: Mapping[Assertion, Test] = MappingProxyType(
    {
        Assertion.UNTITLED: lambda one: not one.is_titled,
        Assertion.TEXTLESS: lambda one: not one.has_text,
        Assertion.UNREADABLE: lambda one: one.unread is not None and not one.unread.startswith(NOT_ITS_FAULT),
        Assertion.UNDATED: lambda one: not one.has_date,
        Assertion.ANONYMOUS: lambda one: not one.has_author,
        Assertion.COPIES: lambda one: one.origin != one.id,
    }
)
# What many articles share that should have their own; empty: nothing.
SHARED: Mapping[Assertion, Callable[[Arrival], str]] = MappingProxyType(
    {
        Assertion.SAME_TITLE: lambda one: one.title.casefold(),
        Assertion.SAME_TEXT: lambda one: one.origin if one.has_text and one.unread is None else "",
    }
)


def share(test: Test, arrivals: Sequence[Arrival]) -> float:
    """Of these articles, the share that is so; 0 of none."""
    return sum(map(test, arrivals)) / len(arrivals) if arrivals else 0.0


def commonest(of: Callable[[Arrival], str], arrivals: Iterable[Arrival]) -> str:
    """What most of these articles share; empty: nothing."""
    counted = Counter(value for one in arrivals if (value := of(one)))
    return min(counted, key=lambda value: (-counted[value], value), default="")


def largest(of: Callable[[Arrival], str], together: int, arrivals: Sequence[Arrival]) -> float:
    """The share of those that share one thing, where so many articles are looked at together: the mean of all such."""
    parts = [arrivals[first : first + together] for first in range(0, len(arrivals), together)]
    return sum(len(part) * share(_having(of, commonest(of, part)), part) for part in parts) / max(1, len(arrivals))


def _having(of: Callable[[Arrival], str], value: str) -> Test:
    return lambda one: bool(value) and of(one) == value


def strange(batch: Batch) -> frozenset[str]:
    """Ids of the articles, new and last, that are in a language that the source hardly uses."""
    usual = Counter(one.language for one in batch.past if one.language)
    known = usual.total()
    return frozenset(one.id for one in (*batch.new, *batch.last) if one.language and usual[one.language] < RARE * known)


def told(arrivals: Sequence[Arrival]) -> float:
    """Events in an article that is read, without the tenth of the articles that tell most of them."""
    counts = sorted(one.reports for one in arrivals if one.unread is None)
    kept = counts[: len(counts) - math.ceil(TRIMMED * len(counts))]
    return sum(kept) / len(kept) if kept else 0.0


def expected(batch: Batch) -> float | None:
    """How many new articles there would usually be since the last ones; None: it is not known."""
    if not batch.past or not batch.new:
        return None
    times = [one.stored for one in batch.past]
    span = max(times) - min(times)
    if span < LONG and len(times) < SAMPLE:
        return None
    since = min(one.stored for one in batch.new) - max(times)
    return len(times) * (max(since, DAY) / max(span, DAY))
