"""Spans, phrases and dates, and what a stage yields for one input."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Generic, Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A piece of an article: `text[start:end]`, or of its title where `field` says so."""

    start: int
    end: int
    field: Literal["text", "title"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words of an article with the place they stand at."""

    text: str
    span: Span


class Basis(StrEnum):
    """Where a date comes from, best first."""

    STATED = "stated"  # written out in the text
    RELATIVE = "relative"  # "on Tuesday", counted from the article's date
    METADATA = "metadata"  # the page's JSON-LD or meta tags
    PAGE = "page"  # the page's visible text or its URL
    FEED = "feed"  # the source that listed the article
    FETCHED = "fetched"  # nothing better than the time it was fetched


class Precision(StrEnum):
    """How much of an ISO date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date as far as it is known: an ISO 8601 prefix (`2024`, `2024-07`, `2024-07-09`, or a full UTC time)."""

    value: str
    basis: Basis
    span: Span | None = None

    @property
    def precision(self) -> Precision:
        """The precision, which the length of an ISO prefix gives."""
        lengths = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
        return lengths.get(len(self.value), Precision.TIME)

    @property
    def day(self) -> str:
        """The date without its time of day (`2024-07` stays a month)."""
        return self.value[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[T]):
    """A stage did its work on one input."""

    value: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Nothing was done, on purpose (robots.txt forbids it, the language is not read)."""

    reason: str
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It did not work this time; trying again later may help (a timeout, a 503)."""

    reason: str
    retry_after: timedelta | None = None  # the least wait that the other side asked for
    status: int | None = None  # of HTTP, where there was an answer
    postponed: bool = False  # nothing was asked: the site rests, or answers nobody, by what others were told before


@dataclass(frozen=True, slots=True, kw_only=True)
class Poison:
    """It will not work however often it is tried (404, not a feed, larger than the cap)."""

    reason: str
    status: int | None = None  # of HTTP, where there was an answer
