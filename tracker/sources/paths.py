"""Dotted paths into a document of JSON or XML: what lies there, as a list of places or of texts.

    results.bindings          a key (JSON) or an element (XML) inside another
    feed.entry.link.@href     an attribute (XML); in JSON a key that begins so
    authors.0.name            one element of a list, from 0; without a number, all of them
    *                         the elements of a document of JSON that is itself a list

In XML the path starts at the root element, or right beneath it. Raises nothing, whatever the document holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from tracker.sources import xml_documents

EACH = "*"
MAX_PLACES = 50_000  # that one step leads to


def places(start: Any, path: str) -> list[Any]:
    """What lies at a path: values of JSON, elements of XML, texts of attributes; lists stand for their elements."""
    found = [start]
    for step in path.split("."):
        found = _step(found, step)
    return _flat(found)


def from_root(document: Any, path: str) -> list[Any]:
    """The same from a whole document; in XML the root's own name may lead the path."""
    if isinstance(document, etree._Element):  # noqa: SLF001  lxml's one name for the type of an element
        name, _, rest = path.partition(".")
        if name == xml_documents.local_name(document):
            return places(document, rest) if rest else [document]
    elif path.partition(".")[0] == EACH:
        return places(document, path.partition(".")[2]) if "." in path else _flat([document])
    return places(document, path)


def texts(start: Any, path: str | None) -> list[str]:
    """The texts at a path, those of numbers too, without empty ones."""
    return said(places(start, path)) if path else []


def said(found: list[Any]) -> list[str]:
    """The texts of places, without empty ones."""
    return [words for place in found if (words := _text(place))]


def _step(found: list[Any], step: str) -> list[Any]:
    if step.isdecimal() and step.isascii() and len(step) < 7:
        return list(_numbered(found, int(step), step))
    return [inner for place in _flat(found) for inner in _inside(place, step)][:MAX_PLACES]


def _numbered(found: list[Any], number: int, step: str) -> Iterator[Any]:
    """One element of each list of JSON, or of all elements of XML that the path has led to."""
    elements = [place for place in found if isinstance(place, etree._Element)]  # noqa: SLF001  as above
    yield from elements[number : number + 1]
    for place in found:
        if isinstance(place, list):
            yield from place[number : number + 1]
        elif isinstance(place, dict) and step in place:
            yield place[step]


def _inside(place: Any, step: str) -> Iterator[Any]:
    if isinstance(place, dict):
        if step in place:
            yield place[step]
    elif isinstance(place, etree._Element):  # noqa: SLF001  as above
        if not step.startswith("@"):
            yield from xml_documents.children(place, step)
        elif (value := xml_documents.attribute(place, step[1:])) is not None:
            yield value


def _flat(found: list[Any]) -> list[Any]:
    """Lists replaced by their elements, once."""
    return [one for place in found for one in (place if isinstance(place, list) else [place])][:MAX_PLACES]


def _text(place: Any) -> str | None:
    if isinstance(place, etree._Element):  # noqa: SLF001  as above
        return xml_documents.content(place)
    if isinstance(place, bool) or not isinstance(place, str | int | float):
        return None
    return str(place).strip()
