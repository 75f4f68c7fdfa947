"""An event as rows and back: its columns, parties and things, what its reports disagree on, what changed.

It reads and makes rows; `Events` decides what is written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from sqlite3 import Row

from tracker.model import (
    Certainty,
    Contradiction,
    Direction,
    Event,
    EventType,
    Party,
    PartyKind,
    Status,
    Told,
)
from tracker.store.codec import bounds, dumps, folded, when
from tracker.store.connection import Connection, Value
from tracker.store.entities import entity_id

COLUMNS = (
    "type",
    "status",
    "direction",
    "certainty",
    "announced_on",
    "announced_basis",
    "effective_on",
    "effective_basis",
    "confidence",
    "summary",
    "origins",
    "subtype",
    "lead_id",
    "verdict",
    "edited",
)
DATES = ("announced_from", "announced_to", "effective_from", "effective_to")

ROWS = "SELECT * FROM event WHERE id IN (SELECT value FROM json_each(?))"
PARTIES = """
SELECT event_id, role, event_party.name AS called, entity.* FROM event_party JOIN entity ON entity.id = entity_id
WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY event_id, role, position
"""
ITEMS = """
SELECT event_id, kind, name FROM event_item
WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY event_id, kind, position
"""
DISPUTES = """
SELECT * FROM contradiction WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY event_id, field, position
"""
MEMBERS = """
SELECT id, event_id, withdrawn FROM report
WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY event_id, id
"""


def columns(event: Event) -> tuple[Value, ...]:
    """The values of COLUMNS and DATES, in their order."""
    announced, effective = event.announced_on, event.effective_on
    return (
        event.type,
        event.status,
        event.direction,
        event.certainty,
        announced.value if announced else None,
        announced.basis if announced else None,
        effective.value if effective else None,
        effective.basis if effective else None,
        event.confidence,
        event.summary,
        event.origins,
        event.subtype,
        event.lead_id or None,
        event.verdict,
        dumps(event.edited),
        *(bounds(announced.value) if announced else (None, None)),
        *(bounds(effective.value) if effective else (None, None)),
    )


def parties(event: Event) -> Iterator[tuple[Value, ...]]:
    """Rows of `event_party`."""
    for role, found in (("actor", event.actors), ("target", event.targets)):
        for position, party in enumerate(found):
            yield event.id, role, position, entity_id(party), party.name


def items(event: Event) -> Iterator[tuple[Value, ...]]:
    """Rows of `event_item`."""
    for kind, names in (("item", event.items), ("instrument", event.instruments)):
        for position, name in enumerate(names):
            yield event.id, kind, position, name, folded(name)


def contradictions(event: Event) -> Iterator[tuple[Value, ...]]:
    """Rows of `contradiction`: of each field the value that was taken first."""
    for found in event.contradictions:
        for position, told in enumerate((found.taken, *found.others)):
            because = "" if position else found.because
            yield event.id, found.field, position, told.value, told.origins, dumps(told.report_ids), because


def seen(event: Event) -> dict[str, object]:
    """All that a change of an event can be seen by, but for its reports."""
    told = {
        name: str(value) if isinstance(value, str) else value
        for name, value in zip(COLUMNS, columns(event), strict=False)
    }
    return told | {
        "actors": [entity_id(party) for party in event.actors],
        "targets": [entity_id(party) for party in event.targets],
        "items": list(event.items),
        "instruments": list(event.instruments),
        "contradictions": [list(row[1:]) for row in contradictions(event)],
    }


def snapshot(connection: Connection, event_ids: Iterable[str]) -> dict[str, dict[str, object]]:
    """Event id to what `seen` says of the event as it is stored; without those that are not."""
    ids = json.dumps(list(event_ids))
    people, things, disputes = (_grouped(connection.rows(sql, (ids,))) for sql in (PARTIES, ITEMS, DISPUTES))
    return {
        row["id"]: {name: row[name] for name in COLUMNS}
        | {
            "actors": [one["id"] for one in people[row["id"]] if one["role"] == "actor"],
            "targets": [one["id"] for one in people[row["id"]] if one["role"] == "target"],
            "items": [one["name"] for one in things[row["id"]] if one["kind"] == "item"],
            "instruments": [one["name"] for one in things[row["id"]] if one["kind"] == "instrument"],
            "contradictions": [list(one)[1:] for one in disputes[row["id"]]],
        }
        for row in connection.rows(ROWS, (ids,))
    }


def events(connection: Connection, event_ids: Sequence[str]) -> list[Event]:
    """The stored events of these ids, in their order; dates without the place in a text where they stand."""
    ids = json.dumps(event_ids)
    grouped = [_grouped(connection.rows(sql, (ids,))) for sql in (PARTIES, ITEMS, DISPUTES, MEMBERS)]
    rows = {row["id"]: row for row in connection.rows(ROWS, (ids,))}
    return [_event(rows[key], *(found[key] for found in grouped)) for key in dict.fromkeys(event_ids) if key in rows]


def _event(row: Row, people: list[Row], things: list[Row], disputes: list[Row], members: list[Row]) -> Event:
    return Event(
        id=row["id"],
        type=EventType(row["type"]),
        status=Status(row["status"]),
        direction=Direction(row["direction"]),
        certainty=Certainty(row["certainty"]),
        actors=tuple(_party(one) for one in people if one["role"] == "actor"),
        targets=tuple(_party(one) for one in people if one["role"] == "target"),
        items=tuple(one["name"] for one in things if one["kind"] == "item"),
        instruments=tuple(one["name"] for one in things if one["kind"] == "instrument"),
        announced_on=when(row["announced_on"], row["announced_basis"]),
        effective_on=when(row["effective_on"], row["effective_basis"]),
        confidence=row["confidence"],
        summary=row["summary"],
        report_ids=tuple(one["id"] for one in members),
        origins=row["origins"],
        measure_id=row["measure_id"],
        subtype=row["subtype"],
        lead_id=row["lead_id"] or "",
        contradictions=tuple(_disputes(disputes)),
        withdrawn=tuple(one["id"] for one in members if one["withdrawn"]),
        edited=tuple(json.loads(row["edited"])),
        verdict=row["verdict"],
    )


def _party(row: Row) -> Party:
    return Party(
        name=row["called"],
        kind=PartyKind(row["kind"]),
        country=row["country"],
        wikidata=row["wikidata"],
        id=None if row["id"].startswith("name:") else row["id"],
        parent=row["parent"],
    )


def _disputes(rows: Iterable[Row]) -> Iterator[Contradiction]:
    by_field: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_field[row["field"]].append(row)
    for field, (taken, *others) in by_field.items():
        yield Contradiction(field=field, taken=_told(taken), others=tuple(map(_told, others)), because=taken["because"])


def _told(row: Row) -> Told:
    return Told(value=row["value"], report_ids=tuple(json.loads(row["reports"])), origins=row["origins"])


def _grouped(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["event_id"]].append(row)
    return found
