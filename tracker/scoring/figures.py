"""The figures of a comparison: counted, never rounded, under the names of the shared scorer's JSON.

Precision, recall and F1 of events, strict and loose; accuracy and macro F1 of the closed fields on what was matched;
precision and recall of parties; B-cubed over events and measures (Bagga and Baldwin 1998); the same per type.
A figure that there is nothing to count for is None, or 0.0 where the shared scorer says 0.0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

from tracker.scoring.agreement import hits, reached
from tracker.scoring.documents import Article, Set
from tracker.scoring.outcomes import Matched, Missed, Outcome, Spurious, of_type

DATES = ("announced_on", "effective_on")
VALUES = ("status", "direction", "certainty")
FIELDS = (*VALUES, *DATES)
ROLES = ("actors", "targets")

Prf = dict[str, float]
Keys = list[tuple[Hashable, Hashable]]  # (gold's key, the predicted id) of each matched event that has a key


def figures(gold: Set, compared: Sequence[Outcome]) -> dict[str, Any]:
    """All figures, JSON-ready; `compared` may be the outcomes of one type alone (`of_type`)."""
    matched = [outcome for outcome in compared if isinstance(outcome, Matched)]
    events = list(_keys(matched, "event_key", "event_id"))
    told = Counter(key for key, _ in events)
    return {
        "articles": len(gold),
        "gold_events": _expected(compared),
        "predicted_events": _found(compared),
        "strict": prf(_strict(compared), _found(compared), _expected(compared)),
        "loose": prf(len(matched), _found(compared), _expected(compared)),
        "main_recall": _main_recall(compared),
        "quiet_on_irrelevant": _quiet(gold.values(), compared),
        "fields": {field: _accuracy(matched, field) for field in FIELDS},
        "fields_macro_f1": {field: _macro_f1(matched, field) for field in VALUES},
        "arguments": {role: _arguments(matched, role) for role in ROLES},
        "bcubed": bcubed(events),
        "bcubed_told_twice": bcubed([pair for pair in events if told[pair[0]] > 1]),
        "bcubed_measures": bcubed(list(_keys(matched, "measure", "measure_id"))),
        "by_type": {kind: _of_type(of_type(compared, kind)) for kind in sorted({one.type for one in compared})},
    }


def prf(right: int, found: int, expected: int) -> Prf:
    """Precision, recall and F1; 0.0 where there is nothing to divide by."""
    p = right / found if found else 0.0
    r = right / expected if expected else 0.0
    return {"p": p, "r": r, "f1": _f1(p, r)}


def bcubed(keys: Keys) -> Prf:
    """B-cubed precision, recall and F1 of the clustering by predicted id against that by gold's key."""
    if not keys:
        return {"p": 0.0, "r": 0.0, "f1": 0.0}
    both, gold, predicted = Counter(keys), Counter(key for key, _ in keys), Counter(id_ for _, id_ in keys)
    p = sum(both[pair] / predicted[pair[1]] for pair in keys) / len(keys)
    r = sum(both[pair] / gold[pair[0]] for pair in keys) / len(keys)
    return {"p": p, "r": r, "f1": _f1(p, r)}


def _f1(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


def _expected(compared: Iterable[Outcome]) -> int:
    return sum(not isinstance(outcome, Spurious) for outcome in compared)


def _found(compared: Iterable[Outcome]) -> int:
    return sum(not isinstance(outcome, Missed) for outcome in compared)


def _strict(compared: Iterable[Outcome]) -> int:
    return sum(isinstance(outcome, Matched) and outcome.is_strict for outcome in compared)


def _main_recall(compared: Iterable[Outcome]) -> float:
    """The share of the events that an article is mainly about which were found strictly."""
    main = [one for one in compared if not isinstance(one, Spurious) and one.expected.salience == "main"]
    return _strict(main) / len(main) if main else 0.0


def _quiet(articles: Iterable[Article], compared: Iterable[Outcome]) -> float | None:
    """The share of the articles without any event, optional ones included, in which none was found."""
    empty = [article.id for article in articles if not article.events]
    loud = {outcome.article.id for outcome in compared}
    return sum(id_ not in loud for id_ in empty) / len(empty) if empty else None


def _accuracy(matched: Iterable[Matched], field: str) -> float | None:
    """The share of matched events with the right value; a date that neither side gives is not counted."""
    pairs = [(getattr(one.expected, field) or None, getattr(one.found, field) or None) for one in matched]
    if field in DATES:
        pairs = [pair for pair in pairs if any(pair)]
    return sum(expected == found for expected, found in pairs) / len(pairs) if pairs else None


def _macro_f1(matched: Iterable[Matched], field: str) -> float | None:
    """The mean F1 over the values that gold holds."""
    pairs = [(getattr(one.expected, field), getattr(one.found, field)) for one in matched]
    expected, found = Counter(value for value, _ in pairs), Counter(value for _, value in pairs)
    right = Counter(value for value, other in pairs if value == other)
    f1 = [prf(right[value], found[value], expected[value])["f1"] for value in expected]
    return sum(f1) / len(f1) if f1 else None


def _arguments(matched: Iterable[Matched], role: str) -> dict[str, float]:
    """Precision and recall of the parties in a role."""
    sides = [(getattr(one.expected, role), getattr(one.found, role)) for one in matched]
    found, expected = sum(len(side) for _, side in sides), sum(len(side) for side, _ in sides)
    return {
        "p": sum(hits(*pair) for pair in sides) / found if found else 0.0,
        "r": sum(reached(*pair) for pair in sides) / expected if expected else 0.0,
    }


def _keys(matched: Iterable[Matched], key: str, id_: str) -> Iterator[tuple[Hashable, Hashable]]:
    """Pairs for B-cubed. Keys are unique within one set: the part of an article's id before the first hyphen."""
    for one in matched:
        expected = getattr(one.expected, key)
        if expected:
            scope = one.article.id.split("-")[0]
            yield (scope, expected), (scope, getattr(one.found, id_) or f"{one.article.id}#{one.number}")


def _of_type(compared: Sequence[Outcome]) -> dict[str, float]:
    expected, found = _expected(compared), _found(compared)
    return {**prf(_strict(compared), found, expected), "gold": expected, "predicted": found}
