"""Resolution of gold reports: floors that only rise (what `python evals/fit_resolve.py` prints)."""

from __future__ import annotations

import fit_resolve
import pytest

FLOORS = {"events": 0.98, "events told twice": 0.94, "measures": 0.87}


@pytest.mark.parametrize("part", ["heldout"])
def test_bcubed_of_gold_reports_stays_above_its_floor(part: str) -> None:
    scores = {name: r["f1"] for name, r in fit_resolve.evaluate(part).items()}
    assert {name: f1 for name, f1 in scores.items() if f1 < FLOORS[name]} == {}
