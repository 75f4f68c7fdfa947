"""Answers for exports: every event of a condition, one by one, in constant memory.

`rows` gives plain tuples in the order of `EVENT_COLUMNS`, read from `event_line` where the present is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from operator import itemgetter
from sqlite3 import Row
from types import MappingProxyType
from typing import Any

from tracker.model import EVENT_COLUMNS, SEPARATOR, Cell, CellKind, Exported, ExportedParty
from tracker.query.answers import EventRow
from tracker.query.events import COLUMNS, Order, place
from tracker.query.filters import Condition
from tracker.store.connection import Connection

MAPPED = 1 << 36  # bytes of the file that may be mapped: as good as all of it
LINE = ("actors", "targets", "items", "instruments", "sources", "url")  # columns of event_line
STORED = MappingProxyType({"date": "day", "report_count": "reports"})  # columns that the table names otherwise
QUOTED = (CellKind.TEXT, CellKind.LIST)
# As `events.ALL`: what stands first is gone through in its order.
FAST = """
SELECT {columns} FROM ({places} LIMIT -1) AS page CROSS JOIN event ON event.number = page.number
CROSS JOIN event_line AS line ON line.number = event.number
"""
PARTIES = """(SELECT json_group_array(json_object('id', entity.id, 'name', event_party.name, 'kind', entity.kind,
    'country', entity.country, 'wikidata', entity.wikidata, 'first_seen_at', entity.first_seen_at)) FROM (
  SELECT * FROM event_party WHERE event_id = event.id AND role = '{role}' ORDER BY position) AS event_party
  JOIN entity ON entity.id = event_party.entity_id)"""
WHOLE = f"""
SELECT {COLUMNS}, event.effective_from, event.effective_to, event.first_seen_at, event.changed_at,
  {PARTIES.format(role="actor")} AS acting, {PARTIES.format(role="target")} AS targeted,
  coalesce((SELECT quote FROM report WHERE id = event.lead_id), '') AS quote,
  coalesce((SELECT title FROM measure WHERE measure.id = event.measure_id), '') AS measure_title,
  (SELECT count(*) FROM change WHERE change.id = event.id AND kind = 'updated') AS changes
FROM ({{places}}) AS page CROSS JOIN event ON event.number = page.number {{by}}
"""  # noqa: S608 - constants
# Those that changed last come first, as readers of feeds expect.
LATEST = "ORDER BY event.changed_at DESC, event.number DESC"
# Few are put in order; where everything asked for is frequent, the log of changes is gone through from its end.
MOST_LISTED = 100_000
FEW = f"""
SELECT event.number FROM ({{places}}) AS place CROSS JOIN event ON event.number = place.number {LATEST} LIMIT ?
"""  # noqa: S608 - a constant
LOGGED = """
SELECT event.number FROM change CROSS JOIN event ON event.id = change.id
WHERE change.what = 'event' AND ({where})
  AND NOT EXISTS (SELECT 1 FROM change AS later WHERE later.id = change.id AND later.cursor > change.cursor)
ORDER BY change.cursor DESC LIMIT ?
"""


def rows(db: Connection, where: Condition, *, order: Order, after: str | None = None) -> Iterator[tuple[Cell, ...]]:
    """All events of a condition (after one, or after a place) as tuples of EVENT_COLUMNS."""
    columns = ", ".join(_column(column.name) for column in EVENT_COLUMNS)
    places, values = where.places(order, None if after is None else place(db, after))
    db.run(f"PRAGMA mmap_size = {MAPPED}")
    return db.tuples(FAST.format(columns=columns, places=places), values)


def row(event: EventRow) -> tuple[Cell, ...]:
    """An event as such a tuple."""
    told = ((getattr(event, column.name), column.kind) for column in EVENT_COLUMNS)
    return tuple((SEPARATOR.join(cell) or None) if kind is CellKind.LIST else cell for cell, kind in told)


def lines(db: Connection, where: Condition, *, order: Order) -> Iterator[str]:
    """The same as lines of CSV (RFC 4180) without their ends, texts and lists in quotation marks: quicker by half."""
    form = ",".join('"%w"' if column.kind in QUOTED else "%s" for column in EVENT_COLUMNS)
    cells = ", ".join(f"coalesce({_column(column.name)}, '')" for column in EVENT_COLUMNS)
    places, values = where.places(order)
    db.run(f"PRAGMA mmap_size = {MAPPED}")
    return map(itemgetter(0), db.tuples(FAST.format(columns=f"printf('{form}', {cells})", places=places), values))


def whole(db: Connection, where: Condition, *, order: Order | None, limit: int | None) -> Iterator[Exported]:
    """The events of a condition with their parties; without an order those that changed last come first."""
    most = -1 if limit is None else limit
    if order:
        places, values = where.places(order)
        text = WHOLE.format(places=f"{places} LIMIT ?", by="")
    else:
        few = limit is None or (where.plan is not None and where.plan.driver().events <= MOST_LISTED)
        places, values = where.any_order() if few else (where.sql, where.values)
        places = FEW.format(places=places) if few else LOGGED.format(where=places)
        text = WHOLE.format(places=places, by=LATEST)
    return map(_exported, db.stream(text, (*values, most)))


def _column(name: str) -> str:
    return f"line.{name}" if name in LINE else f"event.{STORED.get(name, name)}"


def _exported(row: Row) -> Exported:
    lists: dict[str, Any] = {
        "actors": tuple(ExportedParty(**one) for one in json.loads(row["acting"])),
        "targets": tuple(ExportedParty(**one) for one in json.loads(row["targeted"])),
        "items": tuple(json.loads(row["items"])),
        "instruments": tuple(json.loads(row["instruments"])),
    }
    return Exported(**lists, **{name: row[name] for name in Exported.__slots__ if name not in lists})
