"""Where things that may be one stand: keys of what they share, each on a day; and the questions that find them.

A key holds what two things of one event (or measure) nearly always share and few others do. It ends in the precision
of the date, so that a report that gives a year and one that gives a day find each other whichever asks: a thing stands
on the first day of what its date may mean, and asks for every day from which a date of each precision comes within
reach. Whether two found things are one is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tracker.model import Ask
from tracker.resolve.profile import Profile
from tracker.resolve.terms import common_stems

DAY, MONTH, YEAR, UNKNOWN, NONE = PRECISIONS = "dmyun"
# A report without a date tells something of the day it was published, or older by so much at the most.
OLDER, NEWER = 400, 3
# The last day there is; things that have neither date nor day of publication stand on the first.
LAST = date.max.toordinal()
# Kinds of name that tell parties apart, as `tracker.resolve.terms.party_names` gives them.
NAMED = frozenset("company court government group organisation person place".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One kind of key: what it is made of, how many days two things under it may lie apart, of which precisions."""

    name: str
    made: Callable[[Profile], Iterable[str]]
    days: int | None  # None: whatever their dates
    precisions: str = PRECISIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """The keys of one level of clustering."""

    families: Sequence[Family]

    def keys(self, profile: Profile) -> tuple[tuple[str, str], ...]:
        """Under which keys a thing stands, each with its ISO day."""
        precision, day, _ = placed(profile)
        return tuple(
            (key, _iso(1)) if family.days is None else (f"{key}|{precision}", _iso(day))
            for family, key in self._made(profile, precision)
        )

    def asks(self, profile: Profile) -> tuple[Ask, ...]:
        """Where its like stand: of two things both find the other or neither does."""
        precision, _, span = placed(profile)
        found = []
        for family, key in self._made(profile, precision):
            if family.days is None:
                found.append(Ask(key=key, first=_iso(1), last=_iso(1)))
                continue
            for other in family.precisions:
                low, high = reach(span, other, family.days)
                found.append(Ask(key=f"{key}|{other}", first=_iso(low), last=_iso(high)))
        return tuple(found)

    def _made(self, profile: Profile, precision: str) -> Iterator[tuple[Family, str]]:
        for family in self.families:
            if precision in family.precisions:
                for key in dict.fromkeys(family.made(profile)):
                    yield family, f"{family.name}:{key}"


def reach(span: tuple[int, int], precision: str, days: int) -> tuple[int, int]:
    """Between which days things with dates of a precision stand that lie at most so many days from a span."""
    first, last = max(1, span[0] - days), min(LAST, span[1] + days)
    if precision == NONE:
        return 1, 1
    if precision == UNKNOWN:
        return max(1, first - NEWER), min(LAST, last + OLDER)
    if precision == DAY:
        return first, last
    begin = date.fromordinal(first)
    return (begin.replace(day=1) if precision == MONTH else begin.replace(month=1, day=1)).toordinal(), last


def placed(profile: Profile) -> tuple[str, int, tuple[int, int]]:
    """Precision of a thing's date, the day it stands on, and the span of what the date may mean."""
    days = profile.announced or profile.effective
    if days is not None:
        length = days[1] - days[0]
        return (DAY if length == 0 else MONTH if length <= 31 else YEAR), days[0], days
    if profile.published is not None:
        return UNKNOWN, profile.published, (max(1, profile.published - OLDER), min(LAST, profile.published + NEWER))
    return NONE, 1, (1, LAST)


@lru_cache(maxsize=16_384)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _actors(profile: Profile) -> list[str]:
    """Who acts, a state for all that act for it."""
    return _parties(profile.actors, profile.actors_wider)[:3]


def _targets(profile: Profile) -> list[str]:
    """Who is acted on, and the countries of those."""
    seats = [f"in {seat}" for seat in sorted(profile.seats)]
    return [*seats[:2], *(p for p in _parties(profile.targets, frozenset()) if not p.startswith("group:"))][:4]


def _parties(names: frozenset[str], wider: frozenset[str]) -> list[str]:
    states = sorted(name for name in wider if name.startswith("gov:") and len(name) == 6)
    others = sorted(name for name in names if name.split(":")[0] in NAMED and (":" in name))
    short = [name for name in others if not (name.startswith("company:") and " " in name)]
    return states or short


def _stems(profile: Profile) -> list[str]:
    """Words that tell what is at stake; where there is none, kinds of thing and common words."""
    telling = sorted(profile.items - common_stems())
    return [*telling[:4], *(f"{kind}*" for kind in sorted(profile.goods)[:1])] or sorted(profile.items)[:2]


def _joined(one: Iterable[str], two: Iterable[str]) -> list[str]:
    others = list(two)
    return [f"{a}|{b}" for a in one for b in others]


def _pairs(names: Sequence[str]) -> list[str]:
    return [f"{a}|{b}" for n, a in enumerate(names) for b in names[n + 1 :]]


def _telling(profile: Profile) -> list[str]:
    return sorted(profile.items - common_stems())[:3]


def _either(profile: Profile) -> list[str]:
    """Who acts and who is acted on: accounts differ in which is which."""
    return list(dict.fromkeys([*_actors(profile)[:2], *_targets(profile)]))[:5]


EVENT_KEYS = Blocking(
    families=(
        Family(name="pt", made=lambda p: _joined(_either(p), [p.type]), days=3, precisions=DAY + MONTH),
        Family(name="ts", made=lambda p: _joined([p.type], _telling(p)), days=10, precisions=DAY + MONTH),
        Family(name="ax", made=lambda p: _joined(_actors(p), _targets(p)), days=31),
        Family(name="ss", made=lambda p: _pairs(_telling(p)), days=31),
        Family(name="ps", made=lambda p: _joined(_either(p), _stems(p)), days=92),
    )
)
MEASURE_KEYS = Blocking(
    families=(
        Family(name="in", made=lambda p: sorted(p.articles), days=None),
        Family(name="at", made=lambda p: _joined(_actors(p), [p.type]), days=31, precisions=DAY + MONTH),
        Family(name="ss", made=lambda p: _pairs(_telling(p)), days=366),
        Family(name="ax", made=lambda p: _joined(_actors(p), _targets(p)), days=1500),
        Family(name="ps", made=lambda p: _joined(_either(p), _stems(p)), days=1500),
        Family(name="ai", made=lambda p: _joined(_actors(p), sorted(p.instruments)[:3]), days=1500),
    )
)
