"""Resolution of held-out gold reports: floors that only rise (what `python evals/fit_resolve.py` prints).

What our own reader reports of the same articles is judged there too; reading them takes longer than a test may.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import fit_resolve
import pytest
from resolve_reports import Told, gold

from tracker.resolve import Level

FLOORS = tomllib.loads((Path(fit_resolve.__file__).parent / "floors.toml").read_text(encoding="utf-8"))["resolution"]


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return gold("heldout")


def test_bcubed_of_gold_reports_stays_above_its_floor(told: list[Told]) -> None:
    scores = {name: r["f1"] for name, r in fit_resolve.evaluate(told).items()}

    assert {name: f1 for name, f1 in scores.items() if f1 < FLOORS["gold"][name]} == {}


@pytest.mark.parametrize("level", ["event", "measure"])
def test_nearly_all_true_pairs_share_a_key(told: list[Told], level: Level) -> None:
    assert fit_resolve.key_recall(told, level) >= FLOORS["keys"][level]
