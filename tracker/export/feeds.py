"""Feeds: Atom (RFC 4287) and JSON Feed 1.1, the events that changed last first.

Ids are tag URIs (RFC 4151) of event ids, so that they stay when the file moves. Everything is plain text. An entry is
`updated` when the event last changed and `published` when it was first stored. It leads to the page of the event where
there is one, and beside that to the first report; else to the report.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from tracker import urls
from tracker.export import cells, objects
from tracker.model import About, Exported

TAG = "tag:tracker.invalid,2024"  # a name that nobody else can have (RFC 2606)
ATOM = "http://www.w3.org/2005/Atom"
VERSION = "https://jsonfeed.org/version/1.1"
AUTHOR = "tracker"
PLAIN = re.compile(r"[^A-Za-z0-9._~-]+")


def atom(events: Iterable[Exported], out: BinaryIO, about: About) -> None:
    """Write an Atom feed."""
    found = list(events)
    out.write(f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns={quoteattr(ATOM)}>\n'.encode())
    out.writelines(_xml(one) for one in _head(found, about))
    out.writelines(_xml(_entry(event, about)) for event in found)
    out.write(b"</feed>\n")


def jsonfeed(events: Iterable[Exported], out: BinaryIO, about: About) -> None:
    """Write a JSON Feed."""
    feed: dict[str, Any] = {"version": VERSION, "title": cells.line(about.title) or AUTHOR}
    if about.link:
        feed["feed_url"] = about.link
    feed |= {"authors": [{"name": AUTHOR}], "items": [_item(event, about) for event in events]}
    out.write(objects.text(feed).encode() + b"\n")


def feed_id(about: About) -> str:
    """The id of the feed of a saved query, or of these filters."""
    asked = about.query or ";".join(
        f"{name}={value if isinstance(value, str) else ','.join(value)}"
        for name, value in sorted(about.filters.items())
    )
    return f"{TAG}:timeline/{PLAIN.sub('-', unicodedata.normalize('NFC', asked)).strip('-')}"


def words(event: Exported) -> str:
    """What is told of an event: its summary, the quote that shows it, who and whom, when it takes effect."""
    told = [event.summary, f"“{event.quote}”" if event.quote else ""]
    told.append(
        f"{event.type.replace('_', ' ')}, {event.status.replace('_', ' ')}, {event.direction}; {event.certainty}"
    )
    named = {"By": event.actors, "Concerns": event.targets}
    told += [f"{role}: {', '.join(party.name for party in parties)}" for role, parties in named.items() if parties]
    told += [f"What: {', '.join((*event.items, *event.instruments))}"] if event.items or event.instruments else []
    told += [f"Takes effect: {event.effective_on}"] if event.effective_on else []
    return "\n".join(cells.line(one) for one in told if one)


def page(event: Exported, about: About) -> str | None:
    """The address of the page of an event; None where there is none."""
    return None if about.pages is None else about.pages + quote(event.id, safe="", errors="replace")


def report(event: Exported) -> str | None:
    """The address of the first report, if it is one that a reader may follow."""
    url = event.url
    return url if url and urls.is_http(url) and cells.xml(url) == url and not set(url) & set(' "<>\\^`{|}') else None


def _head(found: list[Exported], about: About) -> Iterator[ET.Element]:
    yield _element("title", cells.line(about.title) or AUTHOR)
    yield _element("id", feed_id(about))
    yield _element("updated", max((event.changed_at for event in found), default=about.as_of))
    if about.link:
        yield ET.Element("link", rel="self", href=about.link)
    author = ET.Element("author")
    author.append(_element("name", AUTHOR))
    yield author
    yield _element("generator", AUTHOR)


def _entry(event: Exported, about: About) -> ET.Element:
    entry = ET.Element("entry")
    entry.append(_element("title", _title(event)))
    entry.append(_element("id", f"{TAG}:{event.id}"))
    entry.append(_element("updated", event.changed_at))
    entry.append(_element("published", event.first_seen_at))
    for rel, link in zip(("alternate", "related"), _links(event, about), strict=False):
        entry.append(ET.Element("link", rel=rel, href=link))
    for term in _terms(event):
        entry.append(ET.Element("category", term=term))
    entry.append(_element("content", cells.xml(words(event)), type="text"))
    return entry


def _item(event: Exported, about: About) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": f"{TAG}:{event.id}",
        "title": _title(event),
        "content_text": words(event),
        "date_published": event.first_seen_at,
        "date_modified": event.changed_at,
        "tags": list(_terms(event)),
        "_tracker": {"event_id": event.id, "date": event.date, "measure_id": event.measure_id,
                     "effective_on": event.effective_on, "confidence": event.confidence, "origins": event.origins},
    }  # fmt: skip
    return item | dict(zip(("url", "external_url"), _links(event, about), strict=False))


def _title(event: Exported) -> str:
    return cells.line(event.summary).strip() or event.id


def _terms(event: Exported) -> Iterator[str]:
    yield from map(cells.line, (event.type, event.status, event.direction))


def _links(event: Exported, about: About) -> list[str]:
    """Where an entry leads: to the page of its event, then to the first report."""
    return list(filter(None, (page(event, about), report(event))))


def _element(name: str, text: str, **attributes: str) -> ET.Element:
    element = ET.Element(name, attributes)
    element.text = cells.xml(text)
    return element


def _xml(element: ET.Element) -> bytes:
    data: bytes = ET.tostring(element, encoding="utf-8")
    return data + b"\n"
