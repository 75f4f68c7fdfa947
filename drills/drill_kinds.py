"""What goes wrong in the drill, and where each fault must be seen: a table. Nothing here acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from tracker.newsroom import (
    Bomb,
    ChangingEtag,
    Cut,
    Drip,
    Fault,
    FrozenEtag,
    Garbage,
    Huge,
    Loop,
    Recoded,
    Replaced,
    Slow,
    Status,
    StuckEtag,
    Torn,
)

FEED, PAGES = "/feed.xml", "/a/"  # the beginnings of the paths that a fault is laid on
MOVED_TO = "/moved.xml"
ENDLESS = 10**12  # bytes
BOMB = 20_000_000  # bytes
FAULTY = frozenset({"failed", "poison"})
HTML = b"<!doctype html><html><head><title>Wartung</title></head><body><h1>Wir sind bald zurueck</h1></body></html>"


class Trick(Enum):
    """What the content does, while the answers are sound."""

    GUIDS = auto()  # another guid for every entry at every fetch
    DROPS = auto()  # every second fetch lacks every second entry
    TWICE = auto()  # every entry comes twice, under two addresses and two guids
    EDITS = auto()  # what was published before the phase has another title and text from then on


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fault.

    It must be seen as one of `outcomes` in a row of `fetch` of its source, with this status where one is given, or as
    an alarm of that name. A kind with neither must be dealt with: no failure, and every article as it was published.
    """

    name: str
    does: Fault | Trick
    on: str = FEED
    outcomes: frozenset[str] = frozenset()
    status: int | None = None
    alarm: str | None = None
    revised: bool = False  # the articles must have revisions
    paged: bool | None = None  # only for outlets with pages, only for those without, or for all


def kinds(private: str) -> tuple[Kind, ...]:
    """The table; `private` is an address that a feed must not lead to."""
    away = Status(302, (("Location", private),))
    moved = Status(301, (("Location", MOVED_TO),))
    return (
        Kind(name="slow", does=Slow(60), outcomes=FAULTY),
        Kind(name="a drip", does=Drip(8, 0.8), outcomes=FAULTY),
        Kind(name="cut off", does=Cut(900), outcomes=FAULTY),
        Kind(name="429 with Retry-After", does=_status(429, 1800), outcomes=FAULTY, status=429),
        Kind(name="429", does=Status(429), outcomes=FAULTY, status=429),
        Kind(name="403", does=Status(403), outcomes=FAULTY, status=403),
        Kind(name="404", does=Status(404), outcomes=FAULTY, status=404),
        Kind(name="410 gone", does=Status(410), outcomes=FAULTY, status=410, alarm="gone"),
        Kind(name="500", does=Status(500), outcomes=FAULTY, status=500),
        Kind(name="503 with Retry-After", does=_status(503, 3600), outcomes=FAULTY, status=503),
        Kind(name="gzip bomb", does=Bomb(BOMB, "gzip"), outcomes=FAULTY),
        Kind(name="brotli bomb", does=Bomb(BOMB, "br"), outcomes=FAULTY),
        Kind(name="zstd bomb", does=Bomb(BOMB, "zstd"), outcomes=FAULTY),
        Kind(name="endless body", does=Huge(ENDLESS), outcomes=FAULTY),
        Kind(name="noise", does=Garbage(), outcomes=FAULTY),
        Kind(name="a web page in place of the feed", does=Replaced(HTML, "text/html"), outcomes=FAULTY),
        Kind(name="empty body", does=Replaced(b""), outcomes=FAULTY),
        Kind(name="redirects in a circle", does=Loop(), outcomes=FAULTY),
        Kind(name="redirect to a private address", does=away, outcomes=FAULTY),
        Kind(name="moved for good", does=moved, alarm="moved"),
        Kind(name="malformed XML", does=Torn(0.6)),
        Kind(name="wrong charset", does=Recoded("windows-1252")),
        Kind(name="changing ETag", does=ChangingEtag()),
        Kind(name="one ETag for changed content", does=StuckEtag()),
        Kind(name="one ETag and 304 for changed content", does=FrozenEtag()),
        Kind(name="304 whatever is asked", does=Status(304)),
        Kind(name="changing guids", does=Trick.GUIDS),
        Kind(name="entries dropped and back again", does=Trick.DROPS),
        Kind(name="entries twice", does=Trick.TWICE),
        Kind(name="articles edited", does=Trick.EDITS, revised=True, paged=False),
        Kind(name="pages edited", does=Trick.EDITS, revised=True, paged=True),
        Kind(name="pages answer 503", does=Status(503), on=PAGES, paged=True),
        Kind(name="pages cut off", does=Cut(300), on=PAGES, paged=True),
        Kind(name="pages slow", does=Slow(60), on=PAGES, paged=True),
    )


def _status(code: int, seconds: int) -> Status:
    return Status(code, (("Retry-After", str(seconds)),))
