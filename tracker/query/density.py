"""How many texts hold some words: counted where they are few, estimated where they are many.

Of many the first are looked at, and where they stand so close that the words might be of every day the last too: how
close they stand says how many there are. The sparser end counts, so that words of the past alone are not taken for
words of every day.
"""

from __future__ import annotations

from typing import Literal

from tracker.store.connection import Connection

Table = Literal["event_fts", "article_fts"]

MOST_COUNTED = 2_000  # texts; beyond, an estimate will do
MOST_TOLD = 150_000  # texts that hold some words, all told before a page; of more each text is looked at
FIRST = "SELECT count(*), max(rowid) FROM (SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?)"
LAST = "SELECT min(rowid) FROM (SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC LIMIT ?)"


def many(db: Connection, table: Table, expression: str) -> int:
    """How many texts an expression of FTS5 finds."""
    row = db.row(FIRST.format(table=table), (expression, MOST_COUNTED + 1))
    assert row is not None
    count = int(row[0])
    if count <= MOST_COUNTED:
        return count
    texts = db.number(f"SELECT max(id) FROM {table}_docsize")  # noqa: S608 - one of two names
    estimate = count * texts // int(row[1])
    if estimate <= MOST_TOLD:
        return max(count, estimate)
    last = db.number(LAST.format(table=table), (expression, count))
    return max(count, count * texts // max(int(row[1]), texts - last + 1))
