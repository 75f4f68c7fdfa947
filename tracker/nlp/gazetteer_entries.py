"""What the gazetteer's tables hold once read: entries, aliases, roles and the rules for ambiguous names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tracker.model import Party, PartyKind

Row = Mapping[str, Any]

# Nouns in a body's own name that refer back to it: "the Commission".
BODY_NOUNS = frozenset(
    "ministry department agency commission bureau office authority court tribunal council committee board"
    " administration parliament bank panel service directorate commissioner centre center fund judge".split()
)


class Alias(NamedTuple):
    """One way to write an entry; `how` says what kind of name it is."""

    text: str
    key: str  # of an Entry, or of a Role
    how: str  # name alias demonym people metonym capital city description office role
    loose: bool = False  # any case will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A party that the tables know.

    `acts_for` is the key of the party whose acts its own are (a minister's ministry); `nouns` is what refers back to
    it ("chipmaker", "ministry"); `terms` are the times in office of a leader as pairs of ISO prefixes.
    """

    party: Party
    acts_for: str | None = None
    nouns: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    adjective: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a body or officer is called without its name."""

    key: str
    kind: PartyKind
    nouns: frozenset[str]
    is_state: bool  # the role stands for the state itself
    otherwise: str | None = None  # the role to look for where a country has no body for this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What must, or must not, stand around an ambiguous alias; empty sets ask nothing."""

    near: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    full: bool = False  # a longer name of the same entry stands elsewhere in the text


@dataclass(slots=True)
class Tables:
    """All tables together; filled while reading, then left alone."""

    entries: dict[str, Entry] = field(default_factory=dict)
    aliases: list[Alias] = field(default_factory=list)
    roles: dict[str, Role] = field(default_factory=dict)
    bodies: dict[tuple[str, str], str] = field(default_factory=dict)  # (country or region key, role) -> entry key
    sectors: dict[str, frozenset[str]] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)  # product -> company key
    surnames: dict[tuple[str, str], str] = field(default_factory=dict)  # (office, surname) -> leader, "" for several
    needs: dict[str, Needs] = field(default_factory=dict)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    forms: dict[str, Row] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)  # keys of entries that a user added or added names to
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def body(self, territory: str, role: str) -> Entry | None:
        """The body of a country or region that has a role."""
        return self.entries.get(self.bodies.get((territory, role), ""))

    def state(self, country: str | None) -> Entry | None:
        """The state of an ISO code."""
        return self.entries.get(f"gov:{country.lower()}") if country else None
