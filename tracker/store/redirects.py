"""Where the ids of events and measures lead that are no more."""

from __future__ import annotations

from tracker.store.connection import Connection


def redirect(connection: Connection, old: str, new: str, now: str) -> None:
    """Let an old id, and all that led to it, lead to a new one."""
    connection.run("UPDATE redirect SET new_id = ? WHERE new_id = ?", (new, old))
    connection.run("INSERT OR REPLACE INTO redirect (old_id, new_id, redirected_at) VALUES (?, ?, ?)", (old, new, now))
    connection.run("DELETE FROM redirect WHERE old_id = ?", (new,))
