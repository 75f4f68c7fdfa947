"""Text as blocks: paragraphs, headings, lists and tables, each a string, parted by blank lines when joined.

Two ways in: `main` finds the article on a whole page (trafilatura, the only place it is called), `fragment` takes all
of a piece of HTML (a feed's content, a social post). List items are lines that begin with "- ", table rows are lines
with " | " between the cells. Not here: what of the blocks is boilerplate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

LISTS = frozenset({"list", "ul", "ol", "dl"})
ITEMS = frozenset({"item", "li", "dt", "dd"})
ROWS, CELLS = frozenset({"row", "tr"}), frozenset({"cell", "td", "th"})
CONTAINERS = frozenset(
    "body html div section article main header quote blockquote figure center details form fieldset address thead tbody tfoot".split()
)
PARAGRAPHS = frozenset("p head h1 h2 h3 h4 h5 h6 ab pre summary figcaption caption hr".split())
VERBATIM = frozenset({"pre"})
BREAKS = frozenset({"lb", "br"})
BREAK = "\x1e"
DROPPED = frozenset(
    "script style noscript template iframe svg object form button input select textarea head nav".split()
)
INVISIBLE = frozenset({"invisible", "hidden", "sr-only"})  # class names: a social post's cut-off parts of an address

_BLOCK = LISTS | ITEMS | ROWS | CELLS | CONTAINERS | PARAGRAPHS | {"table"}
_TWO_BREAKS = re.compile(rf"{BREAK}(?:\s*{BREAK})+")
_DATA_URI = re.compile(r"""data:[\w/+.;-]+,[^"')\s>]{2000,}""")


def parsed(html: str) -> HtmlElement | None:
    """The tree of a page or fragment; None where there is nothing to parse."""
    parser = HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
    body = _DATA_URI.sub("", html).encode("utf-8", "replace")
    try:
        return document_fromstring(body, parser=parser) if body.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def main(tree: HtmlElement) -> tuple[str, ...]:
    """The blocks of a page's article; the tree stays as it is."""
    found = bare_extraction(deepcopy(tree), include_comments=False, include_tables=True)
    body = getattr(found, "body", None)
    return () if body is None else _rendered(body)


def fragment(html: str) -> tuple[str, ...]:
    """The blocks of a piece of HTML or plain text, all of it."""
    if "<" not in html and "&" not in html:
        return plain(html)
    tree = parsed(html)
    if tree is None:
        return ()
    for element in list(tree.iter("*")):
        if (element.tag in DROPPED and element.tag != "head") or INVISIBLE & set((element.get("class") or "").split()):
            element.drop_tree() if element.getparent() is not None else None
    return _rendered(tree)


def plain(text: str) -> tuple[str, ...]:
    """The paragraphs of a plain text: what blank lines part."""
    pieces = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    lines = ([" ".join(line.split()) for line in piece.splitlines()] for piece in pieces)
    return tuple(block for piece in lines if (block := "\n".join(line for line in piece if line)))


def _rendered(element: etree._Element) -> tuple[str, ...]:
    return tuple(block for block in _blocks(element) if block)


def _blocks(element: etree._Element) -> Iterator[str]:
    """Blocks of a container; its loose text between blocks makes blocks of its own."""
    loose = [element.text or ""]
    for child in element:
        if child.tag in _BLOCK:
            yield from _paragraphs("".join(loose))
            loose = []
            yield from _block(child)
        else:
            loose.append(_inline(child))
        loose.append(child.tail or "")
    yield from _paragraphs("".join(loose))


def _block(element: etree._Element) -> Iterator[str]:
    if element.tag in LISTS:
        yield "\n".join(_items(element, ""))
    elif element.tag == "table":
        yield "\n".join(_rows(element))
    elif element.tag in VERBATIM:
        yield from plain("".join(map(str, element.itertext())))
    elif any(child.tag in _BLOCK for child in element):
        yield from _blocks(element)
    else:
        yield from _paragraphs(_inline(element))


def _items(element: etree._Element, indent: str) -> Iterator[str]:
    for item in element:
        nested = [child for child in item if child.tag in LISTS]
        line = _line(item.text or "", *(_inline(child) + (child.tail or "") for child in item if child not in nested))
        if line:
            yield f"{indent}- {line}"
        for inner in nested:
            yield from _items(inner, indent + "  ")


def _rows(table: etree._Element) -> Iterator[str]:
    for row in table.iter(*ROWS):
        cells = [_line(_inline(cell)) for cell in row if cell.tag in CELLS]
        if any(cells):
            yield " | ".join(cells)


def _inline(element: etree._Element) -> str:
    """The text of an element; marked-up line breaks are `BREAK`, those of the source are blanks in the end."""
    if element.tag in BREAKS:
        return BREAK
    parts = [element.text or ""] if isinstance(element.tag, str) else []
    for child in element:
        spaced = " " if child.tag in _BLOCK else ""
        parts += [spaced, _inline(child), spaced, child.tail or ""]
    return "".join(parts)


def _line(*parts: str) -> str:
    return " ".join("".join(parts).replace(BREAK, " ").split())


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs of running text: two line breaks part them, one stays a line break."""
    for piece in _TWO_BREAKS.split(text):
        lines = (" ".join(line.split()) for line in piece.split(BREAK))
        paragraph = "\n".join(line for line in lines if line)
        if paragraph:
            yield paragraph
