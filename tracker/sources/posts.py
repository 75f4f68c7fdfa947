"""Posts of social services: which of them lead to an article elsewhere, and which are all there is to read.

A post with a link to an article is a sighting of that article: the item's address is the article's, `via` is the
post's own, the words stay the post's. Every other post is whole. Knows no service's format and unfolds no short links,
which would take a request.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from tracker.model import When
from tracker.sources.entries import Entry
from tracker.sources.plain import link, plain
from tracker.urls import host

TITLE_WORDS = 12

# Hosts, with all below them, where no article lives: links there lead to talk, pictures, films, sounds or a till.
NO_ARTICLES = {
    "social networks": """
        bsky.app bsky.social discord.com discord.gg douyin.com facebook.com fb.com fb.me gab.com gettr.com instagram.com
        linkedin.com mastodon.social messenger.com news.ycombinator.com ok.ru pinterest.com redd.it reddit.com signal.me
        snapchat.com t.me telegram.dog telegram.me threads.com threads.net tiktok.com truthsocial.com twitter.com vk.com
        wa.me weibo.cn weibo.com whatsapp.com x.com xiaohongshu.com
    """,
    "images": """
        500px.com cdn-telegram.org flic.kr flickr.com gfycat.com giphy.com gyazo.com ibb.co imgbb.com imgur.com
        pinimg.com postimg.cc redditmedia.com telesco.pe tenor.com twimg.com unsplash.com
    """,
    "video": """
        b23.tv bilibili.com bitchute.com dai.ly dailymotion.com kick.com nicovideo.jp odysee.com rumble.com rutube.ru
        streamable.com twitch.tv vimeo.com youtu.be youtube-nocookie.com youtube.com
    """,
    "sound": """
        anchor.fm bandcamp.com deezer.com mixcloud.com music.apple.com overcast.fm pca.st podcasts.apple.com
        soundcloud.com spotify.com spotify.link
    """,
    "tills and doors": """
        apps.apple.com buymeacoffee.com eventbrite.com forms.gle gofundme.com ko-fi.com linktr.ee meet.google.com
        patreon.com play.google.com zoom.us
    """,
}
NO_ARTICLE_ENDINGS = tuple(
    ".avif .bmp .flac .gif .heic .jpeg .jpg .m3u8 .m4a .m4v .mkv .mov .mp3 .mp4 .oga .ogg .opus .png .svg .wav .webm "
    ".webp".split()
)
# Addresses on any host that name a person or a post of the fediverse.
FEDIVERSE = re.compile(r"/(?:@|users/)[\w.-]+(?:@[\w.-]+)?(?:/(?:statuses/)?\d+)?/?\Z")
# (host, path) of pages that only lead on, with the parameter that says where to.
LEADING_ON = {
    ("go.bsky.app", "/redirect"): "u",
    ("google.com", "/url"): "q",
    ("l.facebook.com", "/l.php"): "u",
    ("l.instagram.com", "/"): "u",
    ("lm.facebook.com", "/l.php"): "u",
    ("t.me", "/iv"): "url",
    ("vk.com", "/away.php"): "to",
    ("youtube.com", "/redirect"): "q",
}

_NO_ARTICLES = frozenset(name for names in NO_ARTICLES.values() for name in names.split())
_ANCHOR = re.compile(r"<a\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_INVISIBLE = re.compile(r'<span class="invisible">[^<]*</span>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a post; what a preview card says of the page behind it, where the service shows one."""

    url: str
    title: str = ""
    author: str | None = None
    published: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post as its service states it: content in HTML, links in the order in which they may be the article."""

    url: str | None
    title: str
    guid: str | None
    author: str | None
    published: When | None
    content: str
    language: str | None = None
    links: tuple[Link, ...] = ()


def entry(post: Post, *, base: str) -> Entry:
    """The article that a post leads to, or the post itself as an article that is whole.

    Of an article, the author is only named where a card names it, since it is somebody else than who posted; the post's
    time stands in for its date, as the latest that it can have been published.
    """
    found = article(post.links, post=link(post.url, base) or base)
    return Entry(
        url=found.url if found else post.url,
        title=(found.title if found else "") or post.title,
        guid=post.guid,
        author=found.author if found else post.author,
        published=(found.published if found else None) or post.published,
        content=post.content,
        language=post.language,
        is_whole=found is None,
        via=post.url if found else None,
    )


def article(links: Iterable[Link], *, post: str) -> Link | None:
    """The first of a post's links that may be an article, its address unwrapped and absolute."""
    for one in links:
        url = link(_behind(one.url), post)
        if url and _netloc(url) != _netloc(post) and may_be_article(url):
            return Link(url=url, title=plain(one.title), author=one.author, published=one.published)
    return None


def may_be_article(url: str) -> bool:
    """Whether an article may live at an http(s) address, by host and path; a site's front page is none."""
    labels = host(url).split(".")
    if any(".".join(labels[start:]) in _NO_ARTICLES for start in range(len(labels))):
        return False
    parts = urlsplit(url)
    if parts.path in {"", "/"} and not parts.query:
        return False
    return not parts.path.lower().endswith(NO_ARTICLE_ENDINGS) and not FEDIVERSE.match(parts.path)


def links_in(content: str) -> Iterator[Link]:
    """The links of a post's HTML but mentions and hashtags."""
    for anchor in _ANCHOR.finditer(content):
        values = {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(anchor[1])}
        named = {*values.get("class", "").split(), *values.get("rel", "").split()}
        if (url := html.unescape(values.get("href", "")).strip()) and not named & {"mention", "hashtag", "tag"}:
            yield Link(url=url)


def headline(name: str, content: str) -> str:
    """A title for what has none: `@name: ` and the first words."""
    words = plain(_INVISIBLE.sub("", content)).split()
    dots = "…" if len(words) > TITLE_WORDS else ""
    return f"@{name}: {' '.join(words[:TITLE_WORDS])}{dots}"


def paragraphs(text: str) -> str:
    """Text whose `<`, `>` and `&` are marked up already, as HTML: blank lines part paragraphs, others break lines."""
    parts = (part.strip("\n") for part in re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n")))
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts if part.strip())


def _behind(url: str) -> str:
    """The address that a page leads on to, where it only leads on; else the address itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    parameter = LEADING_ON.get((parts.netloc.lower().removeprefix("www."), parts.path))
    return parse_qs(parts.query).get(parameter, [url])[0] if parameter else url


def _netloc(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")
