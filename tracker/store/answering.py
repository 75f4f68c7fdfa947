"""Which events may mean which: an event that answers or replaces another looks for it by seats and days.

Both ways, since the one that is meant may come to be known after the one that means it. It finds candidates and keeps
what is asked; which of them is meant is for resolution.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracker.model import Event, TieAsk
from tracker.store.connection import Connection

MOST = 200  # candidates of one question, the latest first
CANDIDATES = """
SELECT event.id FROM (
  SELECT DISTINCT event_id, day FROM event_seat
  WHERE actor IN (SELECT value FROM json_each(?1)) AND day BETWEEN ?3 AND ?4
    AND (?2 = '[]' OR target = '' OR target IN (SELECT value FROM json_each(?2)))
) AS seat JOIN event ON event.id = event_id ORDER BY seat.day DESC, event.lead_id LIMIT ?5
"""
ASKING = """
SELECT DISTINCT tie_ask.event_id FROM event_seat JOIN tie_ask ON tie_ask.actor = event_seat.actor
WHERE event_seat.event_id IN (SELECT value FROM json_each(?)) AND event_seat.day BETWEEN first AND last
  AND (targets = '[]' OR target = '' OR target IN (SELECT value FROM json_each(targets)))
  AND tie_ask.event_id <> event_seat.event_id
"""
THAT_ASK = "SELECT DISTINCT event_id FROM tie_ask WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY event_id"


def seats_of(event: Event) -> set[tuple[str, str]]:
    """Where an event is found: the seat of each actor with that of each target, empty where there is none."""
    actors, targets = ({p.country for p in side if p.country} for side in (event.actors, event.targets))
    return {(actor, target) for actor in actors for target in targets or {""}}


def ask_rows(event_id: str, asks: Iterable[TieAsk]) -> Iterator[tuple[str, ...]]:
    """Rows of `tie_ask`."""
    for ask in asks:
        where = (json.dumps(sorted(ask.targets)), ask.first, ask.last)
        yield from ((event_id, ask.kind, actor, *where) for actor in ask.actors)


class Answering:
    """The nouns `tie_ask` and `event_seat`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def keep(self, events: Iterable[Event], asks: Mapping[str, Sequence[TieAsk]]) -> None:
        """Replace what events that are stored ask for, and where they are found; `asks` by event id."""
        ids = []
        seats, asked = set(), set()
        for event in events:
            ids.append(event.id)
            seats |= {(*pair, event.id) for pair in seats_of(event)}
            asked |= set(ask_rows(event.id, asks.get(event.id, ())))
        for table in ("event_seat", "tie_ask"):
            self._db.many(f"DELETE FROM {table} WHERE event_id = ?", ((key,) for key in ids))  # noqa: S608 - constants
        self._db.many("INSERT INTO event_seat SELECT ?, ?, day, id FROM event WHERE id = ?", sorted(seats))
        self._db.many("INSERT INTO tie_ask VALUES (?, ?, ?, ?, ?, ?)", sorted(asked))

    def that_ask(self, event_ids: Iterable[str]) -> list[str]:
        """Those of these events that may answer or replace another."""
        return [row[0] for row in self._db.rows(THAT_ASK, (json.dumps(list(event_ids)),))]

    def asking(self, event_ids: Iterable[str]) -> set[str]:
        """Events that may mean one of these."""
        return {row[0] for row in self._db.rows(ASKING, (json.dumps(list(event_ids)),))}

    def candidates(self, ask: TieAsk) -> list[str]:
        """Events that a question may mean, the latest ones where there are very many."""
        values = (json.dumps(sorted(ask.actors)), json.dumps(sorted(ask.targets)), ask.first, ask.last, MOST)
        return [row[0] for row in self._db.rows(CANDIDATES, values)]
