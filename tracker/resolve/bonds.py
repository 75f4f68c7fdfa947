"""What judgements of people do to things that are put together: which they hold apart, and which they unite.

A judgement names two sides as they were when it was made. Where two speak against each other, the later holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tracker.model import Held, Judgement, JudgementKind, Standing


def holds_apart(one: str, two: str, judgements: Iterable[Judgement]) -> bool:
    """Whether judgements, of which the latest that is about both wins, hold two things apart."""
    about = [judgement for judgement in judgements if _is_about(judgement, one, two)]
    return bool(about) and max(about, key=_decided).kind is not JudgementKind.SAME


def groups(leads: Iterable[str], held: Held) -> tuple[tuple[str, ...], ...]:
    """What these leads are after the judgements `same`: each event as the leads that are it, the foremost first.

    A judgement unites two clusters: that which most things of its one side are in, and that which most of the other are
    in, of equals that of the foremost (of those that nothing decided later holds apart). So it holds when single things
    of a side are told otherwise and go elsewhere. It unites nothing that a later judgement holds apart.

    Args:
        leads: of clusters that changed; those that judgements tie them to come with them.
        held: everything, as it was settled.
    """
    judgements, things = _around(leads, held)
    lead_of = {id_: one.lead for id_, one in things.items() if one.lead is not None}
    part_of = {lead: {lead} for lead in {*leads} | set(lead_of.values())}
    apart = [j for j in judgements if j.kind is not JudgementKind.SAME]
    for same in sorted((j for j in judgements if j.kind is JudgementKind.SAME), key=_decided, reverse=True):
        pair = _bond(same, things, judgements)
        if pair is None:
            continue
        one, two = (part_of[lead_of[id_]] for id_ in pair)
        later = (j for j in apart if _decided(j) > _decided(same))
        if one is not two and not any(_parts(j, lead_of, one, two) for j in later):
            one |= two
            part_of |= dict.fromkeys(two, one)
    rank_of = {one.id: one.rank for one in held.get(part_of)}
    parts = {id(part): part for lead, part in part_of.items() if lead in rank_of}
    ordered = (sorted(part & rank_of.keys(), key=rank_of.__getitem__) for part in parts.values())
    return tuple(sorted((tuple(part) for part in ordered), key=lambda part: rank_of[part[0]]))


def _around(leads: Iterable[str], held: Held) -> tuple[list[Judgement], dict[str, Standing]]:
    """All judgements that tie or part these clusters and those that are tied to them, and the things they name."""
    judgements: dict[str, Judgement] = {}
    things: dict[str, Standing] = {}
    seen: set[str] = set()
    new = set(leads)
    while new:
        seen |= new
        found = [one for one in held.bonds(new) if one.id not in judgements]
        judgements |= {one.id: one for one in found}
        named = {id_ for one in found for id_ in (*one.left, *one.right)} - things.keys()
        things |= {one.id: one for one in held.get(named)}
        tied = {id_ for one in found if one.kind is JudgementKind.SAME for id_ in (*one.left, *one.right)}
        new = {one.lead for id_ in tied if (one := things.get(id_)) is not None and one.lead is not None} - seen
    return list(judgements.values()), things


def _bond(same: Judgement, things: Mapping[str, Standing], judgements: Iterable[Judgement]) -> tuple[str, str] | None:
    """The first pair of the two sides, those that stand for most of their side first, that no later judgement parts."""
    left, right = (list(_most_first(side, things)) for side in (same.left, same.right))
    pairs = ((one, two) for two in right for one in left)
    return next((pair for pair in pairs if not holds_apart(*pair, judgements)), None)


def _most_first(ids: Iterable[str], things: Mapping[str, Standing]) -> Iterator[str]:
    there = [things[id_] for id_ in ids if id_ in things and things[id_].lead is not None]
    together = Counter(one.lead for one in there)
    return (one.id for one in sorted(there, key=lambda one: (-together[one.lead], one.rank)))


def _parts(judgement: Judgement, lead_of: Mapping[str, str], one: set[str], two: set[str]) -> bool:
    """Whether a judgement holds something of the one part away from something of the other."""
    left, right = ({lead_of[id_] for id_ in side if id_ in lead_of} for side in (judgement.left, judgement.right))
    return bool((left & one and right & two) or (left & two and right & one))


def _is_about(judgement: Judgement, one: str, two: str) -> bool:
    if judgement.kind is JudgementKind.SAME:
        both = {*judgement.left, *judgement.right}
        return one in both and two in both
    return (one in judgement.left and two in judgement.right) or (two in judgement.left and one in judgement.right)


def _decided(judgement: Judgement) -> tuple[datetime, str]:
    return judgement.decided, judgement.id
