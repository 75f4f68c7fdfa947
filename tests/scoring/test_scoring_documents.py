"""What is no gold set and what are no predictions, said with the line and the remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tracker import scoring
from tracker.errors import InputError


def gold(**event: Any) -> str:
    return json.dumps({"id": "a", "text": "x", "events": [{"type": "tariff", **event}]})


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "gold.jsonl:2: not JSON"),
        ("[]", "gold.jsonl:2: a JSON list, not an object with 'id' and 'events'"),
        ("[" * 100_000, "gold.jsonl:2: nested too deeply"),
        ('{"id": ' + "9" * 5_000 + "}", "gold.jsonl:2: a number has too many digits"),
        (gold(actors=[None]), "gold.jsonl:2: events[0]: 'actors' holds null; it must be a list of objects"),
        (gold(items=["a", None]), "gold.jsonl:2: events[0]: 'items' holds null; it must be a list of strings"),
        ('{"events": []}', "gold.jsonl:2: 'id' is missing; it must be a string"),
        ('{"id": "b"}', "gold.jsonl:2: 'events' is missing; a gold article has a list, which may be empty"),
        ('{"id": "b", "events": {}}', "gold.jsonl:2: 'events' is a dict; a gold article has a list"),
        ('{"id": "b", "events": ["tariff"]}', "gold.jsonl:2: 'events' holds \"tariff\"; it must be a list of objects"),
        ('{"id": "b", "events": [{}]}', "gold.jsonl:2: events[0]: 'type' is missing"),
        ('{"id": "b", "text": 3, "events": []}', "gold.jsonl:2: 'text' is a int; it must be a string or null"),
        (gold(status=3), "gold.jsonl:2: events[0]: 'status' is a int"),
        (gold(items="chips"), "gold.jsonl:2: events[0]: 'items' holds \"chips\"; it must be a list of strings"),
        (gold(actors=["US"]), "gold.jsonl:2: events[0]: 'actors' holds \"US\"; it must be a list of objects"),
        (gold(actors=[{"name": 3}]), "gold.jsonl:2: events[0].actors[0]: 'name' is a int"),
        (gold(evidence=[{"start": 0}]), 'gold.jsonl:2: events[0].evidence: {"start": 0} is no span'),
        ('{"id": "first", "events": []}', "gold.jsonl:2: the id 'first' stands on an earlier line too"),
    ],
)
def test_a_faulty_line_is_named(line: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        scoring.read_gold(['{"id": "first", "events": []}', line], name="gold.jsonl")
    assert str(caught.value).startswith(fault)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a"}',
        '{"id": "a", "events": null}',
        '{"id": "a", "events": [{}]}',
        '{"id": "a", "events": [{"items": null}]}',
    ],
)
def test_predictions_may_lack_what_they_like(line: str) -> None:
    assert list(scoring.read_predictions(["", line, "\n"])) == ["a"]


def test_an_answer_of_the_contract_is_a_prediction() -> None:
    (article,) = scoring.predictions([{"id": "a", "events": [{"type": "tariff", "confidence": 0.5}]}]).values()
    assert [event.type for event in article.events] == ["tariff"]
