"""Fit the weights of `tracker.resolve.weights` on pairs of `dev`, and score resolution on gold and on what we read.

Pairs are those that clustering compares: things that share a key. Weights are learned by logistic regression with an L2
penalty, a fixed number of Newton steps and no randomness, on gold reports and on read ones alike, for events and for
measures apart. Usage: python evals/fit_resolve.py [--fit] [--gold]
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from resolve_reports import Told, gold, read, scopes
from score import bcubed

from tracker.model import Cluster, Report, Standing
from tracker.resolve import (
    EVENTS,
    LEVELS,
    MEASURES,
    Level,
    Memory,
    Rules,
    consensus,
    event_standing,
    report_standing,
    settle,
    unpack,
)
from tracker.resolve.compare import features

PENALTY = 3.0
STEPS = 25
# Added to what is fitted: the threshold is low for the sake of what we read, and in gold few act alike on one day.
BY_HAND: Mapping[Level, Mapping[str, float]] = MappingProxyType({"event": {"actor: different": -0.6}, "measure": {}})

Scores = dict[str, dict[str, float]]


def evaluate(told: Sequence[Told]) -> Scores:
    """B-cubed of settling these reports: events, those told at least twice, and measures."""
    event_keys, measure_keys = [], []
    for ones in scopes(told).values():
        led = settled([report_standing(one.report) for one in ones], EVENTS)
        events = {key: standing for key, standing, _ in as_events(ones, [led[one.report.id] for one in ones])}
        of = settled(events.values(), MEASURES)
        event_keys += [(one.event, led[one.report.id]) for one in ones]
        measure_keys += [(one.measure, of[events[led[one.report.id]].id]) for one in ones]
    times = Counter(key for key, _ in event_keys)
    return {
        "events": bcubed(event_keys),
        "events told twice": bcubed([pair for pair in event_keys if times[pair[0]] > 1]),
        "measures": bcubed(measure_keys),
    }


def settled(standings: Iterable[Standing], rules: Rules) -> dict[str, str]:
    """Whom each thing follows, all arriving at once."""
    return {one.id: one.lead or one.id for one in settle(standings, (), Memory(rules), rules)}


def as_events(told: Sequence[Told], keys: Sequence[str]) -> Iterator[tuple[str, Standing, Told]]:
    """The reports of each key as an event, with the key and one of them."""
    by_key: defaultdict[str, list[Told]] = defaultdict(list)
    for one, key in zip(told, keys, strict=True):
        by_key[key].append(one)
    for key, ones in by_key.items():
        yield key, event_of([one.report for one in ones]), ones[0]


def event_of(reports: Sequence[Report]) -> Standing:
    """The event that reports tell, led by the foremost."""
    lead = min(reports, key=lambda report: report_standing(report).rank).id
    cluster = Cluster(event_id=f"e{lead}", measure_id="m", reports=tuple(reports), lead_id=lead)
    return event_standing(replace(consensus(cluster), lead_id=lead), reports)


def things(told: Sequence[Told], level: Level) -> list[tuple[Standing, Told]]:
    """What a level puts together, were the one below without fault."""
    if level == "event":
        return [(report_standing(one.report), one) for one in told]
    return [(standing, one) for _, standing, one in as_events(told, [one.event for one in told])]


def pairs(told: Sequence[Told], level: Level) -> Iterator[tuple[list[str], bool]]:
    """(features, whether they are one) of every pair to learn from: those that share a key of either level.

    So that events learn from pairs that lie years apart, too, which `tracker why` is asked about.
    """
    for ones in scopes(told).values():
        found = {standing.id: (standing, one) for standing, one in things(ones, level)}
        for a, b in sorted(
            set[tuple[str, str]]().union(*(_near([s for s, _ in found.values()], rules) for rules in LEVELS.values()))
        ):
            (standing, one), (near, other) = found[a], found[b]
            if level == "measure":
                yield features(unpack(standing.profile), unpack(near.profile)), one.measure == other.measure
            elif standing.group != near.group:
                yield features(unpack(standing.profile), unpack(near.profile)), one.event == other.event


def _near(standings: Sequence[Standing], rules: Rules) -> set[tuple[str, str]]:
    """The pairs that share a key, each in order of id."""
    memory = Memory(rules)
    memory.put(standings)
    return {(s.id, near.id) for s in standings for near in memory.sharing(rules.asks(s.profile)) if s.id < near.id}


def key_recall(told: Sequence[Told], level: Level) -> float:
    """The share of true pairs that share a key, and so can be found."""
    found = true = 0
    for ones in scopes(told).values():
        made = sorted(things(ones, level), key=lambda pair: pair[0].id)
        near = _near([standing for standing, _ in made], LEVELS[level])
        for (a, one), (b, two) in itertools.combinations(made, 2):
            same = one.measure == two.measure if level == "measure" else one.event == two.event and a.group != b.group
            true += same
            found += same and (a.id, b.id) in near
    return found / true


def fit(rows: Sequence[tuple[list[str], bool]]) -> dict[str, float]:
    """Weights of logistic regression by Newton's method, to one decimal."""
    names = sorted({name for row, _ in rows for name in row})
    x: NDArray[np.float64] = np.array([[float(name in row) for name in names] for row, _ in rows])
    y = np.array([same for _, same in rows], dtype=float)
    w = np.zeros(len(names))
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + PENALTY * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + PENALTY * np.eye(len(names))
        w -= np.linalg.solve(hessian, gradient)
    return {name: weight for name, weight in zip(names, w.round(1).tolist(), strict=True) if weight}


def main() -> None:
    """Print fitted weights (--fit) or the scores of the present ones; --gold leaves out what we read."""
    kinds: dict[str, Callable[[str], list[Told]]] = {"gold": gold, "read": read}
    if "--gold" in sys.argv:
        del kinds["read"]
    if "--fit" in sys.argv:
        sets = [make("dev") for make in kinds.values()]
        for level in LEVELS:
            print(level)
            for name, weight in fit([pair for some in sets for pair in pairs(some, level)]).items():
                print(f'        "{name}": {round(weight + BY_HAND[level].get(name, 0.0), 1)},')
        return
    for part, (kind, make) in itertools.product(("dev", "heldout"), kinds.items()):
        told = make(part)
        for name, r in evaluate(told).items():
            print(f"{part:8} {kind:5} {name:18} P {r['p']:.3f}  R {r['r']:.3f}  F1 {r['f1']:.3f}")
        for level in LEVELS:
            print(f"{part:8} {kind:5} true pairs of one {level} that share a key: {key_recall(told, level):.3f}")


if __name__ == "__main__":
    main()
