"""Which older measure one answers or replaces, from the words in which its event is told.

An event whose report says so ("in retaliation for", "countermeasures", "replaces") is tied to the older one that fits
best; every tie is a score with its reasons in words. How the candidates are had is for whoever stores events:
`tie_asks` says in plain terms what to look for (kind, whose act, against whom, in which span of days), and an event
that fits no ask need not be handed over. Of the words of articles only a report's quote is looked at.

    for ask in tie_asks(event, reports):           # mostly none: few events are told so
        others = … events of other measures with an actor of a seat in `ask.actors`, a target of a seat in `ask.targets`
                   (an empty set asks nothing), announced from `ask.first` to `ask.last`
        links = ties(event, reports, others)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from tracker.model import (
    Direction,
    Event,
    EventType,
    Link,
    LinkKind,
    Party,
    PartyKind,
    Reason,
    Report,
    Score,
    Status,
    TieAsk,
)
from tracker.resolve.agreement import same_actors
from tracker.resolve.days import bounds
from tracker.resolve.terms import common_stems, instrument_names, name_words, seat, stems, things

AT = 0.6  # a tie is kept from this score on
_A_MEASURE = (
    r"(?:[\w.'’-]+ ){0,6}(?:tariff|dut(?:y|ie)|lev(?:y|ie)|sanction|ban|curb|restriction|control|listing|blacklist|"
    r"measure|move|decision|rule|embargo|price cap|probe)s?\b"
)
# How a text says that a step answers another one's, or takes the place of an older one; case is ignored.
CUES: Mapping[LinkKind, tuple[str, ...]] = MappingProxyType(
    {
        LinkKind.RETALIATION: (
            r"\bin retaliation\b",
            r"\bretaliat(?:e|es|ed|ing|ion|ory)\b",
            r"\bcounter-?(?:measure|tariff|sanction|dut(?:y|ie))s?\b",
            r"\btit[- ]for[- ]tat\b",
            rf"\b(?:in|as an?) (?:direct |swift |apparent )?(?:response|reply|answer|riposte) to {_A_MEASURE}",
            r"\b(?:hits?|hit|hitting|strikes?|fires?|fired|punch(?:es)?) back\b",
            r"\breciprocal (?:measure|ban|tariff|sanction|dut(?:y|ie))s?\b",
            r"\bin kind\b",
        ),
        LinkKind.REPLACEMENT: (
            r"\b(?:replac(?:e|es|ed|ing)|supersed(?:e|es|ed|ing)|supplant(?:s|ed|ing)?)\b",
            r"\bin (?:place|lieu) of (?:the|an?|its|last|this)\b",
            r"\b(?:the|a|as) (?:successor|replacement) (?:to|for|of)\b",
            r"\btakes? the place of\b",
        ),
    }
)
# Words that take the cue back: nobody retaliated, or what is replaced is no measure.
DENIED = re.compile(
    r"\b(?:no|not|never|without|denied|deny|denies|threaten\w*|vow\w*|warn\w*|risk(?:s|ed)? of|fear\w*|whether|"
    r"prompt\w*|invit\w+|brac\w+ for)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
GOODS = re.compile(
    r"\breplac\w+ (?:\w+ )?(?:board|directors?|equipment|gear|suppliers?|parts?|devices?|imports?|foreign|kit|minister|"
    r"chief|head)\b",
    re.IGNORECASE,
)
DAYS: Mapping[LinkKind, int] = MappingProxyType({LinkKind.RETALIATION: 270, LinkKind.REPLACEMENT: 3650})
# What speaks for the one of the candidates that is meant, read as odds like the weights of `compare`.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "retaliation": 0.4,  # what every candidate has that fits at all
        "replacement": -1.0,
        "the other is named": 1.5,  # its actor, instrument or goods stand in the words of the report
        "same goods": 0.8,
        "same instrument": 1.2,
        "same kind": 0.6,
        "within a week": 1.0,
        "within a month": 0.5,
        "within three months": 0.0,
        "longer ago": -0.8,
        "the other ended": 0.6,
        "the other is but a plan": -1.0,
    }
)
SPANS = ((7, "within a week"), (31, "within a month"), (92, "within three months"))
PLANS = frozenset({Status.CONSIDERED, Status.PROPOSED})
OVER = frozenset({Status.ENDED, Status.SUSPENDED, Status.REJECTED})
# What one state does to another, or to its firms, that it may answer.
HOSTILE = frozenset(set(EventType) - {EventType.SUBSIDY, EventType.TRADE_AGREEMENT, EventType.COMPANY_RESPONSE})


def tie_asks(event: Event, reports: Iterable[Report]) -> tuple[TieAsk, ...]:
    """Whom the event may answer or replace; nothing where no report of it says that it does."""
    day = _day(event)
    if day is None:
        return ()
    found = []
    for kind in _cues(reports):
        actors, targets = _seats(event.actors), _seats(event.targets)
        if kind is LinkKind.RETALIATION:  # the one that is hit has struck before
            actors, targets = targets, actors
        if actors and (kind is LinkKind.REPLACEMENT or event.direction is not Direction.EASE):
            first = (bounds(day)[0] - timedelta(days=DAYS[kind])).isoformat()
            found.append(
                TieAsk(kind=kind, actors=actors, targets=targets, first=first, last=bounds(day)[1].isoformat())
            )
    return tuple(found)


def ties(event: Event, reports: Sequence[Report], candidates: Iterable[Event]) -> tuple[Link, ...]:
    """What the event's measure answers or replaces: of each kind the one that fits best, if one fits well enough."""
    cues = _cues(reports)
    if not cues or event.origins == 0:
        return ()
    older = sorted((c for c in candidates if _may_be_meant(event, c)), key=lambda c: (c.summary, c.lead_id or c.id))
    found = []
    for kind, quote in cues.items():
        scored = [(_score(kind, quote, event, c), c) for c in older if _fits(kind, event, c)]
        if scored:
            score, best = max(scored, key=lambda pair: (pair[0].value, _day(pair[1]) or ""))
            if score.value >= AT:
                found.append(_link(kind, event, best, score))
    return tuple(found)


def _link(kind: LinkKind, event: Event, other: Event, score: Score) -> Link:
    return Link(measure_id=event.measure_id, other_id=other.measure_id, kind=kind, event_id=event.id, score=score)


def cue(kind: LinkKind, quote: str) -> str | None:
    """The words by which a quote says that a step answers or replaces another; None: it does not."""
    for pattern in CUES[kind]:
        for found in re.finditer(pattern, quote, re.IGNORECASE):
            before, around = quote[: found.start()], quote[found.start() : found.end() + 40]
            if kind is LinkKind.REPLACEMENT and GOODS.match(around):
                continue
            if not DENIED.search(before[-90:]):
                return found[0]
    return None


def _cues(reports: Iterable[Report]) -> dict[LinkKind, str]:
    """The kinds of tie that the reports tell of, each with the quote that does."""
    quotes = sorted({r.quote for r in reports if r.quote})
    return {kind: quote for kind in LinkKind for quote in reversed(quotes) if cue(kind, quote)}


def _may_be_meant(event: Event, other: Event) -> bool:
    """Whether one is an event of another measure, known to have happened, and no later."""
    mine, theirs = _day(event), _day(other)
    if mine is None or theirs is None or other.measure_id == event.measure_id or not other.origins:
        return False
    return bounds(theirs)[0] <= bounds(mine)[1]


def _fits(kind: LinkKind, event: Event, other: Event) -> bool:
    if _apart(event, other) > DAYS[kind]:
        return False
    if kind is LinkKind.RETALIATION:
        is_blow = other.type in HOSTILE and other.direction is not Direction.EASE
        return is_blow and event.direction is not Direction.EASE and _opposes(event, other)
    shared = not _alike(event, other).keys().isdisjoint({"same goods", "same instrument"})
    return same_actors(event.actors, other.actors) and shared and bounds(_day(other) or "") < bounds(_day(event) or "")


def _opposes(event: Event, other: Event) -> bool:
    """Whether the other's actor is hit by the event, and the event's actor, or one of its country, was hit before."""
    hit = _seats(event.targets) & _seats(a for a in other.actors if a.kind is not PartyKind.COMPANY)
    struck = _seats(other.targets)
    own = _seats(event.actors)
    return bool(hit) and not hit & own and (bool(struck & own) or (not struck and event.type is other.type))


def _score(kind: LinkKind, quote: str, event: Event, other: Event) -> Score:
    reasons = [_reason(str(kind), f"“{cue(kind, quote)}” in its report")]
    reasons += [_reason(name, words) for name, words in _alike(event, other).items()]
    if named := _named(quote, other, kind):
        reasons.append(_reason("the other is named", named))
    days = _apart(event, other)
    span = next((name for most, name in SPANS if days <= most), "longer ago")
    reasons.append(_reason(span, f"{days} days before" if days else "the same day"))
    if kind is LinkKind.REPLACEMENT and other.status in OVER:
        reasons.append(_reason("the other ended", str(other.status)))
    if kind is LinkKind.RETALIATION and other.status in PLANS:
        reasons.append(_reason("the other is but a plan", str(other.status)))
    return Score(value=1 / (1 + math.exp(-sum(r.weight for r in reasons))), reasons=tuple(reasons))


def _reason(what: str, words: str) -> Reason:
    return Reason(what=what, words=words, weight=WEIGHTS[what])


def _alike(event: Event, other: Event) -> dict[str, str]:
    """What two measures have in common."""
    found = {}
    if event.type is other.type:
        found["same kind"] = str(event.type)
    mine, theirs = (frozenset().union(*(stems(i) | things(i) for i in e.items)) for e in (event, other))
    if shared := (mine & theirs) - common_stems():
        found["same goods"] = ", ".join(sorted(shared))
    laws, others = (frozenset().union(*map(instrument_names, e.instruments)) for e in (event, other))
    if shared := laws & others:
        found["same instrument"] = ", ".join(sorted(shared))
    return found


def _named(quote: str, other: Event, kind: LinkKind) -> str:
    """What of the other measure stands in the words of the report."""
    text = set(" ".join(name_words(quote)).split())
    words = [*other.instruments, *other.items]
    if kind is LinkKind.RETALIATION:
        words = [*(p.name for p in other.actors if p.kind is not PartyKind.GOVERNMENT), *words]
    return next((w for w in words if text.issuperset(name_words(w))), "")


def _day(event: Event) -> str | None:
    when = event.announced_on or event.effective_on
    return when.day if when else None


def _apart(event: Event, other: Event) -> int:
    """Days from the other event to this one; none where their dates overlap."""
    return max(0, (bounds(_day(event) or "")[0] - bounds(_day(other) or "")[1]).days)


def _seats(parties: Iterable[Party]) -> frozenset[str]:
    return frozenset(p.country for p in parties if p.country and seat(p))
