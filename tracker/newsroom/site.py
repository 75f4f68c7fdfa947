"""What stands at an address of the room: host, path and query to a `Resource`. Pure but for reading the bundle."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tracker.newsroom import feeds, mastodon, pages
from tracker.newsroom.answers import Ask, Resource
from tracker.newsroom.stories import Bundle, FeedSpec, Outlet, Story, as_shown

HTML = "text/html; charset=utf-8"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)
SHELL = (
    b"<!DOCTYPE html><html><head><title>toots</title></head><body><noscript>Scripts, please.</noscript></body></html>"
)
STYLE = b"/* the looks of this site are inline; this file is here because pages ask for it */\n"


def resource(bundle: Bundle, ask: Ask, moment: datetime | None) -> Resource:
    """The resource that a request names, as it stood at a moment (None: at the end of the bundle)."""
    now = moment or _end(bundle)
    host = ask.host.removesuffix(".localhost")
    if host in ("localhost", "127.0.0.1", "::1", ""):
        return _hall(bundle, ask, now)
    if host == bundle.social_host:
        return _social(bundle, ask, now)
    if host.startswith("www.") and host[4:] in bundle.outlets:
        return _moved(f"http://{host[4:]}{ask.target}")
    for outlet in bundle.outlets.values():
        if host in (outlet.host, outlet.mobile):
            found = _of_outlet(_shelf(bundle, outlet, now), host, ask)
            return replace(found, headers=(*found.headers, ("Server", outlet.server)))
    return Resource(status=421, body=b"no such host in this newsroom\n", content_type="text/plain; charset=utf-8")


def hosts(bundle: Bundle) -> tuple[str, ...]:
    """Every virtual host: outlets, their www and mobile names, the social server."""
    names = [outlet.host for outlet in bundle.outlets.values()]
    mobile = [outlet.mobile for outlet in bundle.outlets.values() if outlet.mobile]
    return (*names, *(f"www.{name}" for name in names), *mobile, bundle.social_host)


def _end(bundle: Bundle) -> datetime:
    times = [story.published for story in bundle.stories] + [post.at for post in bundle.posts]
    later = [revision.at for story in bundle.stories for revision in story.revisions]
    return max(times + later)


def _shelf(bundle: Bundle, outlet: Outlet, now: datetime) -> pages.Shelf:
    mine = (as_shown(story, now) for story in bundle.stories if story.outlet.host == outlet.host)
    return pages.Shelf(outlet=outlet, stories=tuple(story for story in mine if story)[::-1], now=now)


def _of_outlet(shelf: pages.Shelf, host: str, ask: Ask) -> Resource:
    outlet, path = shelf.outlet, ask.path
    if path == "/robots.txt" and outlet.robots is not None:
        return Resource(body=outlet.robots.encode(), content_type="text/plain", etag=outlet.etag, max_age=86_400)
    if path in outlet.moved:
        return _moved(f"http://{outlet.host}{outlet.moved[path]}")
    for spec in outlet.feeds:
        if path == spec.path:
            return _feed(shelf, spec)
    return _page(shelf, host, path, ask.query)


def _feed(shelf: pages.Shelf, spec: FeedSpec) -> Resource:
    listed = [story for story in shelf.stories if not spec.sections or story.section in spec.sections]
    modified = max((story.updated or story.published for story in listed), default=None)
    body = feeds.WRITERS[spec.kind](shelf.outlet, spec, listed)
    return _served(shelf.outlet, body, spec.type or feeds.TYPES[spec.kind], modified)


def _page(shelf: pages.Shelf, host: str, path: str, query: Mapping[str, str]) -> Resource:
    outlet, bare = shelf.outlet, path.removeprefix("/amp")
    for story in shelf.stories:
        if story.path in (path, bare):
            variant = "amp" if bare != path else "mobile" if host == outlet.mobile else "page"
            return _story(shelf, story, variant)
    name = path.strip("/")
    if path == "/" or name in outlet.sections:
        return _front(shelf, path, query)
    if name in pages.LEAVES:
        words = f"This page of {outlet.name} holds no news."
        return _served(outlet, pages.leaf(shelf, name, pages.LEAVES[name], words), HTML, None)
    return _file(path) or _error(shelf, 404, "Page not found", "The page may have moved or never have existed.")


def _front(shelf: pages.Shelf, path: str, query: Mapping[str, str]) -> Resource:
    if not path.endswith("/"):
        return _moved(f"http://{shelf.outlet.host}{path}/")
    number = int(query["page"]) if query.get("page", "").isdigit() else 1
    modified = shelf.stories[0].published if shelf.stories else None
    return _served(shelf.outlet, pages.front(shelf, path.strip("/") or None, number), HTML, modified)


def _file(path: str) -> Resource | None:
    """Pictures and style sheets that pages name: all alike."""
    kinds = {"/img/": (PIXEL, "image/png"), "/static/": (STYLE, "text/css")}
    found = next((kind for start, kind in kinds.items() if path.startswith(start)), None)
    return Resource(body=found[0], content_type=found[1], max_age=86_400) if found else None


def _story(shelf: pages.Shelf, story: Story, variant: str) -> Resource:
    if story.status >= 400:
        return _error(shelf, story.status, "Something went wrong", "This page cannot be shown at the moment.")
    content_type = HTML if story.encoding == "utf-8" else "text/html"
    stamp = story.published if story.date != "none" else None
    return _served(shelf.outlet, pages.article(shelf, story, variant), content_type, story.updated or stamp)


def _served(outlet: Outlet, body: bytes, content_type: str, modified: datetime | None) -> Resource:
    return Resource(
        body=body,
        content_type=content_type,
        modified=modified if outlet.last_modified else None,
        etag=outlet.etag,
        max_age=outlet.max_age,
        compress=outlet.gzip and "gzip" not in content_type,
    )


def _error(shelf: pages.Shelf, status: int, title: str, words: str) -> Resource:
    return Resource(status=status, body=pages.leaf(shelf, "error", title, words), content_type=HTML)


def _moved(location: str) -> Resource:
    words = f'<html><body>Moved to <a href="{location}">here</a>.</body></html>\n'
    return Resource(status=301, body=words.encode(), content_type="text/html", headers=(("Location", location),))


def _hall(bundle: Bundle, ask: Ask, now: datetime) -> Resource:
    shelves = tuple(_shelf(bundle, outlet, now) for outlet in bundle.outlets.values())
    port = ask.headers.get("host", "").rpartition(":")[2]
    return Resource(body=pages.hall(shelves, port), content_type=HTML)


def _social(bundle: Bundle, ask: Ask, now: datetime) -> Resource:
    if ask.path == "/robots.txt":
        rules = b"User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nDisallow: /media_proxy/\nDisallow: /interact/\n"
        return Resource(body=rules, content_type="text/plain", etag="strong", max_age=86_400)
    found = mastodon.reply(bundle, ask.path, ask.query, now)
    if found is None:
        return _profile(bundle, ask)
    links = (("Link", found.link),) if found.link else ()
    limits = (("X-RateLimit-Limit", "300"), ("X-RateLimit-Remaining", "299"), ("Server", "Mastodon"))
    json_type = "application/json; charset=utf-8"
    return Resource(
        status=found.status,
        body=mastodon.body(found),
        content_type=json_type,
        etag="weak",
        compress=True,
        headers=(*links, *limits),
    )


def _profile(bundle: Bundle, ask: Ask) -> Resource:
    """The page of an account or a post: an empty shell, as the web client builds it by script."""
    name = ask.path.removeprefix("/@").partition("/")[0]
    known = ask.path == "/" or (ask.path.startswith("/@") and name in bundle.accounts)
    return Resource(status=200 if known else 404, body=SHELL, content_type=HTML)
