"""What went wrong, with the words and with what was expected."""

from __future__ import annotations

import json

from scoring_samples import CHINA, FOUND, GOLD, JSON, US, event

from tracker import scoring
from tracker.scoring import Kind, Mistake


def mistakes(gold: list[JSON], found: list[JSON]) -> list[Mistake]:
    expected = scoring.read_gold(map(json.dumps, gold))
    return list(scoring.mistakes(scoring.outcomes(expected, scoring.read_predictions(map(json.dumps, found)))))


def test_the_mistakes_of_the_small_set() -> None:
    told = [(m.kind.value, m.article, m.type, m.evidence) for m in mistakes(GOLD, FOUND)]
    assert told == [
        ("wrong field", "s-1", "tariff", "A tariff."),
        ("partial", "s-1", "sanction", "Sanctions."),
        ("wrong field", "s-1", "sanction", "Sanctions."),
        ("spurious", "s-3", "subsidy", "Weather an"),
    ]


def test_a_wrong_field_says_only_what_differs() -> None:
    date, _, status, _ = mistakes(GOLD, FOUND)
    assert (date.expected, date.found) == ({"announced_on": "2024-05-01"}, {"announced_on": "2024-05-02"})
    assert (status.expected, status.found) == ({"status": "in_force"}, {"status": "proposed"})


def test_a_partial_match_says_who_and_what() -> None:
    partial = mistakes(GOLD, FOUND)[1]
    assert partial.expected == {"actors": ["European Union"], "targets": ["China"], "items": ["oil"]}
    assert partial.found == {"actors": ["China"], "targets": [], "items": ["oil"]}


def test_what_is_missed_has_nothing_found_and_what_is_spurious_nothing_expected() -> None:
    gold = [{"id": "a", "text": "A tariff. Or two.", "events": [event("tariff", US, at=0)]}]
    found = [
        {"id": "a", "events": [event("subsidy", CHINA, at=10, evidence=[{"start": 0, "end": 5, "field": "title"}])]}
    ]
    missed, spurious = mistakes(gold, found)
    assert (missed.kind, missed.found, missed.evidence) == (Kind.MISSED, None, "A tariff.")
    assert missed.expected is not None
    assert missed.expected["actors"] == ["United States"]
    assert (spurious.kind, spurious.expected, spurious.evidence) == (Kind.SPURIOUS, None, "")
    assert json.loads(json.dumps(missed.to_dict()))["kind"] == "missed"


def test_a_title_is_quoted_where_only_it_is_evidence() -> None:
    title = event("tariff", US, at=0, evidence=[{"start": 0, "end": 8, "field": "title"}])
    (spurious,) = mistakes([{"id": "a", "title": "A tariff", "events": []}], [{"id": "a", "events": [title]}])
    assert spurious.evidence == "A tariff"
