"""The drill of backups in its short form: while others read and write, and killed, nothing is torn."""

from __future__ import annotations

import pytest
from drilled import report


@pytest.mark.timeout(200)
def test_backups_and_restores_of_a_database_in_use_tear_nothing() -> None:
    told = report("backing", "--short", within=190)
    assert told.endswith("problems:\nNone.\n")
