"""From one entry of any kind of source to an `Item`, and from entries to a `Listing`.

Knows no format; each kind's file says where its fields are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urldefrag

from tracker.model import Done, Item, Listing, Request, Source, When
from tracker.sources.plain import link, plain, scrub

MAX_ENTRIES = 10_000  # of one answer; a longer one is cut and says so in its notes
MAX_GUID = 1_000  # characters
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].{0,20})?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as its source states it: strings still raw, the link still relative to the listing's base."""

    url: str | None
    title: str = ""
    guid: str | None = None
    author: str | None = None
    published: When | None = None
    summary: str | None = None
    content: str | None = None
    language: str | None = None
    is_whole: bool = False
    via: str | None = None  # the address of the post that leads to `url`, as `Item.via`
    version: str | None = None  # as `Item.version`


def listing(
    source: Source,
    entries: Iterable[Entry | None],
    *,
    base: str,
    follow: Sequence[Request] = (),
    older: Request | None = None,
    notes: Sequence[str] = (),
    within: str | None = None,
) -> Done[Listing]:
    """A listing of the entries that could be read, with a note on those that could not.

    `within` is the one `file://` address beneath which an entry may lie: that of a source on this machine.
    """
    seen = [_item(source, one, base, within) if one else None for one in entries]
    kept = tuple(item for item in seen if item is not None)
    remarks = list(notes)
    if len(kept) < len(seen):
        remarks.append(f"{len(seen) - len(kept)} of {len(seen)} entries left out: no http(s) link")
    if len(kept) > MAX_ENTRIES:
        remarks.append(f"more than {MAX_ENTRIES} entries, only the first {MAX_ENTRIES} read")
    return Done(
        value=Listing(items=kept[:MAX_ENTRIES], follow=tuple(follow), older=older, notes=tuple(remarks)),
    )


def _item(source: Source, stated: Entry, base: str, within: str | None) -> Item | None:
    """The entry with its strings made fit, or None when it has no http(s) link to stand for it."""
    is_within = within is not None and (stated.url or "").startswith(within)
    url = stated.url if is_within else link(stated.url, base)
    if url is None:
        return None
    return Item(
        source_id=source.id,
        url=url,
        title=plain(stated.title),
        guid=scrub(stated.guid or "").strip()[:MAX_GUID] or None,
        author=plain(stated.author or "") or None,
        published=stated.published,
        summary=_markup(stated.summary),
        content=_markup(stated.content),
        language=primary(stated.language),
        is_whole=stated.is_whole,
        via=link(stated.via, base),
        version=stated.version,
    )


def standing_alone(source: Source, entry: Entry) -> Entry:
    """An entry without a link, under the feed's address with a mark made from its guid, or else from its words."""
    when = entry.published.value if entry.published else None
    name = entry.guid or entry.title or entry.content or entry.summary or entry.author or when
    if not name or not name.strip():
        return entry
    feed = urldefrag(source.url).url
    mark = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]
    return replace(entry, url=f"{feed}{'&' if '?' in feed else '?'}entry={mark}", is_whole=True)


def primary(language: str | None) -> str | None:
    """The primary subtag of a language tag: "en" of "en-GB"; None for what is no tag."""
    match = _LANGUAGE.match((language or "").strip())
    return match[1].lower() if match else None


def _markup(text: str | None) -> str | None:
    """A summary's HTML as sent, without what cannot be stored; None for nothing but white space."""
    cleaned = scrub(text or "")
    return cleaned if cleaned.strip() else None
