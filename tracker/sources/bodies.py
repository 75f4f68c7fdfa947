"""What an answer's body looks like, in words for people, and its unpacking where the file itself is compressed.

Does not undo Content-Encoding, which is the network's business.
"""

from __future__ import annotations

import re
import zlib

from tracker.encoding import decode
from tracker.sources.plain import plain, scrub

EMPTY = "empty body"
_SHOWN = 80  # characters of a title or text shown in a reason

# First bytes -> what they are; the order matters where one begins another.
_MAGIC = (
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or sound"),
)
# First tag, lower case -> what the document is.
_ROOTS = {
    "html": "an HTML page",
    "head": "an HTML page",
    "body": "an HTML page",
    "rss": "an RSS feed",
    "feed": "an Atom feed",
    "rdf": "an RDF document",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap index",
    "opml": "an OPML list",
    "svg": "an image",
}
_ROOT = re.compile(r"<(?:\w+:)?([A-Za-z][\w.-]*)")
_BEFORE_ROOT = re.compile(r"\s*(?:<\?[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!doctype[^>]*>\s*)*", re.IGNORECASE)
_HTML = re.compile(r"<body|<!doctype html\b", re.IGNORECASE)  # <html> itself may be left away
_TITLE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)


def looks_like(body: bytes, content_type: str = "") -> str:
    """A few words for what `body` is: `an HTML page ("Access denied")`, `empty`, `binary data`."""
    start = body[:4096]
    for magic, name in _MAGIC:
        if start.startswith(magic):
            return name
    if not start.strip():
        return EMPTY
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        return "binary data"
    text = decode(start, content_type).lstrip("\ufeff \t\r\n")
    return _markup(text) or _data(text)


def not_a(kind: str, body: bytes, content_type: str) -> str:
    """The reason why `body` is not `kind`: `an HTML page ("Access denied"), not a feed`."""
    looks = looks_like(body, content_type)
    return looks if looks == EMPTY else f"{looks}, not {kind}"


def _markup(text: str) -> str | None:
    """What a document in angle brackets is, with its title where it has one."""
    root = _ROOT.match(text, _BEFORE_ROOT.match(text).end())  # type: ignore[union-attr]  # matches the empty string
    if not root:
        return None
    name = _ROOTS.get(root[1].lower(), "an HTML page" if _HTML.search(text) else f"XML <{root[1][:30]}>")
    title = _TITLE.search(text)
    words = plain(title[1])[:_SHOWN] if title else ""
    return f'{name} ("{words}")' if words else name


def _data(text: str) -> str:
    """What a document without markup is."""
    shown = " ".join(scrub(text).split())[:_SHOWN]
    name = {"{": "JSON", "[": "JSON", "<": "broken markup"}.get(text[:1], "plain text")
    return f"{name} ({shown})"


def unpack(body: bytes, limit: int) -> bytes | None:
    """A gzip file's content, cut short files included as far as they go; None when it exceeds `limit` or is broken."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        unpacked = inflater.decompress(body, limit + 1)
    except zlib.error:
        return None
    return unpacked if len(unpacked) <= limit else None
