"""How well the reader reads: weights that have not seen the held-out gold, judged on it, against floors that only rise.

Through the gate, as `tracker extract` reads; what the gate costs is measured in `test_nlp_gate.py`.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import split
from split import split as part

from tracker import extraction, scoring
from tracker.model import EventType
from tracker.nlp.encoder import load_encoder
from tracker.nlp.reader import Reader, open_language
from tracker.nlp.weights import load_models

EVALS = Path(split.__file__).parent
FLOORS = tomllib.loads((EVALS / "floors.toml").read_text(encoding="utf-8"))
HELDOUT = FLOORS["heldout"]

pytestmark = [pytest.mark.real_reader, pytest.mark.timeout(400)]

Figures = dict[str, Any]


@pytest.fixture(scope="module")
def reader() -> Reader:
    folder = EVALS / "learned"
    return Reader(open_language(), load_models(folder / "weights.json.gz"), load_encoder(folder))


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return [json.dumps(article) for article in part("heldout")]


def figures(reader: Reader, lines: list[str]) -> Figures:
    gold = scoring.read_gold(lines, name="heldout")
    answers = extraction.extract(extraction.articles(lines), reader)
    table = scoring.figures(gold, scoring.outcomes(gold, scoring.predictions(answers)))
    parties = {
        f"{role}_{side}": table["arguments"][role][side] for role in ("actors", "targets") for side in ("p", "r")
    }
    macro = {f"macro_{name}": value for name, value in table["fields_macro_f1"].items()}
    flat = {"strict": table["strict"]["f1"], "loose": table["loose"]["f1"], **table["fields"], **parties, **macro}
    return {**flat, **{name: table[name] for name in ("main_recall", "quiet_on_irrelevant", "by_type")}}


@pytest.fixture(scope="module")
def found(reader: Reader, lines: list[str]) -> Figures:
    return figures(reader, lines)


def test_the_reader_stays_above_its_floors(found: Figures) -> None:
    """All in one test: two processes that had a part of them each would both read all of the gold."""
    assert {name: found[name] for name, floor in HELDOUT.items() if found[name] < floor} == {}
    least = FLOORS["least"]["type"]
    assert {
        kind: found["by_type"][kind.value] for kind in EventType if found["by_type"][kind.value]["f1"] < least
    } == {}
