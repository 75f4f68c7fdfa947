"""The texts that an article has had, and what each edit changed. `diff` is pure; nothing here judges an edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.query.answers import as_dict
from tracker.query.edits import compared, sentences
from tracker.query.ids import one_article
from tracker.store.connection import Connection

FIND = "SELECT title, text, changed_at FROM article WHERE id = ?"
BEFORE = "SELECT title, text, stored_at FROM article_revision WHERE article_id = ? ORDER BY replaced_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text of an article: since when it stands, and what it changed in the one before, sentence by sentence."""

    since: str  # when the tracker had it
    title: str
    text: str
    gone: tuple[str, ...]
    come: tuple[str, ...]

    to_dict = as_dict


def diff(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences that went and those that came, each in the order of its text."""
    before, after = _sentences(old), _sentences(new)
    gone: list[str] = []
    come: list[str] = []
    for tag, one, two, three, four in compared(before, after):
        if tag != "equal":
            gone += before[one:two]
            come += after[three:four]
    return tuple(gone), tuple(come)


def revisions(db: Connection, article: str) -> list[Revision]:
    """The texts of an article, the first one first; `article` is its address, its id, or the beginning of it.

    Raises:
        NotFoundError: there is no such article, or there are several.
    """
    key = one_article(db, article)
    now = db.row(FIND, (key,))
    assert now is not None
    texts = [(row["stored_at"], row["title"], row["text"]) for row in db.rows(BEFORE, (key,))]
    return list(_compared([*texts, (now["changed_at"], now["title"], now["text"])]))


def _compared(texts: list[tuple[str, str, str]]) -> Iterator[Revision]:
    before = ""
    for since, title, text in texts:
        gone, come = diff(before, text)
        yield Revision(since=since, title=title, text=text, gone=gone, come=come)
        before = text


def _sentences(text: str) -> list[str]:
    return [bare for sentence in sentences(text) if (bare := sentence.strip())]
