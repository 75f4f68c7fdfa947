"""Fit the gate: which articles the reader need not parse, told by the words of their sentences.

A logistic regression with an L2 penalty over the words and word pairs of each sentence, by full-batch steps and
without randomness: does a sentence show an event? Fitted on annotated articles of our own and practice texts, never on
gold. The threshold is the highest that loses at most `LOSS` of the events of our own articles when each fifth of them
is judged by weights fitted on the rest.

Usage: python evals/fit_gate.py [--fit]     (prints figures; with --fit also writes the weights that ship)
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from articles import own_articles
from numpy.typing import NDArray
from practice import practice
from split import split

from tracker.nlp.gate import BUILT_IN, SHORT, Weights, features, save_weights, sentences

Doc = dict[str, Any]
Floats = NDArray[np.float64]

FOLDS = 5
LOSS = 0.002  # of the events of our own articles, out of fold
AT_LEAST = 5  # sentences that hold a feature
PENALTY = 1.5
STEPS = 60
SEEN = 20  # characters of a piece of evidence in a sentence that shows it
LEAST = 0.02  # of a weight that is kept


def shows(doc: Doc, start: int, end: int) -> bool:
    """Whether the characters hold a good part of the evidence of some event."""
    spans = [s for e in doc["events"] for s in e["evidence"] if s.get("field", "text") == "text"]
    return any(
        min(end, s["end"]) - max(start, s["start"]) >= min(SEEN, (s["end"] - s["start"]) // 2) and s["start"] < end
        for s in spans
        if s["end"] > start
    )


def examples(docs: Sequence[Doc]) -> list[tuple[set[str], bool]]:
    """Each sentence: its features, and whether it shows an event."""
    found = []
    for doc in docs:
        place = 0
        for piece in sentences(doc["text"]):
            found.append((features(piece), shows(doc, place, place + len(piece))))
            place += len(piece)
    return found


def fit(docs: Sequence[Doc], threshold: float = 0.0) -> Weights:
    """Weights of all features that are frequent enough."""
    rows = examples(docs)
    seen = Counter(name for names, _ in rows for name in names)
    number = {name: i for i, name in enumerate(sorted(name for name, n in seen.items() if n >= AT_LEAST))}
    cells = np.array([(r, number[name]) for r, (names, _) in enumerate(rows) for name in names if name in number])
    truth = np.array([is_told for _, is_told in rows], dtype=np.float64)
    solved = descend(cells[:, 0], cells[:, 1], truth, len(number))
    kept = {name: round(float(solved[i]), 3) for name, i in number.items() if abs(solved[i]) >= LEAST}
    print(f"{len(docs)} articles, {len(rows)} sentences, {int(truth.sum())} of events, {len(kept)} weights")
    return Weights(bias=round(float(solved[-1]), 3), threshold=threshold, words=kept, trained_on=fingerprint(docs))


def descend(rows: NDArray[np.int64], columns: NDArray[np.int64], truth: Floats, width: int) -> Floats:
    """The weights and, last, the bias, by Adam on the full batch."""
    solved, first, second = np.zeros(width + 1), np.zeros(width + 1), np.zeros(width + 1)
    for step in range(1, STEPS + 1):
        logits = np.bincount(rows, solved[columns], minlength=len(truth)) + solved[-1]
        errors = 1 / (1 + np.exp(-logits)) - truth
        gradient = np.bincount(columns, errors[rows], minlength=width + 1) + PENALTY * solved
        gradient[-1] = errors.sum()
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        rate = 0.1 * (1 - 0.9 * step / STEPS)
        solved = solved - rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return solved


def fingerprint(docs: Sequence[Doc]) -> str:
    """How many articles, and a hash of their texts."""
    digest = hashlib.sha256("\n".join(doc["text"] for doc in docs).encode()).hexdigest()
    return f"{len(docs)} texts {digest[:8]}"


def scores(docs: Sequence[Doc], weights: Weights) -> list[float]:
    """The score of each article as the gate sees it."""
    return [weights.score((*([d["title"]] if d.get("title") else []), *sentences(d["text"]))) for d in docs]


def out_of_fold(docs: Sequence[Doc], beside: Sequence[Doc]) -> list[float]:
    """The score of each article by weights that have not seen it."""
    fold = [int(hashlib.sha256(doc["id"].encode()).hexdigest(), 16) % FOLDS for doc in docs]
    found = [0.0] * len(docs)
    for k in range(FOLDS):
        weights = fit([d for d, f in zip(docs, fold, strict=True) if f != k] + list(beside))
        held = [i for i, f in enumerate(fold) if f == k]
        for i, score in zip(held, scores([docs[i] for i in held], weights), strict=True):
            found[i] = score
    return found


def highest(docs: Sequence[Doc], found: Sequence[float]) -> float:
    """The highest threshold that loses no more than `LOSS` of the events."""
    judged = [(score, doc) for doc, score in zip(docs, found, strict=True) if len(doc["text"]) >= SHORT]
    told = sorted((score, len(doc["events"])) for score, doc in judged if doc["events"])
    room = LOSS * sum(n for _, n in told)
    for score, n in told:
        room -= n
        if room < 0:
            return round(score, 3)
    return 0.0


def report(name: str, docs: Sequence[Doc], found: Sequence[float], threshold: float) -> None:
    """Print what a threshold leaves out."""
    left = [doc for doc, score in zip(docs, found, strict=True) if score < threshold and len(doc["text"]) >= SHORT]
    quiet = [doc for doc in docs if not doc["events"]]
    lost, events = (sum(len(d["events"]) for d in some) for some in (left, docs))
    print(
        f"{name:8} of {len(quiet)} articles without events {sum(not d['events'] for d in left)} are left unread, "
        f"of {events} events {lost} are lost ({lost / max(1, events):.2%})"
    )


def main() -> None:
    """Find the threshold, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fit", action="store_true", help="write the weights that ship")
    options = parser.parse_args()
    own, beside = own_articles(), practice()
    found = out_of_fold(own, beside)
    weights = fit([*own, *beside], highest(own, found))
    print(f"threshold {weights.threshold}")
    report("own", own, found, weights.threshold)
    for part in ("dev", "heldout"):
        gold = split(part)
        report(part, gold, scores(gold, weights), weights.threshold)
    if options.fit:
        save_weights(weights)
        print(f"{BUILT_IN.name}: {BUILT_IN.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
