"""Which public id a cluster goes by, given the ids that its reports had before, and where other ids lead to.

Ids are the one thing that depends on history: what only grows keeps its id. Nothing is stored here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

SHORTEST = 15  # hex digits of the leading report's id in a new id


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """The id of each cluster, by its lead; and for each id that is no more, the one that took most of what it had."""

    ids: Mapping[str, str]
    redirects: Mapping[str, str]


def identities(
    before: Mapping[str, str | None],
    clusters: Mapping[str, Collection[str]],
    *,
    letter: str,
    is_taken: Callable[[str], bool],
) -> Identities:
    """Name clusters by what their members were part of before.

    Each keeps the id that most of its members had, unless another one has more of these (ties: the older id text, then
    the older lead). An id that nobody keeps leads to the cluster that has most of its members; one whose members are
    all gone leads nowhere.

    Args:
        before: the id that each member had, None where it had none.
        clusters: members by lead; all clusters with a member of any id that is in `before`.
        letter: what a new id begins with: "e", "m".
        is_taken: whether an id is in use by something that is not among these clusters.

    Returns:
        An id for each lead, and the redirects.
    """
    shares: Counter[tuple[str, str]] = Counter()
    for lead, members in clusters.items():
        shares.update((old, lead) for member in members if (old := before.get(member)) is not None)
    ranked = [pair for pair, _ in sorted(shares.items(), key=lambda row: (-row[1], row[0]))]
    ids: dict[str, str] = {}
    kept: set[str] = set()
    for old, lead in ranked:
        if lead not in ids and old not in kept:
            ids[lead] = old
            kept.add(old)
    used = {old for old in before.values() if old is not None}
    for lead in sorted(clusters.keys() - ids.keys()):
        ids[lead] = _new(letter, lead, used, is_taken)
        used.add(ids[lead])
    heirs: defaultdict[str, list[str]] = defaultdict(list)
    for old, lead in ranked:
        heirs[old].append(ids[lead])
    return Identities(ids=ids, redirects={old: some[0] for old, some in heirs.items() if old not in kept})


def _new(letter: str, lead: str, used: Iterable[str], is_taken: Callable[[str], bool]) -> str:
    """An id of the leading report's, as short as can be; beyond its digits, with a number."""
    lengths = (f"{letter}{lead[:length]}" for length in range(min(SHORTEST, len(lead)), len(lead) + 1))
    numbers = (f"{letter}{lead}{number}" for number in range(2, 2**31))
    return next(one for some in (lengths, numbers) for one in some if one not in used and not is_taken(one))
