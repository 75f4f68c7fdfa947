"""Breaches in words: what was found, what is usual, and from where on articles are held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tracker.model.assertions import Assertion, Breach

SHARES: Mapping[Assertion, str] = MappingProxyType(
    {
        Assertion.UNTITLED: "have no title",
        Assertion.TEXTLESS: "have hardly any text",
        Assertion.UNREADABLE: "cannot be read (walls, error pages, lists)",
        Assertion.UNDATED: "have no date",
        Assertion.ANONYMOUS: "have no author",
        Assertion.COPIES: "are copies of others",
        Assertion.SAME_TITLE: "have the same title",
        Assertion.SAME_TEXT: "have the same text",
        Assertion.OTHER_LANGUAGE: "are in a language that is not usual",
        Assertion.MANY_EVENTS: "tell more events than nine of ten usually do",
        Assertion.NO_EVENTS: "tell no event",
    }
)
LONGEST = 60  # characters of a title


def told(breaches: Iterable[Breach]) -> str:
    """All that does not hold, on one line."""
    return "; ".join(map(words, breaches))


def words(breach: Breach) -> str:
    """What does not hold: "90% of 12 articles have no date, usually 3% (at most 50%)"."""
    of = f"{breach.articles} articles{' of all sources' if breach.overall else ''}"
    example = f': "{_short(breach.example)}"' if breach.example else ""
    if breach.assertion is Assertion.FLOOD:
        usually = f"usually {breach.usual or 0:,.0f}"
        return f"{breach.found:,.0f} new articles at once, {usually} (at most {breach.limit:g} times as many)"
    usually = "" if breach.usual is None else f", usually {breach.usual:.0%}"
    return f"{breach.found:.0%} of {of} {SHARES[breach.assertion]}{usually} (at most {breach.limit:.0%}){example}"


def _short(title: str) -> str:
    """The beginning of a title on one line; hostile text is cleaned where it is shown."""
    line = " ".join(title.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
