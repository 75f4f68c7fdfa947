"""Any list in JSON or XML whose form is stable: official registers, search services, SPARQL results.

The source's `records` say by dotted paths (`paths`) where the records are, and in each its address, title, date and
so on. A list that has no records is empty, a document without the place for them is a fault. No CSV, no HTML (`html`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker import dates
from tracker.model import Done, Listing, Page, Poison, Records, Request, Source, When
from tracker.sources import json_documents, paths, times, xml_documents
from tracker.sources.bodies import looks_like, not_a
from tracker.sources.entries import MAX_ENTRIES, Entry, listing
from tracker.sources.plain import link

ACCEPT = "application/json, application/sparql-results+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
SECONDS = range(10**8, 10**10)  # Unix times from 1973 on; as many thousands of them are milliseconds


def request(source: Source) -> Request:
    """The list itself."""
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The records of the list, and the page that its `next` names as the older one."""
    where = source.records
    if where is None:
        return Poison(reason="the source has kind records and no 'records' that say where they are")
    document, broken = json_documents.load(page), None
    if document is None:
        document, broken = xml_documents.root(page)
    if document is None:
        return Poison(reason=not_a("a document of JSON or XML that can be read", page.body, page.content_type))
    found = paths.from_root(document, where.items)
    if not found and not _has_place(document, where.items):
        looks = looks_like(page.body, page.content_type)
        return Poison(reason=f"{looks}, where the path {where.items!r} leads nowhere")
    day_first = dates.day_first(source.country, source.language)
    entries = [_entry(where, one, day_first=day_first) for one in found[: MAX_ENTRIES + 1]]
    if entries and not any(one.url for one in entries):
        return Poison(reason=f"{len(entries)} records, none with an address at {where.url!r}")
    notes = [f"{broken}, read as far as it goes"] if broken else []
    return listing(source, entries, base=page.final_url, older=_older(where, document, page), notes=notes)


def _has_place(document: Any, path: str) -> bool:
    """Whether the place for records is there, and empty: in JSON an empty list, in XML the element around them."""
    around, _, last = path.rpartition(".")
    if last == paths.EACH:
        return isinstance(document, list)
    above = paths.from_root(document, around) if around else [document]
    if any(isinstance(one, dict) for one in above):
        return any(isinstance(one, dict) and isinstance(one.get(last), list) for one in above)
    return bool(above and around)


def _entry(where: Records, one: Any, *, day_first: bool | None) -> Entry:
    stated = paths.texts(one, where.date)
    told = (_date(words, day_first=day_first) for words in stated)
    return Entry(
        url=_first(paths.texts(one, where.url)),
        title=_first(paths.texts(one, where.title)) or "",
        guid=_first(paths.texts(one, where.guid)),
        author=", ".join(paths.texts(one, where.author)),
        published=next((when for when in told if when), None),
        summary=_first(paths.texts(one, where.summary)),
        language=_first(paths.texts(one, where.language)),
    )


def _date(words: str, *, day_first: bool | None) -> When | None:
    """A date written out, or Unix seconds or milliseconds."""
    if words.isascii() and words.isdigit() and len(words) < 14:
        for number in (int(words), int(words) // 1000):
            if number in SECONDS and len(words) > 8:
                return times.from_seconds(number)
    return times.from_text(words, day_first=day_first)


def _older(where: Records, document: Any, page: Page) -> Request | None:
    stated = paths.said(paths.from_root(document, where.next)) if where.next else []
    following = link(_first(stated), page.final_url)
    return Request(url=following, accept=ACCEPT) if following and following != page.url else None


def _first(found: Sequence[str]) -> str | None:
    return found[0] if found else None
