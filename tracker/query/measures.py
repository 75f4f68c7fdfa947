"""One measure: the steps of its life, its ties to others, where its reports disagree."""

from __future__ import annotations

import json

from tracker.errors import NotFoundError
from tracker.model import Status, Step
from tracker.query import contradictions, judgements
from tracker.query.answers import LinkRow, MeasureDetail, StepRow
from tracker.query.asks import Asks, Line
from tracker.query.ids import former, is_id, one_id
from tracker.store.connection import Connection

STEPS = """
SELECT measure_step.*, event.origins, report.quote, article.url, source.name AS source_name
FROM measure_step JOIN event ON event.id = measure_step.event_id LEFT JOIN report ON report.id = event.lead_id
LEFT JOIN article ON article.id = report.article_id LEFT JOIN source ON source.id = article.source_id
WHERE measure_step.measure_id = ? ORDER BY position
"""
LINKS = """
SELECT measure_link.*, other_id AS other, measure.title, 1 AS is_newer
FROM measure_link JOIN measure ON measure.id = other_id WHERE measure_id = ?1
UNION ALL
SELECT measure_link.*, measure_id AS other, measure.title, 0
FROM measure_link JOIN measure ON measure.id = measure_id WHERE other_id = ?1
ORDER BY kind, other
"""
# Kind of tie: as the newer measure has it, as the older one has it.
WORDS = {
    "retaliation": ("retaliates against", "drew retaliation in"),
    "replacement": ("replaces", "was replaced by"),
}
EVENTS = "SELECT id FROM event WHERE measure_id = ? ORDER BY day, id"
REPORTS = (
    "SELECT report.id FROM event JOIN report ON report.event_id = event.id WHERE measure_id = ? ORDER BY report.id"
)


def measure_id(db: Asks, text: str) -> str:
    """The id of a measure from itself, a former id, a beginning, or the id of one of its events.

    Raises:
        NotFoundError: there is no such measure and no such event.
    """
    try:
        return one_id(db, text, "measure")
    except NotFoundError:
        if not is_id(db, text, "event"):
            raise
        row = db.row("SELECT measure_id FROM event WHERE id = ?", (one_id(db, text),))
        assert row is not None
        return str(row[0])


def detail(db: Connection, text: str, day: str | None) -> MeasureDetail:
    """The story of one measure, by its id or that of one of its events; raises NotFoundError where there is none."""
    key = measure_id(db, text)
    row = db.row("SELECT title, status, since FROM measure WHERE id = ?", (key,))
    assert row is not None
    told = steps(db, key)
    status, since = (row["status"], row["since"]) if day is None else status_on(told, day)
    events = tuple(str(event[0]) for event in db.rows(EVENTS, (key,)))
    reports = [str(report[0]) for report in db.rows(REPORTS, (key,))]
    return MeasureDetail(
        id=key,
        title=row["title"],
        status=status,
        since=since,
        as_of=day,
        steps=told,
        links=links(db, key),
        contradictions=contradictions.of_events(db, events),
        judgements=judgements.of_reports(db, reports, "measure"),
        event_ids=events,
        former_ids=former(db, key),
    )


def steps(db: Connection, key: str) -> tuple[StepRow, ...]:
    """The steps of a measure, the oldest first."""
    return tuple(map(step, db.rows(STEPS, (key,))))


def links(db: Asks, key: str) -> tuple[LinkRow, ...]:
    """The ties of a measure to others."""
    return tuple(map(_link, db.rows(LINKS, (key,))))


def status_on(told: tuple[StepRow, ...], day: str) -> tuple[str | None, str | None]:
    """Where a measure with these steps stands on a day, and since when."""
    from tracker.resolve.history import status_on as stood  # noqa: PLC0415 - other questions need no resolution

    return stood(
        (
            Step(day=s.date, status=Status(s.status), event_id=s.event_id, words=s.words, inferred=s.inferred)
            for s in told
        ),
        day,
    )


def step(row: Line) -> StepRow:
    """A step from a row of `STEPS`."""
    return StepRow(
        date=row["day"],
        status=row["status"],
        event_id=row["event_id"],
        words=row["words"],
        inferred=bool(row["inferred"]),
        origins=row["origins"],
        quote=row["quote"] or "",
        source_name=row["source_name"],
        url=row["url"],
    )


def _link(row: Line) -> LinkRow:
    newer, older = WORDS[row["kind"]]
    return LinkRow(
        kind=row["kind"],
        words=newer if row["is_newer"] else older,
        measure_id=row["other"],
        title=row["title"],
        event_id=row["event_id"],
        score=row["score"],
        reasons=tuple(reason["words"] for reason in json.loads(row["reasons"])),
    )
