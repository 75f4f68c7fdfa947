"""From every schema that there was, with rows in all its tables: what was there is there afterwards."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tracker.store import Store
from tracker.store.connection import open_database
from tracker.store.migrations import STEPS, migrate
from tracker.store.soundness import references, structure

AT = "2024-07-01T12:00:00+00:00"
OURS = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' ORDER BY name"
NOT_OURS = re.compile(r"_?sqlite_.*")
CHOICE = re.compile(r"(\w+) \w+[^,]*?CHECK \(\1 IN\s*\(([^)]*)\)", re.DOTALL)
ROWS = (1, 2)
DAYS = "day published announced_on effective_on effective_from first_reported since"
# Columns whose texts migrations, triggers or facets look into.
TEXTS = {
    **dict.fromkeys("tags edited reports keys detail reasons targets facets was state document".split(), "[]"),
    **dict.fromkeys(
        "day published announced_on effective_on effective_from first_reported since".split(), "2024-06-25"
    ),
}
# What a step leaves no trace of, and why that loses nothing: tables, or columns of them.
DROPPED = {
    "0004_fetching": {"validator"},  # every source is asked whole once
    "0005_resolution": {  # made anew when reports are settled again, which this step has them be
        "article_band",
        "article.signature",
        "report.event_score",
        "report.placement",
        "report_key",
    },
}
EMPTIED = frozenset({"change_before"})  # by a trigger, as soon as a change is logged
# What follows from other tables is made anew.
DERIVED = frozenset(
    {"facet_key", "event_facet", "facet_month", "event_keys", "event_line", "facet_stale", "facet_stale_party"}
)


def tables(raw: sqlite3.Connection) -> dict[str, str]:
    return {name: sql for name, sql in raw.execute(OURS) if not NOT_OURS.fullmatch(name)}


def filled(path: Path, seen: int) -> None:
    """A database of an earlier schema with two rows in each of its tables."""
    connection = open_database(path, read_only=False)
    migrate(connection, steps=STEPS[:seen])
    raw = connection.raw
    raw.execute("PRAGMA foreign_keys = off")
    for name, sql in tables(raw).items():
        choices = {column: re.findall(r"'(\w+)'", words) for column, words in CHOICE.findall(sql)}
        keys = {row[3]: (row[2], row[4] or "id") for row in raw.execute(f"PRAGMA foreign_key_list({name})")}
        columns = [(row[1], row[2]) for row in raw.execute(f"PRAGMA table_xinfo({name})") if row[6] == 0]
        for number in ROWS:
            values = [value(name, column, kind, number, choices, keys) for column, kind in columns]
            marks = ", ".join("?" * len(values))
            raw.execute(f"INSERT OR REPLACE INTO {name} ({', '.join(c for c, _ in columns)}) VALUES ({marks})", values)
    connection.close()


def value(
    table: str, column: str, kind: str, number: int, choices: dict[str, list[str]], keys: dict[str, tuple[str, str]]
) -> str | int | float | bytes:
    if column in choices:
        return choices[column][(number - 1) % len(choices[column])]
    if column in keys:
        return value(*keys[column], kind, number, {}, {})
    if kind != "TEXT":
        numbers: dict[str, int | float | bytes] = {"INTEGER": number, "REAL": number / 4, "BLOB": bytes([number])}
        return numbers[kind]
    if column.endswith("_at"):
        return AT
    return TEXTS.get(column, f"{table} {column} {number}")


def held(path: Path) -> dict[str, list[dict[str, object]]]:
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        return {name: [dict(row) for row in raw.execute(f"SELECT * FROM {name}")] for name in tables(raw)}


@pytest.mark.parametrize("seen", range(1, len(STEPS)))
def test_what_was_there_is_there_afterwards(tmp_path: Path, seen: int) -> None:
    path = tmp_path / "t.db"
    filled(path, seen)
    before = held(path)
    assert [name for name, rows in before.items() if len(rows) != len(ROWS) and name not in EMPTIED] == []
    Store.open(path).close()
    after = held(path)
    lost = set().union(*(names for step, names in DROPPED.items() if step in STEPS[seen:]))
    assert {
        name
        for name, values in columns(before).items()
        if values != columns(after).get(name) and name.partition(".")[0] not in DERIVED
    } <= {name for name in columns(before) if lost & {name, name.partition(".")[0]}}
    with closing(open_database(path, read_only=True)) as connection:
        assert structure(connection, thorough=True) == []
        assert references(connection) == {}


def columns(told: dict[str, list[dict[str, object]]]) -> dict[str, list[str]]:
    """Each column, as "table.column", to its values in their order."""
    return {
        f"{name}.{column}": sorted(str(row[column]) for row in rows)
        for name, rows in told.items()
        for column in (rows[0] if rows else ())
    }
