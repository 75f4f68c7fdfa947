"""Which texts are copies of one another, and which of several copies is their origin.

Pure: it is given what is kept of each text and what two texts share (`Likeness`), never the texts. Copies are put
together by `tracker.resolve.cluster`, so that the outcome rests on the texts and not on the order in which they came;
the origin is the one that leads. The rules are in docs/resolution.md.
"""

from __future__ import annotations

import hashlib
import json
import math
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tracker.model import Ask, Likeness, Tier

# A copy shares so much in one of these ways at least: of the shorter text inside the longer one, of the longer one in
# the shorter, of their beginnings.
WAYS = (
    (0.75, 0.6, 0.0),  # both are mostly the same, whatever was put before or after
    (0.9, 0.35, 0.15),  # much was added or left out here and there
    (0.55, 0.0, 0.5),  # they begin alike: one is cut short, then goes on in words of its own
)
NUMBERS, NAMES = 0.6, 0.55  # and so many of these: forms filled in differently share their other words
COPIED_AT = 0.5  # how likely two texts must be one
DAYS = 7  # near copies come out within a week; the same text may be printed whenever

LENGTHS = 1.5  # a text is longer than another where it is so many times as long: not by an added paragraph
TIERS = {tier: n for n, tier in enumerate(Tier)}
WHENEVER = ("0001-01-01", "9999-12-31")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is kept of a text to compare it by."""

    scheme: str  # of its signature: those of two schemes are not compared
    day: str  # ISO day on which it came out; empty: unknown
    exact: str  # copies to the letter share it; empty: too short to be a copy
    signature: bytes


def pack(text: Text) -> str:
    """A text's profile, as it stands among its like."""
    return json.dumps([text.scheme, text.day, text.exact, b64encode(text.signature).decode()], separators=(",", ":"))


@lru_cache(maxsize=1024)
def unpack(packed: str) -> Text:
    """What `pack` packed."""
    scheme, day, exact, signature = json.loads(packed)
    return Text(scheme=scheme, day=day, exact=exact, signature=b64decode(signature))


def day(published: str | None) -> str:
    """The day that a date stands for: the middle of a month or a year; empty where there is none."""
    known = (published or "")[:10]
    return known + {4: "-07-01", 7: "-15"}.get(len(known), "")


def rank(key: str, *, wires_own: bool, tier: Tier | None, length: int, published: str | None) -> str:
    """The order in which copies may be the origin, the least first.

    The agency's own page or an official source before all others, the whole text before one cut short, the better tier,
    the earlier, and at last a hash of the id.

    Args:
        key: the article's id.
        wires_own: whether it stands on the page of the agency whose text it is.
        tier: of its source.
        length: of the text, in any unit.
        published: ISO prefix.
    """
    at_source = wires_own or tier is Tier.OFFICIAL
    size = int(math.log(length + 1) / math.log(LENGTHS))
    level = len(TIERS) if tier is None else TIERS[tier]
    last = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{1 - at_source} {99 - size:02} {level} {published or '9999'} {last}"


def likely(like: Likeness) -> float:
    """0 where neither text is a copy of the other; else 0.5 to 1, the more they share the higher."""
    shares = like.inside, like.covered, like.head
    alike = any(all(share >= least for share, least in zip(shares, way, strict=True)) for way in WAYS)
    told = ((like.numbers, NUMBERS), (like.names, NAMES))
    facts = all(share is None or share >= least for share, least in told)
    return 0.5 + 0.25 * like.inside + 0.25 * like.covered if alike and facts else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """The rules by which `cluster.settle` puts copies together; how signatures are compared is given."""

    likeness: Callable[[bytes, bytes], Likeness]
    signature_keys: Callable[[bytes], tuple[str, ...]]
    at: float = COPIED_AT

    def keys(self, packed: str, /) -> tuple[tuple[str, str], ...]:
        """Under which keys a text stands, each with its day."""
        text = unpack(packed)
        found = self.signature_keys(text.signature) if text.day else ()
        return tuple((key, text.day or WHENEVER[0]) for key in (*_exactly(text), *found))

    def asks(self, packed: str, /) -> tuple[Ask, ...]:
        """Where its copies stand: the same text at any time, near copies within `DAYS`."""
        text = unpack(packed)
        return _asks(text.exact, text.day, self.signature_keys(text.signature))

    def score(self, one: str, two: str, /) -> float:
        """How surely one of two texts is a copy of the other."""
        a, b = unpack(one), unpack(two)
        if a.exact and a.exact == b.exact:
            return 1.0
        near = a.scheme == b.scheme and a.day and b.day and _around(a.day)[0] <= b.day <= _around(a.day)[1]
        return likely(self.likeness(a.signature, b.signature)) if near else 0.0


def _exactly(text: Text) -> tuple[str, ...]:
    return (f"= {text.exact}",) if text.exact else ()


@lru_cache(maxsize=1024)
def _asks(exact: str, day: str, keys: tuple[str, ...]) -> tuple[Ask, ...]:
    asks = (Ask(key=f"= {exact}", days=(WHENEVER,)),) if exact else ()
    if not day:
        return asks
    days = (_around(day),)
    return (*asks, *(Ask(key=key, days=days) for key in keys))


@lru_cache(maxsize=1024)
def _around(day: str) -> tuple[str, str]:
    middle, span = date.fromisoformat(day), timedelta(days=DAYS)
    first = middle - span if middle - date.min >= span else date.min
    last = middle + span if date.max - middle >= span else date.max
    return first.isoformat(), last.isoformat()
