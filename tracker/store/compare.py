"""What a database holds, apart from when and in which order it came to be there: for tests and drills.

Two databases with equal dumps tell the same story. Left out: columns of our own clock (`…_at`), internal numbers, the
logs of requests and changes (a run that was cut off makes some requests again), and dates that stand on the clock.
"""

from __future__ import annotations

from pathlib import Path

from tracker.store.connection import Connection, open_database

TABLES = (
    "source",
    "validator",
    "item",
    "article",
    "article_revision",
    "page",
    "article_band",
    "entity",
    "alias",
    "mention",
    "measure",
    "event",
    "event_party",
    "event_item",
    "report",
    "report_amount",
    "report_key",
    "redirect",
    "judgement",
)
SEARCH = {
    "article_fts": "SELECT article.id FROM article_fts JOIN article ON article.number = article_fts.rowid ORDER BY 1",
    "event_fts": "SELECT event.id, event_fts.* FROM event_fts JOIN event ON event.number = event_fts.rowid ORDER BY 1",
}

FETCHED_REPORT = """EXISTS (
  SELECT 1 FROM article WHERE article.id = report.article_id AND article.published_basis = 'fetched')"""
FETCHED_EVENT = f"EXISTS (SELECT 1 FROM report WHERE report.event_id = event.id AND {FETCHED_REPORT})"  # noqa: S608 - names are constants
# (table, column) -> the column, unless it stands on the time an undated article was fetched.
CLOCKED = {
    ("report", "published"): f"CASE WHEN {FETCHED_REPORT} THEN 'fetched' ELSE published END",
    ("event", "first_reported"): f"CASE WHEN {FETCHED_EVENT} THEN 'fetched' ELSE first_reported END",
    ("event", "day"): f"CASE WHEN announced_on IS NULL AND {FETCHED_EVENT} THEN 'fetched' ELSE day END",
}

Row = tuple[object, ...]


def dump(path: Path | str) -> dict[str, list[Row]]:
    """Table to its rows, in an order of their own content."""
    connection = open_database(Path(path), read_only=True)
    try:
        tables = {name: _rows(connection, name) for name in TABLES}
        return tables | {name: [tuple(row) for row in connection.rows(sql)] for name, sql in SEARCH.items()}
    finally:
        connection.close()


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
