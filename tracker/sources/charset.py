"""Bytes to text: which encoding an answer is in.

The order is: byte order mark, what the bytes themselves prove (UTF-16 without a mark, UTF-8 with characters beyond
ASCII), the Content-Type header, the document's own declaration, windows-1252. Proof stands before the header
because servers that add `charset=iso-8859-1` to everything are common and text that happens to be valid UTF-8 is not.
Does not guess among the undeclared legacy encodings.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))

# What a label means in practice (WHATWG Encoding Standard): the superset that senders in fact use.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Labels are strangers' words: only codecs of real character sets, none of Python's odd ones (punycode is quadratic).
_CHARSETS = re.compile(r"(utf-(8|16|32)|iso|cp|gb|big5|euc|shift|koi8|mac|hp|ptcp|kz|johab|cp|ascii|tis)")
_LABEL = re.compile(r"[A-Za-z0-9._:-]{2,30}\Z")
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([^\s\"';,]+)", re.IGNORECASE)
_IN_DOCUMENT = (
    re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{2,30})[\"']"),
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([^\s\"'/>;]{2,30})", re.IGNORECASE),
)
_SNIFFED = 2048  # bytes in which a declaration is looked for
_FORGIVEN = 0.05  # share of broken sequences among the non-ASCII ones for which text is still held to be UTF-8


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`; what cannot be decoded becomes U+FFFD."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    for start, codec in _BARE:
        if body.startswith(start):
            return body.decode(codec, "replace")
    declared = _declared(body, content_type)
    if body.isascii():
        return body.decode(declared if declared.startswith("iso2022") else "ascii", "replace")
    utf8 = body.decode("utf-8", "replace")
    if _is_utf8(utf8):
        return utf8
    return body.decode(declared, "replace")


def _is_utf8(text: str) -> bool:
    """Whether text decoded as UTF-8 came from it, but for a few broken bytes (a cut, one pasted paragraph)."""
    broken = text.count("\ufffd")
    return broken == 0 or broken <= _FORGIVEN * sum(1 for char in text if char > "\x7f")


def _declared(body: bytes, content_type: str) -> str:
    """The codec that the header or the document names, else windows-1252."""
    labels = [match[1] for match in (_IN_HEADER.search(content_type),) if match]
    start = body[:_SNIFFED]
    labels += [match[1].decode("latin-1") for pattern in _IN_DOCUMENT if (match := pattern.search(start))]
    known = (_codec(label) for label in labels)
    return next((codec for codec in known if codec), "cp1252")


def _codec(label: str) -> str | None:
    """Python's name for a charset label, or None for one it does not have or that the bytes have disproved."""
    if not _LABEL.match(label):
        return None
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    if name.startswith("utf-8") or not _CHARSETS.match(name):
        return None
    return _SUPERSETS.get(name, name)
