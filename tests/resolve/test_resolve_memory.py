"""Things kept over others: what is found is what is there, under whichever keys it stands below."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clustering import DAY, Line, Table, thing

from tracker.model import Ask, Standing
from tracker.resolve.memory import Memory

ASKS = (Ask(key="told", days=((DAY, DAY),)),)


def table(key: str) -> Table:
    return Table(scores={}, cells={"a": frozenset({key})})


@pytest.fixture
def over() -> Memory:
    """A memory whose rules give a thing another key than it stands under below, as where a text was no valid one."""
    below = Memory(table("told"))
    below.put([replace(thing("one", "a"), lead="one", leads=True)])
    return Memory(table("stored"), below)


def found(memory: Memory) -> tuple[list[str], list[str]]:
    return [one.id for one in memory.leading(ASKS)], [one.id for one in memory.sharing(ASKS)]


def test_things_are_found_under_the_keys_they_have_below(over: Memory) -> None:
    assert found(over) == (["one"], ["one"])


def test_what_went_is_not_found_under_a_key_that_its_profile_does_not_have(over: Memory) -> None:
    assert found(over) == (["one"], ["one"])
    over.drop(["one"])
    assert found(over) == ([], [])


def days(memory: Memory, *, first: int, last: int) -> list[str]:
    asks = (Ask(key="line", days=((f"2024-07-{first:02}", f"2024-07-{last:02}"),)),)
    return sorted(one.id for one in memory.sharing(asks))


def test_a_key_that_is_asked_for_again_is_found_on_further_days_and_each_thing_once() -> None:
    below = Memory(Line())
    below.put(thing(f"t{day:02}", f"{day:02}") for day in range(1, 20))
    over = Memory(Line(), below)
    assert days(over, first=3, last=5) == ["t03", "t04", "t05"]
    over.put([thing("t04", "12"), thing("new", "05")])
    over.drop(["t05"])
    assert days(over, first=1, last=6) == ["new", "t01", "t02", "t03", "t06"]
    assert days(over, first=10, last=13) == ["t04", "t10", "t11", "t12", "t13"]


def test_places_are_those_of_the_keys_that_were_asked_for() -> None:
    below = Memory(Table(scores={}, cells={"a": frozenset({"told", "else"})}))
    one: Standing = replace(thing("one", "a"), lead="one", leads=True)
    below.put([one, thing("two", "a")])
    assert below.places(ASKS, whole=False) == ([one], [("told", DAY, "one")])
    assert below.places(ASKS, whole=True)[1] == [("told", DAY, "one"), ("told", DAY, "two")]
