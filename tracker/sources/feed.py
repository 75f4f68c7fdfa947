"""Feeds in XML: RSS 0.9x to 2.0, RDF, Atom, with the common namespaces, through feedparser.

Broken XML is read as far as it goes. Links are made absolute against `xml:base` and the URL that answered; the
HTML of summaries stays as sent. Podcast and media fields are passed over. JSON Feed is `json_feed`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from feedparser.api import parse as read_feed

from tracker.encoding import decode
from tracker.model import Done, Listing, Page, Poison, Request, Source, When
from tracker.sources import times
from tracker.sources.bodies import EMPTY, looks_like, not_a, unpack
from tracker.sources.bounds import measure
from tracker.sources.entries import Entry, listing

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
MAX_UNPACKED = 10_000_000  # bytes of a feed that is a gzip file
_GZIP = b"\x1f\x8b"
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
    measured = measure(_ILLEGAL.sub("", decode(body, page.content_type)))
    if measured.fault:
        return Poison(reason=f"{looks_like(body, page.content_type)} too large to read: {measured.fault}")
    parsed = _parsed(measured.text, page.final_url)
    if parsed is None or not (parsed.entries or parsed.get("version")):
        return Poison(reason=not_a("a feed", body, page.content_type))
    if parsed.bozo and not parsed.entries:
        return Poison(reason=_broken(parsed.get("bozo_exception"), measured.text))
    language = parsed.feed.get("language")
    return listing(
        source,
        (_entry(one, language) for one in parsed.entries),
        base=page.final_url,
        notes=[measured.cut] if measured.cut else [],
    )


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
    """Why a feed without entries could not be read, with the place where its XML breaks."""
    line = getattr(fault, "getLineNumber", lambda: None)()
    if not line:
        return "broken XML and nothing could be read"
    # feedparser puts an XML declaration of its own on a line before a document that has none
    line -= 0 if text.startswith("<?xml") else 1
    return f"XML broken at line {max(line, 1)} ({fault.getMessage()}) and nothing could be read"  # type: ignore[attr-defined]


def _entry(raw: Mapping[str, Any], language: str | None) -> Entry:
    """One entry, in the feed's language unless it has its own."""
    contents = [one for one in raw.get("content", ()) if one.get("value")]
    return Entry(
        url=_link(raw),
        title=raw.get("title") or "",
        guid=raw.get("id"),
        author=_author(raw),
        published=_published(raw),
        summary=raw.get("summary"),
        content=contents[0]["value"] if contents else None,
        language=_language(raw, contents) or language,
    )


def _link(raw: Mapping[str, Any]) -> str | None:
    """The article's own address: the one from before a feed service rewrote it, the link, the first alternate."""
    original = raw.get("feedburner_origlink") or raw.get("link")
    if original:
        return str(original)
    links = raw.get("links", ())
    return next((one["href"] for one in links if one.get("rel") == "alternate" and one.get("href")), None)


def _author(raw: Mapping[str, Any]) -> str | None:
    """The authors' names, without their mail addresses where there are both."""
    names = [name for one in raw.get("authors", ()) if (name := one.get("name"))]
    return ", ".join(dict.fromkeys(names)) or raw.get("author")


def _published(raw: Mapping[str, Any]) -> When | None:
    """The date of publication, else of the last update. `dict.get`: feedparser's own warns about missing keys."""
    for name in ("published", "updated", "created"):
        when = times.from_struct(dict.get(raw, f"{name}_parsed"), dict.get(raw, name))  # type: ignore[call-overload]
        if when:
            return when
    return None


def _language(raw: Mapping[str, Any], contents: list[Any]) -> str | None:
    """The entry's own language, as its content or title says it."""
    parts = [*contents, raw.get("title_detail") or {}, raw.get("summary_detail") or {}]
    return next((part["language"] for part in parts if part.get("language")), None)
