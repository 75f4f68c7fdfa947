"""A feature of a pair in words, for people who ask why two things are held to be one or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from tracker.resolve.profile import Days, Profile
from tracker.resolve.terms import common_stems

# Where a profile holds what a feature is about.
HELD: Mapping[str, str] = MappingProxyType(
    {
        "instrument": "instruments",
        "amount": "amounts",
        "status": "statuses",
        "course": "statuses",
        "direction": "directions",
    }
)


def in_words(name: str, one: Profile, two: Profile) -> str:
    """What was compared: `same actor: huawei`, `announced 2024-06 and 2024-06-25`."""
    what, _, value = name.partition(": ")
    if what == "bias":
        return "before anything is compared"
    if what == "type":
        return one.type if one.type == two.type else f"{one.type} and {two.type}"
    compared = _compared(what, one, two)
    return f"{value}: {compared}" if compared else value


def _compared(what: str, one: Profile, two: Profile) -> str:
    """What the two hold of it, or what they share."""
    if what in {"actor", "target"}:
        return _parties(what, one, two)
    if what in {"announced", "effective"}:
        return f"{_day(getattr(one, what))} and {_day(getattr(two, what))}"
    if what == "item":
        shared = sorted(one.items & two.items - common_stems()) or sorted(one.goods & two.goods)
        return _either(shared, one.items, two.items)
    if what in HELD:
        a, b = getattr(one, HELD[what]), getattr(two, HELD[what])
        return _either(sorted(a & b) if what in {"instrument", "amount"} else [], a, b)
    return ""


def _parties(role: str, one: Profile, two: Profile) -> str:
    names = (one.actors, two.actors) if role == "actor" else (one.targets, two.targets)
    wider = (one.actors_wider, two.actors_wider) if role == "actor" else (one.targets_wider, two.targets_wider)
    shared = sorted(names[0] & names[1]) or sorted(wider[0] & wider[1])
    return _either(shared, *names)


def _either(shared: list[str], one: frozenset[str], two: frozenset[str]) -> str:
    return ", ".join(shared) if shared else f"{_list(one)} and {_list(two)}"


def _list(values: frozenset[str]) -> str:
    return ", ".join(sorted(values)[:4]) or "nothing"


def _day(days: Days | None) -> str:
    if days is None:
        return "no date"
    first, last = date.fromordinal(days[0]), date.fromordinal(days[1])
    return first.isoformat() if first == last else f"{first} to {last}"
