"""A database of two articles, and one with a third that came after its backup; each made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from backup_samples import AT, fill

from tracker import backups


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    fill(folder / "t.db", "a1", "a2")
    return folder


@pytest.fixture(scope="session")
def made(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "db"
    shutil.copytree(filled, folder)
    backups.make(folder / "t.db", backups.beside(folder / "t.db"), now=AT)
    fill(folder / "t.db", "a3")
    return folder


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "db")) / "t.db"
