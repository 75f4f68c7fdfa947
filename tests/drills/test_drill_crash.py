"""The crash drill in its short form: a migration and an export, killed and finished, without the reader."""

from __future__ import annotations

import pytest
from drilled import report


@pytest.mark.timeout(300)
def test_what_is_killed_ends_like_what_was_not() -> None:
    told = report("crash", "--short", within=280)
    assert "\nNone.\n" in told
