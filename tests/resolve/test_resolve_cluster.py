"""Clusters are those of the final set, however it came about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from random import Random

import pytest
from clustering import Line, Table, apart, judgement, partition, thing
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import Judgement, JudgementKind, Standing
from tracker.resolve.cluster import join, settle
from tracker.resolve.memory import Memory, Rulebook

LETTERS = "abcdef"
IDS = tuple(f"t{number}" for number in range(9))
DIFFERENT, SAME, SPLIT = JudgementKind.DIFFERENT, JudgementKind.SAME, JudgementKind.SPLIT


def any_table(random: Random) -> Table:
    """Any likeness at all, also such as no metric would give."""
    pairs = [frozenset(pair) for pair in combinations_with_replacement(LETTERS, 2)]
    cells = [frozenset("x"), frozenset("y"), frozenset("xy"), frozenset("xy")]
    return Table(
        scores={pair: random.choice([0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 1.0]) for pair in pairs},
        cells={letter: random.choice(cells) for letter in LETTERS},
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """What happens at once: things that come or change (to a profile), go, judgements that are made or closed."""

    put: Mapping[str, str]
    gone: frozenset[str]
    toggled: frozenset[str]
    as_gone: bool  # whether those that change are told to be gone and to come


def any_judgements(random: Random) -> list[Judgement]:
    made = []
    for number in range(random.choice([0, 0, 1, 2, 3])):
        ids = random.sample(IDS, random.randint(2, 6))
        cut = random.randint(1, len(ids) - 1)
        made.append(judgement(number, random.choice([DIFFERENT, SPLIT, SAME]), ids[:cut], ids[cut:]))
    return made


def any_batch(random: Random, profiles: Sequence[str], judgements: Sequence[Judgement]) -> Batch:
    return Batch(
        put={id_: random.choice(profiles) for id_ in random.sample(IDS, random.randint(0, 5))},
        gone=frozenset(random.sample(IDS, random.randint(0, 2))),
        toggled=frozenset(j.id for j in judgements if random.random() < 0.3),
        as_gone=random.random() < 0.3,
    )


class World:
    """What is held, and what a caller of `settle` does."""

    def __init__(self, rules: Rulebook, judgements: Iterable[Judgement], groups: Mapping[str, str]) -> None:
        self.rules = rules
        self.judgements = {j.id: j for j in judgements}
        self.open: set[str] = set()
        self.groups = groups
        self.ranks = {id_: f"{(number * 4) % len(IDS)}" for number, id_ in enumerate(IDS)}
        self.held = Memory(rules)

    def do(self, batch: Batch) -> tuple[Standing, ...]:
        self.open ^= batch.toggled
        for id_ in batch.toggled:
            closed = None if id_ in self.open else self.judgements[id_].decided
            self.held.judge([replace(self.judgements[id_], closed=closed)])
        before = {one.id: one for one in self.held.standings()}
        put = {id_: thing(id_, p, group=self.groups[id_], rank=self.ranks[id_]) for id_, p in batch.put.items()}
        touched = {id_ for j in batch.toggled for id_ in (*self.judgements[j].left, *self.judgements[j].right)}
        put = {id_: before[id_] for id_ in touched & before.keys()} | put
        gone = [before[id_] for id_ in batch.gone & before.keys() - put.keys()]
        self.held.drop(one.id for one in gone)
        if batch.as_gone:
            gone += [before[id_] for id_ in put.keys() & before.keys()]
            self.held.drop(put)
        changed = settle(put.values(), gone, self.held, self.rules)
        self.held.put(changed)
        return changed

    def now(self) -> dict[str, Standing]:
        return {one.id: one for one in self.held.standings()}

    def expected(self) -> dict[str, Standing]:
        return partition(self.now().values(), [self.judgements[id_] for id_ in self.open], self.rules)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**64))
def test_any_history_gives_the_partition_of_the_final_set(seed: int) -> None:
    random = Random(seed)
    rules: Rulebook = Line() if random.random() < 0.2 else any_table(random)
    profiles = LETTERS if isinstance(rules, Table) else ("01", "03", "04", "06", "09", "10")
    judgements = any_judgements(random)
    world = World(rules, judgements, {id_: random.choice(["", "one", "two"]) for id_ in IDS})
    for _ in range(5):
        batch, before = any_batch(random, profiles, judgements), world.now()
        changed = {one.id: one for one in world.do(batch)}
        assert world.now() == world.expected()
        if not batch.toggled:
            assert all(one != before[id_] for id_, one in changed.items() if id_ not in batch.put)
        hold(world)


def hold(world: World) -> None:
    """What nobody may doubt: no chains, nothing kept together that is to be apart."""
    now = world.now()
    judgements = [world.judgements[id_] for id_ in world.open]
    for one in now.values():
        leader = now[one.lead or ""]
        if leader is not one:
            assert leader.leads
            assert world.rules.score(*sorted((one.profile, leader.profile))) >= world.rules.at
        for other in now.values():
            if other.lead == one.lead:
                assert not apart(one.id, other.id, judgements)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**64))
def test_one_by_one_in_any_order_is_as_all_at_once(seed: int) -> None:
    random = Random(seed)
    table = any_table(random)
    things = [thing(f"{n:02}", random.choice(LETTERS), group=random.choice("123")) for n in range(12)]
    held = Memory(table)
    for one in random.sample(things, len(things)):
        held.put(settle([one], [], held, table))
    at_once = Memory(table)
    at_once.put(settle(things, [], at_once, table))
    assert held.standings() == at_once.standings()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**64))
def test_parts_settled_apart_and_joined_are_as_all_at_once(seed: int) -> None:
    random = Random(seed)
    rules: Rulebook = Line() if random.random() < 0.3 else any_table(random)
    profiles = LETTERS if isinstance(rules, Table) else ("01", "02", "03", "05", "06", "08", "10")
    ranks = random.sample(range(10, 26), 16)
    things = [
        thing(f"{n:02}", random.choice(profiles), group=random.choice(["", "1", "2"]), rank=str(rank))
        for n, rank in enumerate(ranks)
    ]
    many = random.randint(1, 5)
    parts: list[list[Standing]] = [[] for _ in range(many)]
    for one in things:
        parts[random.randrange(many)].append(one)
    settled = [settle(part, [], Memory(rules), rules) for part in parts]
    assert {one.id: one for one in join(settled, rules)} == partition(things, (), rules)


class Counting(Line):
    """Counts the pairs that are compared."""

    compared = 0

    def score(self, one: str, two: str) -> float:
        Counting.compared += 1
        return super().score(one, two)


@pytest.mark.parametrize("size", [100, 1000])
def test_a_burst_of_like_reports_is_compared_with_few(size: int) -> None:
    rules, random = Counting(), Random(5)
    order = random.sample(range(size), size)
    held, Counting.compared = Memory(rules), 0
    for start in range(0, size, 50):
        batch = [thing(f"{n:04}", f"0{n % 3 + 3}", rank=f"{n:04}") for n in order[start : start + 50]]
        held.put(settle(batch, [], held, rules))
    assert len({one.lead for one in held.standings()}) == 1
    assert Counting.compared < 10 * size


def alike(**scores: float) -> Table:
    """Letters of which the pairs given are as alike as that, others not at all."""
    pairs = {frozenset(pair): 0.0 for pair in combinations_with_replacement("abcd", 2)}
    pairs |= {frozenset(letter): 1.0 for letter in "abcd"} | {frozenset(pair): v for pair, v in scores.items()}
    return Table(scores=pairs, cells=dict.fromkeys("abcd", frozenset("x")))


def test_a_report_left_over_in_its_article_stands_alone_until_there_is_room() -> None:
    table = alike(ab=0.8, ac=0.9, bd=0.6)
    leader, near, nearer = thing("1", "a"), thing("2", "b", group="one"), thing("3", "c", group="one")
    held = Memory(table)
    held.put(settle([leader, near], [], held, table))
    assert follows(held) == {"1": "1", "2": "1"}
    held.put(settle([nearer], [], held, table))
    assert follows(held) == {"1": "1", "2": "2", "3": "1"}
    held.put(settle([thing("4", "d")], [], held, table))
    assert follows(held) == {"1": "1", "2": "4", "3": "1", "4": "4"}
    for id_ in "34":
        gone = list(held.get(id_))
        held.drop(id_)
        held.put(settle([], gone, held, table))
    assert follows(held) == {"1": "1", "2": "1"}


def test_one_that_was_held_apart_from_a_follower_follows_when_that_is_gone() -> None:
    table = alike(ab=0.8, ac=0.9)
    held = Memory(table)
    held.judge([judgement(1, DIFFERENT, ["1"], ["9"]), judgement(2, DIFFERENT, ["2"], ["3"])])
    held.put(settle([thing("1", "a"), thing("2", "b"), thing("3", "c")], [], held, table))
    assert follows(held) == {"1": "1", "2": "2", "3": "1"}
    gone = list(held.get("3"))
    held.drop("3")
    held.put(settle([], gone, held, table))
    assert follows(held) == {"1": "1", "2": "1"}


def follows(held: Memory) -> dict[str, str | None]:
    return {one.id: one.lead for one in held.standings()}
