"""Who speaks for an event: reports that were withdrawn are heard no more, an outlet's later word replaces its earlier.

- A **retraction** withdraws what its outlet told of the event until then, and the copies of it elsewhere.
- A **correction** takes the place of its outlet's earlier claims, in the fields that it gives.
- So does a **later report** of the outlet, in the fields where the two disagree in substance.

What follows a claim that is replaced (a copy of it, in another outlet, no later than the correction) goes with it.
Which of the values that are left is taken is decided elsewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker.model import Notice, Report, Tier
from tracker.resolve.independence import Voice, independent, voices

V = TypeVar("V")

TIERS = tuple(Tier)  # the order is the order of trust
UNDATED = "9999"


@dataclass(frozen=True, slots=True, eq=False)
class Speaker:
    """A report that is heard, with the outlet and text it counts for and its place among the others."""

    report: Report
    voice: Voice
    place: tuple[int, float, str]
    is_sole: bool  # no other report shares its outlet or its text


Claim = tuple[Speaker, V]


def rank(report: Report) -> tuple[int, float, str, str]:
    """The order of reports, the best first; in SQL: tier (official … social), confidence DESC, published, id."""
    return (TIERS.index(report.tier), -report.event.confidence, report.published or UNDATED, report.id)


def speakers(reports: Iterable[Report]) -> tuple[list[Speaker], tuple[str, ...]]:
    """The reports that are heard, and the ids of those that their own outlet withdrew."""
    found = unheard(reports)
    gone = _withdrawn(found)
    return [s for s in found if s.report.id not in gone], tuple(sorted(gone))


def unheard(reports: Iterable[Report]) -> list[Speaker]:
    """All reports, whether or not they were withdrawn."""
    known = tuple(reports)
    spoken = voices(known)
    outlets, texts = Counter(o for o, _ in spoken.values()), Counter(t for _, t in spoken.values())
    found = []
    for report in known:
        outlet, text = voice = spoken[report.id]
        found.append(Speaker(report, voice, rank(report)[:3], outlets[outlet] == texts[text] == 1))
    return found


def accounts(told: Iterable[Speaker]) -> int:
    """How many independent accounts some reports are."""
    sole, shared = 0, set[Voice]()
    for speaker in told:
        if speaker.is_sole:
            sole += 1
        else:
            shared.add(speaker.voice)
    return sole + independent(shared)


def heard(claims: Sequence[Claim[V]], agrees: Callable[[V, V], bool]) -> list[Claim[V]]:
    """The claims about a field without those that their outlet replaced."""
    if len({s.voice[0] for s, _ in claims}) == len(claims):
        return list(claims)
    by_outlet = defaultdict(list)
    for claim in claims:
        by_outlet[claim[0].voice[0]].append(claim)
    replaced = [pair for told in by_outlet.values() if len(told) > 1 for pair in _replaced(told, agrees)]
    if not replaced:
        return list(claims)
    gone = {id(old[0]) for old, _ in replaced}
    for (old, value), new in replaced:
        for speaker, other in claims:
            if speaker.voice[1] == old.voice[1] and other == value and is_until(speaker.report, new.report):
                gone.add(id(speaker))
    gone -= {id(new) for _, new in replaced}
    return [claim for claim in claims if id(claim[0]) not in gone]


def is_until(one: Report, two: Report) -> bool:
    """Whether a report appeared no later than another, as far as their dates tell."""
    if one.published is None or two.published is None:
        return True
    return one.published[: len(two.published)] <= two.published


def is_before(one: Report, two: Report) -> bool:
    """Whether a report surely appeared before another."""
    return two.published is not None and is_until(one, two) and not is_until(two, one)


def _withdrawn(found: Sequence[Speaker]) -> frozenset[str]:
    retractions = [s for s in found if s.report.notice is Notice.RETRACTION]
    gone = {s.report.id for s in retractions}
    for retraction in retractions:
        until = [s for s in found if is_until(s.report, retraction.report)]
        own = [s for s in until if s.voice[0] == retraction.voice[0]]
        texts = {s.voice[1] for s in own}
        gone |= {s.report.id for s in until if s.voice[1] in texts} | {s.report.id for s in own}
    return frozenset(gone)


def _replaced(told: Sequence[Claim[V]], agrees: Callable[[V, V], bool]) -> Iterable[tuple[Claim[V], Speaker]]:
    """The claims of one outlet that a correction or a later report of it replaces, each with what replaces it."""
    corrections = [s for s, _ in told if s.report.notice is Notice.CORRECTION]
    if not corrections and (_are_one(v for _, v in told) or _are_one(s.report.published for s, _ in told)):
        return
    last = [(s, v) for s, v in told if not any(is_before(s.report, o.report) for o, _ in told)]
    for speaker, value in told:
        corrected = [c for c in corrections if _corrects(c.report, speaker.report)]
        later = [s for s, _ in last if is_before(speaker.report, s.report)]
        if corrected:
            yield (speaker, value), min(corrected, key=lambda s: s.place)
        elif later and not any(value == new or agrees(value, new) for _, new in last):
            yield (speaker, value), min(later, key=lambda s: s.place)


def _are_one(values: Iterable[object]) -> bool:
    first, *rest = values
    return all(value == first for value in rest)


def _corrects(correction: Report, other: Report) -> bool:
    """A correction stands over what came before it, and over what is no correction and of the same day."""
    if other.notice is Notice.CORRECTION:
        return is_before(other, correction)
    return is_until(other, correction)
