"""What the articles of a source must be like together for their reports to be published, and what they were not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Assertion(StrEnum):
    """What is asserted of articles that came together; the names are those of feeds.yaml."""

    UNTITLED = "untitled"  # the share without a title of their own
    TEXTLESS = "textless"  # the share with hardly any text
    UNREADABLE = "unreadable"  # the share that is a wall, an error page, a list …
    UNDATED = "undated"  # the share without a date
    ANONYMOUS = "anonymous"  # the share without an author
    COPIES = "copies"  # the share that repeats an article that was there before
    SAME_TITLE = "same_title"  # the largest share under one title
    SAME_TEXT = "same_text"  # the largest share with one text
    OTHER_LANGUAGE = "other_language"  # the share in languages that the source hardly uses
    FLOOD = "flood"  # how many times as many as usual
    MANY_EVENTS = "many_events"  # the share that tells more events than nine of ten usually do
    NO_EVENTS = "no_events"  # the share, of all sources together, that tells none


# The largest shares, and the largest multiple, that are published; None: nothing is asserted.
LIMITS: tuple[tuple[Assertion, float | None], ...] = (
    (Assertion.UNTITLED, 0.5),
    (Assertion.TEXTLESS, 0.5),
    (Assertion.UNREADABLE, 0.8),
    (Assertion.UNDATED, 0.5),
    (Assertion.ANONYMOUS, None),  # outlets drop bylines, and nothing rests on them
    (Assertion.COPIES, 0.9),
    (Assertion.SAME_TITLE, 0.5),
    (Assertion.SAME_TEXT, 0.5),
    (Assertion.OTHER_LANGUAGE, 0.5),
    (Assertion.FLOOD, 10.0),
    (Assertion.MANY_EVENTS, 0.6),
    (Assertion.NO_EVENTS, 0.95),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How articles are judged: of a source, or where a source says nothing, of all."""

    enabled: bool = True
    together: int = 10  # new articles of a source, with its last ones where they are fewer, that are judged together
    history: int = 30  # published articles from which on it is known what is usual in a source
    of: tuple[tuple[Assertion, float | None], ...] = LIMITS

    def limit(self, assertion: Assertion) -> float | None:
        """The most that is published; None: nothing is asserted."""
        return dict(self.of).get(assertion)


USUAL = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article as it is judged."""

    id: str
    title: str
    stored: datetime
    is_titled: bool
    has_text: bool
    has_date: bool
    has_author: bool
    unread: str | None  # why it is not read
    language: str | None
    origin: str  # the article that it repeats, or itself
    reports: int  # events that it tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a source brought, and what it brought before."""

    new: tuple[Arrival, ...]
    last: tuple[Arrival, ...]  # before that, published or held, newest first
    past: tuple[Arrival, ...]  # published, newest first: what is usual
    is_released: bool = False  # the past begins with what somebody has released


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """An assertion that does not hold."""

    assertion: Assertion
    overall: bool  # of all sources together
    articles: int  # that were judged
    found: float
    usual: float | None  # None: not known
    limit: float
    example: str  # title of an article that shows it


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """What was held back of a source in one refresh."""

    source_id: str
    articles: int
    reports: int
    reasons: tuple[Breach, ...]


class Ruling(StrEnum):
    """What somebody decides about what was held back."""

    RELEASED = "released"  # its reports make events; this is what the source is like now
    DISCARDED = "discarded"  # its reports never make events
    RETRIED = "retried"  # its pages are asked for again, and judged again
