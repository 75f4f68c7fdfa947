"""The texts that an article has had, and what each edit changed. `diff` is pure; nothing here judges an edit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.errors import NotFoundError
from tracker.query.answers import to_json
from tracker.store.connection import Connection
from tracker.urls import article_id, is_http

_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
FIND = "SELECT id, title, text, changed_at FROM article WHERE id >= ? AND id < ? ORDER BY id LIMIT 2"
BEFORE = "SELECT title, text, stored_at FROM article_revision WHERE article_id = ? ORDER BY replaced_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text of an article: since when it stood, and what it changed in the one before, sentence by sentence."""

    since: str  # when the tracker had it
    title: str
    gone: tuple[str, ...]
    come: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        answer: dict[str, Any] = to_json(self)
        return answer


def diff(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences that went and those that came, each in the order of its text."""
    before, after = _sentences(old), _sentences(new)
    gone: list[str] = []
    come: list[str] = []
    for tag, one, two, three, four in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += before[one:two]
            come += after[three:four]
    return tuple(gone), tuple(come)


def revisions(db: Connection, article: str) -> list[Revision]:
    """The texts of an article, the first one first; `article` is its address, its id, or the beginning of it.

    Raises:
        NotFoundError: there is no such article, or there are several.
    """
    key = article_id(article) if is_http(article) else article
    found = db.rows(FIND, (key, key + "\x7f"))
    if len(found) != 1:
        several = f"several articles begin with {article!r}; give more of the id"
        none = f"no article {article!r}; `tracker search` finds articles, and their address will do"
        raise NotFoundError(several if found else none)
    (now,) = found
    texts = [(row["stored_at"], row["title"], row["text"]) for row in db.rows(BEFORE, (now["id"],))]
    return list(_compared([*texts, (now["changed_at"], now["title"], now["text"])]))


def _compared(texts: list[tuple[str, str, str]]) -> Iterator[Revision]:
    before = ""
    for since, title, text in texts:
        gone, come = diff(before, text)
        yield Revision(since=since, title=title, gone=gone, come=come)
        before = text


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in map(str.strip, _SENTENCES.split(text)) if sentence]
