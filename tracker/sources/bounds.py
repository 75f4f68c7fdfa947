"""Limits on markup before a parser sees it: parsers take minutes over what is nested or long enough.

One linear pass over the tags. feedparser's time is quadratic in the attributes of a tag and in nested `xml:base`,
and about 80 µs for each element otherwise, so elements that nobody here reads are taken out before it. Does not check
whether the document is well-formed.
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
# Elements without children of which no kind of source reads anything; feeds have several of them for each entry.
_UNREAD = frozenset(
    "category dc:subject dc:rights slash:comments slash:section slash:department slash:hit_parade wfw:comment "
    "wfw:commentrss thr:total media:content media:thumbnail media:credit media:keywords media:category "
    "media:copyright media:rating media:text media:player itunes:title itunes:duration itunes:explicit itunes:image "
    "itunes:keywords itunes:episode itunes:episodetype itunes:season itunes:block itunes:category georss:point "
    "geo:lat geo:long post-id gd:image feedburner:awareness".split()
)
_LEAF = re.compile(r"[^<]{0,5000}(?:<!\[CDATA\[(?:[^\]]|\](?!\]>)){0,5000}\]\]>[^<]{0,5000})?</([\w:.-]{1,80})\s*>")
_CLOSING = {"rss": "</channel></rss>", "feed": "</feed>", "rdf:rdf": "</rdf:RDF>", "rdf": "</RDF>"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A document within its bounds, or the `fault` that keeps it from being parsed; `cut` says what was cut off."""

    text: str
    fault: str | None = None
    cut: str | None = None


def measure(text: str) -> Measured:
    """Check a feed against the bounds; one with too many entries, or tags in them, is cut after the last allowed."""
    depth = tags = entries = position = copied = 0
    root = ""
    kept: list[str] = []
    while match := _MARK.search(text, position):
        position = match.end()
        cdata, comment, closing, name, rest = match.groups()
        if cdata or comment:
            position = text.find("]]>" if cdata else "-->", position)
            if position < 0:
                break
            continue
        tags += 1
        if fault := _fault(depth, tags, len(rest or ""), has_entries=entries > 0):
            return Measured(text, fault=fault)
        if closing:
            depth -= depth > 0
            continue
        root = root or name.lower()
        if end := _unread(text, name, rest, position):
            kept.append(text[copied : match.start()])
            copied = position = end
            tags -= 1
            continue
        if name in _ENTRIES:
            if entries == MAX_ENTRIES or (entries and tags > MAX_TAGS):
                whole = [*kept, text[copied : match.start()], _CLOSING.get(root, "")]
                return Measured("".join(whole), cut=_cut_note(entries))
            entries += 1
        depth += not rest.endswith("/") and name.lower() not in _VOID
    return Measured("".join([*kept, text[copied:]]))


def _unread(text: str, name: str, rest: str, position: int) -> int:
    """Where an element ends that nobody reads; 0 for any other, and for one that is not whole or not a leaf."""
    if name.lower() not in _UNREAD or text[position : position + 1] != ">":
        return 0
    if rest.endswith("/"):
        return position + 1
    leaf = _LEAF.match(text, position + 1)
    return leaf.end() if leaf and leaf[1] == name else 0


def _fault(depth: int, tags: int, length: int, *, has_entries: bool) -> str | None:
    """Which bound is passed, in words."""
    if depth > MAX_DEPTH:
        return f"elements nested more than {MAX_DEPTH} deep"
    if tags > (2 * MAX_TAGS if has_entries else MAX_TAGS):  # a feed is cut at the next entry
        return f"more than {MAX_TAGS} tags"
    if length > MAX_TAG:
        return f"a tag of more than {MAX_TAG} characters"
    return None


def _cut_note(entries: int) -> str:
    return f"more than {entries} entries, only the first {entries} read"
