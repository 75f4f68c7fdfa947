"""What a date is the date of: a start, a deadline or an announcement, told from the words around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from tracker.nlp.temporal.calendar import Way
from tracker.nlp.temporal.mention import Role
from tracker.nlp.temporal.scan import Expression
from tracker.nlp.temporal.words import table

_WORDS = re.compile(r"[A-Za-z][A-Za-z.'’-]*")
_GENERIC = frozenset(["on", "in", "at", "of", "late", "early", "late on", "early on"])
_LONGEST_CUE = 4
_OWN_ROLE: Mapping[str, Role] = {
    "immediate": "effective", "midnight": "effective", "within": "deadline", "ahead": "effective",
    "ago": "announced", "recent": "announced", "weekend": "announced",
}  # fmt: skip
_PLACE = r"(?:[A-Z][\w.'’/-]*[,:]?[ \t]{1,2}){0,6}"
_LABEL = r"(?:(?:date|dated|published|posted|updated|released?|for immediate release|issued|last updated)\b:?[ \t]*)?(?:on[ \t])?"
_DATELINE_BEFORE = re.compile(
    rf"^[ \t*#>\[(_|-]{{0,6}}(?:\d\d?[:.]\d\d,?[ \t])?(?:{_PLACE}[-–—|,]{{0,2}}[ \t]*)?(?i:{_LABEL})$"
)
_DATELINE_AFTER = re.compile(
    r"^[ \t]{0,2}(?:\([^)\n]{2,40}\)[ \t]{0,2})?(?:,[ \t][A-Z][\w ,.-]{2,30})?(?:[-–—:|]|[A-Z]{3,}[ \t(]|\*|\]|\r?\n|$)"
)
_HEADING_BEFORE = re.compile(r"^[ \t*#>\[(_|•·–—-]{0,8}(?:\d\d?[.)][ \t])?$")
_HEADING_AFTER = re.compile(r"^[ \t]{0,2}(?:[-–—:|*\])]|\r?\n|$|\.[ \t])")
_HEAD_CHARS = 500


def role_of(text: str, found: Expression, value: str, anchor: str, way: Way | None) -> tuple[Role | None, str]:
    """The role of a date phrase and the cue that gave it."""
    label = _label(text, found)
    if label:
        return None, label
    if found.kind in _OWN_ROLE:
        return _OWN_ROLE[found.kind], found.kind
    role, cue = _cue_before(text[max(0, found.start - 50) : found.start])
    if role is None or cue in _GENERIC:
        after = _cue_after(text[found.end : found.end + 20])
        if after[0]:
            return after
    if role == "announced" and cue in _GENERIC or role is None:
        return _by_direction(text, found, value, anchor, way, cue)
    return role, cue


def _label(text: str, found: Expression) -> str:
    """ "dateline" or "heading" where the date stands alone at the head of the article or of an item."""
    line_start = text.rfind("\n", max(0, found.start - 90), found.start) + 1
    if line_start == 0 and found.start > 90:
        return ""
    before, after = text[line_start : found.start], text[found.end : found.end + 60]
    if (
        found.start < _HEAD_CHARS
        and found.kind in ("day", "iso", "numeric")
        and _DATELINE_BEFORE.match(before)
        and _DATELINE_AFTER.match(after)
    ):
        return "heading" if not before.strip(" *#>[") and ":" in after[:2] else "dateline"
    if (
        found.kind in ("day", "iso", "numeric", "weekday", "month")
        and _HEADING_BEFORE.match(before)
        and _HEADING_AFTER.match(after)
    ):
        return "heading"
    return ""


@lru_cache(maxsize=1)
def _cues() -> tuple[Mapping[str, Role], Mapping[str, Role]]:
    roles: Mapping[Role, Mapping[str, list[str]]] = table()["roles"]
    before = {cue: role for role, sides in roles.items() for cue in sides["before"]}
    after = {cue: role for role, sides in roles.items() for cue in sides["after"]}
    return before, after


def _cue_before(tail: str) -> tuple[Role | None, str]:
    """The longest cue that ends right before the date."""
    tail = tail.rstrip(" \t\n\u00a0(\"“'‘")
    tail = re.sub(
        r"\s(?:the|about|around|just|only|midnight|noon|\d\d?(?:[:.]\d\d)?\s?[ap]\.?m\.?(?:\s[A-Z]{2,4})?)\s?(?:on|of)?$",
        "",
        tail,
    )
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


def _by_direction(
    text: str, found: Expression, value: str, anchor: str, way: Way | None, cue: str
) -> tuple[Role | None, str]:
    """A future "on 1 June" is a start unless people merely meet then; a past one an announcement."""
    future = bool(anchor) and value > anchor[: len(value)] and way == "future"
    if future:
        return (
            (None, cue) if _is_meeting(text[max(0, found.start - 90) : found.start]) else ("effective", cue or "future")
        )
    if cue or found.kind in ("weekday", "deictic", "rel_weekday", "rel_unit", "rel_month", "offset"):
        return "announced", cue or found.kind
    return None, ""


def _is_meeting(before: str) -> bool:
    events = frozenset(table()["event_verbs"])
    return any(word.lower() in events for word in _WORDS.findall(before)[-8:])
