"""Rows of the timeline by a condition, and one event with all its reports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Row
from typing import Any, Literal

from tracker.query import contradictions, judgements, measures
from tracker.query.answers import AmountRow, EventDetail, EventPage, EventRow, PartyRef, ReportRow
from tracker.query.asks import Asks, Line
from tracker.query.filters import Condition
from tracker.query.ids import former, one_id
from tracker.query.still import still
from tracker.store.connection import Connection, Value

Order = Literal["newest", "oldest"]

# Reports in their order: by date, then by trust, originals before copies.
FIRST = """report.published IS NULL, report.published, instr('official major specialist social', source.tier),
  article.origin <> article.id, report.id"""
COLUMNS = f"""
  event.id, event.day AS date, event.type, event.subtype, event.status, event.direction, event.certainty,
  event.announced_on, event.effective_on, event.summary, event.confidence, event.reports AS report_count,
  event.origins,
  event.measure_id,
  (SELECT json_group_array(name) FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'actor' ORDER BY position)) AS actors,
  (SELECT json_group_array(name) FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'target' ORDER BY position)) AS targets,
  (SELECT json_group_array(name) FROM (
    SELECT name FROM event_item WHERE event_id = event.id AND kind = 'item' ORDER BY position)) AS items,
  (SELECT json_group_array(name) FROM (
    SELECT name FROM event_item WHERE event_id = event.id AND kind = 'instrument' ORDER BY position)) AS instruments,
  (SELECT count(DISTINCT article.source_id) FROM report JOIN article ON article.id = report.article_id
    WHERE report.event_id = event.id) AS sources,
  (SELECT article.url FROM report JOIN article ON article.id = report.article_id
    LEFT JOIN source ON source.id = article.source_id
    WHERE report.event_id = event.id ORDER BY {FIRST} LIMIT 1) AS url
"""  # noqa: S608 - a constant
DETAIL = f"""
SELECT {COLUMNS}, announced_basis, effective_basis, first_seen_at, changed_at, verdict, edited,
  (SELECT title FROM measure WHERE measure.id = event.measure_id) AS measure_title
FROM event WHERE id = ?
"""  # noqa: S608 - constants
ORDERS: dict[Order, tuple[str, str]] = {"newest": ("DESC", "<"), "oldest": ("ASC", ">")}
# The inner question finds the page, the outer one dresses its few rows.
PAGE = """
SELECT {columns} FROM ({places} LIMIT ? OFFSET ?) AS page
CROSS JOIN event ON event.number = page.number ORDER BY page.day {way}, page.number {way}
"""
# The next to take effect first.
AHEAD = """
SELECT {columns} FROM (
  SELECT event.number AS number FROM ({places}) AS place CROSS JOIN event ON event.number = place.number
  ORDER BY event.effective_on, event.id LIMIT ?) AS page
CROSS JOIN event ON event.number = page.number ORDER BY event.effective_on, event.id
"""
ALL = "SELECT {columns} FROM ({places} LIMIT -1) AS page CROSS JOIN event ON event.number = page.number"
PLACE = re.compile(r"(\d{1,8})\.(\d{1,18})", re.ASCII)  # day and number: what `next` of a page is
AMONG = """
SELECT event.id FROM json_each(?) AS asked CROSS JOIN event ON event.id = asked.value WHERE {where}
"""
OF_EVENTS = """json_each(?) AS asked CROSS JOIN event ON event.id = asked.value
CROSS JOIN report ON report.event_id = event.id CROSS JOIN article ON article.id = report.article_id
LEFT JOIN source ON source.id = article.source_id"""
REPORTS = f"""
SELECT report.*, article.source_id, article.url, article.title, article.language, article.origin,
  article.published_basis, source.name AS source_name, source.tier, report.id IS event.lead_id AS leads
FROM {OF_EVENTS} ORDER BY {FIRST}
"""  # noqa: S608 - a constant
PARTIES = """
SELECT event_party.role, event_party.name, entity.id, entity.kind, entity.country, entity.wikidata
FROM event_party JOIN entity ON entity.id = event_party.entity_id WHERE event_id = ? ORDER BY role, position
"""
AMOUNTS = f"""
SELECT report_amount.*, article.origin, article.source_id, article.notice, report.published, report.withdrawn
FROM {OF_EVENTS} CROSS JOIN report_amount ON report_amount.report_id = report.id
ORDER BY {FIRST}, report_amount.position
"""  # noqa: S608 - a constant
COMPARED = ("type", "status", "direction", "certainty", "announced_on", "effective_on")


def page(
    db: Connection, where: Condition, *, limit: int | None, offset: int = 0, after: str | None = None, order: Order
) -> list[EventRow]:
    """The events of a condition in the order of the timeline; `after` is the id or the place of the last one seen."""
    places, values = where.places(order, None if after is None else place(db, after))
    text = PAGE.format(columns=COLUMNS, places=places, way=ORDERS[order][0])
    return [event_row(row) for row in db.rows(text, (*values, -1 if limit is None else limit, offset))]


@still
def pages(
    db: Connection, where: Condition, *, limit: int, offset: int = 0, after: str | None, order: Order
) -> EventPage:
    """A page of the timeline, and where the next one begins."""
    found = page(db, where, limit=limit + 1, offset=offset, after=after, order=order)
    more = len(found) > limit > 0
    last = ".".join(map(str, place(db, found[limit - 1].id))) if more else None
    return EventPage(events=tuple(found[:limit]), next=last)


def ahead(db: Connection, where: Condition, limit: int | None) -> list[EventRow]:
    """The events of a condition in the order in which they take effect."""
    places, values = where.any_order()
    text = AHEAD.format(columns=COLUMNS, places=places)
    return [event_row(row) for row in db.rows(text, (*values, -1 if limit is None else limit))]


def place(db: Asks, after: str) -> tuple[int, int]:
    """Day and number of an event that is told by its id, or as a place."""
    if told := PLACE.fullmatch(after):
        return int(told[1]), int(told[2])
    row = db.row("SELECT event.at, number FROM event WHERE id = ?", (one_id(db, after),))
    assert row is not None
    return row["at"], row["number"]


def stream(db: Connection, where: Condition, *, order: Order, after: str | None = None) -> Iterator[EventRow]:
    """All events of a condition (after one, or after a place), one by one."""
    places, values = where.places(order, None if after is None else place(db, after))
    return map(event_row, db.stream(ALL.format(columns=COLUMNS, places=places), values))


def count(db: Connection, where: Condition, *, most: int | None = None) -> int:
    """How many events a condition holds for; counted up to `most` where that is given."""
    known = where.known()
    if known is not None:
        return known if most is None else min(known, most)
    places, values = where.any_order()
    return db.number(f"SELECT count(*) FROM ({places} LIMIT ?)", (*values, -1 if most is None else most))  # noqa: S608 - bound


def among(db: Connection, where: Condition, ids: Sequence[str]) -> set[str]:
    """Those of some events that a condition holds for; it is asked of them alone."""
    rows = db.rows(AMONG.format(where=where.sql), (json.dumps(list(ids)), *where.values))
    return {row["id"] for row in rows}


def by_ids(db: Connection, ids: Sequence[str]) -> dict[str, EventRow]:
    """Event id to its row."""
    marks = ", ".join("?" * len(ids))
    rows = db.rows(f"SELECT {COLUMNS} FROM event WHERE id IN ({marks})", ids)  # noqa: S608 - values are bound
    return {row["id"]: event_row(row) for row in rows}


@still
def detail(db: Connection, event_id: str) -> EventDetail:
    """One event with everything it rests on."""
    key = one_id(db, event_id)
    row = db.row(DETAIL, (key,))
    assert row is not None
    event = event_row(row)
    parties = [(party["role"], _party(party)) for party in db.rows(PARTIES, (key,))]
    amounts = db.rows(AMOUNTS, (json.dumps([key]),))
    told = reports_of([event], db.rows(REPORTS, (json.dumps([key]),)), amounts).get(key, ())
    return EventDetail(
        event=event,
        actors=tuple(party for role, party in parties if role == "actor"),
        targets=tuple(party for role, party in parties if role == "target"),
        amounts=weighed(amounts),
        announced_basis=row["announced_basis"],
        effective_basis=row["effective_basis"],
        first_seen_at=row["first_seen_at"],
        changed_at=row["changed_at"],
        reports=told,
        contradictions=contradictions.of_events(db, [key]),
        judgements=judgements.of_reports(db, [one.id for one in told], "event"),
        edited=tuple(json.loads(row["edited"])),
        verdict=row["verdict"],
        former_ids=former(db, key),
        measure_title=row["measure_title"],
        steps=measures.steps(db, event.measure_id),
    )


def reports(db: Connection, found: Sequence[EventRow]) -> dict[str, tuple[ReportRow, ...]]:
    """The reports of some events by the id of the event, in their order: two questions for however many."""
    amounts = db.rows(AMOUNTS, (json.dumps([event.id for event in found]),))
    return reports_of(found, db.rows(REPORTS, (json.dumps([event.id for event in found]),)), amounts)


def reports_of(
    found: Sequence[EventRow], rows: Iterable[Line], amounts: Iterable[Line]
) -> dict[str, tuple[ReportRow, ...]]:
    """The reports of some events by the id of the event, from rows of `REPORTS` and `AMOUNTS`."""
    told: dict[str, list[AmountRow]] = {}
    for row in amounts:
        told.setdefault(row["report_id"], []).append(_amount(row))
    known, of_event = {event.id: event for event in found}, dict[str, list[ReportRow]]()
    for row in rows:
        report = _report(row, known[row["event_id"]], tuple(told.get(row["id"], ())))
        of_event.setdefault(row["event_id"], []).append(report)
    return {key: tuple(some) for key, some in of_event.items()}


def event_row(row: Row) -> EventRow:
    """An event from the columns of COLUMNS."""
    values: dict[str, Any] = {
        name: tuple(json.loads(row[name])) for name in ("actors", "targets", "items", "instruments")
    }
    return EventRow(**values, **{name: row[name] for name in EventRow.__slots__ if name not in values})


def _party(row: Line) -> PartyRef:
    return PartyRef(id=row["id"], name=row["name"], kind=row["kind"], country=row["country"], wikidata=row["wikidata"])


def _amount(row: Line) -> AmountRow:
    return AmountRow(**{name: row[name] for name in AmountRow.__slots__})


def weighed(rows: Sequence[Line]) -> tuple[AmountRow, ...]:
    """Each value that stands once, as the first report words it; those first that most independent accounts tell."""
    told: dict[tuple[Value, ...], tuple[AmountRow, set[str]]] = {}
    for row in _standing(rows):
        key = tuple(row[name] for name in AmountRow.__slots__ if name != "text")
        told.setdefault(key, (_amount(row), set()))[1].add(row["origin"])
    return tuple(amount for amount, _ in sorted(told.values(), key=lambda one: -len(one[1])))


def _standing(rows: Sequence[Line]) -> Sequence[Line]:
    """All but what an outlet withdrew, or corrected in a later amount of the kind, and the copies of what it corrected.

    Where nothing stands, all that was told.
    """
    heard = [row for row in rows if not row["withdrawn"]]
    corrections = [row for row in heard if row["notice"] == "correction"]
    old = [one for one in heard if any(_corrects(new, one) for new in corrections)]
    texts = {(one["origin"], one["kind"], one["unit"]) for one in old if one["notice"] != "correction"}
    kept = [
        row
        for row in heard
        if row not in old and (row["notice"] == "correction" or (row["origin"], row["kind"], row["unit"]) not in texts)
    ]
    return kept or rows


def _corrects(new: Line, old: Line) -> bool:
    """Whether a correction gives another amount than its outlet gave until then, another correction than before it."""
    if any(new[name] != old[name] for name in ("source_id", "kind", "unit")) or new["report_id"] == old["report_id"]:
        return False
    before, after = (row["published"] or "" for row in (old, new))
    return not after or before < after or (before == after and old["notice"] != "correction")


def _report(row: Line, event: EventRow, amounts: tuple[AmountRow, ...]) -> ReportRow:
    return ReportRow(
        id=row["id"],
        article_id=row["article_id"],
        source_id=row["source_id"],
        source_name=row["source_name"],
        tier=row["tier"],
        url=row["url"],
        title=row["title"],
        published=row["published"],
        published_basis=row["published_basis"],
        language=row["language"],
        quote=row["quote"],
        origin=row["origin"],
        copy_of=row["origin"] if row["origin"] != row["article_id"] else None,
        confidence=row["confidence"],
        amounts=amounts,
        differs=_differences(row, event),
        withdrawn=bool(row["withdrawn"]),
        leads=bool(row["leads"]),
        reader=row["reader"],
    )


def _differences(row: Line, event: EventRow) -> dict[str, Any]:
    """What this account says of a field where the event says something else; parties and things as they are named."""
    told = json.loads(row["detail"])
    named = {
        "actors": [actor["party"]["name"] for actor in told["actors"]],
        "targets": [target["party"]["name"] for target in told["targets"]],
        "items": [item["text"] for item in told["items"]],
        "instruments": [instrument["text"] for instrument in told["instruments"]],
    }
    return {name: row[name] for name in COMPARED if row[name] != getattr(event, name)} | {
        name: names for name, names in named.items() if set(names) != set(getattr(event, name))
    }
