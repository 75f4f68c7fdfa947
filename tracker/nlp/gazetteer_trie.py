"""Names compiled into a trie over words, and the longest of them that stand in a text.

Only letters and case: which of several meanings a name has is for `tracker.nlp.gazetteer_context`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tracker.nlp.gazetteer_entries import Alias

Trie = dict[str, Any]  # word -> Trie; under _END the aliases that end there

# Letters with accents and typographic marks as their plain forms, one for one, so that offsets stay.
_PLAIN = {
    code: base[0]
    for code in (*range(0xC0, 0x180), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFKD", chr(code)))[0].isascii()
} | {0x2018: "'", 0x2019: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0xA0: " ", 0xD8: "O", 0xF8: "o", 0x131: "i"}
_TOKEN = re.compile(r"(?<!\w)(?:[a-z]\.){2,}(?:[a-z](?!\w))?|\w+\+*|[&,]|[\U0001F1E6-\U0001F1FF]{2}")
_GAPS = frozenset({"", " ", "-", "'", ".", "\n", " '", "' ", "/", "+"})
_DOTTED = frozenset({"st", "mt", "dr", "no", "co", "inc", "dept", "corp", "ltd", "bros", "n", "s"})  # "St. Petersburg"
_END = ""  # the key of a trie node under which its aliases stand; no token is empty

# Words that make a name of several words a body's in any case: "commerce department", "supreme court".
_INSTITUTION = frozenset(
    "department ministry minister secretary commission authority agency court parliament congress government treasury"
    " regulator council bank customs commissioner bureau administration union nations tribunal house"
    " state states".split()
)


class Raw(NamedTuple):
    """A name found in a text with all that it may mean."""

    start: int
    end: int
    senses: tuple[Alias, ...]


def compiled(aliases: Iterable[Alias]) -> Trie:
    """Aliases as a trie over their words."""
    trie: Trie = {}
    for alias in aliases:
        node = trie
        for word in words_of(fold(alias.text)):
            node = node.setdefault(word, {})
        if node is not trie:
            node.setdefault(_END, []).append(
                alias if alias.loose else alias._replace(loose=_is_institution(alias.text))
            )
    return trie


def scan(trie: Mapping[str, Any], text: str) -> Iterator[Raw]:
    """The longest names at each place, with every meaning that case allows."""
    plain = fold(text)
    tokens = list(_TOKEN.finditer(plain))
    words = [_spelt(token[0]) for token in tokens]
    done = 0
    for place, word in enumerate(words):
        if word not in trie or place < done:
            continue
        found = _longest(text, plain, tokens, words, place, trie[word])
        if found is not None:
            last, senses = found
            yield Raw(tokens[place].start(), tokens[last].end(), senses)
            done = last + 1


def _is_institution(text: str) -> bool:
    words = text.lower().split()
    return len(words) > 1 and not _INSTITUTION.isdisjoint((words[0], words[-1]))


def fold(text: str) -> str:
    """Plain lower case of the same length: accents and typographic marks removed."""
    plain = text if text.isascii() else text.translate(_PLAIN)
    lower = plain.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def words_of(plain: str) -> list[str]:
    """Words of a folded text; "u.s." is the word "us", "&" the word "and"."""
    return [_spelt(word) for word in _TOKEN.findall(plain)]


def _spelt(word: str) -> str:
    if word == "&":
        return "and"
    return word.replace(".", "") if "." in word else word


def _longest(
    text: str, plain: str, tokens: Sequence[re.Match[str]], words: Sequence[str], first: int, node: Mapping[str, Any]
) -> tuple[int, tuple[Alias, ...]] | None:
    """The last token of the longest name that starts at `first`, with its meanings."""
    best = None
    last = first
    while True:
        if _END in node:
            surface = text[tokens[first].start() : tokens[last].end()]
            senses = tuple(alias for alias in node[_END] if _case_fits(alias, surface, is_one=last == first))
            if senses:
                best = last, senses
        if last + 1 == len(tokens):
            return best
        gap = plain[tokens[last].end() : tokens[last + 1].start()]
        if gap not in _GAPS and not (gap == ". " and words[last] in _DOTTED):
            return best
        following = node.get(words[last + 1])
        if following is None:
            return best
        node, last = following, last + 1


def _case_fits(alias: Alias, surface: str, *, is_one: bool) -> bool:
    """Whether capitals allow a name: one word as in the table, several with a capital first, or all capitals."""
    if alias.loose or surface == alias.text:
        return True
    plain, wanted = surface.replace(".", ""), alias.text.replace(".", "")
    if is_one:
        same = fold(plain) == fold(wanted) and [c.isupper() for c in plain] == [c.isupper() for c in wanted]
        return same or (len(wanted) > 3 and plain.isupper())
    if wanted.isupper():
        return plain.isupper()
    return surface[0].isupper() or not alias.text[0].isupper()
