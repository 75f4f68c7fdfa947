"""What searches share: hits of one kind in their order, and the snippets of a page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from tracker.query.answers import Snippet
from tracker.query.density import MOST_COUNTED, Table
from tracker.query.words import CLOSE, OPEN, snippet
from tracker.store.connection import Connection

Hit = TypeVar("Hit")
Place = tuple[float | str, int]  # score or day, and number

MOST_RANKED = MOST_COUNTED  # texts that hold the words; of more the newest come first
COLUMNS = {"event_fts": "summary, parties, items, quotes", "article_fts": "title, text"}
# A page of texts is indexed by itself: looking for each in the index of all takes longer, seconds where words begin so.
INDEX = "CREATE VIRTUAL TABLE page USING fts5 ({columns}, tokenize = 'porter unicode61 remove_diacritics 2')"
TEXTS = "SELECT rowid, {columns} FROM {table} WHERE rowid = ?"
SNIPPETS = "SELECT rowid, snippet(page, -1, ?, ?, '…', 24) FROM page WHERE page MATCH ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Hit]):
    """A page of hits, how they are ordered, and the place of the last one where there are more."""

    hits: tuple[Hit, ...]
    order: Literal["rank", "date"]
    next: Place | None


def snippets(db: Connection, table: Table, expression: str, numbers: Iterable[int]) -> dict[int, Snippet]:
    """Of each text the words around what was found."""
    columns = COLUMNS[table]
    texts = [tuple(row) for one in numbers for row in db.rows(TEXTS.format(columns=columns, table=table), (one,))]
    return snippets_of(table, texts, expression)


def snippets_of(table: Table, texts: Iterable[tuple[Any, ...]], expression: str) -> dict[int, Snippet]:
    """The same of texts: each with its number first, then its columns."""
    columns = COLUMNS[table]
    with closing(sqlite3.connect(":memory:")) as page:
        page.execute(INDEX.format(columns=columns))
        values = ", ?" * columns.count(",")
        page.executemany(f"INSERT INTO page (rowid, {columns}) VALUES (?, ?{values})", texts)  # noqa: S608 - constants
        return {number: snippet(told) for number, told in page.execute(SNIPPETS, (OPEN, CLOSE, expression))}
