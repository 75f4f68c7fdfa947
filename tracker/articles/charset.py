"""Bytes of a page or file to text that parsers and spans can rely on. Which encoding it is, `tracker.encoding` says."""

from __future__ import annotations

from tracker import encoding


def decode(body: bytes, content_type: str = "") -> str:
    """The text without NULs, its line ends single; never fails, bytes that fit nothing become U+FFFD."""
    text = encoding.decode(body, content_type)
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
