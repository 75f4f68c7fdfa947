"""Bytes of a page or file to text.

In this order: byte order mark, valid UTF-8 (beyond ASCII that is no accident, whatever a header says), the
Content-Type header, the page's own declaration, detection. Labels are read as browsers read them (`iso-8859-1` is
windows-1252, `gb2312` is gb18030), and a label that does not fit the bytes is passed over.
"""

from __future__ import annotations

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

SAMPLE = 64 * 1024  # bytes that detection looks at
FALLBACK = "cp1252"
TOLERATED = 5  # a label fits as long as there are this many good characters beyond ASCII for each broken one


def decode(body: bytes, content_type: str = "") -> str:
    """The text; never fails, bytes that fit nothing become U+FFFD."""
    bom, mark = read_bom(body)
    if bom is not None and mark is not None:
        return _clean(body[len(mark) :].decode(bom, "replace"))
    try:
        return _clean(body.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    for name in (http_content_type_encoding(content_type), _declared(body)):
        text = _fitting(body, name) if name else None
        if text is not None:
            return _clean(text)
    best = from_bytes(body[:SAMPLE], steps=5, chunk_size=512).best()
    return _clean(body.decode(best.encoding if best is not None else FALLBACK, "replace"))


def _declared(body: bytes) -> str | None:
    """The page's own word; a declaration that can be read as ASCII is not UTF-16, whatever it says (WHATWG)."""
    name = html_body_declared_encoding(body)
    return "utf-8" if name and name.startswith(("utf-16", "utf-32")) else name


def _fitting(body: bytes, name: str) -> str | None:
    """The text in an encoding, or None where the bytes say that it is another one."""
    text = body.decode(name, "replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore")) if broken else 0
    return text if name == FALLBACK or broken * TOLERATED <= beyond_ascii else None


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
