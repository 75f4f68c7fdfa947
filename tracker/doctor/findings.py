"""Who is examined, and what is found: values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from tracker.store.connection import Connection


class State(StrEnum):
    """How it stands with what was looked at."""

    FINE = "fine"
    NOTE = "note"  # worth knowing
    WRONG = "wrong"
    UNKNOWN = "unknown"  # it could not be looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One installation."""

    database: Path
    config: Path | None  # feeds.yaml as it was named, if it was
    now: datetime
    thorough: bool = False
    loaders: Mapping[str, Callable[[], object]] = field(default_factory=dict)  # of the files beside feeds.yaml, by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check has found."""

    check: str
    state: State
    words: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """As a check tells it: nothing else is found than what it yields."""

    state: State
    words: str
    remedy: str | None = None


OfPatient = Callable[[Patient], Iterable[Found]]
OfContents = Callable[[Patient, Connection], Iterable[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the table of checks."""

    name: str
    meaning: str  # what is fine if nothing is found
    look: OfPatient | None = None
    inside: OfContents | None = None  # wants the database open
    thorough: bool = False  # takes long: only where it was asked for


def fine(words: str) -> Found:
    """All is well."""
    return Found(State.FINE, words)


def note(words: str, remedy: str | None = None) -> Found:
    """Worth knowing."""
    return Found(State.NOTE, words, remedy)


def wrong(words: str, remedy: str) -> Found:
    """Something is wrong."""
    return Found(State.WRONG, words, remedy)


def unknown(words: str, remedy: str | None = None) -> Found:
    """It could not be looked at."""
    return Found(State.UNKNOWN, words, remedy)
