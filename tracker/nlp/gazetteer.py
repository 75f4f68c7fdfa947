"""The gazetteer: which parties a text names, from curated tables, in one pass.

`load()` compiles the tables into a trie over words; `Gazetteer.find` gives the longest names that stand in a text,
decides names that several parties share by the countries around them, and joins a country with the body it speaks
of ("China's commerce ministry" is the Ministry of Commerce of China). Works on plain text: no spaCy, no grammar; who
acts on whom, pronouns and names outside the tables are `tracker.nlp.parties`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.model import Party
from tracker.nlp.gazetteer_context import Match, resolve
from tracker.nlp.gazetteer_entries import Alias, Entry, Role, Row, Tables
from tracker.nlp.gazetteer_tables import read
from tracker.nlp.gazetteer_trie import Trie, compiled, scan

__all__ = ["Entry", "Gazetteer", "Match", "Role", "load", "load_with"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Curated parties, ready to be found; made by `load`."""

    tables: Tables
    trie: Trie
    nouns: frozenset[str]  # all that refers back to some company or body: "chipmaker", "watchdog"
    company_nouns: frozenset[str]  # those of companies

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Every party by its key."""
        return self.tables.entries

    @property
    def lists(self) -> Mapping[str, frozenset[str]]:
        """The word lists of the tables by their names."""
        return self.tables.lists

    def find(self, text: str) -> list[Match]:
        """The parties named in a text, in order, without overlaps; cost linear in its length."""
        return resolve(self.tables, text, list(scan(self.trie, text)))

    def maker_of(self, product: str) -> Entry | None:
        """The company behind a product that is no party itself: Nvidia for "H20"."""
        key = self.tables.products.get(product)
        return self.tables.entries[key] if key else None

    def body(self, territory: str, role: str) -> Entry | None:
        """The body of a country ("cn") or region ("us-tx") that has a role ("commerce")."""
        return self.tables.body(territory, role)

    def lineage(self, keys: Iterable[str]) -> tuple[Party, ...]:
        """The parties with these keys, as far as there are such, and all that they belong to; ordered by key."""
        found: dict[str, Party] = {}
        ahead = [key for key in keys if key in self.entries]
        while ahead:
            party = self.entries[key := ahead.pop()].party
            found[key] = party
            if party.parent is not None and party.parent in self.entries and party.parent not in found:
                ahead.append(party.parent)
        return tuple(found[key] for key in sorted(found))

    def state(self, country: str | None) -> Entry | None:
        """The state of an ISO code, or None."""
        return self.tables.state(country)


@cache
def load(extra: Path | None = None) -> Gazetteer:
    """The gazetteer of the package's tables and, if given, a user's own YAML of the same sections.

    Raises:
        ConfigError: a table is wrong; one line per fault, each with file and path.
    """
    return _compiled(read(extra))


def load_with(parties: Row, *, name: str) -> Gazetteer:
    """The gazetteer of the package's tables and a user's parties; not cached, and the cached one stays as it is.

    Args:
        parties: rows of the section `parties`, see docs/ontology.md.
        name: what messages call the file that they are from.

    Raises:
        ConfigError: a row is wrong; one line per fault, each with file and path.
    """
    return _compiled(read(parties=parties, name=name))


def _compiled(tables: Tables) -> Gazetteer:
    nouns = frozenset(noun for entry in tables.entries.values() for noun in entry.nouns)
    return Gazetteer(
        tables=tables,
        trie=compiled(_aliases(tables)),
        nouns=nouns,
        company_nouns=frozenset().union(*tables.sectors.values()),
    )


def _aliases(tables: Tables) -> Iterator[Alias]:
    """The tables' aliases, the flags of states, and the names that are no party at all."""
    yield from tables.aliases
    for key, entry in tables.entries.items():
        if entry.party.country and key == f"gov:{entry.party.country.lower()}":
            flag = "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in entry.party.country)
            yield Alias(flag, key, "alias", loose=True)
    for text in tables.lists.get("not_parties", ()):
        yield Alias(text, "", "none")
