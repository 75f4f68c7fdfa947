"""Clustering once more, from nothing and without any care for cost; and two kinds of things to put together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product

from tracker.model import Ask, Judgement, JudgementKind, Scope, Standing
from tracker.resolve.memory import Rulebook

DAY = "2024-07-09"


@dataclass(frozen=True, slots=True)
class Table:
    """Profiles are letters; which of them stand near each other and how alike they are is drawn."""

    scores: Mapping[frozenset[str], float]
    cells: Mapping[str, frozenset[str]]  # the keys of each letter
    at: float = 0.5

    def keys(self, packed: str) -> tuple[tuple[str, str], ...]:
        return tuple((cell, DAY) for cell in sorted(self.cells[packed]))

    def asks(self, packed: str) -> tuple[Ask, ...]:
        return tuple(Ask(key=cell, days=((DAY, DAY),)) for cell in sorted(self.cells[packed]))

    def score(self, one: str, two: str) -> float:
        return self.scores[frozenset((one, two))]


@dataclass(frozen=True, slots=True)
class Line:
    """Profiles are days of a month: the nearer, the more alike; they find each other over three days."""

    at: float = 0.75

    def keys(self, packed: str) -> tuple[tuple[str, str], ...]:
        return (("line", f"2024-07-{packed}"),)

    def asks(self, packed: str) -> tuple[Ask, ...]:
        day = int(packed)
        return (Ask(key="line", days=((f"2024-07-{max(day - 3, 0):02}", f"2024-07-{day + 3:02}"),)),)

    def score(self, one: str, two: str) -> float:
        return 1 - abs(int(one) - int(two)) / 8


def thing(id_: str, profile: str, *, group: str = "", rank: str = "") -> Standing:
    return Standing(id=id_, group=group, rank=rank or id_, profile=profile)


def judgement(number: int, kind: JudgementKind, left: Iterable[str], right: Iterable[str]) -> Judgement:
    """One that was decided `number` days after the first."""
    return Judgement(
        id=f"j{number}",
        kind=kind,
        scope=Scope.EVENT,
        subject="e1",
        object=None,
        left=tuple(left),
        right=tuple(right),
        who="Ann",
        why="read both",
        decided=datetime(2024, 7, 9, tzinfo=UTC) + timedelta(days=number),
    )


def partition(things: Collection[Standing], judgements: Collection[Judgement], rules: Rulebook) -> dict[str, Standing]:
    """Where each thing stands by the definition: pairs, then who leads in order, then who follows whom by score."""

    def order(one: Standing) -> tuple[bool, str]:
        return all(one.id not in (*j.left, *j.right) or j.kind is JudgementKind.SAME for j in judgements), one.rank

    def score(one: Standing, two: Standing) -> float:
        return rules.score(*sorted((one.profile, two.profile)))

    @cache
    def near(one: str, two: str) -> bool:
        return any(ask.finds(*stood) for ask, stood in product(rules.asks(one), rules.keys(two)))

    @cache
    def linked(one: Standing, two: Standing) -> bool:
        return near(one.profile, two.profile) and score(one, two) >= rules.at and not apart(one.id, two.id, judgements)

    leaders: list[Standing] = []
    for one in sorted(things, key=order):
        if not any(linked(one, leader) for leader in leaders):
            leaders.append(one)
    rest = [one for one in things if one not in leaders]
    pairs = [(-score(f, lead), order(lead), order(f), lead, f) for f, lead in product(rest, leaders) if linked(f, lead)]
    lead_of = {leader.id: leader.id for leader in leaders}
    for *_, leader, one in sorted(pairs, key=lambda pair: pair[:3]):
        with_it = [other for other in rest if lead_of.get(other.id) == leader.id]
        barred = any(
            (one.group and one.group == other.group and not linked(one, other)) or apart(one.id, other.id, judgements)
            for other in with_it
        )
        if one.id not in lead_of and not barred:
            lead_of[one.id] = leader.id
    return {one.id: replace(one, lead=lead_of.get(one.id, one.id), leads=one in leaders) for one in things}


def apart(one: str, two: str, judgements: Iterable[Judgement]) -> bool:
    """Whether the last word of people on a pair is that it is two."""
    last = False
    for j in sorted(judgements, key=lambda j: (j.decided, j.id)):
        if j.kind is JudgementKind.SAME:
            last = last and not {one, two} <= {*j.left, *j.right}
        else:
            last = last or (one in j.left and two in j.right) or (two in j.left and one in j.right)
    return last
