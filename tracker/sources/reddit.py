"""Reddit: the newest posts of a subreddit, a user or a search, as JSON.

A link post leads to its article, a post with a text of its own is whole. Pinned posts, which are standing notices, and
removed posts are skipped. No comments, no votes, no logging in: Reddit turns away most who have not, and says so here;
with a token, `https://oauth.reddit.com/r/NAME` can be asked instead.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import posts, times
from tracker.sources.bodies import looks_like, not_a
from tracker.sources.entries import Entry, listing
from tracker.sources.json_documents import load, record, records, text
from tracker.sources.plain import plain
from tracker.sources.queries import asking

ACCEPT = "application/json"
PAGE_SIZE = 100  # the most that a listing gives at once
API = "oauth.reddit.com"  # for those who have a token; it gives JSON without being asked for it
FORMS = "https://www.reddit.com/r/NAME or https://www.reddit.com/search?q=WORDS"
BLOCKED = (b"whoa there, pardner", b"blocked by network security", b"blocked due to a network policy")
_LISTING = re.compile(
    r"/(?:r|u|user)/[\w+-]{2,300}(?:/(?:new|search|submitted)|/m/\w+(?:/new)?)?(?:/?\.json|/)?\Z|/search(?:/?\.json|/)?\Z"
)
_SUBREDDIT = re.compile(r"/r/[\w+-]+\Z")
_USER = re.compile(r"/(?:u|user)/[\w-]+\Z")
_FULLNAME = re.compile(r"t\d_\w{1,20}\Z")
_DELETED = frozenset({"[deleted]", "[removed]"})


def request(source: Source) -> Request:
    """The listing behind the page, newest first. What is no such page is asked as it stands, and `parse` says so."""
    path = urlsplit(source.url).path
    if not _LISTING.match(path):
        return Request(url=source.url, accept=ACCEPT)
    path = path.removesuffix("/").removesuffix(".json").removesuffix("/")
    path = re.sub(r"\A/u/", "/user/", path)
    if _SUBREDDIT.match(path):
        path += "/new"
    if _USER.match(path):
        path += "/submitted"
    ending = "" if urlsplit(source.url).netloc.lower() == API else ".json"
    url = asking(source.url, path=f"{path}{ending}", defaults=True, limit=PAGE_SIZE, raw_json=1)
    return Request(url=url if path.endswith("/new") else asking(url, sort="new", defaults=True), accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The posts of a listing."""
    if not _LISTING.match(urlsplit(source.url).path):
        return Poison(reason=f"not a subreddit, user or search of Reddit: {source.url!r}; expected {FORMS}")
    document = record(load(page))
    data = record(document.get("data"))
    if not isinstance(data.get("children"), list):
        return Poison(reason=_refusal(document, page))
    told = [record(one.get("data")) for one in records(data["children"]) if one.get("kind") == "t3"]
    entries = (_entry(one, page.final_url) for one in told if _is_shown(one))
    return listing(source, entries, base=page.final_url, older=_older(page, text(data, "after")))


def _refusal(document: Mapping[str, Any], page: Page) -> str:
    """Why Reddit gives no listing, in its own words where it has any."""
    start = page.body[:20_000].lower()
    if any(words in start for words in BLOCKED):
        looks = looks_like(page.body, page.content_type)
        return f"{looks}: Reddit blocks this network or this program; ask less often, or leave the source out"
    if document and "error" in document:
        words = [text(document, "message"), text(document, "reason"), text(document, "error")]
        return f"Reddit says: {plain(', '.join(word for word in words if word))[:200]}"
    return not_a("a listing of Reddit", page.body, page.content_type)


def _older(page: Page, after: str | None) -> Request | None:
    """The listing after the last post of this one."""
    return Request(url=asking(page.final_url, after=after), accept=ACCEPT) if after and _FULLNAME.match(after) else None


def _is_shown(post: Mapping[str, Any]) -> bool:
    """Whether a post stands, and is no standing notice of the moderators."""
    if post.get("stickied") is True or text(post, "removed_by_category"):
        return False
    return not {text(post, "selftext"), text(post, "title")} & _DELETED


def _entry(told: Mapping[str, Any], base: str) -> Entry:
    """One post, or the article that it leads to. A text sent with its markup escaped is unescaped."""
    content = text(told, "selftext_html") or ""
    if content.lstrip().startswith("&lt;"):
        content = html.unescape(content)
    url = None if told.get("is_self") is True else text(told, "url_overridden_by_dest") or text(told, "url")
    permalink = text(told, "permalink")
    post = posts.Post(
        url=f"https://www.reddit.com{permalink}" if permalink and permalink.startswith("/") else None,
        title=text(told, "title") or "",
        guid=text(told, "name") or text(told, "id"),
        author=author if (author := text(told, "author")) not in _DELETED else None,
        published=times.from_seconds(told.get("created_utc")),
        content=content,
        links=(posts.Link(url=url),) if url else (),
    )
    return posts.entry(post, base=base)
