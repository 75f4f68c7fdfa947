"""What a person types into a search box, as an FTS5 query that cannot be wrong.

Words are looked for in any order and all of them; "several words" as a phrase; one OR another of the two; -word and
-"a phrase" exclude; word* finds beginnings of three letters and more. Nothing else has a meaning, so no input is a
syntax error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.query.answers import Snippet

TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
LEAST_BEGINNING = 3  # letters before a star: what begins with fewer is in nearly every text, and takes minutes to find
MOST_TERMS = 40  # FTS5's parser nests one level per term
EITHER = "OR"  # between two terms: one of them will do; binds closer than the next word
OPEN, CLOSE = "\x02", "\x03"  # around hits in a snippet; no text of ours holds them


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several that stand one after the other; the last may be the beginning of one."""

    plain: str
    begins: bool = False

    @property
    def form(self) -> str:
        """As FTS5 takes it."""
        return f'"{self.plain}"{"*" if self.begins else ""}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """FTS5 expressions for what must be there and for what must not; None where there is nothing of the kind.

    `groups` are the same as terms: of each group any must be there; `excluded` is what must not.
    """

    wanted: str | None
    unwanted: str | None
    groups: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...]

    @property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """The plain words of what must be there."""
        return tuple(tuple(term.plain for term in group) for group in self.groups)

    @property
    def without(self) -> tuple[str, ...]:
        """The plain words of what must not."""
        return tuple(term.plain for term in self.excluded)

    def whole(self) -> str | None:
        """Both as one expression; None where nothing is wanted, since FTS5 cannot only exclude."""
        if self.wanted is None or self.unwanted is None:
            return self.wanted
        return f"({self.wanted}) NOT ({self.unwanted})"


def match(text: str, *, column: str | None = None, prefixes: bool = False) -> Match:
    """The query for a text; in one column only, or with every last word taken as a beginning, where asked."""
    wanted: list[list[Term]] = []
    unwanted: list[Term] = []
    joined, last = False, False  # by OR to the term before, which is one that is wanted
    for found in list(TERM.finditer(_plain(text)))[:MOST_TERMS]:
        term = found["phrase"] if found["phrase"] is not None else found["word"]
        if found[0] == EITHER:
            joined = last
            continue
        if any(character.isalnum() for character in term):
            told = _term(term, found["word"], prefixes=prefixes)
            last = not found["minus"]
            if not last:
                unwanted.append(told)
            elif joined:
                wanted[-1].append(told)
            else:
                wanted.append([told])
        joined = False
    scope = f"{column} : " if column else ""
    return Match(
        wanted=f"{scope}({' AND '.join(map(_any, wanted))})" if wanted else None,
        unwanted=f"{scope}({' OR '.join(one.form for one in unwanted)})" if unwanted else None,
        groups=tuple(map(tuple, wanted)),
        excluded=tuple(unwanted),
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


def _any(group: list[Term]) -> str:
    forms = [term.form for term in group]
    return forms[0] if len(forms) == 1 else f"({' OR '.join(forms)})"


def _plain(text: str) -> str:
    """The text without control characters (a NUL ends an FTS5 query) and lone surrogates."""
    return "".join(c if c.isprintable() else " " for c in text)


def _term(term: str, word: str | None, *, prefixes: bool) -> Term:
    bare = term.rstrip("*")
    return Term(bare, begins=word is not None and (prefixes or (word.endswith("*") and len(bare) >= LEAST_BEGINNING)))
