"""Tells from the words around whether a match is a date: "in May", not "it may"; "in 2030", not "2030 wafers"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tracker.nlp.temporal.patterns import EDGE
from tracker.nlp.temporal.words import AMBIGUOUS, OPENERS

_WINDOW = 40  # characters before a match that are looked at
_SIZES = re.compile(
    r"[\s\u00a0]?(?:million|billion|bn|mn|percent|per cent|tonnes|tons|people|companies|entities|dollars|euros|yuan|GW|"
    r"MW|km|kg|nm|mm|products|items|firms|jobs|units|parts|cars|vehicles|MHz|barrels)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s(?!has|was|is|as|its|this|rules|laws|sanctions|elections|measures|talks)[a-z]{2,20}s\b")
_YEAR_FIRMLY = re.compile(r"\b(?:in|since|by|until|till|of|from|during|early|late|mid|end)[\s-]$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|until|till|of|from|during|before|after|for|through|to|and|or|between|over|early|late|mid|"
    r"end|around|circa|back|throughout|than|the|that|act|law|code|regulation|bill|order|rules|into|its|as|year|on|a|"
    r"[a-z]+['’]s)[\s-]|[(—–-]\s?)$",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"\s?[,.;:)\]—–]|\s?$|[\s-](?:law|act|order|ban|deal|rules?|measure|decision|ruling|judgment|agreement|invasion|"
    r"election)\b"
)
_NTH_AFTER = re.compile(
    r"\s?[,.;:)\]—–!?-]|\s*$|\s[A-Z]|\s(?:the|a|an|it|its|he|she|they|we|that|in|at|and|by|to|with|when|from|as|but|for|"
    r"after|of)\b"
)
_NTH_BEFORE = re.compile(
    r"\b(?:on|since|from|until|till|by|before|after|through|of|to|and|today,?|yesterday,?)\s$", re.IGNORECASE
)
_SLASH_BEFORE = re.compile(
    r"(?:\b(?:on|by|from|since|until|eff|effective|dated|due|issued|before|after|proposed|published|announced|starting|"
    r"thru|through)\s|^|\n)$",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"([A-Za-z]{1,15})[\s-]{1,2}(?:the\s)?$")
_EVERY = re.compile(r"\b(?:every|each|most|some)\s$", re.IGNORECASE)
_DESCRIBES = re.compile(r"\ban?\s$")
_FIRST_TIME = re.compile(
    r"\b(?:time|first|second|third|fourth|fifth|once|twice|worst|best|most|highest|lowest|biggest|largest)\s"
    r"(?:\w+\s){0,3}$",
    re.IGNORECASE,
)


def stands(kind: str, text: str, match: re.Match[str]) -> bool:
    """Whether what stands around a match lets it be a date of this kind."""
    check = _CHECKS.get(kind)
    return check is None or check(text, match)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _WINDOW) : match.start()]


def _bare_name(text: str, match: re.Match[str]) -> bool:
    """A bare month or weekday is written with a capital, and after an opener where it is also another word."""
    groups = match.groupdict()
    name = groups.get("mon") or groups.get("wd") or ""
    if not name[0].isupper():
        return False
    if groups.get("wd") and _EVERY.search(_before(text, match)):
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
    return opener is not None and opener.group(1).lower() in OPENERS


def _year(text: str, match: re.Match[str]) -> bool:
    before = _before(text, match)
    if _SIZES.match(text, match.end()):
        return False
    if _COUNTED.match(text, match.end()) and not _YEAR_FIRMLY.search(before):
        return False  # "for 2030 wafers"
    return bool(_YEAR_BEFORE.search(before) or _YEAR_AFTER.match(text, match.end()))


def _nth(text: str, match: re.Match[str]) -> bool:
    if match.group("of"):
        return True
    before, ordinal = _before(text, match), match.group("ord")
    if not ordinal[0].isdigit():
        return False
    return bool(_NTH_BEFORE.search(before) and _NTH_AFTER.match(text, match.end()))


def _slash(text: str, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    low, high = sorted((int(groups["a"]), int(groups["b"])))
    if low < 1 or low > 12 or high > 31:
        return False
    return bool(groups.get("wd") or _SLASH_BEFORE.search(_before(text, match)))


def _needs_edge(text: str, match: re.Match[str]) -> bool:
    return bool(match.group("end") or EDGE.search(text, max(0, match.start() - _WINDOW), match.start()))


def _season(text: str, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    if not groups.get("season") or groups.get("rel") or groups.get("y") or groups.get("yrel"):
        return True
    opener = _LAST_WORD.search(_before(text, match))
    return match.group().lower().startswith("in") or (opener is not None and opener.group(1).lower() in OPENERS)


def _span_of_time(text: str, match: re.Match[str]) -> bool:
    """As in "in two years", which looks ahead, but not in "the second time in two years"."""
    return not _FIRST_TIME.search(_before(text, match))


_CHECKS: Mapping[str, Callable[[str, re.Match[str]], bool]] = {
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
