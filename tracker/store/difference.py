"""What a transaction that is under way has made of the events, beside what everybody else still sees.

Two connections to one database: the one that writes, and one that reads what stood before. Only events that the log of
changes names are looked at, one after another. It tells what changed, not why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tracker.store.connection import Connection
from tracker.store.event_rows import snapshot

TOUCHED = "SELECT DISTINCT id FROM change WHERE what = 'event' AND cursor > ? ORDER BY id"
LAST = "SELECT coalesce(max(cursor), 0) FROM change"
MEMBERS = "SELECT id FROM report WHERE event_id = ? ORDER BY id"
QUOTE = "SELECT quote FROM report WHERE event_id = ? ORDER BY confidence DESC, id LIMIT 1"
WAS_IN = """
SELECT event_id FROM report WHERE id IN (SELECT value FROM json_each(?)) AND event_id IS NOT NULL
GROUP BY event_id ORDER BY count(*) DESC, event_id LIMIT 1
"""
INNER = frozenset({"lead_id", "announced_basis", "effective_basis", "contradictions"})  # of no interest to a reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of one event.

    `kind`: gained; lost; merged into `other_id`; split off from `other_id`; changed in `fields` (name to what it was
    and is). `quote` is what its surest report says.
    """

    kind: str
    event_id: str
    summary: str
    quote: str
    other_id: str | None = None
    fields: Mapping[str, tuple[object, object]] = field(default_factory=dict)


def differences(now: Connection, before: Connection) -> Iterator[Difference]:
    """The events that stand otherwise in the one than in the other, in order of id."""
    cursor = before.number(LAST)
    for row in now.rows(TOUCHED, (cursor,)):
        found = _difference(now, before, row["id"])
        if found is not None:
            yield found


def _difference(now: Connection, before: Connection, event_id: str) -> Difference | None:
    old, new = _told(before, event_id), _told(now, event_id)
    if new is None:
        return None if old is None else _gone(now, before, event_id, old)
    if old is None:
        row = before.row(WAS_IN, (json.dumps(new["reports"]),))
        kind, other = ("gained", None) if row is None else ("split", row["event_id"])
        return _made(now, kind, event_id, new, other_id=other)
    fields = {name: (old[name], value) for name, value in new.items() if old[name] != value and name not in INNER}
    return _made(now, "changed", event_id, new, fields=fields) if fields else None


def _gone(now: Connection, before: Connection, event_id: str, old: Mapping[str, object]) -> Difference:
    row = now.row("SELECT new_id FROM redirect WHERE old_id = ?", (event_id,))
    kind, other = ("lost", None) if row is None else ("merged", row["new_id"])
    return _made(before, kind, event_id, old, other_id=other)


def _made(
    connection: Connection,
    kind: str,
    event_id: str,
    told: Mapping[str, object],
    *,
    other_id: str | None = None,
    fields: Mapping[str, tuple[object, object]] | None = None,
) -> Difference:
    row = connection.row(QUOTE, (event_id,))
    quote = "" if row is None else row["quote"]
    return Difference(
        kind=kind, event_id=event_id, summary=str(told["summary"]), quote=quote, other_id=other_id, fields=fields or {}
    )


def _told(connection: Connection, event_id: str) -> dict[str, object] | None:
    """All fields of an event, its measure and the ids of its reports; None where there is no such event."""
    found = snapshot(connection, [event_id]).get(event_id)
    if found is None:
        return None
    row = connection.row("SELECT measure_id FROM event WHERE id = ?", (event_id,))
    reports = [one["id"] for one in connection.rows(MEMBERS, (event_id,))]
    return found | {"measure_id": row["measure_id"] if row else None, "reports": reports}
