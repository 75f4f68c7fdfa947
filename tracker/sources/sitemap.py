"""Sitemaps (sitemaps.org 0.9) with the news namespace, sitemap indexes, and either as a gzip file.

An index leads to its newest parts through `Listing.follow`, at most `MAX_PARTS` of them, and a part may not be an
index again, as the protocol has it. Video, image and hreflang extensions are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from tracker.encoding import decode
from tracker.model import Basis, Done, Listing, Page, Poison, Request, Source, When
from tracker.sources import times
from tracker.sources.bodies import not_a, unpack
from tracker.sources.entries import MAX_ENTRIES, Entry, listing
from tracker.sources.plain import link

ACCEPT = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1"
MAX_UNPACKED = 50_000_000  # bytes: the protocol's own limit for one sitemap
MAX_PARTS = 20  # of an index followed
_GZIP = b"\x1f\x8b"
_REFERENCE = re.compile(r"&#(x[0-9a-fA-F]{1,8}|[0-9]{1,8});?")
_UNKNOWN = When(value="", basis=Basis.FEED)  # sorts before every date


def request(source: Source) -> Request:
    """The sitemap itself."""
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The pages of a sitemap, newest first where they are dated, or the parts of an index to follow."""
    body = unpack(page.body, MAX_UNPACKED) if page.body.startswith(_GZIP) else page.body
    if body is None:
        return Poison(reason=f"gzip-compressed data that is broken or larger than {MAX_UNPACKED} bytes unpacked")
    root = _root(body, page.content_type)
    if root is not None and _name(root) == "urlset":
        return _pages(source, page, root)
    if root is not None and _name(root) == "sitemapindex":
        return _parts(source, page, root)
    return Poison(reason=not_a("a sitemap", body, page.content_type))


def _root(body: bytes, content_type: str) -> etree._Element | None:
    """The document's root, as far as it can be read; entities are not expanded and nothing is loaded."""
    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    text = _REFERENCE.sub(_without_surrogates, decode(body, content_type).strip())
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _without_surrogates(reference: re.Match[str]) -> str:
    """A character reference, unless to half a surrogate pair: lxml takes those in and cannot give them back."""
    code = reference[1]
    number = int(code[1:], 16) if code.startswith("x") else int(code)
    return "\ufffd" if 0xD800 <= number <= 0xDFFF else reference[0]


def _pages(source: Source, page: Page, root: etree._Element) -> Done[Listing]:
    """The pages listed. With more than can be read, the newest count."""
    urls = [(one, _published(one)) for one in _children(root, "url")]
    urls.sort(key=lambda pair: (pair[1] or _UNKNOWN).value, reverse=True)
    notes = [f"{len(urls)} pages, only the newest {MAX_ENTRIES} read"] if len(urls) > MAX_ENTRIES else []
    entries = (_entry(one, when) for one, when in urls[:MAX_ENTRIES])
    return listing(source, entries, base=page.final_url, notes=notes)


def _parts(source: Source, page: Page, root: etree._Element) -> Done[Listing] | Poison:
    """The newest parts of an index as requests."""
    if page.url != source.url:
        return Poison(reason="a sitemap index inside a sitemap index, which the protocol does not allow")
    parts = [
        (link(_text(one, "loc"), page.final_url), times.from_text(_text(one, "lastmod")))
        for one in _children(root, "sitemap")
    ]
    known = [(url, when or _UNKNOWN) for url, when in parts if url and url != page.final_url]
    known.sort(key=lambda pair: pair[1].value, reverse=True)
    urls = list(dict.fromkeys(url for url, _ in known))
    notes = (
        [f"{len(urls)} sitemaps in the index, only the newest {MAX_PARTS} followed"] if len(urls) > MAX_PARTS else []
    )
    follow = [Request(url=url, accept=ACCEPT) for url in urls[:MAX_PARTS]]
    return listing(source, (), base=page.final_url, follow=follow, notes=notes)


def _entry(url: etree._Element, published: When | None) -> Entry:
    """One page of a sitemap; only the news namespace gives titles."""
    news = next(_children(url, "news"), None)
    publication = next(_children(news, "publication"), None) if news is not None else None
    return Entry(
        url=_text(url, "loc"),
        title=(_text(news, "title") or "") if news is not None else "",
        published=published,
        language=_text(publication, "language") if publication is not None else None,
    )


def _published(url: etree._Element) -> When | None:
    """`news:publication_date`; else `lastmod`, the only date that a plain sitemap has."""
    news = next(_children(url, "news"), None)
    stated = _text(news, "publication_date") if news is not None else None
    return times.from_text(stated) or times.from_text(_text(url, "lastmod"))


def _children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children called `name`, whatever their namespace (0.84, 0.9, none)."""
    return (child for child in parent if _name(child) == name)


def _text(parent: etree._Element, name: str) -> str | None:
    """The text of the first child called `name`, or None."""
    child = next(_children(parent, name), None)
    return (child.text or "").strip() or None if child is not None else None


def _name(element: etree._Element) -> str:
    """The local name; comments and processing instructions have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
