"""The ontology: complete as shipped, and every fault in one told with file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tracker.errors import ModelError
from tracker.model import Direction, EventType, Status
from tracker.nlp.gate import Gate
from tracker.nlp.inflection import forms
from tracker.nlp.ontology import BUILT_IN, load_ontology


def test_every_type_of_the_guide_has_words_and_a_crosswalk() -> None:
    kinds = load_ontology().kinds
    assert set(kinds) == set(EventType)
    assert all(kind.strong and kind.topics and kind.actors for kind in kinds.values())
    assert all(set(kind.crosswalk) == {"gta", "dpa", "opensanctions"} for kind in kinds.values())


def test_acts_carry_what_they_mean_alone() -> None:
    acts = load_ontology().acts
    assert acts["end"].status is Status.ENDED
    assert acts["end"].direction is Direction.EASE
    assert acts["propose"].direction is None


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("types", "tariff", "actor"), ["ministry"], "types.tariff.actor: 'ministry' is none of government"),
        (("types", "tariff", "colour"), "red", "types.tariff: unknown key 'colour'"),
        (("types", "tariff", "strong"), "duty", "types.tariff.strong: must be a list of words"),
        (("types", "tariff", "topics"), [True], "types.tariff.topics: True is no word"),
        (("acts", "end", "status"), "over", "acts.end.status: 'over' is none of considered"),
        (("acts", "end"), None, "acts.end: must be a mapping"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, path: tuple[str, ...], value: object, message: str) -> None:
    raw = yaml.safe_load(BUILT_IN.read_text(encoding="utf-8"))
    inner = raw
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(raw), encoding="utf-8")
    with pytest.raises(ModelError, match=r"mine\.yaml") as caught:
        load_ontology(file)
    assert message in str(caught.value)


def test_a_missing_type_is_named(tmp_path: Path) -> None:
    raw = yaml.safe_load(BUILT_IN.read_text(encoding="utf-8"))
    del raw["types"]["subsidy"]
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(raw), encoding="utf-8")
    with pytest.raises(ModelError, match="no entry for subsidy"):
        load_ontology(file)


@pytest.mark.parametrize(
    ("lemma", "form"),
    [
        ("ban", "banned"),
        ("levy", "levies"),
        ("withdraw", "withdrew"),
        ("freeze", "frozen"),
        ("impose", "imposing"),
        ("scrap", "scrapped"),
        ("tie", "tying"),
    ],
)
def test_a_lemma_is_known_in_its_forms(lemma: str, form: str) -> None:
    assert form in forms(lemma)


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        ("The ministry imposed an export ban on gallium and raised import duties.", True),
        ("The band played three encores and the crowd sang along. " * 20, False),
        ("Rain is expected in the north. " * 30, False),
        ("Washington added the firm to the Entity List. The tariff took effect. " * 12, True),
    ],
)
def test_the_gate_lets_through_what_may_matter(text: str, matters: bool) -> None:  # noqa: FBT001  (a table)
    assert Gate(load_ontology()).may_matter("", text) is matters
