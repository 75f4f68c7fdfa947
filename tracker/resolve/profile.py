"""What is compared of a report or an event: names, stems and days as plain sets and numbers, packed into one string.

Parties are taken as they are given: whoever calls has put those that stand for merged ones in their place. Nothing is
compared here, and the text of the articles is not looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from tracker.model import Event, EventMention, Mention, Party, Report, When
from tracker.resolve.days import bounds
from tracker.resolve.terms import amounts, instrument_names, party_names, seat, stems, things, wider_names

MOST = 12  # names, stems or articles kept of one kind: beyond, they are a list and tell little

Days = tuple[int, int]  # the first and the last day that a date may mean, as ordinals

# How much each part tells for a thing to lead its like: what can be compared with others.
FULLNESS: Mapping[str, int] = MappingProxyType(
    {"day": 3, "month": 2, "year": 1, "actors": 2, "targets": 2, "items": 2, "instruments": 1, "amounts": 1, "later": 1}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is compared. `id` is the report's, of an event that of its leading report; `articles` are where it is told.

    Parties are given three times: by their names, with what they are part of (a ministry with its state), and by their
    seats. Days are ordinals of the proleptic calendar.
    """

    id: str
    type: str
    subtype: str
    types: frozenset[str]
    statuses: frozenset[str]
    directions: frozenset[str]
    actors: frozenset[str]
    actors_wider: frozenset[str]
    targets: frozenset[str]
    targets_wider: frozenset[str]
    seats: frozenset[str]  # countries of the targets
    items: frozenset[str]  # stems of what is at stake
    goods: frozenset[str]  # the same by kinds of thing
    instruments: frozenset[str]
    amounts: frozenset[str]
    announced: Days | None
    effective: Days | None
    published: int | None
    articles: frozenset[str]
    sources: frozenset[str]


def profile(report: Report) -> Profile:
    """What is compared of one report."""
    return _made(report.id, [report], report.event)


def event_profile(event: Event, reports: Sequence[Report]) -> Profile:
    """What is compared of an event: all that its reports name, and the dates that it was given."""
    return _made(event.lead_id or event.id, reports, event)


def rank(profile: Profile) -> str:
    """The place in the order in which things may lead, the fullest first; unique, of the content alone."""
    days = profile.announced
    span = 0 if days is None else days[1] - days[0]
    known = {
        "day": days is not None and span == 0,
        "month": 0 < span <= 31,
        "year": span > 31,
        "actors": bool(profile.actors),
        "targets": bool(profile.targets),
        "items": bool(profile.items),
        "instruments": bool(profile.instruments),
        "amounts": bool(profile.amounts),
        "later": profile.effective is not None,
    }
    fullness = sum(FULLNESS[part] for part, is_known in known.items() if is_known)
    return f"{99 - fullness:02}{hashlib.sha256(profile.id.encode()).hexdigest()[:30]}"


def pack(profile: Profile) -> str:
    """As one compact string, the same for the same profile."""
    values = (getattr(profile, name) for name in NAMES)
    plain = [sorted(v) if isinstance(v, frozenset) else v for v in values]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=8192)
def unpack(packed: str) -> Profile:
    """The profile of a packed one."""
    return Profile(**{name: _value(name, value) for name, value in zip(NAMES, json.loads(packed), strict=True)})


NAMES = tuple(field.name for field in fields(Profile))
SETS = frozenset(field.name for field in fields(Profile) if field.type == "frozenset[str]")


def _value(name: str, value: Any) -> Any:
    if name in SETS:
        return frozenset(value)
    return tuple(value) if isinstance(value, list) else value


def _made(id_: str, reports: Sequence[Report], dated: EventMention | Event) -> Profile:
    told = [report.event for report in reports]
    actors, targets = _parties(e.actors for e in told), _parties(e.targets for e in told)
    items = [phrase.text for e in told for phrase in e.items]
    instruments = [phrase.text for e in told for phrase in e.instruments]
    published = min((report.published for report in reports if report.published), default=None)
    return Profile(
        id=id_,
        type=dated.type.value,
        subtype=dated.subtype or "",
        types=frozenset(e.type.value for e in told) | {dated.type.value},
        statuses=frozenset(e.status.value for e in told) | {dated.status.value},
        directions=frozenset(e.direction.value for e in told) | {dated.direction.value},
        actors=_most(name for p in actors for name in party_names(p)),
        actors_wider=_most(name for p in actors for name in wider_names(p)),
        targets=_most(name for p in targets for name in party_names(p)),
        targets_wider=_most(name for p in targets for name in wider_names(p)),
        seats=_most(seat(p) for p in targets if seat(p)),
        items=_most(stem for text in items for stem in sorted(stems(text))),
        goods=_most(thing for text in items for thing in sorted(things(text))),
        instruments=_most(name for text in instruments for name in sorted(instrument_names(text))),
        amounts=_most(amount for e in told for amount in amounts(e.amounts, (p.text for p in e.items))),
        announced=_days(dated.announced_on),
        effective=_days(dated.effective_on),
        published=bounds(published)[0].toordinal() if published else None,
        articles=_most(sorted(report.article_id for report in reports)),
        sources=_most(sorted(report.source_id for report in reports if report.source_id)),
    )


def _parties(mentions: Iterable[Sequence[Mention]]) -> list[Party]:
    return [mention.party for named in mentions for mention in named]


def _most(found: Iterable[str]) -> frozenset[str]:
    """Those named most often, the first of equals."""
    named = list(found)
    every = frozenset(named)
    return every if len(every) <= MOST else frozenset(name for name, _ in Counter(named).most_common(MOST))


def _days(when: When | None) -> Days | None:
    if when is None:
        return None
    first, last = bounds(when.day)
    return first.toordinal(), last.toordinal()
