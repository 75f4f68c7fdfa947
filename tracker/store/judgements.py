"""Decisions of people: kept for good, tied to reports, which outlive events; and found by what they are about.

It keeps and finds them. What a decision does is for resolution; that what it touches is to be settled again is seen to
here, so that no decision is lost between two runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from sqlite3 import Row

from tracker.errors import NotFoundError
from tracker.model import Judgement, JudgementKind, Scope
from tracker.store.codec import moment, stamp, stamp_or_none
from tracker.store.connection import Connection
from tracker.store.entities import unsettle_parties

INSERT = """
INSERT INTO judgement (id, kind, scope, subject, object, field, value, who, why, evidence, decided_at, closed_at,
  closed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# With what finds a report again when its article is read anew; a party has no article.
TIE = """
INSERT INTO judgement_report (judgement_id, side, report_id, article_id, type, quote)
SELECT ?1, ?2, ?3, report.article_id, report.type, report.quote FROM (SELECT 1) LEFT JOIN report ON report.id = ?3
"""
TIES = """
SELECT judgement_id, side, report_id FROM judgement_report
WHERE judgement_id IN (SELECT value FROM json_each(?)) ORDER BY judgement_id, side, report_id
"""
OF_REPORTS = """
SELECT * FROM judgement WHERE closed_at IS NULL AND scope = 'event'
  AND kind IN (SELECT value FROM json_each(?)) AND id IN (
    SELECT judgement_id FROM judgement_report WHERE report_id IN (SELECT value FROM json_each(?)))
ORDER BY decided_at, id
"""
ANY = "SELECT 1 FROM judgement WHERE closed_at IS NULL AND scope = ? AND kind IN (SELECT value FROM json_each(?))"
OPEN = "SELECT * FROM judgement WHERE closed_at IS NULL AND scope = ? ORDER BY decided_at, id"
# Those about the measures of some events, which go by their leading reports.
OF_LEADS = """
SELECT * FROM judgement WHERE closed_at IS NULL AND scope = 'measure'
  AND kind IN (SELECT value FROM json_each(?)) AND id IN (
    SELECT judgement_id FROM json_each(?) AS wanted CROSS JOIN event ON event.lead_id = wanted.value
    CROSS JOIN report ON report.event_id = event.id CROSS JOIN judgement_report ON report_id = report.id)
ORDER BY decided_at, id
"""
# The event of each report, by the id under which events are put together.
LEADS = """
SELECT report.id, event.lead_id FROM report JOIN event ON event.id = report.event_id
WHERE report.id IN (SELECT value FROM json_each(?)) AND event.lead_id IS NOT NULL
"""
RECLUSTERED = (JudgementKind.SAME, JudgementKind.DIFFERENT, JudgementKind.SPLIT)
EDITS = (JudgementKind.EDIT, JudgementKind.ACCEPT, JudgementKind.REJECT)
UNSETTLE = "UPDATE report_standing SET unsettled = 1 WHERE id IN (SELECT value FROM json_each(?))"
STALE_MEASURE = """
UPDATE measure SET stale = 1 WHERE id IN (
  SELECT measure_id FROM event JOIN report ON report.event_id = event.id
  WHERE report.id IN (SELECT value FROM json_each(?)))
"""
STALE = """
UPDATE event SET stale = 1
WHERE id IN (SELECT event_id FROM report WHERE id IN (SELECT value FROM json_each(?)))
"""


class Judgements:
    """The nouns `judgement` and `judgement_report`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def add(self, judgement: Judgement) -> None:
        """Keep a decision; what it is about is to be settled again. One that is known by its id is left as it is."""
        with self._db.batch():
            if self._db.row("SELECT 1 FROM judgement WHERE id = ?", (judgement.id,)) is not None:
                return
            self._db.run(
                INSERT,
                (
                    judgement.id,
                    judgement.kind,
                    judgement.scope,
                    judgement.subject,
                    judgement.object,
                    judgement.field,
                    judgement.value,
                    judgement.who,
                    judgement.why,
                    judgement.evidence,
                    stamp(judgement.decided),
                    stamp_or_none(judgement.closed),
                    judgement.closed_by,
                ),
            )
            for side, ids in (("left", judgement.left), ("right", judgement.right)):
                self._db.many(TIE, ((judgement.id, side, key) for key in dict.fromkeys(ids)))
            self._disturb(judgement)

    def close(self, judgement_id: str, *, who: str, now: datetime) -> None:
        """Let a decision cease to hold; what it was about is to be settled again. Closed before: nothing is done.

        Raises:
            NotFoundError: there is no such decision.
        """
        with self._db.batch():
            (judgement, *_) = judgements(self._db, "SELECT * FROM judgement WHERE id = ?", (judgement_id,)) or (None,)
            if judgement is None:
                raise NotFoundError(f"{self._db.path}: no judgement {judgement_id}; `tracker review` lists them")
            if judgement.closed is None:
                self._db.run(
                    "UPDATE judgement SET closed_at = ?, closed_by = ? WHERE id = ?", (stamp(now), who, judgement_id)
                )
                self._disturb(judgement)

    def get(self, judgement_id: str) -> Judgement | None:
        """One decision, or None."""
        found = judgements(self._db, "SELECT * FROM judgement WHERE id = ?", (judgement_id,))
        return found[0] if found else None

    def open(self, *, scope: Scope) -> list[Judgement]:
        """The decisions of a scope that still hold, the oldest first."""
        return judgements(self._db, OPEN, (scope,))

    def edits(self, report_ids: Iterable[str]) -> list[Judgement]:
        """The open decisions `edit`, `accept` and `reject` about the event of these reports, the oldest first."""
        return _of_reports(self._db, report_ids, EDITS)

    def _disturb(self, judgement: Judgement) -> None:
        """What is decided about reports puts them together anew, about a measure its events, about fields the event."""
        reports = json.dumps([*judgement.left, *judgement.right])
        if judgement.scope is Scope.EVENT and judgement.kind in RECLUSTERED:
            self._db.run(UNSETTLE, (reports,))
        elif judgement.scope is Scope.PARTY:
            unsettle_parties(self._db, (*judgement.left, *judgement.right))
        elif judgement.kind in RECLUSTERED:
            self._db.run(STALE_MEASURE, (reports,))
        else:
            self._db.run(STALE, (reports,))


def among_reports(connection: Connection, ids: Iterable[str]) -> list[Judgement]:
    """The open decisions that put these reports together or keep them apart."""
    return _of_reports(connection, ids, RECLUSTERED)


def any_reports(connection: Connection) -> bool:
    """Whether there are such decisions."""
    return _any(connection, Scope.EVENT, RECLUSTERED)


def any_events(connection: Connection) -> bool:
    """Whether there are decisions that put events together or keep them apart."""
    return _any(connection, Scope.MEASURE, RECLUSTERED)


def among_events(connection: Connection, ids: Iterable[str]) -> list[Judgement]:
    """The open decisions that put these events into one measure or keep them apart; both sides are leading reports."""
    if not any_events(connection):
        return []
    found = judgements(connection, OF_LEADS, (json.dumps(list(RECLUSTERED)), json.dumps(list(ids))))
    reports = json.dumps([key for one in found for key in (*one.left, *one.right)])
    lead = {row[0]: row[1] for row in connection.rows(LEADS, (reports,))}
    return [replace(one, left=_leads(one.left, lead), right=_leads(one.right, lead)) for one in found]


def judgements(connection: Connection, sql: str, values: tuple[str, ...]) -> list[Judgement]:
    """The decisions that a question finds, each with what it is tied to."""
    rows = connection.rows(sql, values)
    sides: dict[tuple[str, str], list[str]] = {}
    for tie in connection.rows(TIES, (json.dumps([row["id"] for row in rows]),)) if rows else ():
        sides.setdefault((tie["judgement_id"], tie["side"]), []).append(tie["report_id"])
    return [_judgement(row, sides.get((row["id"], "left"), ()), sides.get((row["id"], "right"), ())) for row in rows]


def _of_reports(connection: Connection, ids: Iterable[str], kinds: Iterable[JudgementKind]) -> list[Judgement]:
    if not _any(connection, Scope.EVENT, kinds):
        return []
    return judgements(connection, OF_REPORTS, (json.dumps(list(kinds)), json.dumps(list(ids))))


def _any(connection: Connection, scope: Scope, kinds: Iterable[JudgementKind]) -> bool:
    """Most databases have no decision of a kind, and asking so is quick."""
    return connection.row(ANY, (scope, json.dumps(list(kinds)))) is not None


def _leads(report_ids: Iterable[str], lead: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lead[key] for key in report_ids if key in lead))


def _judgement(row: Row, left: Iterable[str], right: Iterable[str]) -> Judgement:
    decided = moment(row["decided_at"])
    assert decided is not None
    return Judgement(
        id=row["id"],
        kind=JudgementKind(row["kind"]),
        scope=Scope(row["scope"]),
        subject=row["subject"],
        object=row["object"],
        left=tuple(left),
        right=tuple(right),
        who=row["who"],
        why=row["why"],
        decided=decided,
        field=row["field"],
        value=row["value"],
        evidence=row["evidence"],
        closed=moment(row["closed_at"]),
        closed_by=row["closed_by"],
    )
