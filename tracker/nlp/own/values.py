"""What a checked file of a user's own comes to. Values only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tracker.model import EventType, Status
from tracker.nlp.ontology import Subtype

NO_WORDS: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Phrases that name a type, and words that go with it."""

    strong: tuple[str, ...] = NO_WORDS
    topics: tuple[str, ...] = NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ActWords:
    """Words added to an act."""

    verbs: tuple[str, ...] = NO_WORDS
    nouns: tuple[str, ...] = NO_WORDS
    phrases: tuple[str, ...] = NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence, and the event that must be found in it; or, where `none`, must not.

    `type` and `subtype` may both be None where `none` is true: then no event at all may be found.
    """

    text: str
    type: EventType | None = None
    subtype: str | None = None
    actor: str | None = None
    status: Status | None = None
    none: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A user's file. `parties` are rows of the gazetteer's section of that name, still to be checked by its loader."""

    path: Path
    types: Mapping[EventType, Words] = field(default_factory=dict)
    subtypes: Mapping[str, Subtype] = field(default_factory=dict)
    acts: Mapping[str, ActWords] = field(default_factory=dict)
    parties: Mapping[str, Mapping[str, str | list[str]]] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    @property
    def version(self) -> str:
        """The file's name with a hash of all in it that changes what is read: comments and examples do not."""
        read = {
            "types": {kind: asdict(words) for kind, words in self.types.items()},
            "subtypes": {name: asdict(subtype) for name, subtype in self.subtypes.items()},
            "acts": {name: asdict(words) for name, words in self.acts.items()},
            "parties": self.parties,
        }
        digest = hashlib.sha256(json.dumps(read, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.path.name} {digest[:8]}"
