"""Where to look first: fields that many accounts contest, events that are unsure though many tell them, what is new.

Each question is answered by an index and takes no longer when the database grows.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.query import contradictions
from tracker.query.answers import ContradictionRow, EventRow
from tracker.query.events import by_ids
from tracker.store.connection import Connection

CONTESTED = """
SELECT event_id, field FROM contradiction JOIN event ON event.id = event_id
WHERE position = 1 AND event.verdict IS NULL
  AND NOT EXISTS (SELECT 1 FROM json_each(event.edited) AS edit WHERE edit.value = contradiction.field)
ORDER BY contradiction.origins DESC, event_id, field LIMIT ?
"""
UNSURE = (
    "SELECT id FROM event WHERE origins >= 3 AND verdict IS NULL AND confidence < ? ORDER BY confidence, id LIMIT ?"
)
# The window is of rows of the log, whatever changed.
RECENT = """
SELECT DISTINCT event.id FROM (SELECT id, what, kind FROM change ORDER BY cursor DESC LIMIT ?) AS late
JOIN event ON event.id = late.id WHERE late.what = 'event' AND late.kind IN ('new', 'updated') LIMIT ?
"""
WINDOW = 20  # rows of the log that are looked through for each event that is wanted


@dataclass(frozen=True, slots=True)
class Contested:
    """An event with a field on which its accounts disagree."""

    event: EventRow
    contradiction: ContradictionRow


def contested(db: Connection, limit: int) -> list[Contested]:
    """The fields that most independent accounts contest; what a person accepted or set is left out."""
    found = [(row["event_id"], row["field"]) for row in db.rows(CONTESTED, (limit,))]
    events = by_ids(db, [event_id for event_id, _ in found])
    told = {(one.event_id, one.field): one for one in contradictions.of_events(db, sorted(events))}
    return [Contested(events[key[0]], told[key]) for key in found]


def unsure(db: Connection, below: float, limit: int) -> list[EventRow]:
    """Events that three or more accounts tell and that are less sure than this all the same, the least sure first."""
    ids = [row["id"] for row in db.rows(UNSURE, (below, limit))]
    events = by_ids(db, ids)
    return [events[key] for key in ids]


def recent(db: Connection, limit: int) -> list[str]:
    """Ids of the events that changed last."""
    return [row["id"] for row in db.rows(RECENT, (limit * WINDOW, limit))]
