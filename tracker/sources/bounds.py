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
MAX_PEOPLE = 1_000  # characters of a name or mail address
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
# Elements in which feedparser looks for a mail address, in a time quadratic in their length.
_PEOPLE = frozenset("author contributor creator email managingeditor name owner publisher webmaster".split())
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
        if name in _ENTRIES:
            if entries == MAX_ENTRIES or (entries and tags > MAX_TAGS):
                whole = [*kept, text[copied : match.start()], _CLOSING.get(root, "")]
                return Measured("".join(whole), cut=_cut_note(entries))
            entries += 1
        start, end = _left_out(text, match)
        if end:
            kept.append(text[copied:start])
            copied = position = end
        is_kept = not end or start > match.start()
        tags -= not is_kept
        depth += is_kept and not rest.endswith("/") and name.lower() not in _VOID
    return Measured("".join([*kept, text[copied:]]))


def _left_out(text: str, tag: re.Match[str]) -> tuple[int, int]:
    """Start and end of what is left out at an opening tag: an element that nobody reads, a name of absurd length."""
    name, inside = tag[4].lower(), tag.end() + 1
    if text[tag.end() : inside] != ">":
        return 0, 0
    if name in _UNREAD:
        leaf = None if tag[5].endswith("/") else _LEAF.match(text, inside)
        end = leaf.end() if leaf and leaf[1] == tag[4] else 0
        return tag.start(), inside if tag[5].endswith("/") else end
    if name.rpartition(":")[2] in _PEOPLE:
        end = _end_of_text(text, inside)
        return inside, end if end > inside + MAX_PEOPLE else 0
    return 0, 0


def _end_of_text(text: str, start: int) -> int:
    """Where the text that begins at `start`, with its CDATA, ends: at the next tag."""
    end = start
    while (end := text.find("<", end)) >= 0 and text.startswith("<![CDATA[", end):
        closing = text.find("]]>", end)
        end = closing + 3 if closing >= 0 else len(text)
    return end if end >= 0 else len(text)


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
