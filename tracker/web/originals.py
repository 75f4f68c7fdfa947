"""Pages of strangers, so that they can be looked at and do nothing: what may be shown of one, and under which headers.

The headers alone keep a browser from running, loading and sending anything. What they do not govern (hosts that are
looked up and connected to ahead, links that are followed) is taken out of the page as well, and with it all that could
not work: scripts, frames, forms, addresses of pictures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tracker.encoding import decode
from tracker.model import Page

MOST = 1_000_000  # characters that are shown
MARKUP = frozenset({"text/html", "application/xhtml+xml", ""})
TEXTUAL = re.compile(r"text/|application/(?:[\w.+-]*\+)?(?:json|xml|javascript|rss|atom)")
SUFFIXES: Mapping[str, str] = MappingProxyType(
    {"application/pdf": ".pdf", "application/json": ".json", "text/html": ".html", "text/plain": ".txt"}
)
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": (
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
            "base-uri 'none'; frame-ancestors 'self'"
        ),
        "x-content-type-options": "nosniff",
        "x-dns-prefetch-control": "off",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "unsafe-none",  # browsers refuse pages in a sandbox that ask for more
        "cross-origin-resource-policy": "same-origin",
        "x-robots-tag": "noindex, nofollow",
    }
)
# Elements that go with all that is in them; others that are unknown leave their content.
GONE = (
    *("applet", "audio", "base", "button", "canvas", "dialog", "frame", "frameset", "iframe", "input", "link"),
    *("map", "math", "meta", "noframes", "object", "script", "select", "svg", "template", "textarea", "video"),
)
# Those whose content stays: some have none in a browser, but all that follows in the parser of an older HTML.
LOST = ("embed", "noscript", "portal", "source", "track", "wbr")
# Attributes that stay; `href` and `src` as far as they lead nowhere.
KEPT = frozenset(
    "abbr align alt bgcolor border cellpadding cellspacing class color cols colspan datetime dir face headers height "
    "href hspace id lang name noshade nowrap reversed rowspan rows rules scope size span src start style summary title "
    "type valign value vspace width".split()
)
NAME = re.compile(r"[a-z][\w:.-]*", re.IGNORECASE)  # of an element
PICTURE = re.compile(r"\s*data:image/(?:png|jpeg|gif|webp)[;,]", re.IGNORECASE)
ELSEWHERE = re.compile(r"@import[^;]*;?|(?:url|image-set|image|src)\s*\((?!\s*['\"]?data:image)[^)]*\)?", re.IGNORECASE)
# Letters that a style sheet spells by their number, or with a sign before them that means nothing.
ESCAPED = re.compile(r"\\(?:0{0,4}([46][1-9a-f]|[57][0-9a])\s?|([g-z@(]))", re.IGNORECASE)
# A form feed parts words in HTML.
CONTROLS: Mapping[int, str | None] = MappingProxyType(
    {**dict.fromkeys([*range(9), 11, *range(14, 32), 127, 0xFFFE, 0xFFFF]), 12: " "}
)
# Characters by their number, which may be such as well.
NUMBERED = re.compile(r"&#(?:x0*([0-9a-f]{1,6})(?![0-9a-f])|0*([0-9]{1,7})(?![0-9]));?", re.IGNORECASE)
# What lxml raises on names and texts that no tree can hold: the page's fault.
ODD = (AssertionError, KeyError, ValueError)
EMPTY = "<!doctype html><title>Empty</title>"
REFUSED = "<!doctype html><title>Not shown</title><p>This page is not shown here: {fault}. Its source can be looked at."


def media(content_type: str) -> str:
    """A Content-Type without its parameters, in small letters."""
    return content_type.partition(";")[0].strip().lower()


def is_markup(content_type: str) -> bool:
    """Whether a browser would show it as a page."""
    return media(content_type) in MARKUP


def is_text(content_type: str) -> bool:
    """Whether it can be read as text."""
    return is_markup(content_type) or TEXTUAL.match(media(content_type)) is not None


def text(page: Page) -> str:
    """The source of a page, as much of it as is shown."""
    return decode(page.body[: 4 * MOST], page.content_type)[:MOST]


def name(page: Page, article_id: str) -> str:
    """What a file of it is called."""
    bare = re.sub(r"[^\w.-]", "_", article_id, flags=re.ASCII)
    return f"{bare}{SUFFIXES.get(media(page.content_type), '.bin')}"


def harmless(source: str) -> str:
    """A page that looks as it did, as far as it does without what is not in it; and can do nothing.

    One that is built so that parsing it would take minutes is not shown.
    """
    from lxml import etree, html  # noqa: PLC0415 - only this page needs it
    from lxml_html_clean import Cleaner  # noqa: PLC0415 - as above

    from tracker.articles.guard import markup_fault  # noqa: PLC0415 - as above

    if fault := markup_fault(source):
        return REFUSED.format(fault=fault)
    bare = NUMBERED.sub(_unless_control, source.translate(CONTROLS)).strip().encode("utf-8", "replace")
    try:
        found = html.document_fromstring(bare, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except etree.ParserError:  # there is nothing in it
        return EMPTY
    for element in list(found.iter(etree.Element)):
        _bare(element)
    try:
        # Its search for scripts in styles and links costs the square of their length, and neither is left.
        Cleaner(
            javascript=False,
            page_structure=False,
            remove_unknown_tags=False,
            kill_tags=GONE,
            remove_tags=LOST,
            safe_attrs_only=False,
        )(found)
    except ODD as error:
        return REFUSED.format(fault=f"it cannot be taken apart ({type(error).__name__})")
    for element in found.iter(etree.Element):
        _tame(element)
    told: str = html.tostring(found, encoding="unicode", doctype="<!doctype html>")
    return told


def _unless_control(numbered: re.Match[str]) -> str:
    """A character by its number as it is, or a sign in its place where no tree can hold it."""
    number = int(numbered[1], 16) if numbered[1] else int(numbered[2])
    return "\ufffd" if number in CONTROLS or 0xD800 <= number < 0xE000 else numbered[0]


def _bare(element: Any) -> None:
    """Leave only the attributes that stay; one by one they cannot be taken out where their names are odd.

    An element with an odd name itself leaves its content.
    """
    kept = {name: value for name, value in element.attrib.items() if name in KEPT}
    if len(kept) < len(element.attrib):
        element.attrib.clear()
        element.attrib.update(kept)
    if not NAME.fullmatch(element.tag):
        element.drop_tag()


def _tame(element: Any) -> None:
    """Take out of an element what leads to elsewhere; where a link led is told instead."""
    if (href := element.get("href")) is not None and not href.startswith("#"):
        del element.attrib["href"]
        if not element.get("title"):
            element.set("title", href)
    if (source := element.get("src")) is not None and not (element.tag == "img" and PICTURE.match(source)):
        del element.attrib["src"]
    if style := element.get("style"):
        element.set("style", _near(style))
    if element.tag == "style" and element.text:
        element.text = "" if "<" in element.text else _near(element.text)


def _near(style: str) -> str:
    """A style that asks for nothing from elsewhere."""
    return ELSEWHERE.sub("none", ESCAPED.sub(lambda found: found[2] or chr(int(found[1], 16)), style))
