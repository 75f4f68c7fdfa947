"""The listings that outlets publish: RSS 2.0, Atom, JSON Feed 1.1, news sitemap, sitemap index, gzipped sitemap.

Each writer takes the outlet, one `FeedSpec` and the stories to list (newest first) and returns bytes.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from tracker.newsroom.datelines import rfc822, utc
from tracker.newsroom.pages import stated_time
from tracker.newsroom.stories import FeedSpec, Outlet, Story

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
XML = "http://www.w3.org/XML/1998/namespace"
DC = "http://purl.org/dc/elements/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
    "news_sitemap": "application/xml",
    "sitemap_index": "application/xml",
    "sitemap_gz": "application/gzip",
}


def link(spec: FeedSpec, story: Story) -> str:
    """The address under which a feed lists a story."""
    outlet = story.outlet
    if spec.links == "tracked":
        return f"{story.url}?utm_source=rss&utm_medium=feed&utm_campaign={outlet.key}"
    if spec.links == "amp":
        return f"http://{outlet.host}/amp{story.path}"
    if spec.links == "mobile":
        return f"http://{outlet.mobile}{story.path}?ref=feed"
    return story.url


def html(story: Story) -> str:
    """The body as feeds carry it (up to the wall, where there is one)."""
    return "\n".join(block.html for block in story.shown)


def rss(outlet: Outlet, spec: FeedSpec, stories: Sequence[Story]) -> bytes:
    """RSS 2.0, with content:encoded where the whole text is given."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM, "content": CONTENT, "dc": DC})
    channel = etree.SubElement(root, "channel")
    _texts(
        channel,
        ("title", spec.title or outlet.name),
        ("link", f"http://{outlet.host}/"),
        ("description", outlet.slogan),
        ("language", outlet.lang),
        ("lastBuildDate", rfc822(stories[0].published) if stories else None),
        ("generator", "Presswerk 7.2"),
        ("ttl", "60"),
    )
    own = {"href": f"http://{outlet.host}{spec.path}", "rel": "self", "type": "application/rss+xml"}
    etree.SubElement(channel, f"{{{ATOM}}}link", own)
    for story in stories:
        _rss_item(channel, spec, story)
    return _document(root)


def atom(outlet: Outlet, spec: FeedSpec, stories: Sequence[Story]) -> bytes:
    """Atom 1.0."""
    home = f"http://{outlet.host}/"
    root = etree.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": outlet.lang}, nsmap=_names(ATOM))
    newest = stories[0].published if stories else datetime(2018, 1, 1, tzinfo=UTC)
    _texts(root, ("title", spec.title or outlet.name), ("subtitle", outlet.slogan), ("id", home), ns=ATOM)
    _texts(root, ("updated", utc(newest)), ns=ATOM)
    etree.SubElement(root, f"{{{ATOM}}}link", {"href": home, "rel": "alternate"})
    etree.SubElement(root, f"{{{ATOM}}}link", {"href": f"http://{outlet.host}{spec.path}", "rel": "self"})
    for story in stories:
        _atom_entry(root, spec, story)
    return _document(root)


def json_feed(outlet: Outlet, spec: FeedSpec, stories: Sequence[Story]) -> bytes:
    """JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": spec.title or outlet.name,
        "home_page_url": f"http://{outlet.host}/",
        "feed_url": f"http://{outlet.host}{spec.path}",
        "description": outlet.slogan,
        "language": outlet.lang,
        "items": [_json_item(spec, story) for story in stories],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def news_sitemap(outlet: Outlet, spec: FeedSpec, stories: Sequence[Story]) -> bytes:
    """A sitemap with Google's news extension."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=_names(SITEMAP, news=NEWS))
    for story in stories:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        stated = stated_time(story)
        _texts(url, ("loc", link(spec, story)), ("lastmod", _iso(story.updated or stated)), ns=SITEMAP)
        news = etree.SubElement(url, f"{{{NEWS}}}news")
        publication = etree.SubElement(news, f"{{{NEWS}}}publication")
        _texts(publication, ("name", outlet.name), ("language", outlet.lang), ns=NEWS)
        _texts(news, ("publication_date", _iso(stated)), ("title", story.title), ns=NEWS)
        _texts(news, ("keywords", ", ".join(story.tags) or None), ns=NEWS)
    return _document(root)


def sitemap_index(outlet: Outlet, _: FeedSpec, stories: Sequence[Story]) -> bytes:
    """An index of the outlet's other sitemaps."""
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap=_names(SITEMAP))
    for part in outlet.feeds:
        if part.kind in ("news_sitemap", "sitemap_gz"):
            entry = etree.SubElement(root, f"{{{SITEMAP}}}sitemap")
            newest = _iso(stories[0].published) if stories else None
            _texts(entry, ("loc", f"http://{outlet.host}{part.path}"), ("lastmod", newest), ns=SITEMAP)
    return _document(root)


def sitemap_gz(_: Outlet, spec: FeedSpec, stories: Sequence[Story]) -> bytes:
    """A plain sitemap as a gzip file."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=_names(SITEMAP))
    for story in stories:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        _texts(url, ("loc", link(spec, story)), ("lastmod", _iso(stated_time(story))), ns=SITEMAP)
    return gzip.compress(_document(root), mtime=0)


WRITERS: dict[str, Callable[[Outlet, FeedSpec, Sequence[Story]], bytes]] = {
    "rss": rss,
    "atom": atom,
    "json": json_feed,
    "news_sitemap": news_sitemap,
    "sitemap_index": sitemap_index,
    "sitemap_gz": sitemap_gz,
}


def _names(default: str, **named: str) -> Any:
    """A map of namespaces with a default one, which lxml's stubs do not know."""
    return {None: default, **named}


def _rss_item(channel: etree._Element, spec: FeedSpec, story: Story) -> None:
    item = etree.SubElement(channel, "item")
    stated = stated_time(story)
    _texts(item, ("title", story.title), ("link", link(spec, story)), ("description", story.summary))
    guid = etree.SubElement(item, "guid", {"isPermaLink": "false"})
    guid.text = f"{story.outlet.host}-{story.number}"
    _texts(item, ("pubDate", rfc822(stated) if stated else None))
    _texts(item, ("creator", story.author or None), ns=DC)
    for tag in story.tags:
        _texts(item, ("category", tag))
    if spec.content == "full" or story.status != 200:
        _texts(item, ("encoded", html(story)), ns=CONTENT)


def _atom_entry(root: etree._Element, spec: FeedSpec, story: Story) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    stated = stated_time(story)
    changed = story.updated or stated
    tag = f"tag:{story.outlet.host},2018:{story.number}"
    _texts(entry, ("title", story.title), ("id", tag), ("published", _iso(stated)), ("updated", _iso(changed)), ns=ATOM)
    etree.SubElement(entry, f"{{{ATOM}}}link", {"href": link(spec, story), "rel": "alternate", "type": "text/html"})
    if story.author:
        _texts(etree.SubElement(entry, f"{{{ATOM}}}author"), ("name", story.author), ns=ATOM)
    for name in story.tags:
        etree.SubElement(entry, f"{{{ATOM}}}category", {"term": name})
    _texts(entry, ("summary", story.summary), ns=ATOM)
    if spec.content == "full" or story.status != 200:
        content = etree.SubElement(entry, f"{{{ATOM}}}content", {"type": "html"})
        content.text = html(story)


def _json_item(spec: FeedSpec, story: Story) -> dict[str, Any]:
    stated = stated_time(story)
    given = {
        "id": story.number,
        "url": link(spec, story),
        "title": story.title,
        "summary": story.summary,
        "content_html": html(story) if spec.content == "full" or story.status != 200 else None,
        "date_published": _iso(stated),
        "date_modified": _iso(story.updated),
        "authors": [{"name": story.author}] if story.author else None,
        "tags": list(story.tags) or None,
        "language": story.lang,
    }
    return {name: value for name, value in given.items() if value is not None}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _texts(parent: etree._Element, *pairs: tuple[str, str | None], ns: str | None = None) -> None:
    for name, text in pairs:
        if text is not None:
            etree.SubElement(parent, f"{{{ns}}}{name}" if ns else name).text = (
                etree.CDATA(text) if "<" in text else text
            )


def _document(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
