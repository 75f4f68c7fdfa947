"""Who is told how far a run has come; it knows nothing of what the run does."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Who is told how far a refresh has come."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage starts."""
        ...

    def advance(self, count: int = 1) -> None:
        """Some of it is done."""
        ...

    def end(self) -> None:
        """It is over."""
        ...


class Quiet:
    """A watch that tells nobody."""

    def begin(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, count: int = 1) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
