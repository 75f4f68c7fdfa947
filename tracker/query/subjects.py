"""What a person means by an id: an event, a measure, one report or a party, with the reports that it rests on."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from tracker.errors import NotFoundError
from tracker.query.answers import as_dict
from tracker.query.ids import is_id, one_id
from tracker.store.connection import Connection

TABLES = ("event", "measure", "report", "entity")  # in the order in which a text is tried
SQL = {
    "event": ("SELECT summary FROM event WHERE id = ?", "SELECT id FROM report WHERE event_id = ? ORDER BY id"),
    "measure": (
        "SELECT title FROM measure WHERE id = ?",
        "SELECT report.id FROM event JOIN report ON report.event_id = event.id WHERE measure_id = ? ORDER BY report.id",
    ),
    "report": ("SELECT quote FROM report WHERE id = ?", "SELECT id FROM report WHERE id = ?"),
    "entity": ("SELECT name FROM entity WHERE id = ?", "SELECT id FROM entity WHERE id = ?"),
}
PLACES = """
SELECT DISTINCT event.id, event.measure_id FROM report JOIN event ON event.id = report.event_id
WHERE report.id IN (SELECT value FROM json_each(?)) ORDER BY event.day, event.id
"""
STANDING = """
SELECT DISTINCT coalesce(merged_into, id) AS id FROM entity WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 1
"""


# What is found where another thing is wanted, and what to ask of it.
OTHERS = {
    "event": "an event; `tracker show EVENT` shows it",
    "measure": "a measure; `tracker measure ID` tells its story",
    "report": "a report; `tracker why REPORT OTHER` says what it is to another",
    "entity": "a party; `tracker party ID` says which names are held to be it, and why",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an id means. `report_ids` are those that it rests on; of a party its own id."""

    what: str  # "event", "measure", "report" or "entity"
    id: str
    words: str
    report_ids: tuple[str, ...]

    @property
    def scope(self) -> str:
        """What a judgement about it is about."""
        return {"entity": "party", "report": "event"}.get(self.what, self.what)

    to_dict = as_dict


def subject(db: Connection, text: str, *, among: Collection[str] = TABLES) -> Subject:
    """What a text means: an id, a former id or a beginning of one, of any of some tables.

    Raises:
        NotFoundError: nothing has this id, or several have this beginning.
    """
    tables = [table for table in TABLES if table in among]
    table = next((name for name in tables if is_id(db, text, name)), None)
    if table is None:
        raise NotFoundError(_missing(db, text, tables))
    key = one_id(db, text, table)
    words, reports = SQL[table]
    row = db.row(words, (key,))
    assert row is not None
    return Subject(what=table, id=key, words=row[0], report_ids=tuple(str(one[0]) for one in db.rows(reports, (key,))))


def places(db: Connection, report_ids: Collection[str]) -> list[tuple[str, str]]:
    """Where some reports are: event and measure, in the order of the timeline."""
    return [(row[0], row[1]) for row in db.rows(PLACES, (json.dumps(sorted(report_ids)),))]


def standing(db: Connection, entity_ids: Collection[str]) -> list[str]:
    """The parties that stand for some parties: themselves, or those that they are one with."""
    return [row[0] for row in db.rows(STANDING, (json.dumps(sorted(entity_ids)),))]


def _missing(db: Connection, text: str, tables: list[str]) -> str:
    """Why nothing is meant: of the tables that have something near, the first one's own message."""
    messages = []
    for table in tables:
        try:
            one_id(db, text, table)
        except NotFoundError as error:
            messages.append(str(error))
    other = next((table for table in TABLES if table not in tables and text and is_id(db, text, table)), None)
    if other is not None and not any(message.startswith("several") for message in messages):
        return f"{text!r} is no {' or '.join(tables)} but {OTHERS[other]}"
    near = [message for message in messages if message.startswith("several") or "did you mean" in message]
    names = " or ".join("party" if table == "entity" else table for table in tables)
    return (near or [f"no {names} {text!r}; `tracker timeline` lists events with their ids"])[0]
