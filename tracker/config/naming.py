"""Ids and groups for new sources: short names made of titles and hosts, the same for the same source every time.

Knows no file and asks nobody; what is taken is handed in.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable

MAX_ID = 48  # characters, so that a mark against doubles still fits into 64
MARK = 4  # hex digits of the address that tell two sources of one name apart
# Letters that do not come apart into a plain one and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "&": " and "}
)


def slug(text: str) -> str:
    """The words of a text in lower-case ASCII, joined by hyphens; "" where none can be written so."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign)).replace("'", "").replace("’", "")
    return _short("-".join(re.findall(r"[a-z0-9]+", bare)))


def source_id(names: Iterable[str], address: str, taken: Container[str]) -> str:
    """An id that is not taken: the first of the names that gives one, else that name marked with its address."""
    known = [short for name in names if len(short := slug(name)) > 1] or ["source"]
    free = next((short for short in known if short not in taken), None)
    return free or next(
        marked for length in range(MARK, 65) if (marked := f"{known[0]}-{_mark(address, length)}") not in taken
    )


def group(folder: str) -> str:
    """The group for a folder of any name."""
    return slug(folder) or f"group-{_mark(folder, MARK)}"


def _short(text: str) -> str:
    """A slug cut at a hyphen, where there is one."""
    if len(text) <= MAX_ID:
        return text
    cut = text[:MAX_ID]
    return cut if text[MAX_ID] == "-" else cut.rpartition("-")[0] or cut


def _mark(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
