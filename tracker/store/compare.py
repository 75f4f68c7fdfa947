"""What a database holds, apart from when and in which order it came to be there: for tests and drills.

Two databases with equal dumps tell the same story. Left out: columns of our own clock (`…_at`), internal numbers, the
logs of requests and changes (a run that was cut off makes some requests again), and dates that stand on the clock.
Public ids of events and measures depend on the order of arrival; `partition` tells what does not.
"""

from __future__ import annotations

from pathlib import Path

from tracker.store.connection import Connection, open_database

# What resolution made: here ids of events and measures are names, and nothing else depends on the order of arrival.
RESOLVED = (
    "article_standing",
    "report",
    "report_amount",
    "report_standing",
    "report_gone",
    "event",
    "event_party",
    "event_item",
    "event_standing",
    "event_gone",
    "contradiction",
    "measure",
    "measure_step",
    "measure_link",
    "tie_ask",
    "event_seat",
)
TABLES = (
    "source",
    "validator",
    "item",
    "article",
    "article_revision",
    "page",
    "hold",
    "held",
    "entity",
    "entity_evidence",
    "entity_key",
    "alias",
    "mention",
    *RESOLVED,
    "redirect",
    "judgement",
    "judgement_report",
)
# Keys by the thing that stands under them; their days are in `keys` of that.
KEYS = """
SELECT {level}_standing.id, key, {level}_key.leads FROM {level}_key
LEFT JOIN {level}_standing USING (number) ORDER BY 1, 2, 3
"""
LEVELS = ("article", "report", "event")
SEARCH = {
    "article_fts": "SELECT article.id FROM article_fts JOIN article ON article.number = article_fts.rowid ORDER BY 1",
    "event_fts": "SELECT event.id, event_fts.* FROM event_fts JOIN event ON event.number = event_fts.rowid ORDER BY 1",
}

FETCHED_REPORT = """EXISTS (
  SELECT 1 FROM article WHERE article.id = report.article_id AND article.published_basis = 'fetched')"""
FETCHED_EVENT = f"EXISTS (SELECT 1 FROM report WHERE report.event_id = event.id AND {FETCHED_REPORT})"  # noqa: S608 - names are constants
FETCHED_STANDING = """EXISTS (
  SELECT 1 FROM article WHERE article.id = report_standing.group_id AND article.published_basis = 'fetched')"""
FETCHED_LED = f"EXISTS (SELECT 1 FROM event WHERE event.lead_id = event_standing.id AND {FETCHED_EVENT})"  # noqa: S608 - names are constants
# (table, column) -> the column, unless it stands on the time an undated article was fetched.
CLOCKED = {
    ("report", "published"): f"CASE WHEN {FETCHED_REPORT} THEN 'fetched' ELSE published END",
    ("event", "first_reported"): f"CASE WHEN {FETCHED_EVENT} THEN 'fetched' ELSE first_reported END",
    ("event", "day"): f"CASE WHEN announced_on IS NULL AND {FETCHED_EVENT} THEN 'fetched' ELSE day END",
    **{
        (table, column): f"CASE WHEN {fetched} THEN 'fetched' ELSE {column} END"
        for table, fetched, columns in (
            ("report_standing", FETCHED_STANDING, ("published", "profile", "keys")),
            ("event_standing", FETCHED_LED, ("profile", "keys")),
        )
        for column in columns
    },
}

Row = tuple[object, ...]


def dump(path: Path | str) -> dict[str, list[Row]]:
    """Table to its rows, in an order of their own content."""
    connection = open_database(Path(path), read_only=True)
    searched = SEARCH | {f"{level}_key": KEYS.format(level=level) for level in LEVELS}
    try:
        tables = {name: _rows(connection, name) for name in TABLES}
        return tables | {name: [tuple(row) for row in connection.rows(sql)] for name, sql in searched.items()}
    finally:
        connection.close()


def partition(path: Path | str) -> dict[str, list[Row]]:
    """What resolution made of the reports, events and measures named after the reports that lead them.

    The same reports give the same, in whatever order and in whatever batches they came.
    """
    connection = open_database(Path(path), read_only=True)
    try:
        rows = connection.rows(
            "SELECT id, 'event of ' || lead_id FROM event UNION SELECT id, 'measure of ' || lead_id FROM measure"
        )
        names = {row[0]: row[1] for row in rows if row[1] is not None}
    finally:
        connection.close()
    told = dump(path)
    return {
        name: sorted((tuple(names.get(value, value) for value in row) for row in told[name]), key=repr)
        for name in (*RESOLVED, *(f"{level}_key" for level in LEVELS), "event_fts")
    }


def _rows(connection: Connection, table: str) -> list[Row]:
    """The rows of one table without times and numbers."""
    columns = [row["name"] for row in connection.rows(f"SELECT name FROM pragma_table_info('{table}')")]  # noqa: S608 - names are constants
    kept = [_expression(table, name, columns) for name in columns if not name.endswith("_at") and name != "number"]
    return sorted((tuple(row) for row in connection.rows(f"SELECT {', '.join(kept)} FROM {table}")), key=repr)  # noqa: S608 - names are constants


def _expression(table: str, column: str, columns: list[str]) -> str:
    """The column; of a date that is the time it was fetched, only that it is."""
    if f"{column}_basis" in columns:
        return f"""CASE "{column}_basis" WHEN 'fetched' THEN 'fetched' ELSE "{column}" END"""
    return CLOCKED.get((table, column), f'"{column}"')
