"""The ontology: which acts there are, what each event type is about, and how they read in English.

Reads and checks `ontology.yaml`; says with a ModelError what is wrong in it and where. Does not look at any text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tracker.errors import ModelError
from tracker.model import Direction, EventType, PartyKind, Status

E = TypeVar("E", Status, Direction, EventType, PartyKind)
BUILT_IN = Path(__file__).parent / "ontology.yaml"
CROSSWALKS = {"gta": "Global Trade Alert", "dpa": "Digital Policy Alert", "opensanctions": "OpenSanctions"}

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One kind of act: what it means by default and the lemmas that tell it."""

    name: str
    status: Status
    direction: Direction | None
    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One event type: phrases that nearly name it, words that go with it, who acts, and codes elsewhere.

    `crosswalk` holds the codes by code list, see `CROSSWALKS`; `crosswalk_note` says when which is meant, or why a list
    has none.
    """

    type: EventType
    about: str
    strong: tuple[str, ...]
    topics: tuple[str, ...]
    actors: frozenset[PartyKind]
    crosswalk: Mapping[str, tuple[str, ...]]
    crosswalk_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtype:
    """A user's finer kind of one of the types."""

    name: str
    of: EventType
    about: str = ""
    strong: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    crosswalk: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A user's strong phrase, with the type that it names and the subtype, if it is one's."""

    phrase: str
    type: EventType
    subtype: str | None = None

    @property
    def name(self) -> str:
        """Type and subtype as one word: "sanction/visa_ban", "tariff/"."""
        return f"{self.type.value}/{self.subtype or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontology:
    """Everything `ontology.yaml` says, and what a user's file adds (see `tracker.nlp.own`)."""

    acts: Mapping[str, Act]
    kinds: Mapping[EventType, Kind]
    stance: Mapping[str, tuple[str, ...]]
    anaphors: frozenset[str]
    hearsay: tuple[str, ...]
    subtypes: Mapping[str, Subtype] = field(default_factory=dict)
    namings: tuple[Naming, ...] = ()


@cache
def load_ontology(path: Path = BUILT_IN) -> Ontology:
    """The ontology of a YAML file, checked; a ModelError names file, key and fault."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  (a safe loader, the compiled one)
    except (OSError, yaml.YAMLError) as error:
        raise ModelError(f"{path.name}: cannot be read: {error}") from error
    top = _mapping(raw, path.name)
    kinds = [_kind(name, value, path.name) for name, value in _mapping(top.get("types"), f"{path.name}: types").items()]
    missing = sorted(set(EventType) - {kind.type for kind in kinds})
    if missing:
        raise ModelError(f"{path.name}: types: no entry for {', '.join(missing)}")
    acts = [_act(name, value, path.name) for name, value in _mapping(top.get("acts"), f"{path.name}: acts").items()]
    stance = _mapping(top.get("stance"), f"{path.name}: stance")
    hearsay = _mapping(top.get("hearsay"), f"{path.name}: hearsay")
    return Ontology(
        acts={act.name: act for act in acts},
        kinds={kind.type: kind for kind in kinds},
        stance={name: _words(value, f"{path.name}: stance.{name}") for name, value in stance.items()},
        anaphors=frozenset(_words(top.get("anaphors"), f"{path.name}: anaphors")),
        hearsay=_words(hearsay.get("phrases"), f"{path.name}: hearsay.phrases"),
    )


def _act(name: str, value: Any, where: str) -> Act:
    here = f"{where}: acts.{name}"
    entry = _mapping(value, here)
    _known(entry, {"status", "direction", "verbs", "nouns", "phrases"}, here)
    direction = entry.get("direction")
    return Act(
        name=name,
        status=_member(Status, entry.get("status"), f"{here}.status"),
        direction=None if direction is None else _member(Direction, direction, f"{here}.direction"),
        verbs=_words(entry.get("verbs", []), f"{here}.verbs"),
        nouns=_words(entry.get("nouns", []), f"{here}.nouns"),
        phrases=_words(entry.get("phrases", []), f"{here}.phrases"),
    )


def _kind(name: str, value: Any, where: str) -> Kind:
    here = f"{where}: types.{name}"
    entry = _mapping(value, here)
    _known(entry, {"about", "strong", "topics", "actor", "crosswalk"}, here)
    codes = _mapping(entry.get("crosswalk"), f"{here}.crosswalk")
    _known(codes, {*CROSSWALKS, "note"}, f"{here}.crosswalk")
    actors = _words(entry.get("actor"), f"{here}.actor")
    return Kind(
        type=_member(EventType, name, here),
        about=str(entry.get("about", "")),
        strong=_words(entry.get("strong"), f"{here}.strong"),
        topics=_words(entry.get("topics"), f"{here}.topics"),
        actors=frozenset(_member(PartyKind, actor, f"{here}.actor") for actor in actors),
        crosswalk={key: _words(codes.get(key, []), f"{here}.crosswalk.{key}") for key in CROSSWALKS},
        crosswalk_note=str(codes.get("note", "")),
    )


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ModelError(f"{where}: must be a mapping, is {type(value).__name__}")
    return value


def _words(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ModelError(f"{where}: must be a list of words, is {type(value).__name__}")
    for word in value:
        if not isinstance(word, str) or not word.strip():
            raise ModelError(
                f"{where}: {word!r} is no word; put it in quotes if YAML reads it as a number or a truth value"
            )
    return tuple(value)


def _known(entry: Mapping[str, Any], allowed: set[str], where: str) -> None:
    strange = sorted(set(entry) - allowed)
    if strange:
        raise ModelError(f"{where}: unknown key {strange[0]!r}; allowed are {', '.join(sorted(allowed))}")


def _member(values: type[E], value: Any, where: str) -> E:
    try:
        return values(value)
    except ValueError as error:
        raise ModelError(f"{where}: {value!r} is none of {', '.join(values)}") from error
