"""Events of a lake by a test of their rows, in the order of the timeline; one event with all that it rests on.

The places of a page are found first, then its few rows are read. What is read whole goes year by year, so that no more
than one year is put in order at a time. The answers are made by the functions that make those of a database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from tracker.model import EVENT_COLUMNS, SEPARATOR, Cell, CellKind, Exported, ExportedParty
from tracker.query import measures
from tracker.query.answers import (
    ContradictionRow,
    EventDetail,
    EventHit,
    EventPage,
    EventRow,
    JudgementRow,
    PartyRef,
    ReportRow,
    StepRow,
    ToldRow,
)
from tracker.query.asks import Line
from tracker.query.events import ORDERS, Order, place, reports_of, weighed
from tracker.query.exports import QUOTED, STORED
from tracker.query.hits import Found, Place, snippets_of
from tracker.query.ids import former, one_id
from tracker.query.lake import Lake
from tracker.query.lake_ground import Test

SHOWN = tuple(EventRow.__slots__)
LISTS = ("actors", "targets", "items", "instruments")
PLACES = """
SELECT event.at, number FROM event WHERE {where} ORDER BY event.at {way}, number {way} LIMIT ? OFFSET ?
"""
ROWS = """
SELECT {columns} FROM event WHERE event.at BETWEEN ? AND ? AND number IN (SELECT unnest(?))
ORDER BY event.at {way}, number {way}
"""
OF_YEAR = """
SELECT {columns} FROM event WHERE event.at BETWEEN ? AND ? AND {where} ORDER BY event.at {way}, number {way} LIMIT ?
"""
AHEAD = "SELECT {columns} FROM event WHERE {where} ORDER BY effective_on, id LIMIT ?"
LATEST = "SELECT {columns} FROM event WHERE {where} ORDER BY changed_at DESC, number DESC LIMIT ?"
COUNT = "SELECT count(*) FROM event WHERE {where}"
COUNT_SOME = "SELECT count(*) FROM (SELECT 1 FROM event WHERE {where} LIMIT ?)"
AMONG = "SELECT id FROM event WHERE id IN (SELECT unnest(?)) AND {where}"
FIRST = """published IS NULL, published, instr('official major specialist social', tier), origin <> article_id"""
REPORTS = f"""
SELECT * FROM report WHERE report.at BETWEEN ? AND ? AND event_id IN (SELECT unnest(?)) ORDER BY {FIRST}, id
"""  # noqa: S608 - a constant
AMOUNTS = f"""
SELECT report_amount.*, origin, source_id, notice, published, withdrawn
FROM report_amount JOIN report ON report.id = report_amount.report_id
WHERE report_amount.at BETWEEN ?1 AND ?2 AND report.at BETWEEN ?1 AND ?2
  AND report_amount.event_id IN (SELECT unnest(?3)) ORDER BY {FIRST}, report.id, report_amount.position
"""  # noqa: S608 - a constant
DETAIL = """
SELECT {columns}, announced_basis, effective_basis, first_seen_at, changed_at, verdict, edited, measure_title, acting,
  targeted
FROM event WHERE id = ?
"""
STEPS = "SELECT * FROM measure_step WHERE measure_id = ? ORDER BY position"
DISPUTES = "SELECT * FROM contradiction WHERE event_id IN (SELECT unnest(?)) ORDER BY event_id, field, position"
JUDGED = """
SELECT * FROM judgement WHERE closed_at IS NULL AND scope = ?
  AND (list_has_any("left", ?) OR list_has_any("right", ?)) ORDER BY decided_at, id
"""
TEXTS = """
SELECT number, summary, parties, things, quotes FROM event
WHERE event.at BETWEEN ? AND ? AND number IN (SELECT unnest(?))"""
YEAR = 10_000  # in a day as a number
ALL = (1 << 62) - 1  # as a limit


def page(
    lake: Lake, where: Test, *, limit: int | None, offset: int = 0, after: str | None = None, order: Order
) -> list[EventRow]:
    """The events of a test in the order of the timeline; `after` is the id or the place of the last one seen."""
    found = places(
        lake, where, limit=limit, offset=offset, after=None if after is None else place(lake, after), order=order
    )
    return [row for _, row in rows_at(lake, found, order)]


def pages(lake: Lake, where: Test, *, limit: int, offset: int = 0, after: str | None, order: Order) -> EventPage:
    """A page of the timeline, and where the next one begins."""
    start = None if after is None else place(lake, after)
    found = places(lake, where, limit=limit + 1, offset=offset, after=start, order=order)
    more = len(found) > limit > 0
    return EventPage(
        events=tuple(row for _, row in rows_at(lake, found[:limit], order)),
        next=".".join(map(str, found[limit - 1])) if more else None,
    )


def places(
    lake: Lake, where: Test, *, limit: int | None, offset: int = 0, after: tuple[int, int] | None, order: Order
) -> list[tuple[int, int]]:
    """Day and number of events in order, beyond a place where one is given."""
    way, beyond = ORDERS[order]
    sql, values = where if after is None else _beyond(where, after, beyond)
    asked = (*values, ALL if limit is None else limit, offset)
    return [(row[0], row[1]) for row in lake.rows(PLACES.format(where=sql, way=way), asked)]


def rows_at(lake: Lake, found: Sequence[tuple[int, int]], order: Order) -> list[tuple[int, EventRow]]:
    """The events of some places in their order, each with its number."""
    if not found:
        return []
    first, last = min(found)[0], max(found)[0]
    sql = ROWS.format(columns=f"number, {_columns()}", way=ORDERS[order][0])
    return [(row["number"], event_row(row)) for row in lake.rows(sql, (first, last, [number for _, number in found]))]


def stream(lake: Lake, where: Test, *, order: Order, after: str | None = None) -> Iterator[EventRow]:
    """All events of a test (after one, or after a place), one by one."""
    for told in _whole(lake, where, _columns(), order=order, after=after):
        made: dict[str, Any] = dict(zip(SHOWN, told, strict=True))
        yield EventRow(**made | {name: tuple(made[name]) for name in LISTS})


def rows(lake: Lake, where: Test, *, order: Order, after: str | None = None) -> Iterator[tuple[Cell, ...]]:
    """The same as tuples of EVENT_COLUMNS; lists as one text."""
    return _whole(lake, where, ", ".join(_cell(one.name, one.kind) for one in EVENT_COLUMNS), order=order, after=after)


def lines(lake: Lake, where: Test, *, order: Order) -> Iterator[str]:
    """The same as lines of CSV without their ends, as `exports.lines` of a database gives them."""
    cells = ", ".join(_spelt(one.name, one.kind) for one in EVENT_COLUMNS)
    return map(itemgetter(0), _whole(lake, where, f"concat_ws(',', {cells})", order=order, after=None))


def whole(lake: Lake, where: Test, *, order: Order | None, limit: int | None) -> Iterator[Exported]:
    """The events of a test with their parties; without an order those that changed last come first."""
    names = tuple(Exported.__slots__)
    held = {"actors": "acting", "targets": "targeted", "date": "day"}
    columns = ", ".join(f"event.{held.get(name, name)}" for name in names)
    if order:
        found = _whole(lake, where, columns, order=order, after=None, limit=limit)
    else:
        sql, values = where
        found = lake.stream(LATEST.format(columns=columns, where=sql), (*values, ALL if limit is None else limit))
    for told in found:
        made: dict[str, Any] = dict(zip(names, told, strict=True))
        for name in ("actors", "targets"):
            made[name] = tuple(ExportedParty(**one) for one in made[name])
        yield Exported(**made | {name: tuple(made[name]) for name in ("items", "instruments")})


def ahead(lake: Lake, where: Test, limit: int | None) -> list[EventRow]:
    """The events of a test in the order in which they take effect."""
    sql, values = where
    asked = (*values, ALL if limit is None else limit)
    return [event_row(row) for row in lake.rows(AHEAD.format(columns=_columns(), where=sql), asked)]


def count(lake: Lake, where: Test, *, most: int | None = None) -> int:
    """How many events a test holds for; counted up to `most` where that is given."""
    sql, values = where
    if most is None:
        return lake.number(COUNT.format(where=sql), values)
    return lake.number(COUNT_SOME.format(where=sql), (*values, most))


def among(lake: Lake, where: Test, ids: Sequence[str]) -> set[str]:
    """Those of some events that a test holds for."""
    return {row["id"] for row in lake.rows(AMONG.format(where=where[0]), (list(ids), *where[1]))}


def reports(lake: Lake, found: Sequence[EventRow]) -> dict[str, tuple[ReportRow, ...]]:
    """The reports of some events by the id of the event, in their order."""
    if not found:
        return {}
    asked = _asked(found)
    return reports_of(found, lake.rows(REPORTS, asked), lake.rows(AMOUNTS, asked))


def detail(lake: Lake, event_id: str) -> EventDetail:
    """One event with everything it rests on; raises NotFoundError."""
    key = one_id(lake, event_id)
    row = lake.row(DETAIL.format(columns=_columns()), (key,))
    assert row is not None
    event = event_row(row)
    amounts = lake.rows(AMOUNTS, _asked([event]))
    told = reports_of([event], lake.rows(REPORTS, _asked([event])), amounts).get(key, ())
    return EventDetail(
        event=event,
        actors=_parties(row["acting"]),
        targets=_parties(row["targeted"]),
        amounts=weighed(amounts),
        announced_basis=row["announced_basis"],
        effective_basis=row["effective_basis"],
        first_seen_at=row["first_seen_at"],
        changed_at=row["changed_at"],
        reports=told,
        contradictions=contradictions(lake, [key]),
        judgements=judged(lake, [one.id for one in told], "event"),
        edited=tuple(json.loads(row["edited"])),
        verdict=row["verdict"],
        former_ids=former(lake, key),
        measure_title=row["measure_title"],
        steps=steps(lake, event.measure_id),
    )


def steps(lake: Lake, measure: str) -> tuple[StepRow, ...]:
    """The steps of a measure, the oldest first."""
    return tuple(map(measures.step, lake.rows(STEPS, (measure,))))


def contradictions(lake: Lake, event_ids: Sequence[str]) -> tuple[ContradictionRow, ...]:
    """The contradictions of some events, by event and field."""
    found: dict[tuple[str, str], list[Line]] = {}
    for row in lake.rows(DISPUTES, (list(event_ids),)):
        found.setdefault((row["event_id"], row["field"]), []).append(row)
    return tuple(
        ContradictionRow(
            event_id=event_id,
            field=name,
            taken=_told(taken),
            others=tuple(map(_told, others)),
            because=taken["because"],
        )
        for (event_id, name), (taken, *others) in found.items()
    )


def judged(lake: Lake, report_ids: Sequence[str], scope: str) -> tuple[JudgementRow, ...]:
    """The decisions that hold and that any of these reports takes part in, the oldest first."""
    ids = list(report_ids) or [""]
    return tuple(_judgement(row) for row in lake.rows(JUDGED, (scope, ids, ids)))


def search(lake: Lake, where: Test, expression: str, *, limit: int, after: Place | None) -> Found[EventHit]:
    """A page of the events of a test that asks for words, the newest first, with the words around each hit."""
    start = None if after is None else (int(after[0]), after[1])
    found = places(lake, where, limit=limit + 1, after=start, order="newest")
    shown = rows_at(lake, found[:limit], "newest")
    texts: list[tuple[Any, ...]] = []
    if shown:
        days = [at for at, _ in found[:limit]]
        texts = list(lake.stream(TEXTS, (min(days), max(days), [number for number, _ in shown])))
    words = snippets_of("event_fts", texts, expression)
    return Found(
        hits=tuple(EventHit(event=row, snippet=words[number]) for number, row in shown),
        order="date",
        next=found[limit - 1] if len(found) > limit > 0 else None,
    )


def event_row(row: Line) -> EventRow:
    """An event from its columns by their names in an answer."""
    told: dict[str, Any] = {name: row[name] for name in SHOWN}
    return EventRow(**told | {name: tuple(told[name]) for name in LISTS})


def _whole(
    lake: Lake, where: Test, columns: str, *, order: Order, after: str | None, limit: int | None = None
) -> Iterator[tuple[Any, ...]]:
    """Columns of all events of a test in order, year by year."""
    way, beyond = ORDERS[order]
    start = None if after is None else place(lake, after)
    sql, values = where if start is None else _beyond(where, start, beyond)
    years = lake.years() if order == "oldest" else lake.years()[::-1]
    left = ALL if limit is None else limit
    for year in years:
        asked = (year * YEAR, year * YEAR + YEAR - 1, *values, left)
        for told in lake.stream(OF_YEAR.format(columns=columns, where=sql, way=way), asked):
            yield told
            left -= 1


def _beyond(where: Test, after: tuple[int, int], beyond: str) -> Test:
    sql, values = where
    return f"({sql}) AND event.at {beyond}= ? AND (event.at, event.number) {beyond} (?, ?)", (*values, after[0], *after)


def _columns() -> str:
    """Columns of an `EventRow`, by their names there."""
    return ", ".join(f"event.{STORED.get(name, name)} AS {name}" for name in SHOWN)


def _cell(name: str, kind: CellKind) -> str:
    column = f"event.{STORED.get(name, name)}"
    if kind is not CellKind.LIST:
        return column
    mark = f"chr({ord(SEPARATOR)})"
    return f"CASE WHEN len({column}) > 0 THEN array_to_string([replace(x, {mark}, ' ') FOR x IN {column}], {mark}) END"


def _spelt(name: str, kind: CellKind) -> str:
    """A cell as CSV has it."""
    cell = _cell(name, kind)
    if kind in QUOTED:
        return f"'\"' || replace(coalesce({cell}, ''), '\"', '\"\"') || '\"'"
    return f"coalesce(CAST({cell} AS VARCHAR), '')"


def _asked(found: Sequence[EventRow]) -> tuple[int, int, list[str]]:
    """Between which days some events lie, and their ids."""
    days = [int(event.date.replace("-", "") or 0) for event in found]
    return min(days), max(days), [event.id for event in found]


def _parties(told: Sequence[dict[str, Any]]) -> tuple[PartyRef, ...]:
    return tuple(PartyRef(**{name: one[name] for name in PartyRef.__slots__}) for one in told)


def _told(row: Line) -> ToldRow:
    return ToldRow(
        value=row["value"],
        words=row["words"],
        origins=row["origins"],
        sources=tuple(row["sources"]),
        report_ids=tuple(row["report_ids"]),
    )


def _judgement(row: Line) -> JudgementRow:
    told = {name: row[name] for name in JudgementRow.__slots__}
    told |= {side: tuple(told[side]) for side in ("left", "right")}
    return JudgementRow(**told | {"value": None if told["value"] is None else json.loads(told["value"])})
