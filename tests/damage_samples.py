"""Databases with something wrong with them, made on purpose."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

PAGE = 4096
NOISE = random.Random(8).randbytes(PAGE)


def roots(path: Path) -> dict[str, int]:
    """The page at which each table and each index begins."""
    with closing(sqlite3.connect(path)) as raw:
        return dict(raw.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0"))


def leaves(path: Path, table: str) -> list[int]:
    """The pages that rows of a table stand on."""
    with closing(sqlite3.connect(path)) as raw:
        sql = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno"
        return [row[0] for row in raw.execute(sql, (table,))]


def changed(path: Path, *statements: str) -> None:
    """Written past the tracker."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.execute("PRAGMA wal_checkpoint(truncate)")


def spoilt(path: Path, *pages: int, content: bytes = NOISE) -> None:
    """Pages overwritten, as a failing disk does."""
    with path.open("r+b") as file:
        for number in pages:
            file.seek((number - 1) * PAGE)
            file.write(content[:PAGE])
