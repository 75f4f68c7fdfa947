"""Finds date phrases in a text, without saying which date they mean.

One pass over the words; at each that can open a date the shapes are tried and the longest that stands up to its
neighbours is taken. Time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.nlp.temporal.patterns import BY_WORD, DIGIT, EDGE, FORWARD, Rule
from tracker.nlp.temporal.setting import Parts
from tracker.nlp.temporal.words import AMBIGUOUS, OPENERS

_WORD = re.compile(
    r"(?<![\w$€£¥₹#@.])[A-Za-z]{1,20}(?![\w])|(?<![\w$€£¥₹#@])(?<!\d[.,:/-])\d{1,4}(?!\d)|(?<![\w])[QHq]\d|(?<!\w)FY\d"
)
_SIZES = re.compile(r"[\s\u00a0]?(?:million|billion|bn|mn|percent|per cent|tonnes|tons|people|companies|entities|dollars|"
                    r"euros|yuan|GW|MW|km|kg|nm|mm|products|items|firms|jobs|units|parts|cars|vehicles|MHz|barrels)\b",
                    re.IGNORECASE)  # fmt: skip
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|until|till|of|from|during|before|after|for|through|to|and|or|between|over|early|late|mid|"
    r"end|around|circa|back|throughout|than|the|that|act|law|code|regulation|bill|order|rules|into|its|as|year|on|a|"
    r"[a-z]+['’]s)[\s-]|[(—–-]\s?)$",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(  # "the 2023 law"
    r"\s?[,.;:)\]—–]|\s?$|[\s-](?:law|act|order|ban|deal|rule|rules|measure|decision|ruling|judgment|agreement|invasion|election)\b"
)
_TITLE_BEFORE = re.compile(
    r"\b(?:Act|Law|Code|Regulations?|Bill|Order|Rules|Directive|Ordinance|Programme|Agenda|Vision|Plan)(?: of)?,? $"
)
_NTH_AFTER = re.compile(
    r"\s?[,.;:)\]—–!?-]|\s*$|\s(?:the|a|an|it|its|he|she|they|we|that|in|at|and|by|to|with|when|from|as|but|for|after|of)\b|\s[A-Z]"
)
_NTH_BEFORE = re.compile(
    r"\b(?:on|since|from|until|till|by|before|after|through|of|to|and|today,?|yesterday,?)\s$", re.IGNORECASE
)
_SLASH_BEFORE = re.compile(r"(?:\b(?:on|by|from|since|until|eff|effective|dated|due|issued|before|after|proposed|published|announced|starting|thru|through)\s|^|\n)$",
                           re.IGNORECASE)  # fmt: skip
_LAST_WORD = re.compile(r"([A-Za-z]{1,15})[\s-]{1,2}(?:the\s)?$")
_DESCRIBES = re.compile(r"\ban?\s$")
_FIRST_TIME = re.compile(r"\b(?:time|first|second|third|fourth|fifth|once|twice|worst|best|most|highest|lowest|biggest|largest)\s(?:\w+\s)?$",
                         re.IGNORECASE)  # fmt: skip


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
    for rule in BY_WORD.get(key, ()) or BY_WORD.get(key[0] if len(key) == 2 else key[:2], ()):
        match = rule.pattern.match(text, start)
        if match and (best is None or match.end() > best[1].end()) and _stands(rule.kind, text, match):
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
    edge = (
        EDGE.search(text, max(0, match.start() - 40), match.start())
        if kind not in ("iso", "numeric", "nothing")
        else None
    )
    start = match.start()
    if edge:
        parts["edge"] = " ".join(edge.group("edge").lower().split())
        start = edge.start()
    return Expression(start=start, end=end, kind=kind, parts=parts)


def _stands(kind: str, text: str, match: re.Match[str]) -> bool:
    check = _CHECKS.get(kind)
    return check is None or check(text, match)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 40) : match.start()]


def _bare_name(text: str, match: re.Match[str]) -> bool:
    """A bare month or weekday is written with a capital, and after an opener where it is also another word."""
    groups = match.groupdict()
    name = groups.get("mon") or groups.get("wd") or ""
    if not name[0].isupper():
        return False
    tailed = any(groups.get(part) for part in ("y", "yy", "yrel", "wrel", "late", "dom"))
    if tailed:
        return True
    ending = text[match.start() : match.end() + 1]
    if groups.get("wd") and _DESCRIBES.search(_before(text, match)) and ending.endswith((".", ",", ";", ")")):
        return False  # "16 July 2020, a Thursday"
    if name.lower() not in AMBIGUOUS or text[match.end() : match.end() + 2] in ("'s", "’s"):
        return True
    opener = _LAST_WORD.search(_before(text, match))
    return bool(opener) and opener is not None and opener.group(1).lower() in OPENERS


def _year(text: str, match: re.Match[str]) -> bool:
    if _SIZES.match(text, match.end()):
        return False
    return bool(_YEAR_BEFORE.search(_before(text, match)) or _YEAR_AFTER.match(text, match.end()))


def _nth(text: str, match: re.Match[str]) -> bool:
    if match.group("of"):
        return True
    before, ordinal = _before(text, match), match.group("ord")
    if not ordinal[0].isdigit():
        return False
    return bool(_NTH_BEFORE.search(before) and _NTH_AFTER.match(text, match.end()))


def _slash(text: str, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    if (
        not (1 <= int(groups["a"]) <= 31 and 1 <= int(groups["b"]) <= 31)
        or min(int(groups["a"]), int(groups["b"])) > 12
    ):
        return False
    return bool(groups.get("wd") or _SLASH_BEFORE.search(_before(text, match)))


def _needs_edge(text: str, match: re.Match[str]) -> bool:
    return bool(match.group("end") or EDGE.search(text, max(0, match.start() - 40), match.start()))


def _season(text: str, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    if not groups.get("season") or groups.get("rel") or groups.get("y") or groups.get("yrel"):
        return True
    opener = _LAST_WORD.search(_before(text, match))
    return match.group().lower().startswith("in") or (opener is not None and opener.group(1).lower() in OPENERS)


def _span_of_time(text: str, match: re.Match[str]) -> bool:
    """ "in two years" looks ahead, but not in "the second time in two years"."""
    return not _FIRST_TIME.search(_before(text, match))


_CHECKS = {
    "month": _bare_name,
    "weekday": _bare_name,
    "rel_month": lambda _text, match: match.group("mon")[0].isupper(),
    "rel_weekday": lambda _text, match: match.group("wd")[0].isupper(),
    "year": _year,
    "the_nth": _nth,
    "slash": _slash,
    "the_unit": _needs_edge,
    "part": _season,
    "ahead": _span_of_time,
}
