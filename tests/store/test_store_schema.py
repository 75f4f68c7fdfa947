"""The schema is documented column by column, every index says what for, and the questions use them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from tracker.store import Store, events, items, judgements, measures, reports, ties
from tracker.store import articles as articles_module
from tracker.store.connection import Value

DOCUMENT = Path(__file__).parents[2] / "docs" / "schema.md"
SQL = sorted(
    path.read_text("utf-8") for path in (files("tracker.store") / "schema").iterdir() if path.name.endswith(".sql")
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "t.db")


def documented() -> dict[str, list[str]]:
    sections = re.split(r"^### ", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {part.split("\n", 1)[0].strip(): re.findall(r"^\| `(\w+)` \| \S", part, re.MULTILINE) for part in sections}


def real(store: Store) -> dict[str, list[str]]:
    names = store._db.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view')"
        " AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_sqlite%' ESCAPE '\\'"
    )
    columns = "SELECT name FROM pragma_table_info(?)"
    return {row["name"]: [column["name"] for column in store._db.rows(columns, (row["name"],))] for row in names}


def test_every_table_view_and_column_is_documented_in_order(store: Store) -> None:
    assert documented() == real(store)


def test_search_tables_are_documented(store: Store) -> None:
    text = DOCUMENT.read_text("utf-8")
    tables = store._db.rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'")
    for row in tables:
        columns = [column["name"] for column in store._db.rows("SELECT name FROM pragma_table_info(?)", (row["name"],))]
        assert f"`{row['name']}` ({', '.join(f'`{name}`' for name in columns)})" in " ".join(text.split())


def test_the_documented_search_runs(store: Store) -> None:
    query = DOCUMENT.read_text("utf-8").rsplit("\n\n", 1)[1]
    assert store._db.rows(query) == []


def test_the_documented_question_about_amounts_runs(store: Store) -> None:
    section = DOCUMENT.read_text("utf-8").partition("### report_amount")[2]
    query = " ".join(section[section.index("SELECT") :].partition(";")[0].split())
    assert store._db.rows(query) == []


def test_every_index_says_which_question_it_serves() -> None:
    for text in SQL:
        lines = text.splitlines()
        for number, line in enumerate(lines):
            if line.startswith("CREATE INDEX"):
                assert re.fullmatch(r"-- .+\.", lines[number - 1]), line


QUESTIONS: dict[str, tuple[str, tuple[Value, ...], str]] = {
    "items to fetch": (items.QUEUE, ("2024", None, None), "item_pending"),
    "how many to fetch": (items.WAITING, ("2024", None, None), "item_pending"),
    "articles to read": (articles_module.TO_READ, (10,), "article_to_read"),
    "reports to settle": (reports.UNSETTLED, (10,), "report_standing_unsettled"),
    "reports without an event": (reports.HOMELESS, (10,), "report_of_event"),
    "reports of an event": (reports.OF_EVENT, ("e",), "COVERING INDEX report_of_event"),
    "reports by id": (reports.NAMED, ("[]",), "sqlite_autoindex_report_1"),
    "reports withdrawn": (events.WITHDRAWN, ("[]",), "report_withdrawn"),
    "judgements of reports": (judgements.OF_REPORTS, ("[]", "[]"), "judgement_of_report"),
    "judgements of events": (judgements.OF_LEADS, ("[]", "[]"), "judgement_of_report"),
    "judgements to tie anew": (ties.TIES, ("a",), "judgement_of_article"),
    "measures to tell again": ("SELECT id FROM measure WHERE stale = 1 ORDER BY id LIMIT 9", (), "measure_stale"),
    "steps": (measures.STEPS, ("[]",), "PRIMARY KEY (measure_id=?)"),
    "amounts": (
        "SELECT report_id FROM report_amount WHERE kind = ? AND unit = ? AND value >= ?",
        ("money", "USD", 100e6),
        "report_amount_by_value",
    ),
    "stale events": ("SELECT id FROM event WHERE stale = 1 ORDER BY id LIMIT 9", (), "event_stale"),
    "steps of a measure": ("SELECT id FROM event WHERE measure_id = ? ORDER BY day, id", ("m",), "event_of_measure"),
    "other readers": ("SELECT min(reader) FROM article WHERE unread IS NULL AND reader > ?", ("",), "article_to_read"),
    "an article known": ("SELECT 1 FROM article WHERE id = ?", ("a",), "sqlite_autoindex_article_1"),
    "articles of a source": (
        "SELECT published, number FROM article WHERE source_id = ? ORDER BY published DESC, number DESC",
        ("s",),
        "COVERING INDEX article_of_source_in_order",
    ),
    "measure history": ("SELECT * FROM measure_history WHERE measure_id = ?", ("m",), "PRIMARY KEY (measure_id=?)"),
}
SORTED = {"judgements of reports", "judgements of events"}  # a handful of rows
# What is listed, one by one: values that are handed in, and what a small index has.
LISTED = ("SCAN (", "SCAN measure_history", "SCAN json_each", "SCAN wanted", "SCAN value")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_uses_its_index(store: Store, name: str) -> None:
    sql, values, index = QUESTIONS[name]
    plan = [row["detail"] for row in store._db.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert any(index in line for line in plan), plan
    scans = [line for line in plan if line.startswith("SCAN") and "INDEX" not in line and "subquery" not in line]
    assert not [line for line in scans if not line.startswith(LISTED)], plan
    assert name in SORTED or not any("TEMP B-TREE FOR ORDER BY" in line for line in plan), plan
