"""When a name, a party, an item, a span or a whole event found agrees with one expected.

The rules are those of the shared scorer (annotation guide, section 5), constants and all: a change here changes what
every figure means. Not here: which of several events is compared with which (`outcomes`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracker.scoring.documents import Event, Party, Span

# Words of a company's name that say nothing about which company it is.
LEGAL_FORMS = frozenset(
    "inc incorporated corp corporation co company ltd limited llc plc ag gmbh sa nv bv se spa ab as oyj holding "
    "holdings group the of and s".split()
)
# Words of a noun phrase that say nothing about which goods it names.
STOP = frozenset(
    "a an the of for to in on and or its their certain some advanced other all any new from with by s".split()
)
MAX_PARTIES, MAX_ITEMS, MAX_WORDS = 8, 6, 12  # what lies beyond is not read: a list is no substitute for an answer
STEM = 9  # letters of a word's stem that count

_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")  # U.S. -> US
_EAST_ASIAN = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far an event found agrees with one expected; `weight` is 0 where they are not to be paired."""

    strict: bool
    loose: bool
    weight: float


def compare(expected: Event, found: Event) -> Agreement:
    """Strict: type, actor, and target or item agree. Loose: type, and actor or evidence."""
    type_ok = found.type == expected.type or found.type in expected.also_types
    actor_ok = not expected.actors or parties_agree(expected.actors, found.actors)
    evidence_ok = overlap(expected.evidence, found.evidence)
    object_ok = _objects_agree(expected, found)
    loose = (type_ok and (actor_ok or evidence_ok)) or (expected.is_optional and evidence_ok)
    strict = type_ok and actor_ok and object_ok
    status_ok = expected.status == found.status
    weight = 8 * strict + 4 * loose + 2 * evidence_ok + status_ok + object_ok - 0.5 * expected.is_optional
    return Agreement(strict=strict, loose=loose, weight=weight if loose or strict else 0.0)


def _objects_agree(expected: Event, found: Event) -> bool:
    """Whether a target or an item agrees; an item may be told as a target and the other way round."""
    wanted = [*expected.items, *(party.name for party in expected.targets)]
    given = [*found.items[:MAX_ITEMS], *(party.name for party in found.targets[:MAX_PARTIES])]
    return (
        not wanted
        or parties_agree(expected.targets, found.targets)
        or any(same_item(one, other) for one in wanted for other in given)
    )


def parties_agree(expected: Sequence[Party], found: Sequence[Party]) -> bool:
    """At least one party found is right, and at least half of them are."""
    right = hits(expected, found)
    return right > 0 and 2 * right >= len(found)


def hits(expected: Iterable[Party], found: Sequence[Party]) -> int:
    """How many of the parties found agree with one expected."""
    expected = tuple(expected)
    return sum(any(same_party(one, other) for one in expected) for other in found[:MAX_PARTIES])


def reached(expected: Iterable[Party], found: Sequence[Party]) -> int:
    """How many of the parties expected were found."""
    return sum(any(same_party(one, other) for other in found[:MAX_PARTIES]) for one in expected)


def same_party(expected: Party, found: Party) -> bool:
    """Whether two names mean one party: equal, one within the other, a company's first word, one country's states."""
    mine = words(found.name)
    if not mine or len(mine) > MAX_WORDS:
        return False
    names = {words(name) for name in (expected.name, *expected.aka)}
    return (
        mine in names
        or any(_within(name, mine) for name in names)
        or (expected.kind == found.kind == "company" and any(_same_company(name, mine) for name in names))
        or _same_seat(expected, found)
    )


def _within(name: tuple[str, ...], mine: tuple[str, ...]) -> bool:
    return len(name) > 1 and len(mine) > 1 and (set(name) <= set(mine) or set(mine) <= set(name))


def _same_company(name: tuple[str, ...], mine: tuple[str, ...]) -> bool:
    """Whether one of two companies is called by the first word of the other's name alone."""
    return bool(name) and name[0] == mine[0] and len(mine[0]) > 3 and 1 in (len(name), len(mine))


def _same_seat(expected: Party, found: Party) -> bool:
    """Whether both are the state, or both a group, of one country."""
    kinds = {expected.kind, found.kind}
    same = bool(expected.country) and expected.country == found.country
    return same and (kinds <= {"government", "place"} or kinds == {"group"})


def same_item(expected: str, found: str) -> bool:
    """Whether two noun phrases share a stem; in scripts without spaces, whether one holds the other."""
    if len(words(found)) > MAX_WORDS:
        return False
    if stems(expected) & stems(found):
        return True
    one, other = expected.replace(" ", ""), found.replace(" ", "")
    return bool(_EAST_ASIAN.search(one)) and min(len(one), len(other)) >= 2 and (one in other or other in one)


def overlap(expected: Iterable[Span], found: Iterable[Span]) -> bool:
    """Whether a span found shares half of the shorter one with one expected, and is of its size."""
    found = [span for span in found if span.field == "text"]
    return any(_overlaps(one, other) for one in expected for other in found)


def _overlaps(one: Span, other: Span) -> bool:
    length, mine = one.end - one.start, other.end - other.start
    shared = min(one.end, other.end) - max(one.start, other.start)
    return mine > 0 and 2 * shared >= min(length, mine) and mine <= 4 * length + 200


@lru_cache(maxsize=50_000)
def words(name: str) -> tuple[str, ...]:
    """The words of a name without accents, case, punctuation and legal forms."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    tokens = re.findall(r"\w+", _INITIALS.sub(r"\1", plain))
    return tuple(token for token in tokens if token not in LEGAL_FORMS) or tuple(tokens)


@lru_cache(maxsize=50_000)
def stems(phrase: str) -> frozenset[str]:
    """Crude stems of the words of a noun phrase that say what it is."""
    return frozenset(_stem(word) for word in words(phrase) if word not in STOP and len(word) > 1)


def _stem(word: str) -> str:
    return re.sub(r"(es|s|e|ing|ed)$", "", re.sub(r"(ies|y)$", "i", word))[:STEM]
