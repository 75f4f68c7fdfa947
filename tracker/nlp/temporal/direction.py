"""Which way in time a clause looks, from the verbs and prepositions near a date. A guess, without a parser."""

from __future__ import annotations

import re

from tracker.nlp.temporal.calendar import Way
from tracker.nlp.temporal.words import alternation, table

_FUTURE_OPENER = re.compile(
    rf"(?<![A-Za-z])(?:{alternation(table()['future_openers'])})\s(?:the\s)?$|,\sto\s$", re.IGNORECASE
)
_PAST_OPENER = re.compile(rf"(?<![A-Za-z])(?:{alternation(table()['past_openers'])})\s(?:the\s)?$", re.IGNORECASE)
_FUTURE = rf"(?P<future>(?<![A-Za-z])(?:{alternation(table()['future_words'])})(?![A-Za-z]))"
_PAST = rf"(?P<past>(?<![A-Za-z])(?:{alternation(table()['past_words'])}|[a-z]{{2,14}}ed)(?![A-Za-z]))"
_VERB = re.compile(rf"{_FUTURE}|{_PAST}")
_CLAUSE_END = re.compile(r"[.;:!?\n]|,\s|\s[-–—]\s|(?<![A-Za-z])(?:and|but|which|while|after|when)(?![A-Za-z])")
_REACH = 120


def direction(text: str, start: int, end: int) -> Way | None:
    """Past or future, or None when nothing near tells."""
    left = text[max(0, start - _REACH) : start]
    if _PAST_OPENER.search(left):
        return "past"
    if _FUTURE_OPENER.search(left):
        return "future"
    return _verb_left(left) or _verb_right(text[end : end + _REACH])


def _verb_left(left: str) -> Way | None:
    """The last verb cue of the clause that ends at the date."""
    begins = 0
    for boundary in _CLAUSE_END.finditer(left):
        begins = boundary.end()
    found: Way | None = None
    for verb in _VERB.finditer(left, begins):
        if verb.group("future"):
            found = "future"
        elif found is None or not _modal_close(left, verb.start()):
            found = "past"
    return found


def _modal_close(left: str, at: int) -> bool:
    """A participle right after a modal or "to be" belongs to it: "will be banned"."""
    return bool(re.search(r"(?:be|been|being|get|have|not|also|only|to)\s(?:\w+ly\s)?$", left[:at]))


def _verb_right(right: str) -> Way | None:
    boundary = re.search(r"[.;!?\n]", right)
    verb = _VERB.search(right, 0, boundary.start() if boundary else len(right))
    if verb is None:
        return None
    return "future" if verb.group("future") else "past"
