"""Fit the weights of `tracker.resolve.compare` on pairs of gold reports, and score resolution on gold.

Weights are learned on the `dev` part of the gold (see split.py) by logistic regression with an L2 penalty, a fixed
number of Newton steps and no randomness. Usage: python evals/fit_resolve.py [--fit]
"""

from __future__ import annotations

import itertools
import sys
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from score import bcubed
from split import split

from tracker.model import (
    Basis,
    Certainty,
    Direction,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Report,
    Span,
    Status,
    Tier,
    When,
)
from tracker.resolve import Memory, keys, place
from tracker.resolve.compare import features

ZERO = Span(start=0, end=0)


def report(doc: dict[str, Any], number: int, gold: dict[str, Any]) -> Report:
    """A gold event as the report that a perfect reader would make of it."""
    event = EventMention(
        type=EventType(gold["type"]),
        status=Status(gold["status"]),
        direction=Direction(gold["direction"]),
        certainty=Certainty(gold["certainty"]),
        actors=_mentions(gold["actors"]),
        targets=_mentions(gold["targets"]),
        items=tuple(Phrase(text=t, span=ZERO) for t in gold["items"]),
        instruments=tuple(Phrase(text=t, span=ZERO) for t in gold["instruments"]),
        announced_on=_when(gold["announced_on"]),
        effective_on=_when(gold["effective_on"]),
        evidence=(Span(start=gold["evidence"][0]["start"], end=gold["evidence"][0]["end"]),),
        confidence=1.0,
    )
    return Report(
        id=f"{doc['id']}#{number:03}",
        article_id=doc["id"],
        origin=doc["id"],
        published=doc["published_at"],
        tier=Tier.MAJOR,
        event=event,
    )


def _mentions(parties: list[dict[str, Any]]) -> tuple[Mention, ...]:
    return tuple(
        Mention(party=Party(name=p["name"], kind=PartyKind(p["kind"]), country=p["country"]), span=ZERO)
        for p in parties
    )


def _when(value: str | None) -> When | None:
    return When(value=value, basis=Basis.STATED) if value else None


def reports(part: str) -> list[tuple[Report, str, str, str]]:
    """(report, scope, event key, measure key) of every gold event of a part."""
    found = []
    for doc in split(part):
        scope = doc["id"].split("-")[0]
        for number, gold in enumerate(doc["events"]):
            if gold.get("event_key") and gold["evidence"]:
                found.append((report(doc, number, gold), scope, gold["event_key"], gold.get("measure") or ""))
    return found


def pairs(part: str) -> list[tuple[dict[str, str], bool, bool]]:
    """(features, same event, same measure) of every pair of one set that share a blocking key."""
    by_scope = defaultdict(list)
    for row in reports(part):
        by_scope[row[1]].append(row)
    out = []
    for rows in by_scope.values():
        for (a, _, ea, ma), (b, _, eb, mb) in itertools.combinations(rows, 2):
            if set(keys(a)) & set(keys(b)):
                same = ea == eb and a.article_id != b.article_id
                out.append((features(a.event, b.event), same, ma == mb))
    return out


def fit(rows: list[dict[str, str]], truth: list[bool], penalty: float = 2.0) -> dict[str, float]:
    """Weights of logistic regression by Newton's method."""
    names = sorted({name for row in rows for name in row})
    x: NDArray[np.float64] = np.array([[float(name in row) for name in names] for row in rows])
    y = np.array(truth, dtype=float)
    w = np.zeros(len(names))
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + penalty * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(names))
        w -= np.linalg.solve(hessian, gradient)
    return dict(zip(names, w.round(1).tolist(), strict=True))


def evaluate(part: str) -> dict[str, dict[str, float]]:
    """B-cubed of placing the gold reports of a part, one by one in order of publication."""
    event_keys, measure_keys = [], []
    memory: dict[str, Memory] = defaultdict(Memory)
    rows = sorted(reports(part), key=lambda r: (r[0].published or "", r[0].id))
    for one, scope, event, measure in rows:
        placed = place(one, memory[scope])
        memory[scope].add(one, placed)
        event_keys.append((f"{scope}/{event}", f"{scope}/{placed.event_id}"))
        measure_keys.append((f"{scope}/{measure}", f"{scope}/{placed.measure_id}"))
    told = defaultdict(int)
    for key, _ in event_keys:
        told[key] += 1
    return {
        "events": bcubed(event_keys),
        "events told twice": bcubed([k for k in event_keys if told[k[0]] > 1]),
        "measures": bcubed(measure_keys),
    }


def main() -> None:
    """Print fitted weights (--fit) or the scores of the present ones."""
    if "--fit" in sys.argv:
        rows = pairs("dev")
        events = fit([r for r, _, _ in rows], [e for _, e, _ in rows])
        measures = fit([r for r, _, _ in rows], [m for _, _, m in rows])
        for name in sorted(events):
            print(f'        "{name}": ({events[name]}, {measures[name]}),')
    for part in ("dev", "heldout"):
        for name, r in evaluate(part).items():
            print(f"{part:8} {name:18} P {r['p']:.3f}  R {r['r']:.3f}  F1 {r['f1']:.3f}")


if __name__ == "__main__":
    main()
