"""Reasons for and against two accounts telling one event, as people read them: no ids, no codes, whole names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracker.model import PartyKind
from tracker.review import ReasonRow
from tracker.web.words import LABELS, spelt

# What was compared, as the head of a reason.
HEADS: Mapping[str, str] = MappingProxyType(
    {
        **LABELS,
        "announced": LABELS["announced_on"],
        "effective": LABELS["effective_on"],
        "together": "Together",
        "course": "Stage",
    }
)
# What the comparison finds, where its own word says little.
VERDICTS: Mapping[str, str] = MappingProxyType(
    {"on": "the later one is further on", "back": "the later one is further back", "level": "the same, days apart"}
)
NOTHING = ("nothing", "no date")
START = "bias"
KIND = re.compile(rf"({'|'.join(PartyKind)}):(.+)")
ID = re.compile(r"[a-z]+:[\w:.-]+")  # of a party


@dataclass(frozen=True, slots=True)
class Told:
    """A reason: what was compared, how, and with what; `share` is its weight beside the weightiest, 0 to 1."""

    head: str
    verdict: str
    sides: tuple[str, ...]
    weight: float
    share: float


def told(reasons: Sequence[ReasonRow]) -> list[Told]:
    """The reasons without that which all comparisons begin with, the weightiest first."""
    kept = sorted((one for one in reasons if one.what != START), key=lambda one: -abs(one.weight))
    most = max((abs(one.weight) for one in kept), default=1.0)
    return [_told(one, abs(one.weight) / most) for one in kept]


def _told(one: ReasonRow, share: float) -> Told:
    field, _, verdict = one.what.partition(": ")
    words = one.words.removeprefix(verdict).removeprefix(": ")
    sides = tuple(dict.fromkeys(", ".join(_names(side)) for side in words.split(" and ") if side))
    if set(sides) <= set(NOTHING):
        sides = ()
    return Told(HEADS.get(field, field.capitalize()), VERDICTS.get(verdict, verdict), sides, one.weight, share)


def _names(side: str) -> Iterator[str]:
    """The names of a side, each once: an id is left out where the name stands beside it."""
    parts = side.split(", ")
    named = [found[2] for part in parts if (found := KIND.fullmatch(part))]
    for part in parts:
        if found := KIND.fullmatch(part):
            yield _titled(found[2])
        elif not ID.fullmatch(part):
            yield spelt(part)
        elif len(named) < sum(1 for other in parts if ID.fullmatch(other) and not KIND.fullmatch(other)):
            yield _titled(part.rpartition(":")[2])


def _titled(name: str) -> str:
    return " ".join(word.upper() if len(word) < 3 else word.capitalize() for word in name.replace("-", " ").split())
