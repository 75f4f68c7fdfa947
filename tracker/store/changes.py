"""The log of what changed: one row per change, with a cursor that only grows.

It holds what and when, not why; nothing is ever taken out of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracker.store.codec import dumps
from tracker.store.connection import Connection


def log_change(
    connection: Connection, what: str, key: str, kind: str, now: str, fields: Mapping[str, object] | None = None
) -> None:
    """Note that an article, event or measure is new, updated, merged or removed; `fields` maps a name to [old, new]."""
    connection.run(
        "INSERT INTO change (changed_at, what, id, kind, fields) VALUES (?, ?, ?, ?, ?)",
        (now, what, key, kind, dumps(dict(fields or {}))),
    )
