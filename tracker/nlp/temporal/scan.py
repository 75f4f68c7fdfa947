"""Finds date phrases in a text, without saying which date they mean.

One pass over the words; at each that can open a date the shapes are tried and the longest that stands up to its
neighbours is taken. Time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.nlp.temporal.neighbours import stands
from tracker.nlp.temporal.patterns import BY_WORD, DIGIT, EDGE, FORWARD, Rule
from tracker.nlp.temporal.setting import Parts

_WORD = re.compile(
    r"(?<![\w$€£¥₹#@.])[A-Za-z]{1,20}(?![\w])|(?<![\w$€£¥₹#@])(?<!\d[.,:/-])\d{1,4}(?!\d)|(?<![\w])[QHq]\d|(?<!\w)FY\d"
)

_EDGELESS = frozenset(["iso", "numeric", "nothing"])
_EDGE_CHARS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A date phrase: where it stands, its shape and the parts the shape names (lower case, blanks single)."""

    start: int
    end: int
    kind: str
    parts: Parts


def scan(text: str) -> Iterator[Expression]:
    """Date phrases from left to right, none overlapping."""
    position = 0
    while True:
        word = _WORD.search(text, position)
        if word is None:
            return
        found = _longest(text, word)
        if found is None:
            position = word.end()
            continue
        position = found.end
        if found.kind != "nothing":
            yield found


def _longest(text: str, word: re.Match[str]) -> Expression | None:
    start, token = word.start(), word.group()
    key = DIGIT if token[0].isdigit() else token.lower()
    best: tuple[Rule, re.Match[str]] | None = None
    for rule in BY_WORD.get(key.rstrip("0123456789") or DIGIT, ()):
        match = rule.pattern.match(text, start)
        if match and (best is None or match.end() > best[1].end()) and stands(rule.kind, text, match):
            best = (rule, match)
    if best is None:
        return None
    return _expression(text, best[0].kind, best[1])


def _expression(text: str, kind: str, match: re.Match[str]) -> Expression:
    parts = {name: " ".join(value.lower().split()) for name, value in match.groupdict().items() if value}
    end = match.end()
    if text[end - 1] == ".":
        end -= 1  # the full stop may be the sentence's
    if kind == "offset" and parts["side"] in ("after", "before", "on") and not FORWARD.match(text, end):
        parts["clause"] = "yes"
    edge = None if kind in _EDGELESS else EDGE.search(text, max(0, match.start() - _EDGE_CHARS), match.start())
    start = match.start()
    if edge:
        parts["edge"] = " ".join(edge.group("edge").lower().split())
        start = edge.start()
    return Expression(start=start, end=end, kind=kind, parts=parts)
