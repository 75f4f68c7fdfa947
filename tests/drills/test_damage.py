"""The drill of damaged databases in its short form: each kind of damage once, all of them sound again."""

from __future__ import annotations

import pytest
from drilled import report

from tracker.config import Config


@pytest.mark.timeout(200)
def test_every_kind_of_damage_is_repaired(stocked: Config) -> None:
    told = report("damage", "--short", "--database", str(stocked.settings.database), within=190)
    assert told.endswith("problems:\nNone.\n")
