"""HTML of the outlets: article pages, index pages and the small pages around them, from the Jinja2 templates.

Each outlet has a folder of templates: `page.html` (the frame) and `article.html`. Nothing here knows of HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker.newsroom import datelines
from tracker.newsroom.blocks import inline
from tracker.newsroom.metadata import SCHEMAS
from tracker.newsroom.stories import Outlet, Story

LEAVES = {
    "about": "About us",
    "contact": "Contact",
    "privacy": "Privacy policy",
    "terms": "Terms of use",
    "newsletters": "Our newsletters",
    "login": "Sign in",
    "subscribe": "Subscribe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What an outlet has published by a moment, newest first, and that moment."""

    outlet: Outlet
    stories: tuple[Story, ...]
    now: datetime

    def near(self, story: Story, count: int) -> tuple[Story, ...]:
        """Other stories for the related box: same section first, then the newest."""
        others = [other for other in self.stories if other.id != story.id]
        return tuple(sorted(others, key=lambda other: other.section != story.section)[:count])


def article(shelf: Shelf, story: Story, variant: str = "page") -> bytes:
    """The page of a story; `variant` is page, amp or mobile."""
    stated = stated_time(story)
    template = "amp/article.html" if variant != "page" else f"{story.outlet.template}/article.html"
    html = _render(
        template,
        shelf,
        story=story,
        blocks=story.shown,
        stamp=stated,
        seen=story.published if story.date in ("shown", "future") else None,
        footer=story.published if story.date == "footer" else None,
        related=shelf.near(story, 4),
        latest=shelf.stories[:6],
        charset=story.encoding,
        schema=partial(_schema, story, stated),
        variant=variant,
    )
    return html.encode(story.encoding, "xmlcharrefreplace")


def front(shelf: Shelf, section: str | None = None, page: int = 1) -> bytes:
    """The outlet's front page or one of its sections, `per_page` stories a page."""
    listed = tuple(story for story in shelf.stories if section in (None, story.section))
    size = shelf.outlet.per_page
    chosen = listed[(page - 1) * size : page * size]
    more = f"?page={page + 1}" if len(listed) > page * size else None
    template = f"{shelf.outlet.template}/front.html"
    found = template if template in environment().list_templates() else "front.html"
    return _render(found, shelf, listed=chosen, section=section, more=more, charset="utf-8").encode()


def leaf(shelf: Shelf, name: str, title: str, words: str) -> bytes:
    """A small page that is no article: about, contact, an error."""
    return _render("leaf.html", shelf, name=name, title=title, words=words, charset="utf-8").encode()


def hall(shelves: tuple[Shelf, ...], port: str) -> bytes:
    """The page at the loopback address itself: which outlets there are and how to look at them in a browser."""
    return environment().get_template("hall.html").render(shelves=shelves, port=port).encode()


@cache
def environment() -> Environment:
    """The templates, escaped by default; an undefined name is an error."""
    loader = PackageLoader("tracker.newsroom", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(utc=datelines.utc, rfc822=datelines.rfc822, isoformat=datetime.isoformat, inline=inline)
    return made


def stated_time(story: Story) -> datetime | None:
    """What feeds and metadata say of the time of a story: nothing, the truth, or ten years too late."""
    if story.date in ("none", "footer"):
        return None
    return story.published.replace(year=story.published.year + 10) if story.date == "future" else story.published


def _schema(story: Story, stated: datetime | None, name: str) -> dict[str, Any]:
    return SCHEMAS[name](replace(story, published=stated) if stated else story, stated is not None)


def _render(template: str, shelf: Shelf, **context: Any) -> str:
    outlet = shelf.outlet
    when = partial(_visible, zones=outlet.zones, now=shelf.now)
    frame = f"{outlet.template}/page.html"
    loaded = environment().get_template(template)
    return loaded.render(frame=frame, outlet=outlet, now=shelf.now, when=when, leaves=LEAVES, **context)


def _visible(moment: datetime, style: str, **options: Any) -> str:
    return datelines.visible(moment, style, **options)
