"""All that can be said of a user's file: its faults, or its warnings and how its examples fare with the real reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import nlp
from tracker.errors import ConfigError
from tracker.nlp.ontology import load_ontology
from tracker.nlp.own.checking import load
from tracker.nlp.own.proving import Outcome, proved
from tracker.nlp.own.values import Own
from tracker.nlp.own.warnings import warnings

if TYPE_CHECKING:
    from tracker.nlp.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of checking a file; without `own` it has faults and was not read further."""

    path: Path
    own: Own | None = None
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    @property
    def is_ok(self) -> bool:
        """Whether there is no fault and every example holds; warnings do no harm."""
        return not self.faults and all(outcome.is_ok for outcome in self.outcomes)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "path": str(self.path),
            "ok": self.is_ok,
            "faults": list(self.faults),
            "warnings": list(self.warnings),
            "examples": [_plain(outcome) for outcome in self.outcomes],
        }


def examined(path: Path, *, model: str | None = None) -> Report:
    """Check a user's file and read its examples.

    Args:
        path: the file.
        model: the spaCy package to read with; None for the default.

    Raises:
        ModelError: the language model cannot be loaded.
    """
    try:
        own = load(path)
        reader = nlp.load(model, own)
    except ConfigError as error:
        return Report(path=path, faults=error.faults)
    told = [
        *warnings(own, load_ontology(), lambda phrase: _is_found(reader, phrase)),
        *reader.gazetteer.tables.warnings,
    ]
    return Report(path=path, own=own, warnings=tuple(told), outcomes=tuple(proved(own, reader, reader.gazetteer)))


def _is_found(reader: Reader, phrase: str) -> bool:
    """Whether the lexicon finds the phrase in a text that is the phrase alone."""
    doc = reader.language.make_doc(phrase)
    return any(hit.start == 0 and hit.end == len(doc) for hit in reader.lexicon.find(doc).hits)


def _plain(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "number": outcome.number,
        "line": outcome.example.line,
        "text": outcome.example.text,
        "ok": outcome.is_ok,
        "wanted": outcome.wanted,
        "found": list(outcome.found),
    }
