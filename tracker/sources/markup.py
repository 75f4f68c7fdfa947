"""HTML pages parsed within bounds: parsers take minutes over what is long or nested enough. Selects nothing."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup

MAX_CHARACTERS = 5_000_000
MAX_TAGS = 200_000
MAX_TAG = 20_000  # characters of one tag with its attributes
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{MAX_TAG}}}")


def soup(text: str) -> BeautifulSoup | None:
    """The page parsed, or None for what has no tags or is beyond the bounds."""
    if len(text) > MAX_CHARACTERS or not 0 < text.count("<") <= MAX_TAGS or _LONG_TAG.search(text):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)  # what it is not is told by finding nothing
        try:
            return BeautifulSoup(text, "lxml")
        except ParserRejectedMarkup:
            return None


def attribute(tag: Tag | None, name: str) -> str | None:
    """An attribute as text; those that are lists (class, rel) count as none."""
    value = tag.get(name) if tag else None
    return str(value) if isinstance(value, str) else None
