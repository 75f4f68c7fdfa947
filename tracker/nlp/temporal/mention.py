"""The value that this room of the reader yields: a date with its place, its role and the word that gave it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tracker.model import Span, When

Role = Literal["effective", "deadline", "announced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """A date in prose.

    `when.span` is where it stands; `role` what the words around make of it, `cue` the words that decided ("with effect
    from", "dated", "immediate"; "dateline" and "heading" for a date that heads a report or an item, "name" for the year
    of a law's name) or "". `other` is the ISO prefix that the same words mean when the clause looks the other way in
    time ("on Tuesday" the next, not the last), where they are open. `deictic` says that the words count from the
    article's day and not from an earlier date of the text.
    """

    when: When
    role: Role | None = None
    cue: str = ""
    other: str | None = None
    deictic: bool = False

    @property
    def value(self) -> str:
        """The ISO prefix."""
        return self.when.value

    @property
    def span(self) -> Span:
        """Where the date stands in the text."""
        if self.when.span is None:
            raise ValueError("a date in prose has a span")
        return self.when.span
