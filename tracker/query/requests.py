"""What lately happened to a source: its alarms, and the requests for its listings.

How its articles were asked for is told by its yield, so that requests for those are left out.
"""

from __future__ import annotations

import json

from tracker import urls
from tracker.query.source_answers import AlarmRow, FetchRow
from tracker.store.connection import Connection

ASKED = 500  # requests that are looked at at a time
MOST_ASKED = 20 * ASKED  # among which those for listings are looked for
ALARMS = """
SELECT kind, since_at, until_at, detail FROM alarm WHERE source_id = ?
ORDER BY until_at IS NOT NULL, since_at DESC, kind LIMIT ?
"""
FETCHES = """
SELECT fetched_at, url, outcome, status, reason, bytes, milliseconds, final_url
FROM fetch WHERE source_id = ? ORDER BY fetched_at DESC, number DESC LIMIT ? OFFSET ?
"""
OF_ITEMS = "SELECT url_id FROM item WHERE source_id = ? AND url_id IN (SELECT value FROM json_each(?))"


def alarms(db: Connection, source_id: str, *, limit: int) -> tuple[AlarmRow, ...]:
    """Its alarms, those that last first, then the latest first."""
    return tuple(AlarmRow(**dict(one)) for one in db.rows(ALARMS, (source_id, limit)))


def listings(db: Connection, source_id: str, *, limit: int) -> tuple[FetchRow, ...]:
    """The last requests for its listings, the latest first."""
    found: list[FetchRow] = []
    for first in range(0, MOST_ASKED, ASKED):
        asked = [FetchRow(**dict(row)) for row in db.rows(FETCHES, (source_id, ASKED, first))]
        keys = {one.url: urls.article_id(one.url) for one in asked}
        known = {row["url_id"] for row in db.rows(OF_ITEMS, (source_id, json.dumps(sorted(set(keys.values())))))}
        found += [one for one in asked if keys[one.url] not in known]
        if len(found) >= limit or len(asked) < ASKED:
            break
    return tuple(found[:limit])
