"""An outlet and a tracker that watches it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from outlet import Outlet, Watcher

from tracker.articles import Extractor


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with Outlet() as running:
        yield running


@pytest.fixture(scope="session")
def extractor() -> Iterator[Extractor]:
    """One for all tests: a process takes a second to start."""
    with Extractor(workers=1) as running:
        yield running


@pytest.fixture
def watcher(outlet: Outlet, tmp_path: Path, extractor: Extractor) -> Watcher:
    return Watcher(outlet, tmp_path, extractor)
