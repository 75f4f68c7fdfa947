"""Which way in time a clause looks, from the verbs and prepositions near a date. A guess, without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tracker.nlp.temporal.calendar import Way
from tracker.nlp.temporal.words import table

_REACH = 120  # characters on either side
_LONGEST = 3  # words of a cue
_TOKEN = re.compile(r"['’]?[A-Za-z]+|[.;:!?\n]|,|\s[-–—]\s")
_STOPS = frozenset(".;:!?\n")
_BREAKS = frozenset(["and", "but", "which", "while", "after", "when"])
_AUXILIARY = frozenset(["is", "are", "be", "been", "being", "get", "have", "not", "also", "only", "to"])
_SHORTEST_PARTICIPLE = 5


def direction(text: str, start: int, end: int) -> Way | None:
    """Past or future, or None when nothing near tells."""
    left = _TOKEN.findall(text, max(0, start - _REACH), start)
    return _opener(left) or _verb_left(left) or _verb_right(_TOKEN.findall(text, end, end + _REACH))


@lru_cache(maxsize=1)
def _cues() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    words = table()
    names = ("future_openers", "past_openers", "future_words", "past_words")
    openers = (frozenset(word.lower() for word in words[name]) for name in names)
    future_open, past_open, future, past = openers
    return future_open, past_open, future, past


def _opener(left: Sequence[str]) -> Way | None:
    """What stands right before the date decides alone: "from", "until"; "since", "said"."""
    words = [word.lower() for word in left[-_LONGEST - 1 :]]
    if words and words[-1] == "the":
        words.pop()
    if words[-2:] == [",", "to"]:
        return "future"
    future, past, _, _ = _cues()
    for count in range(min(_LONGEST, len(words)), 0, -1):
        cue = " ".join(words[-count:])
        if cue in past:
            return "past"
        if cue in future:
            return "future"
    return None


def _verb_left(left: Sequence[str]) -> Way | None:
    """The last verb cue of the clause that ends at the date."""
    clause: list[str] = []
    for word in left:
        clause = [] if _breaks(word) else [*clause, word]
    found: Way | None = None
    for index, word in enumerate(clause):
        way = _cue(clause, index)
        belongs = word.endswith("ed") and index > 0 and (found == "future" and clause[index - 1] in _AUXILIARY)
        if way == "future" or (way == "past" and not belongs):
            found = way
    return found


def _verb_right(right: Sequence[str]) -> Way | None:
    for index, word in enumerate(right):
        if word in _STOPS:
            return None
        way = _cue(right, index)
        if way:
            return way
    return None


def _breaks(word: str) -> bool:
    return word in _STOPS or word == "," or word in _BREAKS or not word.strip(" -–—")


def _cue(words: Sequence[str], index: int) -> Way | None:
    """Whether a verb that looks ahead or back starts here; an unknown word in "-ed" looks back."""
    word = words[index]
    if not word[0].islower() and word not in ("Will", "Would") and word[0] not in "'’":
        return None
    _, _, future, past = _cues()
    for phrase in _phrases(words, index):
        if phrase in future:
            return "future"
        if phrase in past:
            return "past"
    return "past" if len(word) >= _SHORTEST_PARTICIPLE and word.endswith("ed") else None


def _phrases(words: Sequence[str], index: int) -> Iterable[str]:
    return (" ".join(words[index : index + count]).lower() for count in (2, 1))
