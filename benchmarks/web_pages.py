"""The pages that the benchmark of the web asks for: every kind with addresses as readers have them, drawn by lot.

Kinds cover `tracker.web.routes` (but for review, which changes the database); `weight` says how often readers ask for
one. Addresses are those below the base of the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

from query_questions import Draw, draws

from tracker.query import Timeline

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page, how often it is asked for, and the address that a draw gives."""

    name: str
    address: Callable[[Draw], str]
    weight: int = 1


def to(page: str, **values: object) -> str:
    """An address."""
    return f"/{page}{f'?{urlencode(values, doseq=True)}' if values else ''}"


def of(kind: str, key: str, end: str = "") -> str:
    """The address of the page of one thing."""
    return f"/{kind}/{quote(key, safe=':')}{end}"


KINDS = (
    Kind("timeline", lambda _: to(""), 6),
    Kind("timeline: type", lambda d: to("", type=d["type"]), 3),
    Kind("timeline: who acts, since", lambda d: to("", actor=d["country"], since=d["day"]), 3),
    Kind("timeline: several values", lambda d: to("", type=("tariff", d["type"]), country=d["country"],
         status=d["status"]), 3),
    Kind("timeline: a rare party", lambda d: to("", party=d["party"]), 2),
    Kind("timeline: country against country", lambda d: to("", pair=d["pair"]), 2),
    Kind("timeline: item", lambda d: to("", item=d["item"]), 2),
    Kind("timeline: rare word", lambda d: to("", text=d["rare"]), 2),
    Kind("timeline: common word", lambda d: to("", text=d["common"]), 2),
    Kind("timeline: phrase", lambda d: to("", text=d["phrase"])),
    Kind("timeline: amount", lambda d: to("", amount=d["amount"], type=d["type"])),
    Kind("timeline: when it takes effect", lambda d: to("", on="effective", since=d["day"], type=d["type"])),
    Kind("timeline: in force on a day", lambda d: to("", in_force_on=d["day"], type=d["type"])),
    Kind("timeline: lines of a field", lambda d: to("", by="status", actor=d["country"])),
    Kind("timeline: all values of a field", lambda d: to("", all="item", type=d["type"])),
    Kind("timeline: a later page", lambda d: to("", after=d["after"]), 3),
    Kind("timeline: as of a moment", lambda d: to("", as_of=d["moment"], type=d["type"])),
    Kind("file: JSON, 100 events", lambda d: to("events.json", type=d["type"], size=100)),
    Kind("file: CSV, 1,000 events", lambda d: to("events.csv", actor=d["country"], size=1000)),
    Kind("feed: Atom", lambda d: to("events.atom", type=d["type"])),
    Kind("event", lambda d: of("event", d["event"]), 6),
    Kind("event: why one event", lambda d: of("event", d["event"], "/why")),
    Kind("event, JSON", lambda d: of("event", d["event"], ".json")),
    Kind("measure", lambda d: of("measure", d["measure"]), 3),
    Kind("parties", lambda _: to("parties")),
    Kind("parties: by name", lambda d: to("parties", text=d["party"][3:6])),
    Kind("party: a government", lambda d: of("party", d["state"]), 2),
    Kind("party: a company", lambda d: of("party", d["company"]), 2),
    Kind("matrix", lambda _: to("matrix")),
    Kind("matrix: type, since", lambda d: to("matrix", type=d["type"], since=d["day"]), 2),
    Kind("map", lambda _: to("map")),
    Kind("map: type, one country", lambda d: to("map", type=d["type"], focus=d["country"])),
    Kind("article", lambda d: of("article", d["article"]), 3),
    Kind("article: revisions", lambda d: of("article", d["article"], "/revisions")),
    Kind("search: rare word", lambda d: to("search", text=d["rare"])),
    Kind("search: common word", lambda d: to("search", text=d["common"])),
    Kind("upcoming", lambda _: to("upcoming")),
    Kind("upcoming: type", lambda d: to("upcoming", type=d["type"])),
    Kind("upcoming, calendar", lambda d: to("upcoming.ics", type=d["type"])),
    Kind("sources", lambda _: to("sources")),
    Kind("source", lambda d: of("source", d["source"])),
)  # fmt: skip


def told(timeline: Timeline) -> list[Draw]:
    """What the addresses are made of: what the benchmark of questions draws, an article and a company that acts."""
    db, found = timeline._db, list(draws(timeline))  # noqa: SLF001 - there is no question for this
    for draw in found:
        row = db.row("SELECT article_id FROM report WHERE event_id = ? LIMIT 1", (draw["event"],))
        assert row is not None
        draw["article"] = row[0]
        row = db.row("SELECT id FROM entity WHERE kind = 'company' AND id >= ? ORDER BY id LIMIT 1", (draw["party"],))
        draw["company"] = row[0] if row else draw["state"]
    return found


def addresses(found: Sequence[Draw], only: str = "") -> dict[str, list[str]]:
    """Kind to its addresses, each once."""
    return {kind.name: list(dict.fromkeys(kind.address(draw) for draw in found)) for kind in KINDS if only in kind.name}


def reading(asked: dict[str, list[str]], chance: Random) -> Iterator[tuple[str, str]]:
    """What one reader asks for, without end: kind and address."""
    kinds = [kind for kind in KINDS if kind.name in asked]
    while True:
        (kind,) = chance.choices(kinds, [one.weight for one in kinds])
        yield kind.name, chance.choice(asked[kind.name])
