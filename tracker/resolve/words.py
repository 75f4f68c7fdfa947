"""A feature of a pair in words, for people who ask why two things are held to be one or not."""

from __future__ import annotations

from datetime import date

from tracker.resolve.profile import Days, Profile
from tracker.resolve.terms import common_stems


def in_words(name: str, one: Profile, two: Profile) -> str:
    """What was compared: `same actor: huawei`, `announced 2024-06 and 2024-06-25`."""
    what, _, value = name.partition(": ")
    match what:
        case "bias":
            return "before anything is compared"
        case "type":
            return one.type if one.type == two.type else f"{one.type} and {two.type}"
        case "actor" | "target":
            return f"{value}: {_parties(what, one, two)}"
        case "item":
            shared = sorted(one.items & two.items - common_stems()) or sorted(one.goods & two.goods)
            return f"{value}: {_either(shared, one.items, two.items)}"
        case "instrument" | "amount":
            a, b = (one.instruments, two.instruments) if what == "instrument" else (one.amounts, two.amounts)
            return f"{value}: {_either(sorted(a & b), a, b)}"
        case "status" | "course":
            return f"{value}: {_list(one.statuses)} and {_list(two.statuses)}"
        case "direction":
            return f"{value}: {_list(one.directions)} and {_list(two.directions)}"
        case "announced" | "effective":
            a, b = (one.announced, two.announced) if what == "announced" else (one.effective, two.effective)
            return f"{value}: {_day(a)} and {_day(b)}"
        case _:
            return value


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
