"""What articles are like together: shares, what most of them share, how many were expected, what chance would bring.

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
MANY = 0.9  # more events than such a share of its articles told are many,
MANY_LEAST = 3  # and more than so many
LONG = timedelta(days=7)  # over so much time it is known how many articles are usual, unless the sample is full
DAY = timedelta(days=1)
NEGLIGIBLE = 1e-12

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
# What is wrong with one article beside those that its source published: whether it is so, by these.
Odd = Callable[[Sequence[Arrival]], Test]
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
    """Of articles that are looked at so many together, the share that has one thing: the mean; one alone has none."""
    having = [one for one in arrivals if of(one)]
    parts = [having[first : first + together] for first in range(0, len(having), together)]
    most = [Counter(map(of, part)).most_common(1)[0][1] for part in parts]
    return sum(count for count in most if count > 1) / max(1, len(having))


def strange(past: Sequence[Arrival]) -> Test:
    """Whether an article is in a language in which hardly any of these are."""
    usual = Counter(one.language for one in past if one.language)
    least = RARE * usual.total()
    return lambda one: one.language is not None and usual[one.language] < least


def loud(past: Sequence[Arrival]) -> Test:
    """Whether an article tells more events than nearly all of these."""
    counts = sorted(one.reports for one in past if one.unread is None)
    most = max(MANY_LEAST, counts[math.ceil(MANY * len(counts)) - 1] if counts else 0)
    return lambda one: one.reports > most


ODD: Mapping[Assertion, Odd] = MappingProxyType({Assertion.OTHER_LANGUAGE: strange, Assertion.MANY_EVENTS: loud})


def is_silent(one: Arrival) -> bool:
    """Whether an article that is read tells no event."""
    return one.unread is None and not one.reports


def chance(number: int, of: int, usual: float) -> float:
    """How likely it is that at least so many of so many are so, where each is with a probability (binomial).

    Only where there are more than would be expected.
    """
    if number > of or usual <= 0.0:
        return 0.0 if number else 1.0
    if usual >= 1.0 or number <= of * usual:
        return 1.0
    term = math.exp(
        math.lgamma(of + 1)
        - math.lgamma(number + 1)
        - math.lgamma(of - number + 1)
        + number * math.log(usual)
        + (of - number) * math.log1p(-usual)
    )
    total = 0.0
    for count in range(number, of + 1):
        total += term
        term *= (of - count) / (count + 1) * usual / (1 - usual)
        if term < NEGLIGIBLE * total:
            break
    return total


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
