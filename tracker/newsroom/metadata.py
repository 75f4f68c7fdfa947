"""The JSON-LD that pages carry: a NewsArticle, Yoast's @graph, a BlogPosting, a LiveBlogPosting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracker.newsroom.stories import Story

Json = dict[str, Any]


def news_article(story: Story, dated: bool) -> Json:  # noqa: FBT001  the table below calls them all alike
    """A plain NewsArticle as most publishers write it."""
    return {"@context": "https://schema.org", **_core(story, "NewsArticle", dated=dated)}


def graph(story: Story, dated: bool) -> Json:  # noqa: FBT001
    """The article among its page, site, crumbs and author, as WordPress plug-ins write it."""
    site = f"http://{story.outlet.host}/"
    page = {"@type": "WebPage", "@id": story.url, "url": story.url, "name": f"{story.title} - {story.outlet.name}"}
    crumbs = [
        {"@type": "ListItem", "position": 1, "name": "Home", "item": site},
        {"@type": "ListItem", "position": 2, "name": story.section.title(), "item": f"{site}{story.section}/"},
        {"@type": "ListItem", "position": 3, "name": story.title},
    ]
    parts = [
        {"@type": "Organization", "@id": f"{site}#organization", "name": story.outlet.name, "url": site},
        {"@type": "WebSite", "@id": f"{site}#website", "url": site, "name": story.outlet.name},
        {**page, "isPartOf": {"@id": f"{site}#website"}},
        {"@type": "BreadcrumbList", "@id": f"{story.url}#breadcrumb", "itemListElement": crumbs},
        {**_core(story, "NewsArticle", dated=dated), "@id": f"{story.url}#article", "isPartOf": {"@id": story.url}},
    ]
    return {"@context": "https://schema.org", "@graph": parts}


def blog_posting(story: Story, dated: bool) -> Json:  # noqa: FBT001
    """A blog's entry, with the number of words."""
    core = _core(story, "BlogPosting", dated=dated)
    return {"@context": "http://schema.org", **core, "wordCount": len(story.text.split())}


def live_blog(story: Story, dated: bool) -> Json:  # noqa: FBT001
    """A live blog with one update per stamp."""
    updates: list[Json] = []
    for block in story.body:
        if block.kind == "stamp":
            stamp = f"{story.published:%Y-%m-%d}T{block.text}:00{story.published.isoformat()[-6:]}"
            updates.append({"@type": "BlogPosting", "datePublished": stamp, "articleBody": ""})
        elif updates:
            updates[-1]["articleBody"] = f"{updates[-1]['articleBody']} {block.plain}".strip()
    core = _core(story, "LiveBlogPosting", dated=dated)
    return {"@context": "https://schema.org", **core, "liveBlogUpdate": updates}


SCHEMAS: dict[str, Callable[[Story, bool], Json]] = {
    "news_article": news_article,
    "graph": graph,
    "blog_posting": blog_posting,
    "live_blog": live_blog,
}


def _core(story: Story, kind: str, *, dated: bool) -> Json:
    times = {
        "datePublished": story.published.isoformat(),
        "dateModified": (story.updated or story.published).isoformat(),
    }
    return {
        "@type": kind,
        "headline": story.title,
        "description": story.summary,
        "inLanguage": story.lang,
        "mainEntityOfPage": story.url,
        "url": story.url,
        **(times if dated else {}),
        "author": {"@type": "Person", "name": story.author} if story.author else {"@id": "#publisher"},
        "publisher": {"@type": "NewsMediaOrganization", "name": story.outlet.name},
        "articleSection": story.section.title(),
        "keywords": list(story.tags),
        "isAccessibleForFree": not story.paywall,
    }
