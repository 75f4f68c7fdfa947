"""JSON Feed 1.0 and 1.1 (jsonfeed.org). Attachments and hubs are passed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import times
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing, standing_alone
from tracker.sources.json_documents import load, record, records, text
from tracker.sources.plain import link, paragraphs

ACCEPT = "application/feed+json, application/json;q=0.9, */*;q=0.1"
_VERSION = "jsonfeed.org/version/"


def request(source: Source) -> Request:
    """The feed's own URL."""
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The items of a JSON Feed; a document without the version is one when it has items."""
    document = record(load(page))
    named = _VERSION in (text(document, "version") or "")
    if not isinstance(document.get("items"), list) or not (named or _has_links(document)):
        return Poison(reason=not_a("a JSON Feed", page.body, page.content_type))
    entries = [_entry(document, raw) for raw in records(document["items"])]
    kept = [entry if entry.url else standing_alone(source, entry) for entry in entries]
    alone = sum(1 for entry in kept if entry.is_whole)
    notes = [f"{alone} of {len(kept)} entries have no link: kept as the feed has them"] if alone else []
    return listing(source, kept, base=page.final_url, older=_older(document, page), notes=notes)


def _older(document: Mapping[str, Any], page: Page) -> Request | None:
    """The page with older items that the feed names (`next_url`)."""
    url = link(text(document, "next_url"), page.final_url)
    return Request(url=url, accept=ACCEPT) if url and url not in {page.url, page.final_url} else None


def _has_links(document: Mapping[str, Any]) -> bool:
    """Whether a document of no stated version still lists things with addresses."""
    return any("url" in raw or "external_url" in raw for raw in records(document["items"]))


def _entry(document: Mapping[str, Any], raw: Mapping[str, Any]) -> Entry:
    """One item; an id that is a URL stands for a missing `url`, and plain text is marked up as such."""
    guid = text(raw, "id")
    fallback = guid if guid and guid.startswith(("http://", "https://")) else None
    return Entry(
        url=text(raw, "url") or text(raw, "external_url") or fallback,
        title=text(raw, "title") or "",
        guid=guid,
        author=_author(raw) or _author(document),
        published=times.from_text(text(raw, "date_published") or text(raw, "date_modified")),
        summary=paragraphs(text(raw, "summary") or ""),
        content=text(raw, "content_html") or paragraphs(text(raw, "content_text") or ""),
        language=text(raw, "language") or text(document, "language"),
    )


def _author(raw: Mapping[str, Any]) -> str | None:
    """The names of `authors` (1.1), or of `author` (1.0)."""
    people = records(raw.get("authors")) or [record(raw.get("author"))]
    names = [name for person in people if (name := text(person, "name"))]
    return ", ".join(names) or None
