"""How long the official word comes after the media's, and how long before a measure takes effect.

The days are facets (`lag` and `notice`), so that they are counted as all else is: from tallies over everything, event
by event with filters. Only full dates count, and no report that its outlet withdrew. By source the reports are read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tracker.errors import InputError
from tracker.query import plan, sifting
from tracker.query.answers import as_dict
from tracker.query.counting import Field
from tracker.query.filters import Condition, Filters, is_narrowed
from tracker.query.still import still
from tracker.store.connection import Connection
from tracker.store.facets import REJECTED

BY = ("type", "source")
DAY = 10  # how long a date is that names its day
DAYS = "CAST(julianday({end}) - julianday({start}) AS INTEGER)"
KEYS = "SELECT number, events FROM facet_key WHERE field = ?"
TALLIES = "SELECT value, events FROM facet_key WHERE field = ?"
FIRST = """(SELECT min(substr(report.published, 1, 10)) FROM report JOIN article ON article.id = report.article_id
  JOIN source ON source.id = article.source_id WHERE report.event_id = event.id AND report.withdrawn = 0
  AND length(report.published) >= 10 AND source.tier {which} 'official')"""
# Events that have both: those with a facet that says so.
BOTH = """event.number IN (SELECT number FROM event_facet WHERE key IN (
  SELECT number FROM facet_key WHERE field IN ('lag', '~lag')))"""
EVENTS = f"""
SELECT event.id, event.day AS date, event.type, event.summary, event.effective_on,
  {FIRST.format(which="<>")} AS media_on, {FIRST.format(which="=")} AS official_on
FROM ({{places}} LIMIT ?) AS page CROSS JOIN event ON event.number = page.number
ORDER BY page.day DESC, page.number DESC
"""  # noqa: S608 - constants
SOURCES = f"""
SELECT source.name, {DAYS.format(start="min(substr(report.published, 1, 10))", end="official")} AS days
FROM (SELECT event.id, {FIRST.format(which="=")} AS official FROM event WHERE ({{where}}) AND {BOTH}) AS event
JOIN report ON report.event_id = event.id JOIN article ON article.id = report.article_id
JOIN source ON source.id = article.source_id
WHERE source.tier <> 'official' AND report.withdrawn = 0 AND length(report.published) >= 10
GROUP BY event.id, source.id
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How some numbers of days lie: quartiles (as a day that occurs), the least and the most."""

    events: int
    least: int
    lower: int
    median: int
    upper: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LagRow:
    """Of all events, of a type or of a source (`value`).

    `lag`: days from the first report in the media to the first of an official source, negative where the official one
    was first; by source from the source's own first report. `notice`: from the first official report to the effect.
    """

    value: str | None
    lag: Spread | None
    notice: Spread | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaggedEvent:
    """An event that media and an official source report, each with its first day."""

    id: str
    date: str
    type: str
    summary: str
    media_on: str
    official_on: str
    effective_on: str | None
    lag: int
    notice: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lags:
    """The lags of all events together first, then by value, those with most events first; and the newest events."""

    by: str | None
    rows: tuple[LagRow, ...]
    events: tuple[LaggedEvent, ...]

    to_dict = as_dict


@still
def lags(db: Connection, where: Condition, *, filters: Filters, by: str | None, limit: int) -> Lags:
    """How late the official word is, of the events of a condition; `limit`: so many of the newest are listed.

    Raises:
        InputError: lags are not told by this field.
    """
    if by is not None and by not in BY:
        raise InputError(f"lags are told by {' or '.join(BY)}, not by {by!r}")
    everything = not is_narrowed(filters)
    lag, notice = (_by_type(db, where, facet, everything=everything) for facet in ("lag", "notice"))
    rows = [LagRow(value=None, lag=spread(_sum(lag)), notice=spread(_sum(notice)))]
    if by == "type":
        rows += _sorted({key: (lag.get(key), notice.get(key)) for key in lag.keys() | notice.keys()})
    if by == "source":
        rows += _sorted({name: (days, None) for name, days in _by_source(db, where).items()})
    return Lags(
        by=by, rows=tuple(rows), events=tuple(_events(db, where, limit, rejected=bool(filters.get("rejected"))))
    )


def _by_type(db: Connection, where: Condition, facet: str, *, everything: bool) -> dict[str, Counter[int]]:
    """Type of event to how many have how many days."""
    if everything:
        told = {row["value"]: row["events"] for row in db.rows(TALLIES, (facet,))}
    else:
        found = sifting.faceted(db, where, [Field((facet,))], per=None, on="announced")
        told = {values[0]: periods.total() for values, periods in found.counts.items()}
    days: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for value, events in told.items():
        kind, _, number = value.partition("|")
        days[kind][int(number)] += events
    return dict(days)


def _by_source(db: Connection, where: Condition) -> dict[str, Counter[int]]:
    """Name of a source to how many days it was ahead of the official word, and how often."""
    days: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for name, number in db.tuples(SOURCES.format(where=where.sql), where.values):
        days[name][number] += 1
    return dict(days)


def _sorted(told: Mapping[str, tuple[Counter[int] | None, Counter[int] | None]]) -> Iterator[LagRow]:
    """Those with most events first."""
    rows = [LagRow(value=key, lag=spread(lag), notice=spread(notice)) for key, (lag, notice) in told.items()]
    yield from sorted(rows, key=lambda row: (-(row.lag.events if row.lag else 0), row.value or ""))


def _sum(told: Mapping[str, Counter[int]]) -> Counter[int]:
    found: Counter[int] = Counter()
    for one in told.values():
        found.update(one)
    return found


def spread(days: Mapping[int, int] | None) -> Spread | None:
    """Quartiles by the nearest rank: the least number of days that so many do not go beyond."""
    if not days:
        return None
    total, marks = sum(days.values()), list[int]()
    seen = 0
    for number in sorted(days):
        seen += days[number]
        while len(marks) < 3 and seen * 4 >= total * (len(marks) + 1):
            marks.append(number)
    return Spread(events=total, least=min(days), lower=marks[0], median=marks[1], upper=marks[2], most=max(days))


def _events(db: Connection, where: Condition, limit: int, *, rejected: bool) -> Iterator[LaggedEvent]:
    assert where.plan is not None
    told = plan.of_keys([(row[0], row[1]) for row in db.rows(KEYS, (f"{REJECTED}lag" if rejected else "lag",))])
    places, values = replace(where.plan, asked=(*where.plan.asked, told)).condition().places("newest")
    for row in db.rows(EVENTS.format(places=places), (*values, limit)):
        lag, notice = (
            _between(*days)
            for days in ((row["media_on"], row["official_on"]), (row["official_on"], row["effective_on"]))
        )
        assert lag is not None
        yield LaggedEvent(**dict(row), lag=lag, notice=notice)


def _between(start: str, end: str | None) -> int | None:
    """Days from one date to another; None where that names no day."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days if end and len(end) == DAY else None
