"""Where things that may be one stand: keys of what they share, each on a day; and the questions that find them.

A key holds what two things of one event (or measure) nearly always share and few others do. Its day begins with the
precision of the date, so that a report that gives a year and one that gives a day find each other whichever asks: a
thing stands on the first day of what its date may mean, and asks for every day from which a date of each precision
comes within reach. Whether two found things are one is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product

from tracker.model import Ask
from tracker.resolve.profile import Profile, unpack
from tracker.resolve.terms import common_stems

DAY, MONTH, YEAR, UNKNOWN, NONE = PRECISIONS = "dmyun"
# A report without a date tells something of the day it was published, or older by so much at the most.
OLDER, NEWER = 400, 3
# The last day there is; things that have neither date nor day of publication stand on the first.
LAST = date.max.toordinal()
ANY_DAY = (date.min.isoformat(),) * 2  # where all stand that are found whatever their dates
# Kinds of name that tell parties apart, as `tracker.resolve.terms.party_names` gives them.
NAMED = frozenset("company court government group organisation person place".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What keys are made of."""

    type: tuple[str]
    actors: Sequence[str]  # a state for all that act for it
    targets: Sequence[str]  # and their countries
    either: Sequence[str]  # who acts and who is acted on: accounts differ in which is which
    stems: Sequence[str]  # words that tell what is at stake; where there is none, kinds of thing and common words
    telling: Sequence[str]  # of these, those that few measures share
    instruments: Sequence[str]
    articles: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One kind of key: what it is made of, how many days two things under it may lie apart, of which precisions."""

    name: str
    made: Callable[[Parts], Iterable[str]]
    days: int | None  # None: whatever their dates
    precisions: str = PRECISIONS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blocking:
    """The keys of one level of clustering."""

    families: Sequence[Family]

    def keys(self, packed: str) -> tuple[tuple[str, str], ...]:
        """Under which keys a thing stands, each with its day."""
        made = _made(self, packed)
        return tuple((key, ANY_DAY[0] if family.days is None else made.on) for family, key in made.keys)

    def asks(self, packed: str) -> tuple[Ask, ...]:
        """Where its like stand: of two things both find the other or neither does."""
        made = _made(self, packed)
        return tuple(
            Ask(key=key, days=stretches(made.span, family.precisions, family.days)) for family, key in made.keys
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """The keys of a thing, the day on which it stands under them, and the days that its date may mean."""

    keys: tuple[tuple[Family, str], ...]
    on: str
    span: tuple[int, int]


@lru_cache(maxsize=2048)
def _made(blocking: Blocking, packed: str) -> _Made:
    profile = unpack(packed)
    precision, day, span = placed(profile)
    parts = _parts(profile)
    keys = (
        (family, f"{family.name}:{key}")
        for family in blocking.families
        if precision in family.precisions
        for key in dict.fromkeys(family.made(parts))
    )
    return _Made(keys=tuple(keys), on=precision + _iso(day), span=span)


@lru_cache(maxsize=4096)
def stretches(span: tuple[int, int], precisions: str, days: int | None) -> tuple[tuple[str, str], ...]:
    """On which days things of each precision stand that lie at most so many days from a span."""
    if days is None:
        return (ANY_DAY,)
    reached = ((one, *reach(span, one, days)) for one in precisions)
    return tuple((one + _iso(first), one + _iso(last)) for one, first, last in reached)


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


def _parts(profile: Profile) -> Parts:
    actors = _parties(profile.actors, profile.actors_wider)[:3]
    named = [p for p in _parties(profile.targets, frozenset()) if not p.startswith("group:")]
    targets = [*(f"in {seat}" for seat in sorted(profile.seats)[:2]), *named][:4]
    telling = sorted(profile.items - common_stems())
    kinds = [f"{kind}*" for kind in sorted(profile.goods)[:1]]
    return Parts(
        type=(profile.type,),
        actors=actors,
        targets=targets,
        either=list(dict.fromkeys([*actors[:2], *targets]))[:5],
        stems=[*telling[:4], *kinds] or sorted(profile.items)[:2],
        telling=telling[:3],
        instruments=sorted(profile.instruments)[:3],
        articles=sorted(profile.articles),
    )


def _parties(names: frozenset[str], wider: frozenset[str]) -> list[str]:
    states = sorted(name for name in wider if name.startswith("gov:") and len(name) == 6)
    others = sorted(name for name in names if name.split(":")[0] in NAMED and (":" in name))
    short = [name for name in others if not (name.startswith("company:") and " " in name)]
    return states or short


def _joined(*sides: Sequence[str]) -> list[str]:
    return ["|".join(names) for names in product(*sides)]


def _pairs(names: Sequence[str]) -> list[str]:
    return [f"{a}|{b}" for n, a in enumerate(names) for b in names[n + 1 :]]


# Other things of a type that both have are looked for the farther away: of another type hardly any that is not of one
# day, or by the same actor against the same target about the same goods, scores high enough.
EVENT_KEYS = Blocking(
    families=(
        Family(name="pt", made=lambda p: _joined(p.either, p.type), days=3, precisions=DAY + MONTH),
        Family(name="ax", made=lambda p: _joined(p.actors, p.targets), days=3, precisions=DAY + MONTH),
        Family(name="ps", made=lambda p: _joined(p.either, p.telling), days=3, precisions=DAY),
        Family(name="ts", made=lambda p: _joined(p.type, p.telling), days=10, precisions=DAY + MONTH),
        Family(name="axt", made=lambda p: _joined(p.actors, p.targets, p.type), days=31),
        Family(name="ss", made=lambda p: _pairs(p.telling), days=31),
        Family(name="ai", made=lambda p: _joined(p.actors, p.instruments), days=92),
        Family(name="pst", made=lambda p: _joined(p.either, p.stems, p.type), days=92),
    )
)
MEASURE_KEYS = Blocking(
    families=(
        Family(name="in", made=lambda p: p.articles, days=None),
        Family(name="at", made=lambda p: _joined(p.actors, p.type), days=31, precisions=DAY + MONTH),
        Family(name="sst", made=lambda p: _joined(_pairs(p.telling), p.type), days=366),
        Family(name="tst", made=lambda p: _joined(p.targets, p.stems, p.type), days=366),
        Family(name="ast", made=lambda p: _joined(p.actors, p.stems, p.type), days=1500),
        Family(name="axt", made=lambda p: _joined(p.actors, p.targets, p.type), days=1500),
        Family(name="axs", made=lambda p: _joined(p.actors, p.targets, p.stems), days=1500),
        Family(name="pi", made=lambda p: _joined(p.either, p.instruments), days=1500),
    )
)
