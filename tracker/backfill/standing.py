"""How far a backfill has come, as values: shares by bytes, rates, time left. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is done of what there is to do; `seconds` since this run began, which had `bytes_before` done already."""

    chunks: int
    chunks_of: int
    bytes: int
    bytes_of: int
    bytes_before: int = 0
    articles: int = 0  # of this run
    reports: int = 0
    refused: int = 0
    workers: int = 0
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """0 to 1, by bytes; by chunks where nobody knows the bytes."""
        if self.bytes_of:
            return self.bytes / self.bytes_of
        return self.chunks / self.chunks_of if self.chunks_of else 1.0

    @property
    def rate(self) -> float | None:
        """Articles in a second; None before there are any."""
        return self.articles / self.seconds if self.articles and self.seconds > 0 else None

    @property
    def left(self) -> float | None:
        """Seconds until the end, at the rate so far; None before anything is done."""
        done = self.bytes - self.bytes_before
        if done <= 0 or self.seconds <= 0:
            return None
        return self.seconds * (self.bytes_of - self.bytes) / done


class Watches(Protocol):
    """Who is told how far a backfill has come."""

    def __call__(self, standing: Standing) -> None:
        """It stands so."""
        ...


def unwatched(standing: Standing) -> None:
    """Tell nobody."""
