"""Bluesky: an author's posts or a search, through the public AppView, without an account of ours.

`https://bsky.app/profile/HANDLE`, `https://bsky.app/search?q=…`, `https://bsky.app/hashtag/TAG`, or the address of an
`app.bsky.feed` method on any AppView. Reposts, answers to others and pictures without words are skipped, and so are
posts whose authors show them only to people who are logged in. No quoted posts, no logging in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from tracker.model import Done, Listing, Page, Poison, Request, Source, When
from tracker.sources import posts, times
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing
from tracker.sources.json_documents import load, record, records, text
from tracker.sources.plain import plain
from tracker.sources.queries import asking, parameter

ACCEPT = "application/json"
PAGE_SIZE = 100  # the most that the API gives at once
APP = "bsky.app"
AUTHORS = "https://public.api.bsky.app/"
SEARCHES = "https://api.bsky.app/"  # the public mirror refuses searches (403) since January 2025
FORMS = "https://bsky.app/profile/HANDLE or https://bsky.app/search?q=WORDS"
LOGGED_IN_ONLY = "!no-unauthenticated"  # a label that authors put on themselves
THREADS = "posts_and_author_threads"  # answers to oneself go on with what was said; answers to others are left away
HIDDEN = frozenset({"!hide", "!takedown"})
_PROFILE = re.compile(r"/profile/(?P<name>[\w.:%-]{3,300})/?\Z")
_HASHTAG = re.compile(r"/hashtag/(?P<name>[^/]+)/?\Z")
_METHOD = re.compile(r"/xrpc/app\.bsky\.feed\.\w+\Z")
_SEARCH_METHOD = "/xrpc/app.bsky.feed.searchPosts"
_LINK_FACET = "app.bsky.richtext.facet#link"


def request(source: Source) -> Request:
    """The method of the API that answers what the URL shows. What is no such URL is asked as it stands."""
    return Request(url=_method(source.url) or source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The posts of a feed or of a search."""
    if not _method(source.url):
        return Poison(reason=f"not a Bluesky profile or search: {source.url!r}; expected {FORMS}")
    answer = record(load(page))
    if isinstance(answer.get("feed"), list):
        views = [record(one.get("post")) for one in records(answer["feed"]) if not _is_repost(one)]
    elif isinstance(answer.get("posts"), list):
        views = records(answer["posts"])
    elif error := text(answer, "message") or text(answer, "error"):
        return Poison(reason=f"Bluesky says: {plain(error)[:200]}")
    else:
        return Poison(reason=not_a("an answer of Bluesky's API", page.body, page.content_type))
    own = [one for one in views if _is_own(one)]
    shown = [one for one in own if source.token or LOGGED_IN_ONLY not in _labels(one)]
    left_out = f"{len(own) - len(shown)} of {len(own)} posts left out: shown only to people who are logged in"
    return listing(
        source,
        (_entry(one, page.final_url) for one in shown),
        base=page.final_url,
        older=_older(source, page, text(answer, "cursor")),
        notes=[left_out] if len(shown) < len(own) else [],
    )


def _method(url: str) -> str | None:
    """The address of the API for a page of the app, or for itself; None for anything else."""
    parts = urlsplit(url)
    if _METHOD.match(parts.path):
        return asking(url, defaults=True, limit=PAGE_SIZE)
    if parts.netloc.lower() != APP:
        return None
    if profile := _PROFILE.match(parts.path):
        path = "/xrpc/app.bsky.feed.getAuthorFeed"
        actor = unquote(profile["name"])
        return asking(AUTHORS, path=path, actor=actor, filter=THREADS, limit=PAGE_SIZE)
    hashtag = _HASHTAG.match(parts.path)
    words = f"#{unquote(hashtag['name'])}" if hashtag else parameter(url, "q") if parts.path == "/search" else ""
    return asking(SEARCHES, path=_SEARCH_METHOD, q=words, sort="latest", limit=PAGE_SIZE) if words else None


def _older(source: Source, page: Page, cursor: str | None) -> Request | None:
    """The page before this one. Bluesky itself refuses the cursor of a search to whoever has not logged in."""
    parts = urlsplit(page.final_url)
    refused = parts.path == _SEARCH_METHOD and parts.netloc.endswith(f".{APP}") and not source.token
    return Request(url=asking(page.final_url, cursor=cursor), accept=ACCEPT) if cursor and not refused else None


def _is_repost(one: Mapping[str, Any]) -> bool:
    return "reasonRepost" in (text(record(one.get("reason")), "$type") or "")


def _is_own(view: Mapping[str, Any]) -> bool:
    """Whether a post says something to everybody: no answer to somebody else, no mere picture, nothing hidden."""
    said = record(view.get("record"))
    reply = record(said.get("reply"))
    parent = text(record(reply.get("parent")), "uri")
    did = text(record(view.get("author")), "did")
    is_answer = parent is not None and not parent.startswith(f"at://{did}/")
    return bool(text(said, "text") or any(_cards(view))) and not is_answer and not _labels(view) & HIDDEN


def _labels(view: Mapping[str, Any]) -> frozenset[str]:
    """The labels of a post and of its author."""
    given = [*records(view.get("labels")), *records(record(view.get("author")).get("labels"))]
    return frozenset(value for one in given if (value := text(one, "val")))


def _entry(view: Mapping[str, Any], base: str) -> Entry | None:
    """One post, or the article that it leads to."""
    said, author = record(view.get("record")), record(view.get("author"))
    uri, handle, did = text(view, "uri") or "", text(author, "handle") or "", text(author, "did") or ""
    name = handle if handle and handle != "handle.invalid" else did
    if not uri.startswith("at://") or not name:
        return None
    content, linked = _marked_up(said)
    languages = said.get("langs")
    post = posts.Post(
        url=f"https://{APP}/profile/{name}/post/{uri.rpartition('/')[2]}",
        title=posts.headline(name, content),
        guid=uri,
        author=text(author, "displayName") or name,
        published=_published(said, view),
        content=content,
        language=languages[0] if isinstance(languages, list) and languages and isinstance(languages[0], str) else None,
        links=(*_cards(view), *linked),
    )
    return posts.entry(post, base=base)


def _published(said: Mapping[str, Any], view: Mapping[str, Any]) -> When | None:
    """When a post was written, by its author's clock, but not after the network first saw it."""
    written, seen = times.from_text(text(said, "createdAt")), times.from_text(text(view, "indexedAt"))
    return min((one for one in (written, seen) if one), key=lambda when: when.value, default=None)


def _cards(view: Mapping[str, Any]) -> Iterator[posts.Link]:
    """The preview card, alone or beside a quoted post."""
    embed = record(view.get("embed"))
    for holder in (embed, record(embed.get("media"))):
        card = record(holder.get("external"))
        if url := text(card, "uri"):
            yield posts.Link(url=url, title=text(card, "title") or "")


def _marked_up(said: Mapping[str, Any]) -> tuple[str, tuple[posts.Link, ...]]:
    """A post's text as HTML with its links. Facets count bytes of UTF-8; those that overlap are left out."""
    raw = (text(said, "text") or "").encode("utf-8", "replace")
    pieces, links, done = [], [], 0
    for start, end, url in sorted(_facets(said)):
        if done <= start < end <= len(raw):
            words = _escaped(raw[start:end])
            pieces += [_escaped(raw[done:start]), f'<a href="{html.escape(url)}">{words}</a>']
            links.append(posts.Link(url=url))
            done = end
    return posts.paragraphs("".join([*pieces, _escaped(raw[done:])])), tuple(links)


def _facets(said: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    """Where links begin and end, and where they lead."""
    for facet in records(said.get("facets")):
        index = record(facet.get("index"))
        start, end = index.get("byteStart"), index.get("byteEnd")
        for feature in records(facet.get("features")):
            url = text(feature, "uri")
            if text(feature, "$type") == _LINK_FACET and url and isinstance(start, int) and isinstance(end, int):
                yield start, end, url


def _escaped(raw: bytes) -> str:
    return html.escape(raw.decode("utf-8", "replace"), quote=False)
