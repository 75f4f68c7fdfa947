"""What searches share: hits of one kind in their order, and the snippets of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from tracker.query.answers import Snippet
from tracker.query.density import MOST_COUNTED
from tracker.query.words import CLOSE, OPEN, snippet
from tracker.store.connection import Connection

Hit = TypeVar("Hit")
Place = tuple[float | str, int]  # score or day, and number

MOST_RANKED = MOST_COUNTED  # texts that hold the words; of more the newest come first
SNIPPET = "SELECT snippet({table}, -1, ?, ?, '…', 24) FROM {table} WHERE {table} MATCH ? AND rowid = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Hit]):
    """A page of hits, how they are ordered, and the place of the last one where there are more."""

    hits: tuple[Hit, ...]
    order: Literal["rank", "date"]
    next: Place | None


def snippets(db: Connection, table: str, expression: str, numbers: Iterable[int]) -> dict[int, Snippet]:
    """Of each text the words around what was found."""
    sql = SNIPPET.format(table=table)
    found = {number: db.row(sql, (OPEN, CLOSE, expression, number)) for number in numbers}
    return {number: snippet(row[0]) for number, row in found.items() if row is not None}
