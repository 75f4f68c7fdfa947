"""Limits on markup before a parser sees it: parsers take minutes over what is nested or long enough.

One linear pass over the tags. feedparser's time is quadratic in the attributes of a tag and in nested `xml:base`,
and about 30 µs for each tag otherwise. Does not check whether the document is well-formed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.sources.entries import MAX_ENTRIES

MAX_DEPTH = 200  # elements within elements
MAX_TAGS = 400_000  # of one document
MAX_TAG = 20_000  # characters of one tag with its attributes

_MARK = re.compile(r"<(?:(!\[CDATA\[)|(!--)|(/)|([A-Za-z_][\w:.-]{0,80})([^<>]*))")
_VOID = frozenset({"br", "img", "hr", "input", "meta"})
_ENTRIES = frozenset({"item", "entry"})
_CLOSING = {"rss": "</channel></rss>", "feed": "</feed>", "rdf:rdf": "</rdf:RDF>", "rdf": "</RDF>"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A document within its bounds, or the `fault` that keeps it from being parsed; `cut` says what was cut off."""

    text: str
    fault: str | None = None
    cut: str | None = None


def measure(text: str) -> Measured:
    """Check a feed against the bounds; one with too many entries is cut after the last one allowed."""
    depth = tags = entries = position = 0
    root = ""
    while match := _MARK.search(text, position):
        position = match.end()
        cdata, comment, closing, name, rest = match.groups()
        if cdata or comment:
            position = text.find("]]>" if cdata else "-->", position)
            if position < 0:
                break
            continue
        tags += 1
        if closing:
            depth -= depth > 0
            continue
        root = root or name.lower()
        if name in _ENTRIES:
            entries += 1
            if entries > MAX_ENTRIES:
                return Measured(text[: match.start()] + _CLOSING.get(root, ""), cut=_cut_note())
        depth += not rest.endswith("/") and name.lower() not in _VOID
        if fault := _fault(depth, tags, len(rest)):
            return Measured(text, fault=fault)
    return Measured(text)


def _fault(depth: int, tags: int, length: int) -> str | None:
    """Which bound is passed, in words."""
    if depth > MAX_DEPTH:
        return f"elements nested more than {MAX_DEPTH} deep"
    if tags > MAX_TAGS:
        return f"more than {MAX_TAGS} tags"
    if length > MAX_TAG:
        return f"a tag of more than {MAX_TAG} characters"
    return None


def _cut_note() -> str:
    return f"more than {MAX_ENTRIES} entries, only the first {MAX_ENTRIES} read"
