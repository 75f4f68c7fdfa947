"""Turns on their own: limits that hold whatever comes and goes, and callers who take nothing."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import apart
import pytest

from tracker.fetch.turns import Gate, Turns

CONCURRENCY, PER_HOST = 4, 2


@pytest.mark.parametrize("seed", range(8))
def test_whoever_comes_leaves_or_gives_up_the_limits_hold_and_nothing_is_lost(seed: int) -> None:
    apart.run(crowd(random.Random(seed)))


async def crowd(chance: random.Random) -> None:
    turns, gates = Turns(concurrency=CONCURRENCY, per_host=PER_HOST), [Gate(), Gate()]
    now: Counter[str] = Counter()
    served = []

    async def visit(number: int, site: str, host: str) -> None:
        pauses = {"pause": 0.001, "host": host, "host_pause": 0.004 if host else 0.0}
        async with turns.turn(site, gates[number % 2], **pauses):  # type: ignore[arg-type]
            now.update([site, "all"])
            assert now[site] <= PER_HOST
            assert now["all"] <= CONCURRENCY
            try:
                await asyncio.sleep(chance.random() * 0.004)
            finally:
                now.subtract([site, "all"])
            served.append(number)

    tasks = []
    for number in range(120):
        site = chance.choice(["a", "b", "c", "d", "e"])
        tasks.append(asyncio.create_task(visit(number, site, chance.choice(["", "", "slow"]))))
        if chance.random() < 0.2:
            chance.choice(tasks).cancel()
        if chance.random() < 0.2:
            gates[0].is_open = False
        if chance.random() < 0.3:
            turns.open(gates[0])
        if chance.random() < 0.3:
            await asyncio.sleep(0.001)
    turns.open(gates[0])
    await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 20)
    assert len(served) == sum(not task.cancelled() for task in tasks)
    async with asyncio.timeout(1):
        for site in ("a", "b"):
            async with turns.turn(site, gates[0]), turns.turn(site, gates[1]):
                pass


def test_a_shut_gate_holds_up_nobody_else() -> None:
    async def both() -> list[str]:
        turns, shut, mine, order = Turns(concurrency=1, per_host=1), Gate(), Gate(), []
        shut.is_open = False

        async def visit(name: str, gate: Gate) -> None:
            async with turns.turn("a", gate):
                order.append(name)

        waiting = [asyncio.create_task(visit("shut", shut)) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.wait_for(visit("mine", mine), 1)
        turns.open(shut)
        await asyncio.wait_for(asyncio.gather(*waiting), 1)
        return order

    assert apart.run(both()) == ["mine", "shut", "shut", "shut"]
