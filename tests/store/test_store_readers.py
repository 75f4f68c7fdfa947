"""Readers that stay open while others write: opening the file once more, or looking at it, costs them no lock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tracker.store import Store, heading
from tracker.store.connection import Connection, is_ours, open_database

# Another process that writes and goes: what takes itself for the last one there removes the write-ahead log.
WRITER = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as raw:
    raw.execute("INSERT INTO redirect VALUES (?, 'e1', '2026-01-01T00:00:00Z')", (sys.argv[2],))
raw.close()
"""
COUNT = "SELECT count(*) FROM redirect"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Store.open(tmp_path / "t.db").close()
    return tmp_path / "t.db"


@pytest.fixture
def reader(path: Path) -> Iterator[Connection]:
    with closing(open_database(path, read_only=True)) as found:
        assert found.number(COUNT) == 0
        yield found


# What this process does besides while a reader of it stays open; what it gives is closed at the end.
BESIDES: dict[str, Callable[[Path], object]] = {
    "nothing": str,
    "another reader comes": lambda path: open_database(path, read_only=True),
    "another reader comes and goes": lambda path: open_database(path, read_only=True).close(),
    "a writer comes and goes": lambda path: Store.open(path).close(),
    "somebody asks whose file it is": is_ours,
}


@pytest.mark.parametrize("besides", BESIDES)
def test_a_reader_sees_what_another_process_writes(path: Path, reader: Connection, besides: str) -> None:
    with ExitStack() as kept:
        for number in range(3):
            found = BESIDES[besides](path)
            if isinstance(found, Connection):
                kept.callback(found.close)
            subprocess.run([sys.executable, "-c", WRITER, path, str(number)], check=True)
            assert reader.number(COUNT) == number + 1


def test_a_file_that_nobody_has_open_is_closed_again(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"0123")
    before = set(Path("/dev/fd").iterdir())
    assert heading.head(file) == b"0123"
    assert set(Path("/dev/fd").iterdir()) <= before


def test_a_descriptor_that_was_kept_is_used_again_and_closed_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"0123")
    with file.open("rb"):
        heading.head(file)
    file.write_bytes(b"4567")
    assert heading.head(file) == b"4567"
    assert key(file) in heading._kept
    held = key(file)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        heading.head(file)
    assert held not in heading._kept


def key(file: Path) -> tuple[int, int]:
    return file.stat().st_dev, file.stat().st_ino
