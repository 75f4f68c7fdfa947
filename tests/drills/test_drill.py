"""The unattended drill in its short form: every kind of fault once, a run killed, nothing lost, nothing doubled."""

from __future__ import annotations

import pytest
from drilled import report


@pytest.mark.timeout(300)
def test_a_world_that_goes_wrong_loses_nothing_and_doubles_nothing() -> None:
    told = report("unattended", "--short", "--budget", "90", within=280)
    assert "\nNone.\n" in told
