"""Values of a user's file as what they should be, with every fault gathered on the way.

Each method gives something usable whatever stands there, so that one reading finds all faults. Knows no section.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from tracker.document import Fault, Where
from tracker.spelling import nearest

__all__ = ["Form", "Where"]

E = TypeVar("E", bound=StrEnum)
MOST_WORDS = 8  # tokens that a phrase of the lexicon may have
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)


@dataclass(slots=True)
class Form:
    """Gathers faults."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, where: Where, what: str, remedy: str) -> None:
        """Keep one fault."""
        self.faults.append(Fault(where=where, what=what, remedy=remedy))

    def is_faulty(self, where: Where) -> bool:
        """Whether a fault was found at or below a place."""
        return any(fault.where[: len(where)] == where for fault in self.faults)

    def near(self, word: str, known: tuple[str, ...]) -> str | None:
        """What was probably meant."""
        return nearest(word, tuple(map(str, known)))

    def mapping(
        self, where: Where, value: Any, known: tuple[str, ...] | None = None, *, needed: bool = False
    ) -> dict[str, Any]:
        """A mapping, of the known keys alone where they are given; nothing stands for an empty one unless needed."""
        if value is None and not needed:
            return {}
        if not isinstance(value, dict) or not value:
            self.fault(where, _not_a("mapping", value), "write 'key: value' lines below it")
            return {}
        if known is None:
            return value
        for key in (key for key in value if key not in known):
            near = self.near(key, known)
            remedy = f"did you mean '{near}'?" if near else f"known are {', '.join(known)}"
            self.fault((*where, key), "unknown key", remedy)
        return {key: value[key] for key in known if key in value}

    def text(self, where: Where, value: Any) -> str | None:
        """A text, or None where nothing stands."""
        if value is None:
            return None
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        self.fault(where, _not_a("text", value), "write a text, or take the key away")
        return None

    def texts(self, where: Where, value: Any) -> tuple[str, ...]:
        """A list of texts."""
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(where, _not_a("list", value), "write a list: [a, b]")
            return ()
        read = [self._entry((*where, i), one) for i, one in enumerate(value)]
        return tuple(dict.fromkeys(text for text in read if text))

    def _entry(self, where: Where, value: Any) -> str | None:
        if value is None:
            self.fault(where, "empty", "write a text, or take the entry away")
            return None
        return self.text(where, value)

    def words(self, where: Where, value: Any) -> tuple[str, ...]:
        """A list of cues: phrases of at most eight words, in small letters but for words in capitals."""
        kept = []
        for text in self.texts(where, value):
            if not any(c.isalnum() for c in text):
                self.fault(where, f"no word: {text!r}", "write words as they are printed")
            elif len(text.split()) > MOST_WORDS:
                self.fault(where, f"more than {MOST_WORDS} words: {text!r}", "keep the words that tell it")
            else:
                kept.append(" ".join(map(_spelt, text.split())))
        return tuple(dict.fromkeys(kept))

    def slug(self, where: Where, value: str) -> None:
        """A name for use in output and filters."""
        if not _SLUG.fullmatch(value):
            self.fault(where, f"not a short name: {value!r}", "use small letters, digits and single underscores")

    def member(self, where: Where, value: Any, values: type[E]) -> E | None:
        """A value of a closed list, or None with a fault."""
        if isinstance(value, str) and value in set(values):
            return values(value)
        near = self.near(value, tuple(values)) if isinstance(value, str) else None
        what = "missing" if value is None else f"not on the list: {shown(value)}"
        self.fault(where, what, f"did you mean '{near}'?" if near else f"use one of {', '.join(values)}")
        return None


def _spelt(word: str) -> str:
    """In small letters, which match any case; words in capitals match as they are."""
    return word if word.isupper() and len(word) > 1 else word.lower()


def _not_a(wanted: str, value: Any) -> str:
    return "empty" if value in (None, "", {}, []) else f"not a {wanted}: {shown(value)}"


def shown(value: object) -> str:
    """A value as it may stand in a message."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return repr(value)
