"""Text as blocks: paragraphs, headings, lists and tables, parted by blank lines when joined.

List items are lines that begin with "- ", table rows are lines with " | " between the cells; a line break that is
marked up stays one. Not here: which part of a page is rendered (`body`), what of the blocks is boilerplate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import NamedTuple
from unicodedata import normalize

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

LISTS = frozenset({"list", "ul", "ol", "dl"})
ITEMS = frozenset({"item", "li", "dt", "dd"})
ROWS, CELLS = frozenset({"row", "tr"}), frozenset({"cell", "td", "th"})
CONTAINERS = frozenset(
    "body html div section article main header quote blockquote figure center details form fieldset address thead "
    "tbody tfoot".split()
)
PARAGRAPHS = frozenset("p head h1 h2 h3 h4 h5 h6 ab pre summary figcaption caption hr".split())
HEADINGS = frozenset("head h1 h2 h3 h4 h5 h6".split())
VERBATIM = frozenset({"pre"})
BREAKS = frozenset({"lb", "br"})
BREAK = "\x1e"
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphens, zero-width blanks: no part of a word
DROPPED = frozenset(
    "script style noscript template iframe svg object form button input select textarea head nav".split()
)
INVISIBLE = frozenset({"invisible", "hidden", "sr-only"})  # class names: a social post's cut-off parts of an address

_BLOCK = LISTS | ITEMS | ROWS | CELLS | CONTAINERS | PARAGRAPHS | {"table"}
_TWO_BREAKS = re.compile(rf"{BREAK}(?:\s*{BREAK})+")
_DATA_URI = re.compile(r"""data:[\w/+.;-]+,[^"')\s>]{2000,}""")


# What lxml reads and does not write: a tree that holds it breaks where its elements are taken out.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]+")
_CONTROL_BYTES = bytes((*range(9), 0x0B, *range(0x0E, 0x20)))
_REFERENCE = re.compile(r"&#(?:0*([0-9]{1,7})|[xX]0*([0-9a-fA-F]{1,6}))(?![0-9a-fA-F]);?")
_STRING = etree.XPath("string()", smart_strings=False)
_UNWRITTEN = frozenset({*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF})


class Block(NamedTuple):
    """A piece of text and what it is: text, heading, list or table."""

    kind: str
    text: str


def parsed(html: str) -> HtmlElement | None:
    """The tree of a page or fragment, letters and accents made one (NFC); None where there is nothing to parse."""
    parser = HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
    body = normalize("NFC", _without_controls(_DATA_URI.sub("", html))).encode("utf-8", "replace")
    try:
        return document_fromstring(body, parser=parser) if body.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def text_of(element: etree._Element) -> str:
    """All text inside an element, end to end, that of scripts too."""
    return str(_STRING(element))


def _without_controls(html: str) -> str:
    """What is asked first is asked of bytes: most pages have none, and a pattern would look at each character."""
    html = _REFERENCE.sub(_written, html)
    plain = html.encode("utf-8", "replace")
    if len(plain.translate(None, _CONTROL_BYTES)) < len(plain) or "\ufffe" in html or "\uffff" in html:
        return _CONTROL.sub("", html)
    return html


def _written(found: re.Match[str]) -> str:
    decimal, hexadecimal = found.groups()
    code = int(decimal) if decimal is not None else int(hexadecimal, 16)
    return "" if code in _UNWRITTEN else found[0]


def fragment(html: str) -> tuple[str, ...]:
    """The blocks of a piece of HTML or plain text, all of it."""
    if "<" not in html and "&" not in html:
        return plain(html)
    tree = parsed(html)
    if tree is None:
        return ()
    return whole(tree)


def whole(element: HtmlElement) -> tuple[str, ...]:
    """The blocks of all that can be seen of an element, which stays as it is."""
    element = deepcopy(element)
    for one in list(element.iter("*")):
        is_unseen = one.tag in DROPPED and one.tag != "head"
        if (is_unseen or INVISIBLE & set((one.get("class") or "").split())) and one.getparent() is not None:
            one.drop_tree()
    return tuple(block.text for block in rendered(element))


def plain(text: str) -> tuple[str, ...]:
    """The paragraphs of a plain text: what blank lines part."""
    pieces = re.split(r"\n[ \t]*\n", normalize("NFC", text).replace("\r\n", "\n"))
    lines = ([" ".join(line.split()) for line in piece.splitlines()] for piece in pieces)
    return tuple(block for piece in lines if (block := "\n".join(line for line in piece if line)))


def rendered(element: etree._Element) -> tuple[Block, ...]:
    """The blocks of a part of a tree, in order."""
    return tuple(block for block in _blocks(element) if block.text)


def _blocks(element: etree._Element) -> Iterator[Block]:
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


def _block(element: etree._Element) -> Iterator[Block]:
    if element.tag in LISTS:
        yield Block("list", "\n".join(_items(element, "")))
    elif element.tag == "table":
        yield Block("table", "\n".join(_rows(element)))
    elif element.tag in VERBATIM:
        yield from (Block("text", text) for text in plain(text_of(element)))
    elif any(child.tag in _BLOCK for child in element):
        yield from _blocks(element)
    else:
        yield from _paragraphs(_inline(element), "heading" if element.tag in HEADINGS else "text")


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
    return " ".join("".join(parts).translate(UNSEEN).replace(BREAK, " ").split())


def _paragraphs(text: str, kind: str = "text") -> Iterator[Block]:
    """Paragraphs of running text: two line breaks part them, one stays a line break."""
    for piece in _TWO_BREAKS.split(text.translate(UNSEEN)):
        lines = (" ".join(line.split()) for line in piece.split(BREAK))
        yield Block(kind, "\n".join(line for line in lines if line))
