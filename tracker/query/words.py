"""What a person types into a search box, as an FTS5 query that cannot be wrong.

Words are looked for in any order and all of them; "several words" as a phrase; -word and -"a phrase" exclude; word*
finds beginnings. Nothing else has a meaning, so no input is a syntax error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.query.answers import Snippet

TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
MOST_TERMS = 40  # FTS5's parser nests one level per term
OPEN, CLOSE = "\x02", "\x03"  # around hits in a snippet; no text of ours holds them


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """FTS5 expressions for what must be there and for what must not; None where there is nothing of the kind."""

    wanted: str | None
    unwanted: str | None

    def whole(self) -> str | None:
        """Both as one expression; None where nothing is wanted, since FTS5 cannot only exclude."""
        if self.wanted is None or self.unwanted is None:
            return self.wanted
        return f"({self.wanted}) NOT ({self.unwanted})"


def match(text: str, *, column: str | None = None, prefixes: bool = False) -> Match:
    """The query for a text; in one column only, or with every last word taken as a beginning, where asked."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for found in list(TERM.finditer(_plain(text)))[:MOST_TERMS]:
        term = found["phrase"] if found["phrase"] is not None else found["word"]
        if any(character.isalnum() for character in term):
            (unwanted if found["minus"] else wanted).append(_quoted(term, found["word"], prefixes=prefixes))
    scope = f"{column} : " if column else ""
    return Match(
        wanted=f"{scope}({' AND '.join(wanted)})" if wanted else None,
        unwanted=f"{scope}({' OR '.join(unwanted)})" if unwanted else None,
    )


def snippet(marked: str) -> Snippet:
    """A snippet from text with marks around its hits."""
    text, hits, start = "", [], 0
    for piece in re.split(f"([{OPEN}{CLOSE}])", marked):
        if piece == OPEN:
            start = len(text)
        elif piece == CLOSE:
            hits.append((start, len(text)))
        else:
            text += piece
    return Snippet(text=text, hits=tuple(hits))


def _plain(text: str) -> str:
    """The text without control characters (a NUL ends an FTS5 query) and lone surrogates."""
    return "".join(c if c.isprintable() else " " for c in text)


def _quoted(term: str, word: str | None, *, prefixes: bool) -> str:
    star = "*" if word is not None and (prefixes or word.endswith("*")) else ""
    return f'"{term.rstrip("*")}"{star}'
