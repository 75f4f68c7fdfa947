"""Sitemaps (sitemaps.org 0.9) with the news namespace, sitemap indexes, lists of addresses in plain text, also as gzip.

An index leads to its newest parts through `Listing.follow`, at most `MAX_PARTS` of them, and a part may not be an
index again, as the protocol has it. Read as a stream, since a sitemap may have 50 MB. Video, image and hreflang
extensions are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from tracker.encoding import decode
from tracker.model import Basis, Done, Listing, Page, Poison, Request, Source, When
from tracker.sources import times
from tracker.sources.bodies import not_a, unpack
from tracker.sources.entries import MAX_ENTRIES, Entry, listing
from tracker.sources.plain import link
from tracker.sources.xml_documents import LONG_TAG, children, local_name, whole_characters

ACCEPT = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, text/plain;q=0.5, */*;q=0.1"
MAX_UNPACKED = 50_000_000  # bytes: the protocol's own limit for one sitemap
MAX_PARTS = 20  # of an index followed
MAX_ROWS = 100_000  # pages or parts of one file that are looked at: twice what the protocol allows
_GZIP = b"\x1f\x8b"
_PIECE = 1_000_000  # characters parsed at once
_TAIL = 2_000  # characters in which a whole one ends
_ROWS = {"urlset": "url", "sitemapindex": "sitemap"}
_UNKNOWN = When(value="", basis=Basis.FEED)  # sorts before every date
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_SCHEMES = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One `url` or `sitemap` of the file, with the texts that count."""

    address: str | None
    modified: str | None = None
    published: str | None = None
    title: str | None = None
    language: str | None = None

    def when(self) -> When | None:
        """`news:publication_date`; else `lastmod`, the only date that a plain sitemap has."""
        return times.from_text(self.published) or times.from_text(self.modified)


def request(source: Source) -> Request:
    """The sitemap itself."""
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The pages of a sitemap, newest first where they are dated, or the parts of an index to follow."""
    body = unpack(page.body, MAX_UNPACKED) if page.body.startswith(_GZIP) else page.body
    if body is None:
        return Poison(reason=f"gzip-compressed data that is broken or larger than {MAX_UNPACKED} bytes unpacked")
    text = decode(body, page.content_type).strip()
    if text.startswith(_SCHEMES) and all(line.startswith(_SCHEMES) for line in text.split()):
        return _pages(source, page, [_Row(address=line) for line in text.split()])
    if text.startswith("<") and not LONG_TAG.search(text):
        root, rows, is_broken = _read(text)
        lost = _lost(root, rows, text) if is_broken and root in _ROWS else []
        if root == "urlset":
            return _pages(source, page, rows, lost=lost)
        if root == "sitemapindex":
            return _parts(source, page, rows, lost=lost)
    return Poison(reason=not_a("a sitemap", body, page.content_type))


def _read(text: str) -> tuple[str, list[_Row], bool]:
    """The name of the root, its rows as far as they can be read, and whether the XML is broken.

    Entities are not expanded, nothing is loaded.
    """
    parser = etree.XMLPullParser(
        ("start", "end"), encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    root: str = ""
    rows: list[_Row] = []
    for event, element in _events(parser, text):
        name = local_name(element)
        if not root:
            root = name
            if root not in _ROWS:
                break
        elif event == "end" and name == _ROWS[root]:
            rows.append(_row(element))
            _forget(element)
            if len(rows) > MAX_ROWS:
                break
    return root, rows, len(parser.feed_error_log) > 0 and len(rows) <= MAX_ROWS


def _lost(root: str, rows: list[_Row], text: str) -> list[str]:
    """What broken XML has cost: rows that begin and are not read, or all that would stand behind its end."""
    begun = len(re.findall(rf"<(?:\w+:)?{_ROWS[root]}[\s>]", text))
    if begun > len(rows):
        return [f"{begun - len(rows)} of {begun} rows lost: broken XML"]
    is_whole = re.search(rf"</(?:\w+:)?{root}\s*>", text[-_TAIL:])
    return [] if is_whole else ["breaks off before its end"]


def _events(parser: etree.XMLPullParser, text: str) -> Iterator[tuple[str, Any]]:
    """What the parser meets, piece by piece; it ends where the XML cannot be mended."""
    start = 0
    try:
        while start < len(text):
            end = text.find("<", start + _PIECE)  # not within a character reference
            end = end if end >= 0 else len(text)
            parser.feed(whole_characters(text[start:end]).encode("utf-8", "replace"))
            yield from parser.read_events()
            start = end
        parser.close()
        yield from parser.read_events()
    except (etree.XMLSyntaxError, ValueError):
        return


def _forget(element: etree._Element) -> None:
    """Free what has been read: the element's content, and all before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _row(element: etree._Element) -> _Row:
    """The texts of one row; only the news namespace gives titles."""
    texts = _texts(element)
    news = next(children(element, "news"), None) if "news" in texts else None
    told = _texts(news) if news is not None else {}
    publication = next(children(news, "publication"), None) if news is not None else None
    return _Row(
        address=texts.get("loc") or None,
        modified=texts.get("lastmod"),
        published=told.get("publication_date"),
        title=told.get("title"),
        language=_texts(publication).get("language") if publication is not None else None,
    )


def _texts(parent: etree._Element) -> dict[str, str]:
    """The text of each child by its name; of several, that of the first."""
    texts: dict[str, str] = {}
    for child in parent:
        texts.setdefault(local_name(child), (child.text or "").strip())
    return texts


def _pages(source: Source, page: Page, rows: list[_Row], *, lost: Sequence[str] = ()) -> Done[Listing]:
    """The pages listed. With more than can be read, the newest count."""
    dated = [(row, row.when()) for row in rows[:MAX_ROWS]]
    dated.sort(key=lambda pair: (pair[1] or _UNKNOWN).value, reverse=True)
    notes = [*lost]
    if len(rows) > MAX_ENTRIES:
        notes.append(f"{len(rows)} pages, only the newest {MAX_ENTRIES} read")
    entries = (
        Entry(url=row.address, title=row.title or "", published=when, language=row.language)
        for row, when in dated[:MAX_ENTRIES]
    )
    return listing(source, entries, base=page.final_url, notes=notes)


def _parts(source: Source, page: Page, rows: list[_Row], *, lost: Sequence[str]) -> Done[Listing] | Poison:
    """The newest parts of an index as requests: by their date, or by one in their name ("sitemap-2024-07.xml")."""
    if page.url != source.url:
        return Poison(reason="a sitemap index inside a sitemap index, which the protocol does not allow")
    known: dict[str, str] = {}
    for row in rows:
        url = link(row.address, page.final_url)
        if url and url != page.final_url:
            known.setdefault(url, (row.when() or _UNKNOWN).value or _date_in(url))
    urls = sorted(known, key=lambda url: known[url], reverse=True)
    if not any(known.values()):  # they may run either way
        urls = [*urls[: MAX_PARTS // 2], *reversed(urls[MAX_PARTS // 2 :])]
    notes = [*lost]
    if len(urls) > MAX_PARTS:
        notes.append(f"{len(urls)} sitemaps in the index, only the newest {MAX_PARTS} followed")
    follow = [Request(url=url, accept=ACCEPT) for url in urls[:MAX_PARTS]]
    return listing(source, (), base=page.final_url, follow=follow, notes=notes)


def _date_in(url: str) -> str:
    """The date that the name of a part has, as an ISO prefix, or ""."""
    found = _DATE_IN_NAME.search(url.rpartition("/")[2])
    return "-".join(part for part in found.groups() if part) if found else ""
