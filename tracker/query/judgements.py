"""The decisions of people: all of them, or those about one event or measure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from sqlite3 import Row
from typing import Any, TypedDict

from tracker.query.answers import JudgementRow
from tracker.query.ids import one_id
from tracker.store.connection import Connection

SIDES = ("left", "right")
OWN = tuple(name for name in JudgementRow.__slots__ if name not in SIDES)
TIED = """
(SELECT json_group_array(report_id) FROM (
  SELECT report_id FROM judgement_report WHERE judgement_id = judgement.id AND side = '{0}' ORDER BY report_id)
) AS {0}_side
"""
COLUMNS = ", ".join([*(f"judgement.{name}" for name in OWN), *(TIED.format(side) for side in SIDES)])
LOG = f"""
SELECT {COLUMNS} FROM judgement
WHERE (?1 OR closed_at IS NULL) AND (?2 OR closed_at IS NOT NULL) AND coalesce(who = ?3, 1) AND coalesce(kind = ?4, 1)
ORDER BY decided_at DESC, id LIMIT ?5 OFFSET ?6
"""  # noqa: S608 - constants
OF_REPORTS = f"""
SELECT {COLUMNS} FROM judgement WHERE id IN (
  SELECT judgement_id FROM json_each(?) AS wanted CROSS JOIN judgement_report ON report_id = wanted.value
) AND closed_at IS NULL AND +scope = ? ORDER BY decided_at, judgement.id
"""  # noqa: S608 - constants


class Asked(TypedDict, total=False):
    """Which judgements are meant: those that were `closed` too (they are), those that hold too (they are), whose."""

    closed: bool
    holding: bool
    who: str | None
    kind: str | None
    offset: int


def log(db: Connection, limit: int, asked: Asked) -> list[JudgementRow]:
    """The judgements, the newest first."""
    values = (
        asked.get("closed", True),
        asked.get("holding", True),
        asked.get("who"),
        asked.get("kind"),
        limit,
        asked.get("offset", 0),
    )
    return [_judgement(row) for row in db.rows(LOG, values)]


def of_reports(db: Connection, report_ids: Sequence[str], scope: str) -> tuple[JudgementRow, ...]:
    """The judgements that hold and that any of the reports takes part in, the oldest first."""
    return tuple(_judgement(row) for row in db.rows(OF_REPORTS, (json.dumps(report_ids), scope)))


def one(db: Connection, text: str) -> JudgementRow:
    """One judgement, by its id or a beginning of it; raises NotFoundError."""
    row = db.row(f"SELECT {COLUMNS} FROM judgement WHERE id = ?", (one_id(db, text, "judgement"),))  # noqa: S608 - constants
    assert row is not None
    return _judgement(row)


def _judgement(row: Row) -> JudgementRow:
    values: dict[str, Any] = {name: row[name] for name in OWN}
    values |= {side: tuple(json.loads(row[f"{side}_side"])) for side in SIDES}
    values["value"] = None if values["value"] is None else json.loads(values["value"])
    return JudgementRow(**values)
