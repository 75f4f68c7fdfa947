"""Fields on which the reports of an event disagree, with who says what and which rule decided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from sqlite3 import Row

from tracker.query.answers import ContradictionRow, ToldRow
from tracker.store.connection import Connection

OF_EVENTS = """
SELECT * FROM contradiction WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY event_id, field, position
"""
WHO = """
SELECT report.id, coalesce(source.name, article.site, article.url, 'no source') AS name
FROM report JOIN article ON article.id = report.article_id LEFT JOIN source ON source.id = article.source_id
WHERE report.id IN (SELECT value FROM json_each(?))
"""
NAMES = "SELECT id, name FROM entity WHERE id IN (SELECT value FROM json_each(?))"
PARTIES = frozenset({"actors", "targets"})  # fields whose values are ids of parties
JOINT = " + "


def of_events(db: Connection, event_ids: Sequence[str]) -> tuple[ContradictionRow, ...]:
    """The contradictions of some events, by event and field."""
    rows = db.rows(OF_EVENTS, (json.dumps(event_ids),))
    told = {key for row in rows for key in json.loads(row["reports"])}
    who = {row["id"]: row["name"] for row in db.rows(WHO, (json.dumps(sorted(told)),))}
    ids = {key for row in rows if row["field"] in PARTIES for key in row["value"].split(JOINT)}
    names = {row["id"]: row["name"] for row in db.rows(NAMES, (json.dumps(sorted(ids)),))}
    return tuple(
        _contradiction(event_id, field, list(values), who, names)
        for (event_id, field), values in groupby(rows, key=lambda row: (row["event_id"], row["field"]))
    )


def _contradiction(
    event_id: str, field: str, rows: Sequence[Row], who: Mapping[str, str], names: Mapping[str, str]
) -> ContradictionRow:
    taken, *others = (_told(row, who, names) for row in rows)
    return ContradictionRow(
        event_id=event_id, field=field, taken=taken, others=tuple(others), because=rows[0]["because"]
    )


def _told(row: Row, who: Mapping[str, str], names: Mapping[str, str]) -> ToldRow:
    report_ids = tuple(json.loads(row["reports"]))
    parties = row["field"] in PARTIES
    return ToldRow(
        value=row["value"],
        words=JOINT.join(names.get(key, key) for key in row["value"].split(JOINT)) if parties else row["value"],
        origins=row["origins"],
        sources=tuple(dict.fromkeys(who[key] for key in report_ids if key in who)),
        report_ids=report_ids,
    )
