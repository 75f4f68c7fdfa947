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
    (1100, "three years"),
)
FARTHER = "farther"


def features(one: Profile, two: Profile) -> list[str]:
    """The names of the features that hold for a pair, whichever way it is put."""
    found = ["bias", _type(one, two)]
    found.append(_party("actor", one.actors, two.actors, one.actors_wider, two.actors_wider))
    target = _party("target", one.targets, two.targets, one.targets_wider, two.targets_wider)
    if target == "target: different" and not one.seats.isdisjoint(two.seats):
        target = "target: same country"
    found.append(target)
    if target == "target: same" and one.targets == two.targets:
        found.append("target: all the same")
    _things(found, one, two)
    if one.instruments and two.instruments:
        found.append("instrument: different" if one.instruments.isdisjoint(two.instruments) else "instrument: same")
    else:
        found.append("instrument: none" if one.instruments == two.instruments else "instrument: one only")
    if one.amounts and two.amounts:
        found.append("amount: different" if one.amounts.isdisjoint(two.amounts) else "amount: same")
    if not one.statuses.isdisjoint(two.statuses):
        found.append("status: same")
    if one.directions.isdisjoint(two.directions):
        both = one.directions | two.directions
        found.append("direction: opposite" if "neutral" not in both else "direction: one neutral")
    _dates(found, one, two)
    if not one.articles.isdisjoint(two.articles):
        found.append("article: same")
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


def _party(
    role: str, one: frozenset[str], two: frozenset[str], wider: frozenset[str], wider_two: frozenset[str]
) -> str:
    if not one or not two:
        return f"{role}: unknown" if one or two else f"{role}: none"
    if not one.isdisjoint(two):
        return f"{role}: same"
    return f"{role}: different" if wider.isdisjoint(wider_two) else f"{role}: of one state"


def _things(found: list[str], one: Profile, two: Profile) -> None:
    if not one.items or not two.items:
        found.append("item: unknown")
        return
    shared = one.items & two.items
    telling = shared - common_stems()
    if telling:
        found.append("item: same" if len(telling) == 1 else "item: same in two words")
    elif not one.goods.isdisjoint(two.goods):
        found.append("item: of one kind")
    elif shared:
        found.append("item: common words")
    elif one.goods and two.goods:
        found.append("item: of other kinds")
    else:
        found.append("item: different")


def _dates(found: list[str], one: Profile, two: Profile) -> None:
    a, b = one.announced, two.announced
    if a and b:
        vague = a[1] - a[0] + b[1] - b[0]
        days = between(a, b)
        if days > 0:
            found.append(f"announced: {'about ' if vague else ''}{_named(days)}")
            earlier, later = (one, two) if a[0] < b[0] else (two, one)
            found.append(_course(earlier, later))
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
    if one.published and two.published:
        found.append(f"published: {_named(abs(one.published - two.published))}")


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
