"""What is refused before a parser sees it: pages built, or broken, so that parsing them takes minutes.

libxml2 compares every attribute of a tag with all before it (50,000 of them take 20 seconds), and trafilatura's cost
grows with the square of the elements on one level. Each check is one linear pass. Nesting needs no check: libxml2
flattens what is deeper than 256.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

MAX_CHARS = 8_000_000  # of a page's HTML
MAX_ATTRIBUTES = 500  # of one tag
MAX_ELEMENTS = 30_000  # of a page
MAX_TEXT = 400_000  # characters of an article
BEGINNING = 1_000  # characters of a page that are looked at for whether it is text at all
MOST_CONTROLS = 8  # control characters in them; compressed data and pictures have a hundred, pages none

# A script's content is skipped: a comparison in it looks like a tag. Whatever is left open ends with the page, so that
# no character is looked at twice.
_TAG = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+|<(?P<raw>(?ai:script|style))\b(?:[^<]++|<(?!/(?ai:(?P=raw))))*+|"
    r"""<(?P<tag>[a-zA-Z](?:[^=>]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+)""",
)
_TOO_MANY = etree.XPath(f"boolean(descendant-or-self::*[{MAX_ELEMENTS + 1}])")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LONG_TAG = 4 * MAX_ATTRIBUTES - 1  # an attribute takes two characters at least, blank included
_QUOTED = re.compile(r"""=\s*(?:"[^"]*+"?|'[^']*+'?)""")
_ATTRIBUTE = re.compile(r"[^\s/]+")


def binary_fault(text: str) -> str | None:
    """Why this is no text, whatever its type says, or None."""
    if len(_CONTROLS.findall(text[:BEGINNING])) > MOST_CONTROLS:
        return "format: binary data under the type of a page"
    return None


def markup_fault(html: str) -> str | None:
    """Why this HTML is not parsed, or None."""
    if len(html) > MAX_CHARS:
        return f"the page has {len(html):,} characters, more than the cap of {MAX_CHARS:,}"
    for found in _TAG.finditer(html):
        tag = found["tag"]
        if tag is not None and len(tag) > _LONG_TAG and _attributes(tag) > MAX_ATTRIBUTES:
            return f"a tag has more than {MAX_ATTRIBUTES} attributes"
    return None


def tree_fault(tree: HtmlElement) -> str | None:
    """Why this parsed page is not read, or None."""
    if _TOO_MANY(tree):
        return f"the page has more than {MAX_ELEMENTS:,} elements"
    return None


def text_fault(text: str) -> str | None:
    """Why this text is no article, or None."""
    return f"the text has {len(text):,} characters, more than the cap of {MAX_TEXT:,}" if len(text) > MAX_TEXT else None


def _attributes(tag: str) -> int:
    return len(_ATTRIBUTE.findall(_QUOTED.sub("= ", tag))) - 1
