"""A world of one's own for each test of alerts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import alert_samples
import pytest


@pytest.fixture
def world(tmp_path: Path) -> Iterator[alert_samples.World]:
    with alert_samples.world(tmp_path) as found:
        yield found
