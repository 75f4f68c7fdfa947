"""A settled database of its own for each test that decides; they share the making of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import review_samples


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not to be changed."""
    return review_samples.build(tmp_path_factory.mktemp("review") / "t.db")


@pytest.fixture
def path(story: Path, tmp_path: Path) -> Path:
    """One to decide about."""
    return Path(shutil.copy(story, tmp_path / "t.db"))
