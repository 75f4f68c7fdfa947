"""How alike two profiles are: which features hold for a pair, and the same in words.

What a feature weighs is in `tracker.resolve.weights`, for events and for measures apart. Nothing here looks for
candidates, and likeness of wording is no feature: reworded accounts of one event and accounts of two like events by one
actor look the same to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tracker.resolve.profile import Days, Profile
from tracker.resolve.terms import common_stems

# Types that coders confuse or that fit one act equally.
NEIGHBOURS: frozenset[frozenset[str]] = frozenset(
    frozenset((one, two))
    for group in (
        "export_control licence_decision entity_listing",
        "sanction entity_listing",
        "product_ban access_restriction regulation",
        "enforcement court_ruling",
        "tariff import_restriction trade_agreement",
        "investment_restriction product_ban",
    )
    for one in group.split()
    for two in group.split()
    if one != two
)
# How far a measure has come; two of one height may follow each other in any order.
COURSE: Mapping[str, int] = MappingProxyType(
    {
        "considered": 0,
        "proposed": 1,
        "announced": 2,
        "delayed": 2,
        "in_force": 3,
        "suspended": 4,
        "ended": 5,
        "rejected": 5,
    }
)
# Days between two dates, up to and with the number: its name.
GAPS: tuple[tuple[int, str], ...] = (
    (1, "a day"),
    (3, "three days"),
    (10, "ten days"),
    (31, "a month"),
    (92, "three months"),
    (366, "a year"),
)
FARTHER = "farther"


RULING = "type: a ruling"
ALIKE = frozenset({"all the same", "one within the other", "same in two words", "same"})
AIMED = frozenset({"all the same", "same by name", "same"})
STATES = ("gov:", "government:", "place:")  # names of states and of those that act for them


def features(one: Profile, two: Profile) -> list[str]:
    """The names of the features that hold for a pair, whichever way it is put."""
    kind = _type(one, two)
    crossing = not one.actors_wider.isdisjoint(two.targets_wider) or not two.actors_wider.isdisjoint(one.targets_wider)
    actor = "a court" if kind == RULING else _party(one.actors, two.actors, one.actors_wider, two.actors_wider)
    target = _target(one, two)
    item = _item(one, two)
    found = ["bias", kind, f"actor: {actor}", f"target: {target}", f"item: {item}"]
    if crossing:
        found.append("ruling: on what the other did" if kind == RULING else "party: acts in one, target in the other")
    if one.instruments and two.instruments:
        found.append("instrument: different" if one.instruments.isdisjoint(two.instruments) else "instrument: same")
    elif one.instruments or two.instruments:
        found.append("instrument: one only")
    if one.amounts and two.amounts:
        found.append("amount: different" if one.amounts.isdisjoint(two.amounts) else "amount: same")
    if not one.statuses.isdisjoint(two.statuses):
        found.append("status: same")
    if one.directions.isdisjoint(two.directions):
        both = one.directions | two.directions
        found.append("direction: opposite" if "neutral" not in both else "direction: one neutral")
    if actor == "same" and item in ALIKE:
        found.append("together: actor, target and item" if target in AIMED else "together: actor and item")
    _dates(found, one, two)
    if not one.articles.isdisjoint(two.articles):
        found.append(f"in one article: {found[-1].partition(': ')[2] if found[-1].startswith('course') else 'one day'}")
    return found


def _type(one: Profile, two: Profile) -> str:
    if one.type == two.type:
        return "type: same"
    if not one.types.isdisjoint(two.types):
        return "type: among the told"
    pair = frozenset((one.type, two.type))
    if pair in NEIGHBOURS:
        return "type: neighbours"
    if "company_response" in pair:
        return "type: an answer"
    return "type: a ruling" if "court_ruling" in pair else "type: different"


def _party(one: frozenset[str], two: frozenset[str], wider: frozenset[str], wider_two: frozenset[str]) -> str:
    if not one or not two:
        return "unknown"
    if not one.isdisjoint(two):
        return "same"
    return "different" if wider.isdisjoint(wider_two) else "of one state"


def _target(one: Profile, two: Profile) -> str:
    shared = one.targets & two.targets
    if not shared:
        found = _party(one.targets, two.targets, one.targets_wider, two.targets_wider)
        return "same country" if found == "different" and not one.seats.isdisjoint(two.seats) else found
    if one.targets == two.targets:
        return "all the same"
    return "same" if all(name.startswith(STATES) for name in shared) else "same by name"


def _item(one: Profile, two: Profile) -> str:
    if not one.items or not two.items:
        return "unknown"
    common = common_stems()
    shared = one.items & two.items
    telling = shared - common
    if telling:
        if telling == one.items - common or telling == two.items - common:
            return "all the same" if one.items - common == two.items - common else "one within the other"
        return "same" if len(telling) == 1 else "same in two words"
    if not one.goods.isdisjoint(two.goods):
        return "of one kind"
    if shared:
        return "common words"
    return "of other kinds" if one.goods and two.goods else "different"


def _dates(found: list[str], one: Profile, two: Profile) -> None:
    a, b = one.announced, two.announced
    if a and b:
        vague = a[1] - a[0] + b[1] - b[0]
        days = between(a, b)
        if days > 0:
            found.append(f"announced: {_named(days)}")
            found.append(_course(one, two) if a[0] < b[0] else _course(two, one))
        elif not vague:
            found.append("announced: same day")
        else:
            found.append("announced: fits a month" if vague <= 61 else "announced: fits a year")
    else:
        found.append("announced: unknown")
    if one.effective and two.effective:
        found.append("effective: different" if between(one.effective, two.effective) else "effective: same")
    elif _meets(one.effective, b) or _meets(two.effective, a):
        found.append("effective: announced then")


def _course(earlier: Profile, later: Profile) -> str:
    first = max(map(COURSE.__getitem__, earlier.statuses))
    last = min(map(COURSE.__getitem__, later.statuses))
    return "course: on" if first < last else "course: back" if first > last else "course: level"


def _meets(one: Days | None, two: Days | None) -> bool:
    return one is not None and two is not None and not between(one, two)


def between(one: Days, two: Days) -> int:
    """The least number of days between two dates, 0 where they may be the same."""
    return max(0, two[0] - one[1], one[0] - two[1])


def _named(days: int) -> str:
    return next((name for most, name in GAPS if days <= most), FARTHER)
