"""Finds goods, technologies, services and assets by vocabulary (terms/goods.yaml), where syntax gives no phrase.

It knows words, not roles: whether a measure is about them is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tracker.model import Phrase, Span

TABLE = Path(__file__).parent / "terms" / "goods.yaml"
_TOKEN = re.compile(r"[^\W_](?:[\w&-]|\.(?=[A-Za-z])){0,40}")
_MODIFIERS_AT_MOST = 3
_MIN_STEM = 3


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """The YAML table: goods by sector, and the modifiers that belong to them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(TABLE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506  (a safe loader)


@lru_cache(maxsize=1)
def _names() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Goods as tuples of words by their first word, the longest first; generic trade words are left out."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for sector, names in table().items():
        if sector not in ("modifiers", "trade"):
            for name in names:
                words = tuple(str(name).split())
                found.setdefault(_singular(words[0]).lower(), set()).add(words)
    return {first: tuple(sorted(names, key=lambda words: (-len(words), words))) for first, names in found.items()}


@lru_cache(maxsize=1)
def _modifiers() -> frozenset[str]:
    return frozenset(word.lower() for word in table()["modifiers"])


def find_goods(text: str) -> tuple[Phrase, ...]:
    """Known goods with their modifiers, in the order of the text, the longest where they overlap."""
    tokens = [(match.group(), match.start()) for match in _TOKEN.finditer(text)]
    found: list[Phrase] = []
    index = 0
    while index < len(tokens):
        length = _match(tokens, index)
        if length:
            found.append(_phrase(text, tokens, index, length))
        index += length or 1
    return tuple(found)


def _match(tokens: list[tuple[str, int]], index: int) -> int:
    """How many words from here on are one good, 0 for none."""
    for name in _names().get(_singular(tokens[index][0]).lower(), ()):
        words = [token for token, _ in tokens[index : index + len(name)]]
        if _same(name, words) and _adjoining(tokens, index, len(name)):
            return len(name)
    return 0


def _same(name: tuple[str, ...], words: list[str]) -> bool:
    if len(name) != len(words):
        return False
    return all(map(_equal, name[:-1], words[:-1])) and (
        _equal(name[-1], words[-1]) or _equal(name[-1], _singular(words[-1]))
    )


def _equal(name: str, word: str) -> bool:
    """As written for words in capitals, else in any case; a plural inside a phrase is let pass."""
    if name.isupper() or any(char.isdigit() for char in name):
        return name == word
    return name.lower() in (word.lower(), _singular(word).lower())


def _singular(word: str) -> str:
    """A rough singular: enough for chips, batteries, boxes and GPUs."""
    if len(word) <= _MIN_STEM or not word.endswith("s") or word.endswith(("ss", "us", "is", "ics")):
        return word
    if word.endswith("ies") and len(word) > _MIN_STEM + 2:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "toes")):
        return word[:-2]
    return word[:-1]


def _adjoining(tokens: list[tuple[str, int]], index: int, count: int) -> bool:
    """No punctuation between the words: only a blank apart."""
    return all(tokens[at + 1][1] - tokens[at][1] - len(tokens[at][0]) == 1 for at in range(index, index + count - 1))


def _phrase(text: str, tokens: list[tuple[str, int]], index: int, length: int) -> Phrase:
    last, begin = tokens[index + length - 1]
    first = index
    while (
        first > 0
        and index - first < _MODIFIERS_AT_MOST
        and tokens[first - 1][0].lower() in _modifiers()
        and _adjoining(tokens, first - 1, 2)
    ):
        first -= 1
    start, end = tokens[first][1], begin + len(last)
    return Phrase(text=text[start:end], span=Span(start=start, end=end))
