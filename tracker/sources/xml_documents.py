"""XML from strangers: read within bounds, as far as it goes, entities not expanded and nothing loaded.

Elements go by their local names, whatever their namespace. Does not know what the elements mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from tracker.encoding import decode
from tracker.model import Page

MAX_BYTES = 50_000_000
MAX_TAGS = 1_000_000
MAX_TAG = 20_000  # characters of one tag with its attributes; libxml2 compares each with all before it
LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{MAX_TAG}}}")
_REFERENCE = re.compile(r"&#(x[0-9a-fA-F]{1,8}|[0-9]{1,8});?")


def root(page: Page) -> tuple[etree._Element | None, str | None]:
    """The document's root, or None for what is no XML or beyond the bounds; and where it is broken, if it is.

    libxml2 itself stops at 256 levels.
    """
    words = decode(page.body, page.content_type).strip() if len(page.body) <= MAX_BYTES else ""
    if not words.startswith("<") or words.count("<") > MAX_TAGS or LONG_TAG.search(words):
        return None, None
    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        found = etree.fromstring(whole_characters(words).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, None
    faults = parser.error_log.filter_from_fatals()
    return found, f"XML broken at line {faults[0].line} ({faults[0].message})" if faults else None


def whole_characters(text: str) -> str:
    """The text without references to half a surrogate pair: lxml takes those in and cannot give them back."""
    return _REFERENCE.sub(_without_surrogates, text)


def children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children called `name`."""
    return (child for child in parent if local_name(child) == name)


def local_name(element: etree._Element) -> str:
    """The name without its namespace; comments, entities and processing instructions have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its local name."""
    found = (value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name)
    return next((str(value) for value in found), None)


def content(element: etree._Element) -> str:
    """All text inside an element, comments and entities aside (`string()` of XPath would expand these)."""
    pieces = [element.text or ""]
    for one in element.iterdescendants():
        pieces += (one.text or "" if isinstance(one.tag, str) else "", one.tail or "")
    return "".join(pieces).strip()


def _without_surrogates(reference: re.Match[str]) -> str:
    """A character reference, or U+FFFD for half a pair."""
    code = reference[1]
    number = int(code[1:], 16) if code.startswith("x") else int(code)
    return "\ufffd" if 0xD800 <= number <= 0xDFFF else reference[0]
