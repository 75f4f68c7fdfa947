"""The drill of what is held back in its short form: ordinary sources are left alone, and faults are seen."""

from __future__ import annotations

import pytest
from drilled import report


@pytest.mark.timeout(120)
def test_ordinary_sources_are_left_alone_and_faults_are_seen() -> None:
    told = report("held_back", "--sources", "12", "--days", "40", within=110)
    assert told.endswith("as promised\n")
