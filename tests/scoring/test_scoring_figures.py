"""Every figure of a small set against what a person counts, and of the gold against the scorer of those who judge."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
import score as judges
from scoring_samples import FOUND, GOLD, JSON

from tracker import scoring

GOLD_FILES = sorted((Path(judges.__file__).parent / "gold").glob("*.jsonl"))


def lines(docs: list[JSON]) -> list[str]:
    return [json.dumps(doc) for doc in docs]


def scored(gold: list[JSON], found: list[JSON], kind: str | None = None) -> dict[str, Any]:
    expected = scoring.read_gold(lines(gold))
    compared = scoring.outcomes(expected, scoring.read_predictions(lines(found)))
    return scoring.figures(expected, scoring.of_type(compared, kind))


COUNTED = {
    "articles": 4,
    "gold_events": 3,  # two tariffs and a sanction; what is optional does not count
    "predicted_events": 4,  # of five, one was paired with an optional event
    "strict": {"p": 2 / 4, "r": 2 / 3, "f1": 4 / 7},
    "loose": {"p": 3 / 4, "r": 3 / 3, "f1": 6 / 7},
    "main_recall": 2 / 2,
    "quiet_on_irrelevant": 0 / 1,  # s-3; s-4 holds an optional event
    "fields": {
        "status": 2 / 3,
        "direction": 3 / 3,
        "certainty": 3 / 3,
        "announced_on": 0 / 1,  # where neither side has a date nothing is counted
        "effective_on": 1 / 1,
    },
    "fields_macro_f1": {"status": 4 / 5, "direction": 1.0, "certainty": 1.0},  # in_force: P 2/2, R 2/3
    "arguments": {
        "actors": {"p": 2 / 3, "r": 2 / 3},
        "targets": {"p": 2 / 2, "r": 2 / 3},
    },
    "bcubed": {"p": 1.0, "r": 1 / 2, "f1": 2 / 3},  # one event under two ids
    "bcubed_told_twice": {"p": 1.0, "r": 1 / 2, "f1": 2 / 3},
    "bcubed_measures": {"p": 1.0, "r": 1.0, "f1": 1.0},
    "by_type": {
        "sanction": {"p": 0.0, "r": 0.0, "f1": 0.0, "gold": 1, "predicted": 1},
        "subsidy": {"p": 0.0, "r": 0.0, "f1": 0.0, "gold": 0, "predicted": 1},
        "tariff": {"p": 1.0, "r": 1.0, "f1": 1.0, "gold": 2, "predicted": 2},
    },
}


def flat(value: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {path: value}
    return {where: one for key, part in value.items() for where, one in flat(part, f"{path}.{key}").items()}


def test_the_figures_are_what_a_person_counts() -> None:
    assert flat(scored(GOLD, FOUND)) == pytest.approx(flat(COUNTED))


def test_the_figures_of_one_type_are_those_of_its_row() -> None:
    whole, alone = scored(GOLD, FOUND), scored(GOLD, FOUND, "sanction")
    row = whole["by_type"]["sanction"]
    assert alone["strict"] == {name: row[name] for name in ("p", "r", "f1")}
    assert alone["loose"] == {"p": 1.0, "r": 1.0, "f1": 1.0}
    assert (alone["gold_events"], alone["predicted_events"], alone["fields"]["status"]) == (1, 1, 0.0)
    assert list(alone["by_type"]) == ["sanction"]


def test_an_empty_set_has_no_figures() -> None:
    result = scored([], [])
    assert (result["articles"], result["strict"]["f1"], result["quiet_on_irrelevant"]) == (0, 0.0, None)
    assert set(result["fields"].values()) | set(result["fields_macro_f1"].values()) == {None}


@pytest.mark.parametrize(("gold", "found"), [(GOLD, FOUND), (GOLD, []), (GOLD, GOLD), ([], FOUND)])
def test_the_small_set_scores_as_with_those_who_judge(gold: list[JSON], found: list[JSON]) -> None:
    same(gold, found)


@pytest.mark.parametrize("file", GOLD_FILES, ids=lambda file: file.stem)
def test_the_gold_scores_as_with_those_who_judge(file: Path) -> None:
    """Every figure to the last digit, on predictions that are gold's own, spoilt at random."""
    gold = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    same(gold, spoilt(gold, random.Random(file.stem)))


def same(gold: list[JSON], found: list[JSON]) -> None:
    wanted, errors = judges.score({doc["id"]: doc for doc in gold}, {doc["id"]: doc for doc in found})
    ours = scored(gold, found)
    # They sum over a set of words, whose order hangs on the process: this one figure may differ in its last bit.
    macro, our_macro = (result.pop("fields_macro_f1") for result in (wanted, ours))
    assert our_macro.keys() == macro.keys()
    for field, value in macro.items():
        assert our_macro[field] == (value if value is None else pytest.approx(value, rel=1e-15, abs=0))
    assert ours == wanted
    compared = scoring.outcomes(scoring.read_gold(lines(gold)), scoring.read_predictions(lines(found)))
    told = [mistake for mistake in scoring.mistakes(compared) if mistake.kind is not scoring.Kind.FIELD]
    assert [(mistake.kind.value, mistake.article) for mistake in told] == [tuple(line.split()[:2]) for line in errors]


def spoilt(gold: list[JSON], dice: random.Random) -> list[JSON]:
    """Gold as if it had been found: some events lost, some invented, parties, items, spans and fields mixed up."""
    pool = [event for doc in gold for event in doc["events"]]
    docs = []
    for doc in gold:
        events = [copy.deepcopy(event) for event in doc["events"] if dice.random() < 0.8]
        events += [copy.deepcopy(dice.choice(pool)) for _ in range(dice.choice([0, 0, 1, 2]))]
        dice.shuffle(events)
        docs.append({"id": doc["id"], "events": [_spoilt(event, pool, dice) for event in events]})
    return [doc for doc in docs if dice.random() < 0.95]


def _spoilt(event: JSON, pool: list[JSON], dice: random.Random) -> JSON:
    for field in ("type", "status", "direction", "certainty", "announced_on", "effective_on", "actors", "targets",
                  "items", "evidence"):  # fmt: skip
        if dice.random() < 0.15:
            event[field] = dice.choice([dice.choice(pool).get(field), *([None] if field != "type" else [])])
    if dice.random() < 0.2:
        event["targets"] = [party for one in dice.sample(pool, 5) for party in one.get("targets") or []]
    event["event_id"] = dice.choice([event.get("event_key"), "one", None])
    event["measure_id"] = dice.choice([event.get("measure"), None])
    return {key: value for key, value in event.items() if key not in {"optional", "also_types", "salience"}}
