"""An event's fields from its reports, by one visible rule; it does not decide which reports belong together.

The rule: reports are ranked by the tier of their source (official, major, specialist, social), then by confidence,
then by date. A field with few values (type, status, direction, certainty) goes to the value with the most
independent accounts, the better-ranked report breaking ties; so does the subtype, among the accounts of that type that
name one. A date goes to the most precise one of the ranked reports. Parties and things are those of at least half of
the accounts that name any, in order of rank.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from tracker.model import Cluster, Event, Measure, Mention, Party, Phrase, Report, Tier, When
from tracker.resolve.summary import summary, title
from tracker.resolve.terms import party_key, stems

V = TypeVar("V", bound=Hashable)

MAX_PARTIES, MAX_ITEMS = 8, 6
TIERS = tuple(Tier)


def consensus(cluster: Cluster) -> Event:
    """The event that the reports of a cluster tell."""
    ranked = sorted(cluster.reports, key=rank)
    kind = _vote(ranked, lambda r: r.event.type)
    finer = [r for r in ranked if r.event.type is kind and r.event.subtype]
    event = Event(
        id=cluster.event_id,
        type=kind,
        subtype=_vote(finer, lambda r: r.event.subtype) if finer else None,
        status=_vote(ranked, lambda r: r.event.status),
        direction=_vote(ranked, lambda r: r.event.direction),
        certainty=_vote(ranked, lambda r: r.event.certainty),
        actors=_parties([r.event.actors for r in ranked]),
        targets=_parties([r.event.targets for r in ranked]),
        items=_phrases([r.event.items for r in ranked]),
        instruments=_phrases([r.event.instruments for r in ranked]),
        announced_on=_date(r.event.announced_on for r in ranked),
        effective_on=_date(r.event.effective_on for r in ranked),
        confidence=_confidence(ranked),
        summary="",
        report_ids=tuple(sorted(r.id for r in ranked)),
        origins=len({r.origin for r in ranked}),
        measure_id=cluster.measure_id,
    )
    return replace(event, summary=summary(event))


def founded(events: Iterable[Event]) -> Iterator[Measure]:
    """The measures that these events founded, each under a title made of its first step."""
    for event in events:
        if event.measure_id[1:] == event.id[1:]:  # see tracker.resolve.place: both are named after the report
            yield Measure(id=event.measure_id, title=title(event), event_ids=(event.id,))


def rank(report: Report) -> tuple[int, float, str, str]:
    """Sort key of a report: the better, the smaller."""
    return (TIERS.index(report.tier), -report.event.confidence, report.published or "9999", report.id)


def _vote(ranked: Sequence[Report], value: Callable[[Report], V]) -> V:
    origins: defaultdict[V, set[str]] = defaultdict(set)
    for report in ranked:
        origins[value(report)].add(report.origin)
    most = max(len(found) for found in origins.values())
    return next(v for v in (value(r) for r in ranked) if len(origins[v]) == most)


def _parties(accounts: Sequence[tuple[Mention, ...]]) -> tuple[Party, ...]:
    named = [[m.party for m in mentions] for mentions in accounts if mentions]
    counts = Counter(key for parties in named for key in {party_key(p) for p in parties})
    first: dict[str, Party] = {}
    for parties in named:
        for party in parties:
            first.setdefault(party_key(party), party)
    kept = [p for key, p in first.items() if 2 * counts[key] >= len(named)]
    return tuple(kept or [p for parties in named[:1] for p in parties])[:MAX_PARTIES]


def _phrases(accounts: Sequence[tuple[Phrase, ...]]) -> tuple[str, ...]:
    named = [[p.text for p in phrases] for phrases in accounts if phrases]
    counts = Counter(key for texts in named for key in {stems(t) for t in texts})
    first: dict[frozenset[str], str] = {}
    for texts in named:
        for text in texts:
            first.setdefault(stems(text), text)
    kept = sorted(first, key=lambda key: -counts[key])
    return tuple(first[key] for key in kept)[:MAX_ITEMS]


def _date(dates: Iterable[When | None]) -> When | None:
    known = [d for d in dates if d is not None]
    return max(known, key=lambda d: len(d.day), default=None)


def _confidence(ranked: Sequence[Report]) -> float:
    """One minus the chance that every independent account is mistaken."""
    best: dict[str, float] = {}
    for report in ranked:
        best[report.origin] = max(best.get(report.origin, 0.0), report.event.confidence)
    return round(min(0.99, 1 - math.prod(1 - c for c in best.values())), 3)
