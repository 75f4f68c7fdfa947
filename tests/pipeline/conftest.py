"""An outlet and a tracker that watches it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from outlet import Outlet, Watcher
from stand_ins import KeptExtractor


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with Outlet() as running:
        yield running


@pytest.fixture
def watcher(outlet: Outlet, tmp_path: Path, extractor: KeptExtractor) -> Watcher:
    return Watcher(outlet, tmp_path, extractor)
