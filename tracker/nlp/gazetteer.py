"""The gazetteer: which parties a text names, from curated tables, in one pass.

`load()` compiles the tables into a trie over words; `Gazetteer.find` gives the longest names that stand in a text,
decides names that several parties share by the countries around them, and joins a country with the body it speaks
of ("China's commerce ministry" is the Ministry of Commerce of China). Works on plain text: no spaCy, no grammar; who
acts on whom, pronouns and names outside the tables are `tracker.nlp.parties`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tracker.nlp.gazetteer_tables import Alias, Entry, Needs, Role, Tables, read

__all__ = ["Entry", "Gazetteer", "Match", "Role", "load"]

# Letters with accents and typographic marks as their plain forms, one for one, so that offsets stay.
_PLAIN = {
    code: base[0]
    for code in (*range(0xC0, 0x180), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFKD", chr(code)))[0].isascii()
} | {0x2018: "'", 0x2019: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0xA0: " ", 0xD8: "O", 0xF8: "o", 0x131: "i"}
_TOKEN = re.compile(r"(?<!\w)(?:[a-z]\.){2,}(?:[a-z](?!\w))?|\w+|[&,]|[\U0001F1E6-\U0001F1FF]{2}")
_GAPS = frozenset({"", " ", "-", "'", ".", "\n", " '", "' ", "/", "+"})
_DOTTED = frozenset({"st", "mt", "dr", "no", "co", "inc", "dept", "corp", "ltd", "bros", "n", "s"})  # "St. Petersburg"
_END = ""  # the key of a trie node under which its aliases stand; no token is empty

# Words that make a name of several words a body's in any case: "commerce department", "supreme court".
_INSTITUTION = frozenset(
    "department ministry minister secretary commission authority agency court parliament congress government treasury"
    " regulator council bank customs commissioner bureau administration union nations tribunal house state states".split()
)


class Raw(NamedTuple):
    """A name found in a text with all that it may mean."""

    start: int
    end: int
    senses: tuple[Alias, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A party named at `text[start:end]`.

    `alias` is the name in the table, `how` the kind of name: name, alias, demonym, people, metonym, capital, city,
    description, office, role. `bare` is true where a role stands without a country ("the commerce ministry") and the
    country is only that of the context; `noun` is the last word of such a role.
    """

    start: int
    end: int
    entry: Entry
    alias: str
    how: str
    bare: bool = False
    head: int = 0  # where the name itself starts, after a country that was joined to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Curated parties, ready to be found; made by `load`."""

    entries: Mapping[str, Entry]
    roles: Mapping[str, Role]
    bodies: Mapping[tuple[str, str], str]
    products: Mapping[str, str]
    needs: Mapping[str, Needs]
    lists: Mapping[str, frozenset[str]]
    nouns: frozenset[str]  # all that refers back to some company or body: "chipmaker", "watchdog"
    trie: Mapping[str, Any]

    def find(self, text: str) -> list[Match]:
        """The parties named in a text, in order, without overlaps; cost linear in its length."""
        from tracker.nlp.gazetteer_context import resolve  # noqa: PLC0415  (the two know each other)

        return resolve(self, text, list(self.raw(text)))

    def raw(self, text: str) -> Iterator[Raw]:
        """The longest names at each place, with every meaning that case allows."""
        plain = fold(text)
        tokens = list(_TOKEN.finditer(plain))
        words = [_spelt(token[0]) for token in tokens]
        root, done = self.trie, 0
        for place, word in enumerate(words):
            if word not in root or place < done:
                continue
            found = _longest(text, plain, tokens, words, place, root[word])
            if found is not None:
                last, senses = found
                yield Raw(tokens[place].start(), tokens[last].end(), senses)
                done = last + 1

    def maker_of(self, product: str) -> Entry | None:
        """The company behind a product that is no party itself: Nvidia for "H20"."""
        key = self.products.get(product)
        return self.entries[key] if key else None

    def body(self, territory: str, role: str) -> Entry | None:
        """The body of a country ("cn") or region ("us-tx") that has a role ("commerce")."""
        key = self.bodies.get((territory, role))
        return self.entries[key] if key else None

    def state(self, country: str | None) -> Entry | None:
        """The state of an ISO code, or None."""
        return self.entries.get(f"gov:{country.lower()}") if country else None


@cache
def load(extra: Path | None = None) -> Gazetteer:
    """The gazetteer of the package's tables and, if given, a user's own YAML of the same sections.

    Raises:
        ConfigError: a table is wrong; one line per fault, each with file and path.
    """
    return compiled(read(extra))


def compiled(tables: Tables) -> Gazetteer:
    """Checked tables as one matcher."""
    trie: dict[str, Any] = {}
    for alias in _all_aliases(tables):
        node = trie
        for word in words_of(fold(alias.text)):
            node = node.setdefault(word, {})
        if node is not trie:
            node.setdefault(_END, []).append(alias)
    return Gazetteer(
        entries=tables.entries,
        roles=tables.roles,
        bodies=tables.bodies,
        products=tables.products,
        needs=tables.needs,
        lists={name: frozenset(words) for name, words in tables.lists.items()},
        nouns=frozenset(noun for entry in tables.entries.values() for noun in entry.nouns),
        trie=trie,
    )


def _all_aliases(tables: Tables) -> Iterator[Alias]:
    """Aliases with their case rule, flags of states, and the names that are no party at all."""
    for alias in tables.aliases:
        yield alias if alias.loose or not _is_institution(alias.text) else alias._replace(loose=True)
    for key, entry in tables.entries.items():
        if entry.party.country and key == f"gov:{entry.party.country.lower()}":
            flag = "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in entry.party.country)
            yield Alias(flag, key, "alias", loose=True)
    for text in tables.lists.get("not_parties", ()):
        yield Alias(text, "", "none")


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
    """Whether a text's capitals allow a name: one word as in the table, several with a capital first, or all capitals."""
    if alias.loose or surface == alias.text:
        return True
    plain, wanted = surface.replace(".", ""), alias.text.replace(".", "")
    if is_one:
        same = fold(plain) == fold(wanted) and [c.isupper() for c in plain] == [c.isupper() for c in wanted]
        return same or (len(wanted) > 3 and plain.isupper())
    if wanted.isupper():
        return plain.isupper()
    return surface[0].isupper() or not alias.text[0].isupper()
