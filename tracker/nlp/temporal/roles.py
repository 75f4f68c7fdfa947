"""What a date is the date of: a start, a deadline or an announcement, told from the words around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tracker.nlp.temporal.calendar import Way
from tracker.nlp.temporal.mention import Role
from tracker.nlp.temporal.scan import Expression
from tracker.nlp.temporal.words import table

_WORDS = re.compile(r"[A-Za-z][A-Za-z.'’-]*")
_GENERIC = frozenset(["on", "in", "at", "of", "late", "early", "late on", "early on"])
_BARE = frozenset(["weekday", "deictic", "rel_weekday", "rel_unit", "rel_month", "offset"])
_LONGEST_CUE = 4
_OWN_ROLE: Mapping[str, Role] = {
    "immediate": "effective", "midnight": "effective", "within": "deadline", "ahead": "effective",
    "ago": "announced", "recent": "announced", "weekend": "announced",
}  # fmt: skip
# The year of a law's name is no date of the story: "the Bribery Act 2010".
_TITLE = re.compile(
    r"\b(?:Act|Law|Code|Regulations?|Bill|Order|Rules|Directive|Ordinance|Programme|Agenda|Vision|Plan)(?: of)?,? $"
)
_TIME_OF_DAY = re.compile(
    r"\s(?:the|about|around|just|only|midnight|noon|\d\d?(?:[:.]\d\d)?\s?[ap]\.?m\.?(?:\s[A-Z]{2,4})?),?\s?(?:on|of)?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A date phrase with the words around it, what it means and the way its clause looks."""

    text: str
    found: Expression
    value: str
    anchor: str | None
    way: Way | None


def role_of(clause: Clause) -> tuple[Role | None, str]:
    """The role of a date phrase and the cue that gave it."""
    text, found = clause.text, clause.found
    if found.kind == "year" and _TITLE.search(text, max(0, found.start - 40), found.start):
        return None, "name"
    if found.kind == "within" and clause.way == "past":
        return None, "within"
    if found.kind in _OWN_ROLE:
        return _OWN_ROLE[found.kind], found.kind
    role, cue = _cue_before(text[max(0, found.start - 50) : found.start])
    if role is not None and cue not in _GENERIC:
        return role, cue
    after = _cue_after(text[found.end : found.end + 20])
    return after if after[0] else _by_direction(clause, cue)


@lru_cache(maxsize=1)
def _cues() -> tuple[Mapping[str, Role], Mapping[str, Role]]:
    roles: Mapping[Role, Mapping[str, list[str]]] = table()["roles"]
    before = {cue: role for role, sides in roles.items() for cue in sides["before"]}
    after = {cue: role for role, sides in roles.items() for cue in sides["after"]}
    return before, after


def _cue_before(tail: str) -> tuple[Role | None, str]:
    """The longest cue that ends right before the date."""
    tail = tail.rstrip(" \t\n\u00a0(\"“'‘")
    tail = _TIME_OF_DAY.sub("", tail)
    words = [word.lower() for word in _WORDS.findall(tail[-45:])]
    if not tail or not words or not (tail[-1].isalnum() or tail[-1] in ".:,"):
        return None, ""
    known = _cues()[0]
    for count in range(min(_LONGEST_CUE, len(words)), 0, -1):
        cue = " ".join(words[-count:])
        if cue in known and (tail[-1] not in ",:" or count > 1):
            return known[cue], cue
    return None, ""


def _cue_after(head: str) -> tuple[Role | None, str]:
    words = _WORDS.findall(head)
    if not words or not head.startswith((" ", "-")):
        return None, ""
    known = _cues()[1]
    for count in (3, 2, 1):
        cue = " ".join(word.lower() for word in words[:count])
        if cue in known and cue != "on":
            return known[cue], cue
    return None, ""


def _by_direction(clause: Clause, cue: str) -> tuple[Role | None, str]:
    """A future "on 1 June" is a start unless people merely meet then; a past one an announcement."""
    text, found = clause.text, clause.found
    ahead = clause.anchor is not None and clause.value > clause.anchor[: len(clause.value)]
    today = clause.anchor is not None and clause.value == clause.anchor[: len(clause.value)]
    if clause.way == "future" and (ahead or today):
        return (
            (None, cue) if _is_meeting(text[max(0, found.start - 90) : found.start]) else ("effective", cue or "future")
        )
    if not ahead and (cue or found.kind in _BARE or "shift" in found.parts):
        return "announced", cue or found.kind
    return None, cue


def _is_meeting(before: str) -> bool:
    events = frozenset(table()["event_verbs"])
    return any(word.lower() in events for word in _WORDS.findall(before)[-8:])
