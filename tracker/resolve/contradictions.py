"""On what the independent accounts of an event disagree in substance, who says what, and which rule decided.

The rule itself is in `votes`; what is no disagreement (vagueness, detail, a part of a list) in `agreement`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

from tracker.model import Contradiction, Told
from tracker.resolve.independence import are_independent
from tracker.resolve.speaking import TIERS, Claim, Speaker, accounts
from tracker.resolve.votes import Vote, counted

MOST_OTHERS = 6  # values shown beside the one that was taken
# How much surety an event loses where all other accounts say something else in a field.
DOUBT: Mapping[str, float] = MappingProxyType(
    {
        "type": 0.3,
        "status": 0.2,
        "direction": 0.3,
        "certainty": 0.2,
        "actors": 0.3,
        "targets": 0.15,
        "items": 0.1,
        "instruments": 0.05,
        "announced_on": 0.1,
        "effective_on": 0.05,
    }
)


def of_values(field: str, votes: Sequence[Vote], agrees: Callable[[str, str], bool]) -> Iterator[Contradiction]:
    """The contradiction in a field with one value, if there is one; the votes are as `votes.votes` gives them."""
    if len(votes) < 2:
        return
    first, *rest = votes
    with_first = [s for v in votes if agrees(v.value, first.value) for s in v.speakers]
    others = [v for v in rest if not agrees(v.value, first.value) and _is_heard_beside(with_first, v.speakers)]
    if others:
        yield Contradiction(
            field=field,
            taken=_told(first.value, first.speakers),
            others=tuple(_told(v.value, v.speakers) for v in others[:MOST_OTHERS]),
            because=_because(first.counts, others[0].counts, first.place, others[0].place),
        )


def of_lists(
    field: str, taken: str, claims: Sequence[Claim[str]], agrees: Mapping[str, bool]
) -> Iterator[Contradiction]:
    """The contradiction in a field with a list, all as text; `agrees` says which lists do with the one taken."""
    told: defaultdict[str, list[Speaker]] = defaultdict(list)
    mine: list[Speaker] = []
    for speaker, name in claims:
        (mine if agrees[name] else told[name]).append(speaker)
    others = [(name, who) for name, who in told.items() if _is_heard_beside(mine, who)]
    if not others:
        return
    others.sort(key=lambda kept: (tuple(-n for n in counted(kept[1])), min(s.place for s in kept[1]), kept[0]))
    best = others[0][1]
    yield Contradiction(
        field=field,
        taken=_told(taken, mine),
        others=tuple(_told(name, who) for name, who in others[:MOST_OTHERS]),
        because=_because(counted(mine), counted(best), min(s.place for s in mine), min(s.place for s in best)),
    )


def damped(confidence: float, found: Iterable[Contradiction]) -> float:
    """A confidence less what its contradictions leave in doubt."""
    for one in found:
        against = sum(told.origins for told in one.others)
        confidence *= 1 - DOUBT[one.field] * against / (against + max(1, one.taken.origins))
    return confidence


def _is_heard_beside(taken: Iterable[Speaker], others: Iterable[Speaker]) -> bool:
    """Whether some report of the one is independent of some of the other."""
    mine, theirs = {s.voice for s in taken}, {s.voice for s in others}
    return any(are_independent(a, b) for a in mine for b in theirs)


def _told(value: str, speakers: Sequence[Speaker]) -> Told:
    return Told(
        value=value,
        report_ids=tuple(sorted(s.report.id for s in speakers)),
        origins=accounts(speakers),
    )


def _because(
    mine: Sequence[int], theirs: Sequence[int], place: tuple[int, float, str], other: tuple[int, float, str]
) -> str:
    """The rule that put one value before another."""
    for tier, ours, others in zip_longest(TIERS, mine, theirs):
        if ours != others and others == 0 and any(theirs):
            return f"{_article(tier)} account comes before {_listed(theirs)}"
        if ours != others:
            return f"more {tier} accounts: {ours} to {others}"
    if place[1] != other[1]:
        return f"as many accounts; the surest of them was read with {-place[1]:.2f}, the other with {-other[1]:.2f}"
    if place[2] != other[2]:
        return f"as many accounts; told first, on {place[2][:10]}"
    return "as many accounts, equally sure; the fuller or alphabetically first value"


def _article(tier: str) -> str:
    return f"{'an' if tier[0] in 'aeiou' else 'a'} {tier}"


def _listed(counts: Sequence[int]) -> str:
    return " and ".join(f"{n} {tier}" for tier, n in zip(TIERS, counts, strict=True) if n)
