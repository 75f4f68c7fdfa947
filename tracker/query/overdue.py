"""What was to take effect of late, and of which no report says since that it did, or that it was stopped.

Told is what its measure is known to have done; nothing is asked of the world. What lies ahead is `Timeline.upcoming`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

from tracker.query.answers import EventRow
from tracker.query.events import COLUMNS, event_row
from tracker.query.filters import Filters, condition, several
from tracker.store.connection import Connection

LOOKED_BACK = timedelta(days=90)
PLANS = ("announced", "delayed", "proposed", "considered")  # statuses of what is yet to be done
# Steps of a measure after which it is not waited for.
SETTLED = "'in_force', 'ended', 'rejected', 'suspended', 'delayed'"
TIMES = ("on", "since", "until", "in_force_on", "as_of")  # filters that mean a time of the reader's own
LATEST = f"""
SELECT {COLUMNS} FROM (
  SELECT event.number AS number FROM ({{places}}) AS place CROSS JOIN event ON event.number = place.number
  WHERE event.effective_to < ? AND NOT EXISTS (
    SELECT 1 FROM measure_step AS later
    WHERE later.measure_id = event.measure_id AND later.event_id <> event.id
      AND later.day >= event.day AND later.status IN ({SETTLED}))
  ORDER BY event.effective_to DESC, event.id LIMIT ?) AS page
CROSS JOIN event ON event.number = page.number ORDER BY event.effective_to DESC, event.id
"""  # noqa: S608 - constants


def overdue(db: Connection, filters: Filters, today: date, *, limit: int) -> list[EventRow]:
    """Plans whose day passed within `LOOKED_BACK` and that nothing was heard of since, the latest day first.

    None for filters that mean a time of their own, or other statuses.
    """
    wanted = [status for status in several(filters.get("status")) or PLANS if status in PLANS]
    if not wanted or any(filters.get(name) for name in TIMES):
        return []
    asked = {"status": wanted, "on": "effective", "since": str(today - LOOKED_BACK), "until": str(today)}
    places, values = condition(db, cast("Filters", {**filters, **asked})).any_order()
    return [event_row(row) for row in db.rows(LATEST.format(places=places), (*values, str(today), limit))]
