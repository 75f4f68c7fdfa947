"""Which of the sightings that a source has given before an item is: pure.

In layers, since feeds break every single one of them: the GUID, unless it is used again for another article (another
address and another title); else the canonical address, unless GUID and title are both others (two posts of one live
page). Of a post that leads to an article, the post is the sighting. Does not look into texts: that two addresses hold
one text is seen when they have been fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.model import Item
from tracker.store.codec import digest, folded

_MARKUP = re.compile(r"<[^>]*>|&[#\w]+;")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored sighting, as far as it serves to know it again."""

    id: str
    guid: str | None
    url_id: str
    title: str
    via: str | None


def item_id(item: Item) -> str:
    """The id of a sighting: a hash of the source and the item's GUID, or of its address where it has none."""
    return digest(item.source_id, item.guid or item.via or item.url)


def second_id(item: Item, url_id: str) -> str:
    """The id of a sighting whose GUID stood for another article before."""
    return digest(item.source_id, item.guid or item.via or item.url, url_id)


def same(item: Item, url_id: str, known: Iterable[Known]) -> Known | None:
    """The stored sighting that this item is, of those that share its GUID or its address; None: it is a new one."""
    candidates = {one.id: one for one in known}
    if again := candidates.get(second_id(item, url_id)):
        return again
    named = candidates.get(item_id(item))
    if named and (named.url_id == url_id or _same_title(item.title, named.title)):
        return named
    at_address = (one for one in candidates.values() if one.url_id == url_id and one.via == item.via)
    return next((one for one in at_address if _same_but_for_guid(item, one)), None)


def _same_but_for_guid(item: Item, one: Known) -> bool:
    return item.guid is None or one.guid is None or _same_title(item.title, one.title)


def _same_title(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def told(item: Item) -> str:
    """A hash of what the source tells of the article; an edit changes it, or a file's time; counters in it do not."""
    day = item.published.day if item.published else ""
    words = (_LETTERS.findall(_MARKUP.sub(" ", text or "")) for text in (item.title, item.summary, item.content))
    version = () if item.version is None else (item.version,)
    return digest(day, *(" ".join(some) for some in words), *version)
