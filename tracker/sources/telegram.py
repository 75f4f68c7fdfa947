"""Telegram: a public channel's posts, from the preview that t.me shows to everybody.

`https://t.me/NAME` or `https://t.me/s/NAME`. A forwarded post is kept under the name of whoever wrote it. Posts without
words (pictures, films, polls, notices of the service) are skipped. No groups, no private channels, no API.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from tracker.encoding import decode
from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import markup, posts, times
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing
from tracker.sources.markup import attribute
from tracker.sources.queries import asking

ACCEPT = "text/html, */*;q=0.1"
FORMS = "https://t.me/NAME"
CLOSED = (
    "Telegram shows no posts of {name!r} here: it is no public channel, has its preview switched off, or is no more"
)
_CHANNEL = re.compile(r"/(?:s/)?(?P<name>[A-Za-z]\w{3,31})/?\Z", re.ASCII)
_POST = re.compile(r"\w{4,32}/\d{1,12}\Z", re.ASCII)
_MESSAGE = ".tgme_widget_message[data-post]:not(.service_message)"
_WORDS = ".tgme_widget_message_text:not(.js-message_reply_text)"
_AUTHORS = (".tgme_widget_message_forwarded_from_name", ".tgme_widget_message_owner_name")
_HISTORY = ".tgme_channel_history, .tgme_channel_info"  # a channel's page, even without a post
_ELSEWHERE = ".tgme_page, .tgme_page_wrap"  # where t.me leads to when there is no preview


def request(source: Source) -> Request:
    """The channel's preview. What is no channel's address is asked as it stands, and `parse` says so."""
    channel = _CHANNEL.match(urlsplit(source.url).path)
    url = asking(source.url, path=f"/s/{channel['name']}") if channel else source.url
    return Request(url=url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The posts of a channel's page, the newest first."""
    channel = _CHANNEL.match(urlsplit(source.url).path)
    if not channel:
        return Poison(reason=f"not a public channel of Telegram: {source.url!r}; expected {FORMS}")
    soup = markup.soup(decode(page.body, page.content_type))
    messages = soup.select(_MESSAGE) if soup else []
    if not soup or not (messages or soup.select_one(_HISTORY)):
        closed = soup and soup.select_one(_ELSEWHERE)
        wrong = not_a("a Telegram channel's page", page.body, page.content_type)
        return Poison(reason=CLOSED.format(name=channel["name"]) if closed else wrong)
    entries = [entry for one in reversed(messages) if (entry := _entry(one, page.final_url))]
    return listing(source, entries, base=page.final_url, older=_older(soup, page) if messages else None)


def _older(soup: BeautifulSoup, page: Page) -> Request | None:
    """The posts before the page's first one, where the page says that there are any."""
    before = attribute(soup.select_one(".js-messages_more[data-before]"), "data-before")
    if not before or not before.isdecimal() or not before.isascii():
        return None
    return Request(url=asking(page.final_url, before=before), accept=ACCEPT)


def _entry(message: Tag, base: str) -> Entry | None:
    """One post, or the article that it leads to; None for one without words or with no name."""
    place = attribute(message, "data-post") or ""
    words = message.select_one(_WORDS)
    if not words or not _POST.match(place):
        return None
    content = words.decode_contents()
    post = posts.Post(
        url=f"https://t.me/{place}",
        title=posts.headline(place.partition("/")[0], content),
        guid=place,
        author=next((found.get_text(" ", strip=True) for one in _AUTHORS if (found := message.select_one(one))), None),
        published=times.from_text(attribute(message.select_one("time[datetime]"), "datetime")),
        content=content,
        links=(*_preview(message), *posts.links_in(content)),
    )
    return posts.entry(post, base=base)


def _preview(message: Tag) -> tuple[posts.Link, ...]:
    """The preview of a linked page below a post."""
    preview = message.select_one("a.tgme_widget_message_link_preview[href]")
    if preview is None:
        return ()
    title = preview.select_one(".link_preview_title")
    return (posts.Link(url=attribute(preview, "href") or "", title=title.get_text(" ", strip=True) if title else ""),)
