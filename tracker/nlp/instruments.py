"""Finds named laws, lists, rules, programmes and dockets in a text.

By a table of names (terms/instruments.yaml), by forms ("Executive Order 14117", "Regulation (EU) 2023/1115",
"ECCN 3A090") and by capitalised names that end in Act, Law, List and the like. Time is linear in the text. It does
not say which measure an instrument belongs to, nor resolve "the act".
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tracker.model import Phrase, Span

TABLE = Path(__file__).parent / "terms" / "instruments.yaml"
_NAME_WORDS = 11  # of a capitalised name, left of its head
_WINDOW = 140  # characters in which they must stand

# Forms with a number, one a line or a few; each is bounded, and "~" stands for a blank or the end of a line.
_FORMS = r"""
  (?:Executive~Orders?|E\.?~?O\.?)~(?:NO~?)?\d{3,5}
| (?:Presidential~)?Proclamation~(?:NO~?)?\d{3,5}
| (?:Public~Law|Pub\.~?L\.|P\.L\.)~(?:NO~?)?\d{2,3}[-–]\d{1,3}
| (?:(?:Council|Commission|Delegated|Implementing|Joint)~){0,3}(?:Regulation|Directive|Decision)~
  \((?:EU|EC|EEC|Euratom|CFSP|EU,~Euratom)\)~(?:NO~?)?\d{1,4}/\d{1,4}
| (?:(?:Council|Commission|Implementing)~){0,2}(?:Directive|Decision|Regulation)~(?:NO~?)?
  \d{2,4}/\d{1,4}(?:/[A-Z]{2,5})?
| (?:Announcement|Notification|Notice|Circular|Decree|Order|Resolution|Decision|Ordinance|Rule|Public~Notice
  |Press~Note)~
  NO~?\d{1,5}(?:[/.-]\d{1,5}){0,3}(?:~of~\d{4})?
| (?:Federal|Presidential|Ministerial|Royal|Supreme|Government|Cabinet)~
  (?:Law|Decree|Order|Resolution|Ordinance)~(?:NO~?)?[\dA-Z][\w/.-]{0,14}\d(?:-[A-ZФЗ]{1,3})?
| (?:UN~|U\.N\.~)?(?:Security~Council~|UNSC~)Resolution~\d{1,4}
| \d{1,2}~(?:U\.~?S\.~?C\.|USC|U\.S\.~?Code)~(?:§{1,2}~?|[Ss]ection~)?\d{1,5}[a-z]{0,3}(?:\([\w]{1,3}\)){0,4}
| \d{1,2}~(?:C\.~?F\.~?R\.|CFR)~(?:§{1,2}~?|[Pp]arts?~|[Ss]ections?~|[Cc]hapter~)?
  \d{1,4}(?:\.\d{1,4})?(?:[-–]\d{1,4})?(?:\([\w]{1,3}\)){0,4}
| (?:Export~Control~Classification~Numbers?|ECCNs?|Category)[ :]{1,2}[0-9][A-E]\d{3}(?:\.[a-z](?:\.\d{1,2}){0,3})?
| (?<![\w.])[0-9][A-E][09]\d{2}(?:\.[a-z](?:\.\d{1,2}){0,3})?(?!\w)
| (?:HS|HTS|HTSUS|CN|TARIC|tariff)(?:~(?:codes?|headings?|subheadings?|numbers?|Codes?|items?))?~
  \d{4}(?:[. ]?\d{2}){0,3}(?![\d%])
| (?:Docket|Case|Dkt\.|Investigation|Inv\.|File|Reference)~NO~?[A-Z\d][\w:.-]{1,24}\d
| (?<![\w-])(?:A|C)-\d{3}-\d{3}(?!\d)
| (?<![\w-])(?:BIS|USTR|FCC|FTC|ITA|DOC)-\d{4}-\d{3,5}(?!\d)
| (?:General~Licen[cs]es?|GLs?)~(?:NO~?)?(?:[A-Z]-)?\d{1,3}(?:-?[A-Z]\d?)?(?!\w)
  (?:(?:,|~and|~or|,~and)~\d{1,3}[A-Z]?(?![\w%])){0,6}
| General~Licen[cs]es?~[A-Z](?:-\d)?(?!\w)
| (?:Bill|Senate~Bill|House~Bill|Assembly~Bill)~(?:NO~?)?(?:[A-Z]{1,2}-?)?\d{1,5}(?![\w%])
| (?<![\w.])(?:H\.?[ ]?R\.?|H\.?[ ]?B\.?|S\.?B\.?|A\.?B\.)[ ]?\d{2,5}(?![\w%])
| (?:[Ss]ections?|Sec\.|§{1,2})~?\d{1,4}[A-Z]{0,2}(?:\([\w]{1,3}\)){0,4}
  (?:~of~(?:the~)?(?:[A-Z][\w'’&-]{1,25}~(?:(?:of|and|the|on|for|with|to)~){0,2}){1,8}
  (?:Act|Code|Law|Order|Regulations?|Ordinance|Bill)(?:~(?:of~)?\d{4})?)?(?![\w%])
| (?:Article|Art\.|Articles)~\d{1,3}(?:\([\w]{1,3}\)){0,3}(?:~of~(?:the~)?)?
  (?:~?(?:TFEU|TEU|GDPR|GATT|DMA|DSA))?(?![\w%])
| (?:\d{1,2}(?:st|nd|rd|th)|ORDINAL)~(?:EU~)?(?:sanctions~)?[Pp]ackage
  (?:~of~(?:EU~)?(?:sanctions|restrictive~measures))?
| [Ll]icen[cs]e~[Ee]xception~[A-Z]{3}(?![A-Za-z])
"""
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second"
)


@lru_cache(maxsize=1)
def _form() -> re.Pattern[str]:
    ordinals = "|".join(f"[{word[0].upper()}{word[0]}]{re.escape(word[1:])}" for word in _ORDINALS.split())
    shapes = _FORMS.replace("NO", r"(?:No\.?|Nos\.?|Number|№|\#)").replace("ORDINAL", ordinals)
    return re.compile(shapes.replace("~", r"(?:[ \t\u00a0\n]{1,2})"), re.VERBOSE)


_NTH = re.compile(r"\d{1,2}(?:st|nd|rd|th)$")
_TOKEN = re.compile(r"[^\W_][\w'’&.%-]{0,40}")
_TAIL = re.compile(r"(?: of| ,)? (?:19|20)\d\d(?!\d)(?! (?:million|billion))| \((?:EU|EC)\) (?:No )?\d{1,4}/\d{1,4}")


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """The YAML table of names and of the words around them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(TABLE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506  (a safe loader)


_WORDS_OF_FORM = ("heads", "links", "stops", "never")


@lru_cache(maxsize=1)
def _names() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Known names as tuples of words, by their first word in lower case, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for group, names in table().items():
        if group not in _WORDS_OF_FORM:
            for name in names:
                words = tuple(_TOKEN.findall(name))
                found.setdefault(words[0].lower(), []).append(words)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in found.items()}


def find_instruments(text: str) -> tuple[Phrase, ...]:
    """Instruments in the order of the text, the longest where they overlap."""
    spans = [*_by_form(text), *_by_name(text), *_by_head(text)]
    return tuple(Phrase(text=text[start:end], span=Span(start=start, end=end)) for start, end in _longest(spans))


def _longest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest of overlapping spans, in the order of the text."""
    kept: list[tuple[int, int]] = []
    for span in sorted(set(spans), key=lambda span: (span[0] - span[1], span[0])):
        place = bisect.bisect(kept, span)
        clear_left = place == 0 or kept[place - 1][1] <= span[0]
        if clear_left and (place == len(kept) or kept[place][0] >= span[1]):
            kept.insert(place, span)
    return kept


def _by_form(text: str) -> Iterator[tuple[int, int]]:
    for found in _form().finditer(text):
        if found.start() == 0 or not text[found.start() - 1].isalnum():
            yield found.span()


def _by_name(text: str) -> Iterator[tuple[int, int]]:
    """Known names, word by word."""
    names = _names()
    tokens = [(match.group().rstrip(".,'’-%"), match.start()) for match in _TOKEN.finditer(text)]
    for index, (token, start) in enumerate(tokens):
        for words in names.get(_possessive_off(token).lower(), ()):
            if _same(words, tokens[index : index + len(words)]):
                last, begin = tokens[index + len(words) - 1]
                yield start, begin + len(_possessive_off(last))
                break


def _same(words: tuple[str, ...], tokens: list[tuple[str, int]]) -> bool:
    if len(tokens) < len(words):
        return False
    apart = tokens[-1][1] - tokens[0][1]
    return apart <= sum(len(word) + 2 for word in words) and all(
        _equal(word, _possessive_off(token) if word is words[-1] else token)
        for word, (token, _) in zip(words, tokens, strict=True)
    )


def _possessive_off(token: str) -> str:
    return token[:-2] if token.endswith(("'s", "’s")) else token


def _equal(word: str, token: str) -> bool:
    """As written; in any case where the table has it in lower case."""
    if word == token or word.replace("'", "’") == token:
        return True
    return word.islower() and word == token.lower()


@lru_cache(maxsize=1)
def _head() -> re.Pattern[str]:
    return re.compile(
        rf"(?<=[ \u00a0])(?:{'|'.join(sorted(table()['heads'], key=len, reverse=True))})(?![\w-]|’s? [A-Z])"
    )


def _by_head(text: str) -> Iterator[tuple[int, int]]:
    """Capitalised names that end in one of the heads: walk left from the head as far as the name goes."""
    for head in _head().finditer(text):
        start = _name_start(text, head.start())
        if start is None or _next_is_name(text, head):
            continue
        if text[start : head.end()] in table()["never"]:
            continue
        tail = _TAIL.match(text, head.end())
        yield start, tail.end() if tail else head.end()


def _next_is_name(text: str, head: re.Match[str]) -> bool:
    """Whether the head is part of another name: "Bill Clinton", "Law School"."""
    return bool(re.match(r"[ \u00a0][A-Z][a-z]", text[head.end() : head.end() + 3]))


def _name_start(text: str, end: int) -> int | None:
    """Where the capitalised name that ends at `end` begins, or None when there is no name."""
    window = max(0, end - _WINDOW)
    links, stops = frozenset(table()["links"]), frozenset(table()["stops"])
    start: int | None = None
    words = list(re.finditer(r"[^\s]+", text[window:end]))[-_NAME_WORDS:]
    for word in reversed(words):
        token = word.group().lstrip("(\"“‘'[")
        if token in stops or token.endswith((".", ":", ";", "!", "?", ")", ",", "”", '"', "—", "–")) or not token:
            break
        if token[0].isupper() or _NTH.match(token):
            start = window + word.end() - len(token)
        elif token not in links:
            break
        if len(token) < len(word.group()):
            break
    return start
