"""Where a report belongs: blocking keys, the choice among candidates, and a store of candidates in memory.

A report is compared only with events that share a blocking key, so the cost of placing it follows the number of
events like it and not the number stored. Two reports of one article are never one event: the reader has already
merged what an article tells twice. An event is scored by the mean over its reports, so that a chain of pairwise
likenesses does not draw unlike reports together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tracker.model import Candidates, Cluster, Placement, Precision, Report, Score, When
from tracker.resolve.rules import same_event, same_measure
from tracker.resolve.weights import EVENT_AT, MEASURE_AT
from tracker.resolve.terms import actor_key, stems

MAX_KEYS = 48  # a report with a list of forty targets is found by its first ones


def keys(report: Report) -> tuple[str, ...]:
    """The blocking keys of a report: actor or object with type and month, then actor with each object and thing."""
    event = report.event
    actors = _some(actor_key(m.party) for m in event.actors) or ("?",)
    objects = _some(actor_key(m.party) for m in event.targets)
    things = _some(stem for p in (*event.items, *event.instruments) for stem in sorted(stems(p.text)))
    month = _month(event.announced_on, report.published)
    found = [f"{a}|{event.type}|{month}" for a in actors]
    found += [f"{x}|{event.type}|{month}" for x in objects]
    found += [f"{a}|{x}" for a in actors for x in (*objects, *things)]
    return tuple(dict.fromkeys(found))[:MAX_KEYS]


def place(report: Report, candidates: Candidates) -> Placement:
    """Put a report into the event that it tells, or let it found one; likewise for the measure."""
    clusters = sorted(candidates.sharing(keys(report)), key=lambda c: c.event_id)
    best = _best_event(report, clusters)
    if best is not None:
        cluster, score = best
        return Placement(
            report_id=report.id, event_id=cluster.event_id, measure_id=cluster.measure_id, event_score=score
        )
    event_id = f"e{report.id[:15]}"
    measure = _best_measure(report, clusters)
    if measure is not None:
        return Placement(report_id=report.id, event_id=event_id, measure_id=measure[0], measure_score=measure[1])
    return Placement(report_id=report.id, event_id=event_id, measure_id=f"m{report.id[:15]}")


class Memory:
    """Candidates in a dictionary, over those of somebody else: what a batch has placed and not yet stored."""

    def __init__(self, below: Candidates | None = None) -> None:
        """Start empty, or on top of the candidates that are stored."""
        self._below = below
        self._placed: dict[str, Cluster] = {}
        self._seen: dict[str, Cluster] = {}  # of those below, so that one that grows here is whole
        self._index: defaultdict[str, set[str]] = defaultdict(set)

    def sharing(self, keys: Iterable[str]) -> tuple[Cluster, ...]:
        """Every event, whole, that has a report with one of the blocking keys."""
        keys = tuple(keys)
        below = self._below.sharing(keys) if self._below else ()
        self._seen |= {c.event_id: c for c in below}
        ids = set().union(*(self._index.get(key, set()) for key in keys), (c.event_id for c in below))
        return tuple(self._placed.get(i) or self._seen[i] for i in sorted(ids))

    def add(self, report: Report, placement: Placement) -> None:
        """Keep a report where it was placed."""
        old = self._placed.get(placement.event_id) or self._seen.get(placement.event_id)
        self._placed[placement.event_id] = Cluster(
            event_id=placement.event_id,
            measure_id=placement.measure_id,
            reports=(*(old.reports if old else ()), report),
        )
        for key in keys(report):
            self._index[key].add(placement.event_id)

    def clusters(self) -> tuple[Cluster, ...]:
        """The events that grew or began here, by id."""
        return tuple(self._placed[i] for i in sorted(self._placed))


def _best_event(report: Report, clusters: Iterable[Cluster]) -> tuple[Cluster, Score] | None:
    scored = [
        (cluster, _mean([same_event(report, other) for other in cluster.reports]))
        for cluster in clusters
        if all(other.article_id != report.article_id for other in cluster.reports)
    ]
    best = max(scored, key=lambda pair: pair[1].value, default=None)
    return best if best and best[1].value >= EVENT_AT else None


def _best_measure(report: Report, clusters: Iterable[Cluster]) -> tuple[str, Score] | None:
    scored = [
        (cluster.measure_id, max((same_measure(report, other) for other in cluster.reports), key=lambda s: s.value))
        for cluster in clusters
    ]
    best = max(scored, key=lambda pair: pair[1].value, default=None)
    return best if best and best[1].value >= MEASURE_AT else None


def _mean(scores: list[Score]) -> Score:
    """The mean value, with the reasons of the score that is nearest to it."""
    value = sum(s.value for s in scores) / len(scores)
    nearest = min(scores, key=lambda s: abs(s.value - value))
    return Score(value=value, reasons=nearest.reasons)


def _month(announced: When | None, published: str | None) -> str:
    whole = announced is not None and announced.precision is not Precision.YEAR
    return (announced.value if announced and whole else published or "")[:7]


def _some(found: Iterable[str], most: int = 6) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:most]
