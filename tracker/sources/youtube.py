"""YouTube: the films of a channel or a playlist, through its feed, whose descriptions are the texts.

`https://www.youtube.com/channel/UC…`, `/playlist?list=…`, or the feed's address. A feed holds the newest 15 films.
Names (`/@NAME`, `/c/NAME`) cannot be resolved without a key of the API. No subtitles, no links followed out of
descriptions.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import urlsplit

from tracker.model import Done, Item, Listing, Page, Poison, Request, Source
from tracker.sources import feed, posts
from tracker.sources.queries import asking, parameter

FEED = "/feeds/videos.xml"
FORMS = "https://www.youtube.com/channel/UC… or https://www.youtube.com/playlist?list=…"
WHERE = "the channel's id is on its page under … more, Share channel, Copy channel ID"
_CHANNEL = re.compile(r"/channel/(?P<id>UC[\w-]{22})(?:/\w+)?/?\Z")
_LIST = re.compile(r"[\w-]{10,80}\Z")


def request(source: Source) -> Request:
    """The feed of the channel or playlist. What is neither is asked as it stands, and `parse` says so."""
    return Request(url=_feed(source.url) or source.url, accept=feed.ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The films of the feed, each with its description as an article that is whole."""
    if not _feed(source.url):
        return Poison(reason=f"no id of a channel or playlist: {source.url!r}; expected {FORMS}; {WHERE}")
    outcome = feed.parse(source, page)
    if isinstance(outcome, Poison):
        return outcome
    films = tuple(_film(item) for item in outcome.value.items)
    return Done(value=replace(outcome.value, items=films))


def _feed(url: str) -> str | None:
    """The address of the feed for a page of YouTube, or for itself; None for anything else."""
    parts = urlsplit(url)
    if parts.path == FEED:
        return url
    if channel := _CHANNEL.match(parts.path):
        return asking(f"{parts.scheme}://{parts.netloc}", path=FEED, channel_id=channel["id"])
    playlist = parameter(url, "list") if parts.path == "/playlist" else ""
    if _LIST.match(playlist):
        return asking(f"{parts.scheme}://{parts.netloc}", path=FEED, playlist_id=playlist)
    return None


def _film(item: Item) -> Item:
    """A film with its description, which is plain text, as the whole text."""
    description = posts.paragraphs(html.escape(item.content or item.summary or "", quote=False))
    return replace(item, content=description or None, summary=None, is_whole=True)
