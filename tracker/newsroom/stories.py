"""The data of the room: outlets, their stories and social posts, read from YAML beside this file.

A story's `truth` is what was put in: its plain text, title, author and time, for tests that compare what was got out.
Nothing here renders or serves.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tracker.newsroom.blocks import Block, parse, plain

FOLDER = Path(__file__).parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it: ten times faster

OPTIONS = ("date", "encoding", "paywall", "status", "live", "quiet", "copy_of")  # of a story, handed on as written


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """One listing that an outlet publishes: its address, format, how much it carries and how it is labelled."""

    path: str
    kind: str  # rss, atom, json, news_sitemap, sitemap_index, sitemap_gz
    content: str = "summary"  # summary, full, none
    type: str = ""  # the Content-Type sent, right or wrong; "" for the usual one
    sections: tuple[str, ...] = ()  # empty: all
    links: str = "plain"  # plain, tracked (utm parameters), mobile, amp
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented publisher with its virtual host and the habits of its server."""

    host: str
    name: str
    slogan: str
    lang: str
    country: str
    template: str  # a folder under templates/
    path: str  # of an article: {section} {y} {m} {d} {slug} {number}
    sections: tuple[str, ...]
    feeds: tuple[FeedSpec, ...] = ()
    zones: Mapping[str, str] = field(default_factory=dict)  # UTC offset to its name on this page
    robots: str | None = None  # None: robots.txt answers 404
    etag: str = "strong"  # strong, weak, none
    last_modified: bool = True
    max_age: int | None = 300  # Cache-Control; None sends "no-cache"
    gzip: bool = True
    server: str = "nginx"
    moved: Mapping[str, str] = field(default_factory=dict)  # old path to new, answered 301
    mobile: str | None = None  # a second host name with the small-screen pages
    per_page: int = 50  # entries of an index page

    @property
    def key(self) -> str:
        """The host without its ending: `harbourwire`."""
        return self.host.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A later state of a story."""

    at: datetime
    title: str | None = None
    body: tuple[Block, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as it was written; times are aware, in the outlet's own zone."""

    id: str  # outlet key, a slash, slug
    outlet: Outlet
    slug: str
    section: str
    title: str
    published: datetime
    author: str
    lang: str
    summary: str
    body: tuple[Block, ...]
    tags: tuple[str, ...] = ()
    updated: datetime | None = None
    date: str = "shown"  # shown, none, footer, future: what page and feed say of the time
    encoding: str = "utf-8"
    paywall: int = 0  # how many blocks stand before the wall; 0: free
    status: int = 200  # of its page; 404 or 500: only the feed has it
    live: bool = False  # a live blog
    quiet: bool = False  # tells of no policy event
    copy_of: str | None = None  # the story whose words these are
    revisions: tuple[Revision, ...] = ()

    @property
    def path(self) -> str:
        """The path of its page."""
        day = self.published
        parts = {"y": f"{day:%Y}", "m": f"{day:%m}", "d": f"{day:%d}", "number": self.number, "slug": self.slug}
        return self.outlet.path.format(section=self.section, **parts)

    @property
    def url(self) -> str:
        """The canonical address of its page."""
        return f"http://{self.outlet.host}{self.path}"

    @property
    def number(self) -> str:
        """A stable seven-digit number, as content systems give."""
        return f"{1_000_000 + zlib.crc32(self.id.encode()) % 9_000_000}"

    @property
    def text(self) -> str:
        """The truth: the whole body as plain text."""
        return plain(self.body)

    @property
    def shown(self) -> tuple[Block, ...]:
        """The blocks that page and feed give away: all, or those before the wall."""
        return self.body[: self.paywall] if self.paywall else self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One social post; `card` is the preview of a linked page."""

    account: str
    at: datetime
    text: str
    card: Mapping[str, str] | None = None
    reply_to: str | None = None  # "self" in a thread, else the number of somebody else's account
    boosted: str | None = None  # the account whose post this repeats
    warning: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A Mastodon account of the room."""

    name: str
    display: str
    note: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All that the room can serve."""

    outlets: Mapping[str, Outlet]  # by host
    stories: tuple[Story, ...]  # oldest first
    accounts: Mapping[str, Account]
    posts: tuple[Post, ...]  # oldest first
    social_host: str


@cache
def load() -> Bundle:
    """Read outlets, stories and posts; raises ValueError or KeyError naming the story if the data is at odds."""
    outlets = {host: _outlet(host, raw) for host, raw in _yaml(FOLDER / "outlets.yaml").items()}
    written = {story.id: story for story in _stories(outlets)}
    social = _yaml(FOLDER / "social.yaml")
    accounts = {raw["name"]: _account(raw) for raw in social["accounts"]}
    posts = sorted((_post(raw, written) for raw in social["posts"]), key=lambda post: post.at)
    stories = sorted(written.values(), key=lambda story: (story.published, story.id))
    return Bundle(
        outlets=outlets, stories=tuple(stories), accounts=accounts, posts=tuple(posts), social_host=social["host"]
    )


def as_shown(story: Story, moment: datetime | None) -> Story | None:
    """The story as a visitor saw it at a moment (None: at the end); None before it was published."""
    if moment is not None and story.published > moment:
        return None
    for revision in story.revisions:
        if moment is None or revision.at <= moment:
            body = story.body if revision.body is None else revision.body
            story = replace(story, title=revision.title or story.title, body=body, updated=revision.at)
    return story


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506  both loaders are safe ones


def _outlet(host: str, raw: dict[str, Any]) -> Outlet:
    feeds = tuple(FeedSpec(**{**feed, "sections": tuple(feed.get("sections", ()))}) for feed in raw.pop("feeds", ()))
    return Outlet(host=host, feeds=feeds, sections=tuple(raw.pop("sections")), **raw)


def _stories(outlets: Mapping[str, Outlet]) -> Iterator[Story]:
    raws: dict[str, dict[str, Any]] = {}
    for path in sorted((FOLDER / "stories").glob("*.yaml")):
        for entry in _yaml(path):
            key = f"{entry['outlet'].partition('.')[0]}/{entry['slug']}"
            if key in raws:
                raise ValueError(f"{path.name}: two stories are called {key!r}: give one another slug")
            raws[key] = entry
    for key, raw in raws.items():
        body = _edited(key, raw, raws) if "copy_of" in raw else raw["body"]
        yield _story(key, {**raw, "body": body}, outlets[raw["outlet"]])


def _edited(key: str, raw: dict[str, Any], raws: dict[str, dict[str, Any]]) -> str:
    body: str = raws[raw["copy_of"]]["body"]
    for old, new in raw["edits"]:
        if old not in body:
            raise ValueError(f"{key}: the text it copies does not hold {old!r}")
        body = body.replace(old, new)
    return body


def _story(key: str, raw: dict[str, Any], outlet: Outlet) -> Story:
    body = parse(raw["body"])
    options = {name: raw[name] for name in OPTIONS if name in raw}
    return Story(
        id=key,
        outlet=outlet,
        slug=raw["slug"],
        section=raw.get("section", outlet.sections[0]),
        title=raw["title"],
        published=_time(raw["published"]),
        updated=_time(raw["updated"]) if "updated" in raw else None,
        author=raw.get("author", ""),
        lang=raw.get("lang", outlet.lang),
        summary=raw.get("summary") or _first_sentence(body),
        body=body,
        tags=tuple(raw.get("tags", ())),
        revisions=tuple(_revision(later) for later in raw.get("revisions", ())),
        **options,
    )


def _revision(raw: dict[str, Any]) -> Revision:
    body = parse(raw["body"]) if "body" in raw else None
    return Revision(at=_time(raw["at"]), title=raw.get("title"), body=body)


def _first_sentence(body: tuple[Block, ...]) -> str:
    text = next(block.plain for block in body if block.kind == "paragraph")
    return text if len(text) <= 280 else text[:280].rsplit(" ", 1)[0] + " …"


def _account(raw: dict[str, Any]) -> Account:
    return Account(**{**raw, "created": _time(raw["created"])})


def _post(raw: dict[str, Any], stories: Mapping[str, Story]) -> Post:
    """A post; `{outlet/slug}` in its text or card stands for that story's address."""

    def filled(text: str) -> str:
        return re.sub(r"\{([\w/-]+)\}", lambda match: stories[match[1]].url, text)

    card = {key: filled(value) for key, value in raw["card"].items()} if "card" in raw else None
    return Post(**{**raw, "at": _time(raw["at"]), "text": filled(raw["text"].strip()), "card": card})


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset: write it as 2024-06-25T09:14:00-04:00")
    return moment
