"""Feeds in XML: RSS 0.9x to 2.0, RDF, Atom, CDF, with the common namespaces, through feedparser.

Broken XML is read as far as it goes. Links are made absolute against `xml:base` and the URL that answered; the
HTML of summaries stays as sent. An entry without any link is kept with what the feed says of it, under an address of
its own beneath the feed's. Podcast and media fields are passed over. JSON Feed is `json_feed`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from feedparser.api import parse as read_feed

from tracker.encoding import decode
from tracker.model import Done, Listing, Page, Poison, Request, Source, When
from tracker.sources import times
from tracker.sources.bodies import EMPTY, looks_like, not_a, unpack
from tracker.sources.bounds import measure
from tracker.sources.entries import Entry, listing, standing_alone
from tracker.sources.pace import pace
from tracker.sources.plain import link
from tracker.sources.wrapping import bare

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
MAX_UNPACKED = 10_000_000  # bytes of a feed that is a gzip file
MAX_AUTHOR = 1_000  # characters
_GZIP = b"\x1f\x8b"
_MAIL = re.compile(r"[<(]?\s*(?:mailto:)?([^\s@<>()]{1,64}@[^\s@<>()]{1,255})\s*[>)]?")
_RECORDINGS = ("audio/", "video/", "image/")
_BEGINNING = re.compile(r"<(?:atom:)?(?:item|entry)[\s>]", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(?:rss|channel|feed|rdf)\s*>", re.IGNORECASE)
_TAIL = 2_000  # characters in which a whole feed ends
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML 1.0; one of them fails a whole feed

# What feedparser lets escape on odd input (unreadable marked sections, URLs with broken brackets, dates, numbers);
# everything it does starts from strangers' bytes, so these say "not readable" and nothing about our own code.
_FEEDPARSER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def request(source: Source) -> Request:
    """The feed's own URL."""
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The entries of a feed."""
    body = unpack(page.body, MAX_UNPACKED) if page.body.startswith(_GZIP) else page.body
    if not body or not body.strip():
        return Poison(reason=EMPTY if body is not None else "gzip-compressed data that cannot be unpacked")
    measured = measure(bare(_ILLEGAL.sub("", decode(body, page.content_type))))
    if measured.fault:
        return Poison(reason=f"{looks_like(body, page.content_type)} too large to read: {measured.fault}")
    parsed = _parsed(measured.text, page.final_url)
    if parsed is None or not (parsed.entries or parsed.get("version")):
        return Poison(reason=not_a("a feed", body, page.content_type))
    if parsed.bozo and not parsed.entries:
        return Poison(reason=f"{_broken(parsed.get('bozo_exception'), measured.text)} and nothing could be read")
    notes = [measured.cut] if measured.cut else []
    if parsed.bozo and not measured.cut:
        notes += _lost(parsed, measured.text)
    done = _listed(source, page, parsed, notes)
    return Done(value=replace(done.value, pace=pace(parsed.feed, measured.text)))


def _parsed(text: str, url: str) -> Any:
    """The parser's result, or None when it gave up. A stream, since feedparser takes bytes for a file's name."""
    try:
        return read_feed(  # type: ignore[no-untyped-call]
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FEEDPARSER_FAULTS:
        return None


def _broken(fault: object, text: str) -> str:
    """What is wrong with a feed, with the place where its XML breaks."""
    line = getattr(fault, "getLineNumber", lambda: None)()
    if not line:
        return "broken XML"
    # feedparser puts an XML declaration of its own on a line before a document that has none
    line -= 0 if text.startswith("<?xml") else 1
    return f"XML broken at line {max(line, 1)} ({fault.getMessage()})"  # type: ignore[attr-defined]


def _lost(parsed: Any, text: str) -> list[str]:
    """What broken XML has cost: entries that begin and are not read, or all that would stand behind its end."""
    begun, why = len(_BEGINNING.findall(text)), _broken(parsed.get("bozo_exception"), text)
    if begun > len(parsed.entries):
        return [f"{begun - len(parsed.entries)} of {begun} entries lost: {why}"]
    return [] if _END.search(text, max(0, len(text) - _TAIL)) else [f"breaks off before its end: {why}"]


def _listed(source: Source, page: Page, parsed: Any, notes: list[str]) -> Done[Listing]:
    """The listing of a parsed feed. The last entry of broken XML may be cut off, so it has to have a link."""
    language, base = parsed.feed.get("language"), page.final_url
    sound = len(parsed.entries) - bool(parsed.bozo)
    entries, alone = [], 0
    for number, raw in enumerate(parsed.entries):
        entry = _entry(raw, language, base)
        if entry.url is None and number < sound:
            entry = standing_alone(source, entry)
            alone += entry.is_whole
        entries.append(entry)
    if alone:
        notes = [*notes, f"{alone} of {len(entries)} entries have no link: kept as the feed has them"]
    return listing(source, entries, base=base, notes=notes, older=_older(page, parsed.feed))


def _older(page: Page, feed: Mapping[str, Any]) -> Request | None:
    """The page before this one in time (RFC 5005: `rel="next"`, or `prev-archive` of an archived feed)."""
    for rel in ("next", "prev-archive"):
        for one in feed.get("links", ()):
            url = link(one.get("href"), page.final_url) if one.get("rel") == rel else None
            if url and url not in {page.url, page.final_url}:
                return Request(url=url, accept=ACCEPT)
    return None


def _entry(raw: Mapping[str, Any], language: str | None, base: str) -> Entry:
    """One entry, in the feed's language unless it has its own."""
    contents = [one for one in raw.get("content", ()) if one.get("value")]
    url, is_whole = _address(raw, base)
    return Entry(
        url=url,
        title=raw.get("title") or "",
        guid=raw.get("id"),
        author=_author(raw),
        published=_published(raw),
        summary=raw.get("summary"),
        content=contents[0]["value"] if contents else None,
        language=_language(raw, contents) or language,
        is_whole=is_whole,
    )


def _address(raw: Mapping[str, Any], base: str) -> tuple[str | None, bool]:
    """The article's own address, and whether there is no page behind it.

    In this order: what a feed service rewrote, the link, the first alternate, a guid that is an address, an attachment
    (a document is the article; a recording or picture belongs to it).
    """
    links = raw.get("links", ())
    alternates = [one.get("href") for one in links if one.get("rel") == "alternate"]
    for stated in (raw.get("feedburner_origlink"), raw.get("link"), *alternates):
        if url := link(stated, base):
            return url, False
    guid = str(raw.get("id") or "")
    if guid.startswith(("http://", "https://")) and (url := link(guid, base)):
        return url, False
    for one in links:
        if one.get("rel") == "enclosure" and (url := link(one.get("href"), base)):
            return url, str(one.get("type") or "").startswith(_RECORDINGS)
    return None, False


def _author(raw: Mapping[str, Any]) -> str | None:
    """The authors' names, without their mail addresses where there are both."""
    stated = str(raw.get("author") or "")[:MAX_AUTHOR]
    names = [name for one in raw.get("authors", ()) if (name := one.get("name"))]
    if len(names) < 2 and (mail := _MAIL.search(stated)):  # feedparser cuts addresses within longer endings (.example)
        name = " ".join(_MAIL.sub(" ", stated).split())
        return name.removeprefix("(").removesuffix(")") if name.startswith("(") else name or mail[1]
    return ", ".join(dict.fromkeys(names)) or stated or None


def _published(raw: Mapping[str, Any]) -> When | None:
    """The date of publication, else of the last update. `dict.get`: feedparser's own warns about missing keys."""
    for name in ("published", "updated", "created"):
        when = times.from_struct(dict.get(raw, f"{name}_parsed"), dict.get(raw, name))  # type: ignore[call-overload]
        if when:
            return when
    return None


def _language(raw: Mapping[str, Any], contents: list[Any]) -> str | None:
    """The entry's own language, as its content or title says it."""
    if stated := raw.get("language"):
        return str(stated)
    parts = [*contents, raw.get("title_detail") or {}, raw.get("summary_detail") or {}]
    return next((part["language"] for part in parts if part.get("language")), None)
