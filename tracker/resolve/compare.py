"""How alike two reports are: features, the visible table of their weights, and the score with its reasons.

The weights were fitted by logistic regression on pairs of gold reports (`python evals/fit_resolve.py`), rounded, and
read as odds: a feature of weight 2 makes "the same" e² times as likely. Nothing here looks for candidates.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from tracker.model import EventMention, Mention, Party, PartyKind, Phrase, Reason, Report, Score, When
from tracker.resolve.terms import GOVERNMENTAL, name_words, stems

EVENT_AT = 0.35  # a report joins an event from this score on
MEASURE_AT = 0.4  # an event joins a measure from this score on

# Feature: weight for "the same event", weight for "the same measure".
WEIGHTS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "actor: different": (-2.3, -2.0),
        "actor: same party": (-0.0, 0.5),
        "actor: same state": (-0.1, 0.2),
        "announced: farther": (-2.7, -1.3),
        "announced: fits": (2.0, 0.8),
        "announced: same day": (0.9, -0.5),
        "announced: unknown": (-0.4, -0.5),
        "announced: within a week": (-0.5, 0.1),
        "announced: within two months": (-1.6, 0.1),
        "bias": (-2.4, -1.4),
        "direction: opposite": (-1.6, 0.7),
        "effective: different": (-0.6, -0.1),
        "effective: same": (1.1, 1.6),
        "instrument: different": (-0.8, -0.5),
        "instrument: shared": (-0.5, 0.1),
        "instrument: unknown": (-1.1, -0.9),
        "item: different": (-1.7, -1.1),
        "item: shared": (-0.3, 0.8),
        "item: unknown": (-0.5, -1.0),
        "status: same": (2.3, -0.1),
        "target: different": (-1.7, -2.2),
        "target: same party": (0.3, 1.1),
        "target: same state": (-0.3, -0.2),
        "target: unknown": (-0.6, -0.1),
        "type: different": (-1.6, -1.4),
        "type: neighbours": (-1.1, -0.8),
        "type: same": (0.3, 0.8),
    }
)

# Types that coders confuse or that fit one act equally.
NEIGHBOURS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "export_control licence_decision entity_listing",
        "sanction entity_listing",
        "product_ban access_restriction regulation",
        "enforcement court_ruling",
        "tariff import_restriction trade_agreement",
        "investment_restriction product_ban",
    )
)


def same_event(one: Report, two: Report) -> Score:
    """How surely two reports tell the same event."""
    return _score(features(one.event, two.event), 0)


def same_measure(one: Report, two: Report) -> Score:
    """How surely two reports tell steps of the same measure."""
    return _score(features(one.event, two.event), 1)


def features(one: EventMention, two: EventMention) -> dict[str, str]:
    """The features that hold for a pair, each with what was compared, in words."""
    found = {"bias": "two reports of the same kind of thing"}
    found |= _types(one, two)
    found |= _parties("actor", one.actors, two.actors)
    found |= _parties("target", one.targets, two.targets)
    found |= _phrases("item", one.items, two.items)
    found |= _phrases("instrument", one.instruments, two.instruments)
    if one.status == two.status:
        found["status: same"] = str(one.status)
    if {one.direction, two.direction} == {"restrict", "ease"}:
        found["direction: opposite"] = "one restricts, one eases"
    found |= _announced(one.announced_on, two.announced_on)
    found |= _effective(one.effective_on, two.effective_on)
    return found


def _score(found: Mapping[str, str], column: int) -> Score:
    reasons = tuple(
        Reason(what=name, words=words, weight=WEIGHTS[name][column])
        for name, words in found.items()
        if name in WEIGHTS and WEIGHTS[name][column]
    )
    return Score(value=1 / (1 + math.exp(-sum(r.weight for r in reasons))), reasons=reasons)


def _types(one: EventMention, two: EventMention) -> dict[str, str]:
    if one.type == two.type:
        return {"type: same": str(one.type)}
    if any({one.type, two.type} <= group for group in NEIGHBOURS):
        return {"type: neighbours": f"{one.type} and {two.type}"}
    return {"type: different": f"{one.type} and {two.type}"}


def _parties(role: str, one: tuple[Mention, ...], two: tuple[Mention, ...]) -> dict[str, str]:
    if not one or not two:
        return {f"{role}: unknown": "one of them names none"}
    pairs = [(a.party, b.party) for a in one for b in two]
    for a, b in pairs:
        if same_party(a, b):
            return {f"{role}: same party": a.name}
    for a, b in pairs:
        if _same_state(a, b):
            return {f"{role}: same state": f"{a.name} and {b.name}"}
    return {f"{role}: different": f"{one[0].party.name} and {two[0].party.name}"}


def same_party(one: Party, two: Party) -> bool:
    """True where the records name one party: the same id, or one name inside the other."""
    if one.id and one.id == two.id:
        return True
    a, b = name_words(one.name), name_words(two.name)
    if a == b:
        return True
    if one.kind is PartyKind.COMPANY and two.kind is PartyKind.COMPANY:
        return a[:1] == b[:1] and min(len(a), len(b)) == 1
    return min(len(a), len(b)) > 1 and (set(a) <= set(b) or set(b) <= set(a))


def _same_state(one: Party, two: Party) -> bool:
    if not one.country or one.country != two.country:
        return False
    kinds = {one.kind, two.kind}
    return kinds <= GOVERNMENTAL or PartyKind.GROUP in kinds


def _phrases(what: str, one: tuple[Phrase, ...], two: tuple[Phrase, ...]) -> dict[str, str]:
    if not one or not two:
        return {f"{what}: unknown": "one of them names none"}
    shared = _stems(one) & _stems(two)
    if shared:
        return {f"{what}: shared": ", ".join(sorted(shared))}
    return {f"{what}: different": f"{one[0].text} and {two[0].text}"}


def _stems(phrases: Iterable[Phrase]) -> frozenset[str]:
    return frozenset().union(*(stems(p.text) for p in phrases))


def _announced(one: When | None, two: When | None) -> dict[str, str]:
    if one is None or two is None:
        return {"announced: unknown": "one of them gives no date"}
    a, b = one.day, two.day
    words = f"{a} and {b}"
    if a == b and len(a) == 10:
        return {"announced: same day": a}
    if a.startswith(b) or b.startswith(a):
        return {"announced: fits": words}
    days = gap(a, b)
    return {f"announced: {'within a week' if days <= 7 else 'within two months' if days <= 61 else 'farther'}": words}


def _effective(one: When | None, two: When | None) -> dict[str, str]:
    if one is None or two is None:
        return {}
    a, b = one.day, two.day
    same = a.startswith(b) or b.startswith(a)
    return {f"effective: {'same' if same else 'different'}": f"{a} and {b}"}


def gap(one: str, two: str) -> int:
    """The least number of days between two partial ISO dates (0 where they overlap)."""
    (a0, a1), (b0, b1) = bounds(one), bounds(two)
    return max(0, (b0 - a1).days, (a0 - b1).days)


def bounds(value: str) -> tuple[date, date]:
    """The first and the last day of a partial ISO date."""
    year, month, day = (*(int(x) for x in value[:10].split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)
