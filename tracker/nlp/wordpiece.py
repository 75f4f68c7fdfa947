"""Words to the pieces that the sentence encoder knows: greedy longest match, after BERT's uncased WordPiece.

Works word by word on spaCy's tokens, so that every piece belongs to one token. Holds no model.
Source of the scheme: Schuster and Nakajima 2012; Devlin et al. 2019.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

UNKNOWN, START, STOP, PAD = "[UNK]", "[CLS]", "[SEP]", "[PAD]"
CONTINUED = "##"
LONGEST = 60  # characters of a word that is looked up; a longer one is unknown
CACHE = 50_000  # words whose pieces are remembered


class WordPiece:
    """Cuts words into numbered pieces of a fixed vocabulary."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        """Number the pieces in the order given."""
        self.number = {piece: i for i, piece in enumerate(vocabulary)}
        self.unknown, self.start, self.stop, self.pad = (self.number[p] for p in (UNKNOWN, START, STOP, PAD))
        self.pieces = lru_cache(CACHE)(self._pieces)

    def _pieces(self, word: str) -> tuple[int, ...]:
        return tuple(i for part in _parts(word) for i in self._cut(part))

    def _cut(self, word: str) -> list[int]:
        if len(word) > LONGEST:
            return [self.unknown]
        found, start = [], 0
        while start < len(word):
            end = len(word)
            prefix = CONTINUED if start else ""
            while end > start and prefix + word[start:end] not in self.number:
                end -= 1
            if end == start:
                return [self.unknown]
            found.append(self.number[prefix + word[start:end]])
            start = end
        return found


def _parts(word: str) -> Iterator[str]:
    """Lower case without accents, cut at punctuation and at characters of scripts without spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
    run = ""
    for c in plain:
        if c.isspace() or unicodedata.category(c)[0] == "C":
            alone, kept = True, ""
        else:
            alone, kept = _stands_alone(c), c
        if alone:
            if run:
                yield run
            run = ""
            if kept:
                yield kept
        else:
            run += c
    if run:
        yield run


def _stands_alone(c: str) -> bool:
    if c.isascii():
        return not c.isalnum()
    return unicodedata.category(c)[0] == "P" or 0x4E00 <= ord(c) <= 0x9FFF or 0x3400 <= ord(c) <= 0x4DBF
