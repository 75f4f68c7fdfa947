"""HTML pages parsed within bounds: parsers take minutes over what is long or nested enough. Selects nothing."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

MAX_CHARACTERS = 5_000_000
MAX_TAGS = 200_000
MAX_TAG = 20_000  # characters of one tag with its attributes
MAX_DEPTH = 200  # elements within elements: Beautiful Soup goes through all of them for each piece of text
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{MAX_TAG}}}")


def soup(text: str) -> BeautifulSoup | None:
    """The page parsed, or None for what has no tags or is beyond the bounds."""
    if len(text) > MAX_CHARACTERS or not 0 < text.count("<") <= MAX_TAGS or _LONG_TAG.search(text):
        return None
    if text.count("<") > MAX_DEPTH and _is_deep(text):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)  # what it is not is told by finding nothing
        try:
            return BeautifulSoup(text, "lxml")
        except ParserRejectedMarkup:
            return None


def _is_deep(text: str) -> bool:
    """Whether elements are nested beyond the bound, as the parser closes them; it ends a tree itself at 256."""
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # there is nothing in it
        return False
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def attribute(tag: Tag | None, name: str) -> str | None:
    """An attribute as text; those that are lists (class, rel) count as none."""
    value = tag.get(name) if tag else None
    return str(value) if isinstance(value, str) else None
