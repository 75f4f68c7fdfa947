"""When two accounts of one event agree in substance, field by field; vagueness and detail are no disagreement.

`2024-07` agrees with `2024-07-09`, the United States with their Commerce Department, a list with a part of it. Which of
two values is right is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from tracker.model import Certainty, Direction, EventType, Party, PartyKind, Status
from tracker.resolve.days import bounds, gap
from tracker.resolve.terms import instrument_names, name_words, party_key, seat, stems, things, wider_names

# Types, states and certainties that one act may be told as; of a closed list all else disagrees.
ALIKE: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        (EventType.EXPORT_CONTROL, EventType.LICENCE_DECISION),
        (EventType.EXPORT_CONTROL, EventType.ENTITY_LISTING),
        (EventType.EXPORT_CONTROL, EventType.TARIFF),
        (EventType.EXPORT_CONTROL, EventType.SANCTION),
        (EventType.SANCTION, EventType.ENTITY_LISTING),
        (EventType.SANCTION, EventType.LICENCE_DECISION),
        (EventType.SANCTION, EventType.IMPORT_RESTRICTION),
        (EventType.PRODUCT_BAN, EventType.ACCESS_RESTRICTION),
        (EventType.PRODUCT_BAN, EventType.REGULATION),
        (EventType.PRODUCT_BAN, EventType.IMPORT_RESTRICTION),
        (EventType.PRODUCT_BAN, EventType.INVESTMENT_RESTRICTION),
        (EventType.PRODUCT_BAN, EventType.COURT_RULING),
        (EventType.ENFORCEMENT, EventType.COURT_RULING),
        (EventType.ENFORCEMENT, EventType.TARIFF),
        (EventType.TARIFF, EventType.IMPORT_RESTRICTION),
        (EventType.TARIFF, EventType.TRADE_AGREEMENT),
        (EventType.ACCESS_RESTRICTION, EventType.COMPANY_RESPONSE),
        (Status.CONSIDERED, Status.PROPOSED),  # "weighing a bill"
        (Status.ANNOUNCED, Status.IN_FORCE),  # "announced a ban" that holds at once
        (Direction.RESTRICT, Direction.NEUTRAL),
        (Direction.EASE, Direction.NEUTRAL),
        (Certainty.CONFIRMED, Certainty.REPORTED),  # one had the actor's word, the other had not
        (Certainty.DENIED, Certainty.REPORTED),
    )
)
TIME_ZONES = 1  # days by which the day of an announcement may differ
# Kinds of party that stand for any particular one of their country.
WIDE = frozenset({PartyKind.PLACE, PartyKind.GROUP})
STATE = frozenset({PartyKind.GOVERNMENT, PartyKind.PLACE, PartyKind.COURT, PartyKind.PERSON})
_STATE_ID = re.compile(r"gov:\w\w")


def same_word(one: str, two: str) -> bool:
    """Of values of a closed list."""
    return one == two or frozenset((one, two)) in ALIKE


def same_date(one: str, two: str) -> bool:
    """Of partial ISO dates: the same, or one within the other."""
    return one.startswith(two) or two.startswith(one)


def same_announcement(one: str, two: str) -> bool:
    """Of days of announcements: two places may write different days for one hour."""
    return same_date(one, two) or gap(one, two) <= TIME_ZONES


def is_later(one: str | None, two: str | None) -> bool:
    """Whether a partial date surely lies after another."""
    return one is not None and two is not None and bounds(one)[0] > bounds(two)[1]


def is_foretold(day: str, published: str | None) -> bool:
    """Whether a day surely lies after that of the article that tells it, in whichever time zone."""
    return published is not None and bounds(day)[0] > bounds(published)[1] + timedelta(days=1)


def same_actors(one: Sequence[Party], two: Sequence[Party]) -> bool:
    """Of lists of who acts: some party of one is, or acts for, one of the other."""
    return any(_one_party(a, b) or _one_state(a, b) or _kind_of(a, b) for a in one for b in two)


def same_targets(one: Sequence[Party], two: Sequence[Party]) -> bool:
    """Of lists of who is hit: some party of one is, or lies within, one of the other; or their seats are unknown."""
    if not any(map(seat, one)) or not any(map(seat, two)):
        return True
    return any(_one_party(a, b) or _one_state(a, b) or _is_within(a, b) for a in one for b in two)


def same_items(one: Iterable[str], two: Iterable[str]) -> bool:
    """Of lists of goods: they share a word or a kind of thing, or one of them names no kind that is known."""
    a, b = tuple(one), tuple(two)
    kinds, others = frozenset().union(*map(things, a)), frozenset().union(*map(things, b))
    if not kinds or not others or kinds & others:
        return True
    return bool(frozenset().union(*map(stems, a)) & frozenset().union(*map(stems, b)))


def same_instruments(one: Iterable[str], two: Iterable[str]) -> bool:
    """Of lists of laws: no two of a kind that goes by number bear different numbers."""
    a = frozenset().union(*map(instrument_names, one))
    b = frozenset().union(*map(instrument_names, two))
    return bool(a & b) or not _numbered(a) & _numbered(b)


def is_state(party: Party) -> bool:
    """Whether a party is a state as such, not one of those who act for it."""
    return party.kind is PartyKind.PLACE or bool(party.id and _STATE_ID.fullmatch(party.id))


def acts_for(one: Party, state: Party) -> bool:
    """Whether a party is one of those who act for a state that is named as such."""
    return is_state(state) and not is_state(one) and one.kind in STATE and bool(seat(one)) and seat(one) == seat(state)


def _one_party(one: Party, two: Party) -> bool:
    if party_key(one) == party_key(two) or name_words(one.name) == name_words(two.name):
        return True
    return one.parent == (two.id or "") or two.parent == (one.id or "")


def _one_state(one: Party, two: Party) -> bool:
    """A state and who acts for it; or two that act for one state, where it is not known who they are."""
    if acts_for(one, two) or acts_for(two, one):
        return True
    is_unknown = one.id is None or two.id is None
    return is_unknown and {one.kind, two.kind} <= STATE and bool(seat(one)) and seat(one) == seat(two)


def _kind_of(one: Party, two: Party) -> bool:
    """Firms of a country, and one of them."""
    kinds = {one.kind, two.kind}
    return (
        PartyKind.GROUP in kinds and not kinds & {PartyKind.GOVERNMENT} and bool(seat(one)) and seat(one) == seat(two)
    )


def _is_within(one: Party, two: Party) -> bool:
    """A country, its state or a class of its people, and a party that sits there."""
    is_wide = bool({one.kind, two.kind} & WIDE) or is_state(one) or is_state(two)
    within = is_wide and bool(seat(one)) and seat(one) == seat(two)
    return within or bool(frozenset(wider_names(one)) & frozenset(wider_names(two)) and is_wide)


def _numbered(names: Iterable[str]) -> frozenset[str]:
    """The words before the numbers of instruments: `section` of `section 301`."""
    return frozenset(name.partition(" ")[0] for name in names if name[-1:].isdigit() and " " in name)
