"""Texts as the words under which SQLite's full-text search finds them, made by SQLite's own tokenizer.

A text becomes one string: its words with a blank before and after each, ` the export of chip `; between two columns
stands `|`, so that no phrase reaches over it. Whoever looks for a word looks for ` chip `, for a phrase ` export of
chip `, for a beginning ` expo`. Which words are asked for is said in `tracker.query.words`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

TOKENIZE = "porter unicode61 remove_diacritics 2"  # as every index for full text has it
BETWEEN = "|"  # two columns; the tokenizer takes it for no word
MOST_KNOWN = 1_000_000  # pieces of text that are remembered
MAKE = f"CREATE VIRTUAL TABLE page USING fts5 (piece, content = '', tokenize = '{TOKENIZE}')"
VOCABULARY = "CREATE VIRTUAL TABLE told USING fts5vocab (page, instance)"
TOLD = "SELECT doc, term FROM told ORDER BY doc, offset"


class Tokens:
    """Knows the words of every piece of text (what stands between two blanks) that it has met."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[str, str] = {}

    def of(self, texts: Iterable[Sequence[str | None]]) -> list[str]:
        """Of each text, which is told by its columns, the string of its words."""
        split = [[(column or "").split(" ") for column in columns] for columns in texts]
        wanted = {piece for columns in split for column in columns for piece in column}
        if len(self._known) > MOST_KNOWN:
            self._known = {}
        self._learn(sorted(wanted - self._known.keys()))
        return [self._joined(columns) for columns in split]

    def _joined(self, columns: Sequence[Sequence[str]]) -> str:
        known = self._known
        told = (" ".join([word for piece in column if (word := known[piece])]) for column in columns)
        return f" {f' {BETWEEN} '.join(told)} "

    def _learn(self, pieces: Sequence[str]) -> None:
        if not pieces:
            return
        found: list[list[str]] = [[] for _ in pieces]
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as page:
            page.execute(MAKE)
            page.execute(VOCABULARY)
            page.execute("BEGIN")
            page.executemany("INSERT INTO page (rowid, piece) VALUES (?, ?)", enumerate(pieces))
            for number, term in page.execute(TOLD):
                found[number].append(term)
        self._known |= {piece: " ".join(terms) for piece, terms in zip(pieces, found, strict=True)}
