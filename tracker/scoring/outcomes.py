"""What became of every event: matched, missed or spurious, by the best one-to-one pairing within each article.

Events that gold marks optional count neither way: what is paired with one is left out, and none is ever missed.
Counts nothing; that is `figures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.scoring.agreement import Agreement, compare
from tracker.scoring.assignment import assign
from tracker.scoring.documents import Article, Event, Set


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An event that was found, at least loosely; `number` is the place of `found` among the article's predictions."""

    article: Article
    expected: Event
    found: Event
    number: int
    is_strict: bool

    @property
    def type(self) -> str:
        """The type under which it counts: gold's."""
        return self.expected.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An event that was not found."""

    article: Article
    expected: Event

    @property
    def type(self) -> str:
        """The type under which it counts."""
        return self.expected.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Spurious:
    """What was found and is no event of gold."""

    article: Article
    found: Event

    @property
    def type(self) -> str:
        """The type under which it counts: the predicted one."""
        return self.found.type


Outcome = Matched | Missed | Spurious


def outcomes(gold: Set, found: Set) -> tuple[Outcome, ...]:
    """What became of the events of all gold articles; an article without predictions counts as one without events."""
    nothing: tuple[Event, ...] = ()
    return tuple(
        outcome
        for article in gold.values()
        for outcome in _outcomes(article, found[article.id].events if article.id in found else nothing)
    )


def of_type(compared: Iterable[Outcome], kind: str | None) -> tuple[Outcome, ...]:
    """The outcomes that count under one type; all where it is None."""
    return tuple(outcome for outcome in compared if kind is None or outcome.type == kind)


def _outcomes(article: Article, found: tuple[Event, ...]) -> Iterator[Outcome]:
    table = [[compare(expected, one) for one in found] for expected in article.events]
    pairs = dict(assign([[one.weight for one in row] for row in table]))
    for i, expected in enumerate(article.events):
        if not expected.is_optional:
            yield _outcome(article, expected, found, pairs.get(i), table[i])
    paired = set(pairs.values())
    yield from (Spurious(article=article, found=one) for j, one in enumerate(found) if j not in paired)


def _outcome(
    article: Article, expected: Event, found: tuple[Event, ...], number: int | None, row: list[Agreement]
) -> Outcome:
    if number is None:
        return Missed(article=article, expected=expected)
    return Matched(article=article, expected=expected, found=found[number], number=number, is_strict=row[number].strict)
