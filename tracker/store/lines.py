"""What an export tells of an event beside its own columns, kept ready so that a million can be written quickly.

A line says nothing that the tables do not: it is worked out anew whenever the facets of an event are (`facets.settle`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from tracker.store.connection import Connection

# Reports in the order of the timeline's first report: by date, then by trust, originals before copies.
WRITE = """
INSERT OR REPLACE INTO event_line (number, actors, targets, items, instruments, sources, url)
SELECT number,
  (SELECT group_concat(replace(name, char(31), ' '), char(31)) FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'actor' ORDER BY position)),
  (SELECT group_concat(replace(name, char(31), ' '), char(31)) FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'target' ORDER BY position)),
  (SELECT group_concat(replace(name, char(31), ' '), char(31)) FROM (
    SELECT name FROM event_item WHERE event_id = event.id AND kind = 'item' ORDER BY position)),
  (SELECT group_concat(replace(name, char(31), ' '), char(31)) FROM (
    SELECT name FROM event_item WHERE event_id = event.id AND kind = 'instrument' ORDER BY position)),
  (SELECT count(DISTINCT article.source_id) FROM report JOIN article ON article.id = report.article_id
    WHERE report.event_id = event.id),
  (SELECT article.url FROM report JOIN article ON article.id = report.article_id
    LEFT JOIN source ON source.id = article.source_id
    WHERE report.event_id = event.id
    ORDER BY report.published IS NULL, report.published, instr('official major specialist social', source.tier),
      article.origin <> article.id, report.id LIMIT 1)
FROM event WHERE number IN (SELECT value FROM json_each(?))
"""
FORGET = """
DELETE FROM event_line WHERE number IN (SELECT value FROM json_each(?)) AND number NOT IN (SELECT number FROM event)
"""


def write(db: Connection, numbers: Iterable[int]) -> None:
    """Bring the lines of some events to what the tables say; those of events that are no more go."""
    wanted = json.dumps(list(numbers))
    db.run(WRITE, (wanted,))
    db.run(FORGET, (wanted,))
