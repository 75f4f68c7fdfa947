"""What became known in a time: new events, changed ones, what takes effect soon, what is disputed or taken back.

It is read from the log of changes: news is what the tracker learned in the time, whenever it happened. Each event is
told as it stands now. How a brief looks is said in `tracker.export.briefs`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any, cast

from tracker.errors import InputError
from tracker.model.briefs import Brief, BriefGroup, BriefLine, BriefSection
from tracker.query import dates, events
from tracker.query.filters import Condition, Filters
from tracker.query.still import still
from tracker.store.connection import Connection

SOON = 30  # days
TITLES = {
    "new": "New",
    "changed": "Changed status",
    "soon": f"Taking effect within {SOON} days",
    "contradicted": "Contradicted",
    "withdrawn": "Withdrawn by their outlets",
}
LOG = """
SELECT id, kind, fields FROM change WHERE what = 'event' AND changed_at BETWEEN ? AND ? ORDER BY cursor
"""
LINES = """
SELECT event.id, event.day, event.type, event.status, event.direction, event.certainty, event.summary, event.origins,
  event.reports, event.effective_on, event.measure_id, measure.title, measure.status AS stands,
  coalesce(report.quote, '') AS quote, report.published, article.url, coalesce(source.name, article.site) AS outlet
FROM json_each(?) AS wanted CROSS JOIN event ON event.id = wanted.value JOIN measure ON measure.id = event.measure_id
LEFT JOIN report ON report.id = event.lead_id LEFT JOIN article ON article.id = report.article_id
LEFT JOIN source ON source.id = article.source_id
"""
DISPUTES = """
SELECT event_id, field, group_concat(value, ' / ') AS told FROM (
  SELECT * FROM contradiction WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY event_id, field, position)
GROUP BY event_id, field ORDER BY event_id, field
"""
TAKEN_BACK = """
SELECT event_id, sum(withdrawn) AS gone, count(*) AS reports FROM report
WHERE event_id IN (SELECT value FROM json_each(?)) GROUP BY event_id HAVING gone > 0
"""
PARTIES = frozenset({"actors", "targets"})  # fields of which ids are told: only that they are disputed is said


@dataclass(slots=True)
class _News:
    """What the log says of one event in the time."""

    is_new: bool = False
    status: str | None = None  # before its first change
    agreed: set[str] | None = None  # fields that were disputed before the first change of any; None: nothing changed


@still
def brief(
    db: Connection,
    where: Callable[[Filters], Condition],
    filters: Filters,
    *,
    time: str,
    clock: Callable[[], datetime] | None,
    limit: int,
) -> Brief:
    """What was learned about the events of some filters in a length of time (7d) that ends today, or a period (A..B).

    Of each kind at most `limit` events are listed.

    Raises:
        InputError: it is no time, a filter is none, or there is no clock.
    """
    if clock is None:
        raise InputError("a brief needs to know the time; open the timeline with a clock")
    now = clock()
    today = now.date()
    days = dates.between(time, today) if ".." in time else dates.last(time, today)
    seen = _news(db, days)
    kept = events.among(db, where(filters), sorted(seen))
    news = {key: one for key, one in seen.items() if key in kept}
    ahead: dict[str, Any] = {**filters, "upcoming": True, "within": f"{SOON}d"}
    soon = [row.id for row in events.page(db, where(cast("Filters", ahead)), limit=None, order="oldest")]
    rows = {row["id"]: row for row in db.rows(LINES, (json.dumps(sorted({*news, *soon})),))}
    return Brief(
        first=days.first,
        last=days.last,
        made_at=now.isoformat(timespec="seconds"),
        sections=tuple(_section(name, told, rows, limit) for name, told in _told(db, news, soon, rows).items()),
    )


def _told(
    db: Connection, news: Mapping[str, _News], soon: Sequence[str], rows: Mapping[str, Row]
) -> dict[str, dict[str, str]]:
    """Each kind of news: the events, with what is to be said of each."""
    taken_back = db.rows(TAKEN_BACK, (json.dumps(sorted(news)),))
    return {
        "new": {key: "" for key, one in news.items() if one.is_new},
        "changed": {
            key: f"{one.status} → {rows[key]['status']}"
            for key, one in news.items()
            if not one.is_new and one.status is not None and one.status != rows[key]["status"]
        },
        "soon": {key: f"takes effect {rows[key]['effective_on']}" for key in soon},
        "contradicted": _disputes(db, news),
        "withdrawn": {row["event_id"]: f"{row['gone']} of {row['reports']} reports taken back" for row in taken_back},
    }


def _news(db: Connection, time: dates.Period) -> dict[str, _News]:
    """What the log says of the events that are still there."""
    found: dict[str, _News] = {}
    for row in db.rows(LOG, (time.first, time.last + dates.DAYS_END)):
        if row["kind"] in ("merged", "removed"):
            found.pop(row["id"], None)
            continue
        one = found.setdefault(row["id"], _News())
        one.is_new = one.is_new or row["kind"] == "new"
        fields = json.loads(row["fields"])
        if "status" in fields and one.status is None:
            one.status = fields["status"][0]
        if "contradictions" in fields and one.agreed is None:
            one.agreed = {str(told[0]) for told in fields["contradictions"][0]}
    return found


def _disputes(db: Connection, news: Mapping[str, _News]) -> dict[str, str]:
    """The fields on which the reports of an event disagree that they agreed on before, each with what they say."""
    asked = {key: one.agreed or set() for key, one in news.items() if one.is_new or one.agreed is not None}
    found: dict[str, list[str]] = {}
    for row in db.rows(DISPUTES, (json.dumps(sorted(asked)),)):
        if row["field"] not in asked[row["event_id"]]:
            words = row["field"] if row["field"] in PARTIES else f"{row['field']}: {row['told']}"
            found.setdefault(row["event_id"], []).append(words)
    return {key: "; ".join(words) for key, words in found.items()}


def _section(name: str, changes: Mapping[str, str], rows: Mapping[str, Row], limit: int) -> BriefSection:
    """The events of a kind by measure: the newest first; of those ahead the next."""
    day = "effective_on" if name == "soon" else "day"
    order = sorted(changes, key=lambda key: (rows[key][day], key), reverse=name != "soon")[:limit]
    groups: dict[str, list[str]] = {}
    for key in order:
        groups.setdefault(rows[key]["measure_id"], []).append(key)
    return BriefSection(
        name=name,
        title=TITLES[name],
        groups=tuple(_group([(rows[key], changes[key]) for key in keys]) for keys in groups.values()),
        events=len(changes),
    )


def _group(told: Sequence[tuple[Row, str]]) -> BriefGroup:
    row = told[0][0]
    return BriefGroup(
        measure_id=row["measure_id"],
        title=row["title"],
        status=row["stands"],
        lines=tuple(_line(one, change) for one, change in told),
    )


def _line(row: Row, change: str) -> BriefLine:
    return BriefLine(
        event_id=row["id"],
        date=row["day"],
        type=row["type"],
        status=row["status"],
        direction=row["direction"],
        certainty=row["certainty"],
        summary=row["summary"],
        change=change,
        quote=row["quote"],
        outlet=row["outlet"],
        url=row["url"],
        published=row["published"],
        origins=row["origins"],
        reports=row["reports"],
    )
