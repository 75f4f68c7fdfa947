"""In what form an input is: JSON lines, plain text or HTML; by what it is called, what a server says, how it begins.

A file's suffix speaks before its beginning, a server's Content-Type before both; `--format` before all. What is none
of the three is refused with the remedy. Reads no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath
from types import MappingProxyType

from tracker.articles import is_html
from tracker.errors import InputError


class Form(StrEnum):
    """What an input is made of."""

    JSONL = "jsonl"
    TEXT = "text"
    HTML = "html"


SUFFIXES: Mapping[str, Form] = MappingProxyType(
    {
        ".jsonl": Form.JSONL, ".ndjson": Form.JSONL, ".json": Form.JSONL,
        ".txt": Form.TEXT, ".text": Form.TEXT, ".md": Form.TEXT,
        ".html": Form.HTML, ".htm": Form.HTML, ".xhtml": Form.HTML,
    }
)  # fmt: skip
JSON_TYPES = frozenset({"application/json", "application/jsonl", "application/x-ndjson", "application/json-lines"})
READABLE_TYPES = frozenset({"", "application/octet-stream", "application/xml", "application/xhtml+xml"})

# Beginnings of what is often handed in and is no text, with what to do about it.
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF; turn it into text first, for instance with pdftotext"),
    (b"PK\x03\x04", "a zip archive (as .docx and .epub are); save its text as .txt or .html"),
    (b"\x1f\x8b", "gzip; unpack it first, for instance with gunzip"),
    (b"\xd0\xcf\x11\xe0", "an old Office file; save its text as .txt or .html"),
)
_MARKS = (b"\xff\xfe", b"\xfe\xff")  # byte order marks of UTF-16, in which every other byte may be 0
_LOOKED_AT = 4_096  # bytes of the beginning


def form(name: str, start: bytes, *, content_type: str = "") -> Form:
    """The form of an input called `name` that begins with `start`, whose first line is not blank.

    Raises:
        InputError: it is none of the three.
    """
    told = content_type.partition(";")[0].strip().lower()
    if (fault := _fault(told, start)) is not None:
        raise InputError(f"{name}: {fault}")
    if told in JSON_TYPES:
        return Form.JSONL
    suffix = None if told else suffix_form(name)
    return suffix or _by_beginning(told, start)


def suffix_form(name: str) -> Form | None:
    """The form that a file's suffix names, or None."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def _by_beginning(told: str, start: bytes) -> Form:
    if is_html(told, start):
        return Form.HTML
    return Form.JSONL if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[{")) else Form.TEXT


def _fault(told: str, start: bytes) -> str | None:
    """Why this is no text, or None."""
    for beginning, what in FOREIGN:
        if start.startswith(beginning):
            return f"is {what}"
    if told not in READABLE_TYPES | JSON_TYPES and not told.startswith("text/"):
        return f"the server sends {told}, which is not read; save its text and name the file"
    if b"\0" in start[:_LOOKED_AT] and not start.startswith(_MARKS):
        return "is no text; give JSON lines, plain text or HTML"
    return None
