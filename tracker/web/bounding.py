"""How much one answer of Datasette's own pages may hold: SQL has a limit of time there, and none of memory.

`hex(zeroblob(400000000))` is one short request and costs gigabytes. Our own pages ask by connections of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

LONGEST = 16_000_000  # bytes of one value, and of one row; a kept original has 10 million at most
PATTERN = 500  # bytes of what LIKE and GLOB look for, which no limit of time breaks off within one value
LARGEST = 40_000_000  # characters and bytes of all rows of one answer together


def bound(connection: sqlite3.Connection) -> None:
    """Have a connection break off answers that are too large, with an error of SQLite's kind."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, PATTERN)
    sizes: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def row(cursor: sqlite3.Cursor, values: Sequence[Any]) -> sqlite3.Row:
        size = sizes.get(cursor, 0) + sum(len(one) for one in values if isinstance(one, str | bytes))
        if size > LARGEST:
            raise sqlite3.OperationalError(f"the answer is larger than {LARGEST:,} bytes")
        sizes[cursor] = size
        return sqlite3.Row(cursor, tuple(values))

    connection.row_factory = row
