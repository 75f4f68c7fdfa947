"""The drill of endurance in its short form: all that was published is stored, nothing grows that should not."""

from __future__ import annotations

import pytest
from drilled import report


@pytest.mark.timeout(300)
def test_a_process_that_stays_takes_no_more_in_the_end() -> None:
    told = report("endurance", "--short", within=280)
    assert "\nNone.\n" in told
    assert "analyses" in told  # there was maintenance
