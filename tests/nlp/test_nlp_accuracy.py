"""How well the reader reads: weights fitted on dev, judged on the held-out gold, against floors that only rise."""

from __future__ import annotations

import tomllib
from pathlib import Path

import fit_reader
import pytest
from score import score
from split import split

from tracker.nlp.reader import Reader, open_language
from tracker.nlp.weights import load_models

EVALS = Path(fit_reader.__file__).parent
FLOORS = tomllib.loads((EVALS / "floors.toml").read_text(encoding="utf-8"))["heldout"]

pytestmark = [pytest.mark.real_reader, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def result() -> dict[str, float]:
    models = load_models(EVALS / "weights-dev.json.gz")
    reader = Reader(open_language(), models)
    docs = split("heldout")
    found = fit_reader.predict(fit_reader.prepare(docs, reader), models)
    table, _ = score({doc["id"]: doc for doc in docs}, found)
    return {
        "strict": table["strict"]["f1"],
        "loose": table["loose"]["f1"],
        "main_recall": table["main_recall"],
        "quiet_on_irrelevant": table["quiet_on_irrelevant"],
        **{name: value for name, value in table["fields"].items() if value is not None},
    }


@pytest.mark.parametrize("figure", sorted(FLOORS))
def test_the_reader_stays_above_its_floor(result: dict[str, float], figure: str) -> None:
    assert result[figure] >= FLOORS[figure]
