"""Where the listings of a site may be: guesses from its address, from one of its pages, from its robots.txt.

    by_address(url), in_page(page), common(url), in_robots(text, url), sitemaps(url) -> guesses, best first
    described(page) -> About           what a feed or page says of itself

A guess is worth a try and no more; whoever fetches it sees what it is. Index pages without any listing are
`tracker.sources.selecting`'s. Opens no socket.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from tracker.encoding import decode
from tracker.model import Page, Selectors, SourceKind
from tracker.sources.bodies import looks_like
from tracker.sources.entries import primary
from tracker.sources.json_documents import load, record, text
from tracker.sources.markup import attribute, soup
from tracker.sources.plain import MAX_TITLE, link, plain

MOST = 10  # guesses of one page
MOST_LINKS = 5_000  # of a page that are looked at
HEAD = 20_000  # characters in which a feed says what it is


class Way(IntEnum):
    """How a guess came about: the order in which those that answer are preferred."""

    GIVEN = 0
    PLATFORM = 1
    ALTERNATE = 2
    ANCHOR = 3
    COMMON = 4
    NEWS_SITEMAP = 5
    SITEMAP = 6
    ITEM_LIST = 7
    INDEX = 8


WORDS = {
    Way.GIVEN: "the address itself",
    Way.PLATFORM: "known form of address",
    Way.ALTERNATE: "<link rel=alternate>",
    Way.ANCHOR: "link in the page",
    Way.COMMON: "common address",
    Way.NEWS_SITEMAP: "news sitemap",
    Way.SITEMAP: "sitemap",
    Way.ITEM_LIST: "JSON-LD list in the page",
    Way.INDEX: "repeated links in the page",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An address that may list articles, and how it would be read."""

    url: str
    kind: SourceKind
    way: Way
    title: str = ""
    selectors: Selectors | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a feed or page says of itself."""

    title: str = ""
    language: str | None = None
    homepage: str | None = None


# Host, path with query -> kind and address. \\1 … are the groups of the host's pattern followed by those of the path's.
PLATFORMS: tuple[tuple[str, str, SourceKind, str], ...] = (
    (r"bsky\.app", r"(/(?:profile/[\w.:%-]+|search\?.*q=.+|hashtag/[^/?]+))/?$", SourceKind.BLUESKY, r"https://bsky.app\1"),
    (r"(?:\w+\.)?reddit\.com", r"(/(?:r|u|user)/[\w+-]{2,300})/?(?:new/?|\.rss)?$", SourceKind.REDDIT, r"https://www.reddit.com\1"),
    (r"(?:\w+\.)?reddit\.com", r"(/(?:r/[\w+-]+/)?search/?\?.+)$", SourceKind.REDDIT, r"https://www.reddit.com\1"),
    (r"(?:t\.me|telegram\.me)", r"/(?:s/)?([A-Za-z]\w{3,31})/?$", SourceKind.TELEGRAM, r"https://t.me/\1"),
    (r"(?:www\.|m\.)?youtube\.com", r"(/channel/UC[\w-]{22}|/playlist\?.*list=[\w-]{10,80}|/feeds/videos\.xml\?.+)",
     SourceKind.YOUTUBE, r"https://www.youtube.com\1"),
    (r"(?:hn\.algolia\.com|news\.ycombinator\.com)", r"/(?:news|newest)?(?:\?.*)?$", SourceKind.HACKER_NEWS, ""),
    (r"github\.com", r"/([\w.-]+/[\w.-]+?)(?:\.git)?(?:/(?:releases|tags).*)?/?$", SourceKind.FEED,
     r"https://github.com/\1/releases.atom"),
    (r"github\.com", r"/([\w.-]+/[\w.-]+?)(?:\.git)?(?:/(?:releases|tags).*)?/?$", SourceKind.FEED,
     r"https://github.com/\1/tags.atom"),
    (r"github\.com", r"/([\w.-]+/[\w.-]+)/commits(?:/([\w./-]+?))?/?$", SourceKind.FEED,
     r"https://github.com/\1/commits/\2.atom"),
    (r"([\w-]+\.substack\.com)", r"/.*$", SourceKind.FEED, r"https://\1/feed"),
    (r"medium\.com", r"/(@[\w.-]+|[a-z0-9][\w-]+)/?$", SourceKind.FEED, r"https://medium.com/feed/\1"),
    (r"([\w-]+\.medium\.com)", r"/.*$", SourceKind.FEED, r"https://\1/feed"),
    (r"([\w-]+\.wordpress\.com)", r"/.*$", SourceKind.FEED, r"https://\1/feed/"),
    (r"([\w-]+\.blogspot\.com)", r"/.*$", SourceKind.FEED, r"https://\1/feeds/posts/default"),
    (r"([\w-]+\.tumblr\.com)", r"/.*$", SourceKind.FEED, r"https://\1/rss"),
    (r"(?:www\.)?federalregister\.gov", r"/agencies/([a-z0-9-]+)/?$", SourceKind.FEDERAL_REGISTER,
     r"https://www.federalregister.gov/agencies/\1"),
)  # fmt: skip
# Hosts with /@NAME in their addresses that speak no Mastodon.
NO_MASTODON = re.compile(r"(?:^|\.)(?:medium\.com|youtube\.com|tiktok\.com|threads\.(?:net|com)|x\.com|substack\.com)$")
_ACCOUNT = re.compile(r"/@\w[\w.-]*(?:@[\w.-]+)?/?$")

# Types of <link rel=alternate> and how each is read.
TYPES = {
    "application/rss+xml": SourceKind.FEED,
    "application/atom+xml": SourceKind.FEED,
    "application/rdf+xml": SourceKind.FEED,
    "application/feed+json": SourceKind.JSON_FEED,
    "application/xml": SourceKind.FEED,
    "text/xml": SourceKind.FEED,
    "application/json": SourceKind.JSON_FEED,
}
_FEED_PATH = re.compile(
    r"(?:^|/)(?:rss|atom|feeds?)(?:$|[/.?_-])|\.(?:rss|atom|rdf)(?:$|\?)|(?:feed|rss|atom|index)\.xml$|feed\.json$"
    r"|[?&](?:format|feed|type)=(?:rss|atom|feed)",
    re.IGNORECASE,
)
_FEED_WORDS = re.compile(r"\s*(?:rss|atom|(?:web|news)?feeds?|rss[- ]?feeds?)\s*$", re.IGNORECASE)
_NO_FEED = re.compile(r"wp-json|oembed|opensearch|/rsd\b|xmlrpc|wlwmanifest|manifest\.json", re.IGNORECASE)
COMMENTS = re.compile(r"comment|kommentar|comentario|commenti|\breplies\b", re.IGNORECASE)

# Paths where feeds and sitemaps commonly lie, below the site and below the page given.
FEED_PATHS = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json")
SITEMAP_PATHS = ("news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "sitemap.xml", "sitemap_index.xml")
_NEWS = re.compile(r"news|article|artikel|post|press|nachricht|noticia", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


def by_address(url: str) -> tuple[Guess, ...]:
    """The listings of a known service, by the form of an address alone."""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[broken"
        return ()
    host, rest = (parts.hostname or "").lower(), parts.path + (f"?{parts.query}" if parts.query else "")
    found = []
    for host_form, path_form, kind, template in PLATFORMS:
        match = re.fullmatch(host_form, host) and re.match(f"{host_form}\0{path_form}", f"{host}\0{rest or '/'}")
        if match:
            found.append(Guess(url=match.expand(template) if template else url, kind=kind, way=Way.PLATFORM))
    if _ACCOUNT.match(parts.path) and not NO_MASTODON.search(host):
        found.append(
            Guess(url=f"{parts.scheme}://{parts.netloc}{parts.path}", kind=SourceKind.MASTODON, way=Way.PLATFORM)
        )
    return tuple(found)


def as_given(page: Page) -> Guess | None:
    """The page as a listing itself: a feed, a JSON Feed or a sitemap, by what it looks like."""
    looks = looks_like(page.body, page.content_type)
    kinds = {
        "an RSS feed": SourceKind.FEED,
        "an Atom feed": SourceKind.FEED,
        "an RDF document": SourceKind.FEED,
        "a sitemap": SourceKind.SITEMAP,
        "JSON": SourceKind.JSON_FEED,
        "gzip-compressed data": SourceKind.SITEMAP,
    }
    kind = next((kind for words, kind in kinds.items() if looks.startswith(words)), None)
    return _special(Guess(url=page.url, kind=kind, way=Way.GIVEN)) if kind else None


def in_page(page: Page) -> tuple[Guess, ...]:
    """Feeds that an HTML page names in its head or links to, its own before other sites'."""
    tree = soup(decode(page.body, page.content_type))
    if tree is None:
        return ()
    base = (link(attribute(tree.select_one("base[href]"), "href"), page.final_url)) or page.final_url
    found = [*_alternates(tree, base), *_generated(tree, page.final_url), *_anchors(tree, base)]
    return _first_of_each(found)[:MOST]


def _alternates(tree: BeautifulSoup, base: str) -> Iterator[Guess]:
    for tag in tree.select("link[rel~=alternate][href], link[rel~=feed][href]"):
        kind = TYPES.get((attribute(tag, "type") or "").partition(";")[0].strip().lower())
        url = link(attribute(tag, "href"), base)
        if kind and url and not _NO_FEED.search(url):
            yield _special(Guess(url=url, kind=kind, way=Way.ALTERNATE, title=plain(attribute(tag, "title") or "")))


def _generated(tree: BeautifulSoup, url: str) -> Iterator[Guess]:
    """The feed of a site that WordPress made and that does not name it."""
    maker = attribute(tree.select_one("meta[name=generator]"), "content") or ""
    if maker.startswith("WordPress"):
        yield Guess(url=urljoin(url, "/feed/"), kind=SourceKind.FEED, way=Way.COMMON)


def _anchors(tree: BeautifulSoup, base: str) -> Iterator[Guess]:
    for tag in tree.select("a[href]", limit=MOST_LINKS):
        url = link(attribute(tag, "href"), base)
        words = tag.get_text(" ", strip=True)
        parts = urlsplit(url or "")
        if not url or _NO_FEED.search(url):
            continue
        if _FEED_PATH.search(f"{parts.path}?{parts.query}".rstrip("?")) or _FEED_WORDS.match(words):
            kind = SourceKind.JSON_FEED if parts.path.endswith(".json") else SourceKind.FEED
            yield _special(Guess(url=url, kind=kind, way=Way.ANCHOR, title=plain(words)[:80]))


def _special(guess: Guess) -> Guess:
    """A feed of a service that has a kind of its own, as that kind."""
    known = [one for one in by_address(guess.url) if one.kind is SourceKind.YOUTUBE]
    return Guess(url=guess.url, kind=known[0].kind, way=guess.way, title=guess.title) if known else guess


def common(url: str) -> tuple[Guess, ...]:
    """Where feeds commonly lie: below the address given, then below its site."""
    given, root = _folder(url), urljoin(url, "/")
    bases = (given, root) if given != root else (root,)
    return _first_of_each(
        Guess(url=urljoin(base, path), kind=_by_name(path), way=Way.COMMON)
        for base in bases
        for path in (FEED_PATHS if base == root else FEED_PATHS[:3])
    )


def _folder(url: str) -> str:
    """The address as a folder: its own where it looks like one, else that of the file."""
    path = url.partition("?")[0].partition("#")[0]
    return urljoin(path, ".") if "." in urlsplit(path).path.rpartition("/")[2] else path.rstrip("/") + "/"


def _by_name(path: str) -> SourceKind:
    return SourceKind.JSON_FEED if path.endswith(".json") else SourceKind.FEED


def in_robots(text: str, url: str) -> tuple[Guess, ...]:
    """The sitemaps that a robots.txt names, those of news first."""
    found = [one for line in _SITEMAP_LINE.findall(text) if (one := link(line, url))]
    return _first_of_each(sorted((_sitemap(one) for one in found), key=lambda guess: guess.way))[:MOST]


def sitemaps(url: str) -> tuple[Guess, ...]:
    """Where sitemaps commonly lie."""
    return tuple(_sitemap(urljoin(url, f"/{path}")) for path in SITEMAP_PATHS)


def _sitemap(url: str) -> Guess:
    way = Way.NEWS_SITEMAP if _NEWS.search(urlsplit(url).path) else Way.SITEMAP
    return Guess(url=url, kind=SourceKind.SITEMAP, way=way)


def _first_of_each(guesses: Iterable[Guess]) -> tuple[Guess, ...]:
    """Each address once, comments after all else."""
    once: dict[str, Guess] = {}
    for guess in guesses:
        once.setdefault(guess.url, guess)
    return tuple(sorted(once.values(), key=is_about_comments))


def is_about_comments(guess: Guess) -> bool:
    """Whether a feed holds what readers say rather than articles."""
    return bool(COMMENTS.search(guess.title) or COMMENTS.search(urlsplit(guess.url).path))


def described(page: Page) -> About:
    """The title, language and page for people that a feed, a JSON Feed or an HTML page tells."""
    looks = looks_like(page.body, page.content_type)
    if looks.startswith("JSON"):
        document = record(load(page))
        return About(
            title=plain(text(document, "title") or ""),
            language=primary(text(document, "language")),
            homepage=link(text(document, "home_page_url"), page.final_url),
        )
    words = decode(page.body, page.content_type)
    if looks.startswith("an HTML page"):
        return _described_page(words)
    return _described_feed(words[:HEAD], page.final_url)


def _described_page(words: str) -> About:
    tree = soup(words)
    if tree is None:
        return About()
    site = attribute(tree.select_one("meta[property='og:site_name']"), "content")
    heading = tree.select_one("title")
    title = site or (heading.get_text() if heading else "")
    return About(title=plain(title), language=primary(attribute(tree.select_one("html[lang]"), "lang")))


_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry|url|sitemap)[\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"<(?:dc:)?language[^>]{0,200}>\s*([\w-]+)|<feed[^>]{0,500}\sxml:lang=[\"']([\w-]+)", re.IGNORECASE
)
_LINK = re.compile(r"<link>\s*(?:<!\[CDATA\[)?\s*([^<\s\]]+)", re.IGNORECASE)
_ATOM_LINK = re.compile(r"<link\b([^>]{0,500})>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def _described_feed(words: str, base: str) -> About:
    """What stands before the first entry."""
    entry = _ENTRY.search(words)
    head = words[: entry.start()] if entry else words
    title, language, page = _TITLE.search(head), _LANGUAGE.search(head), _LINK.search(head)
    address = page[1] if page else next(_atom_pages(head), None)
    named, closed, _ = head[title.end() :].partition("</title>") if title else ("", "", "")
    return About(
        title=plain(_CDATA.sub(r"\1", named[:MAX_TITLE])) if closed else "",
        language=primary(language[1] or language[2]) if language else None,
        homepage=link(html.unescape(address), base) if address else None,
    )


def _atom_pages(head: str) -> Iterator[str]:
    for attributes in _ATOM_LINK.findall(head):
        relation = re.search(r"\brel=[\"'](\w+)", attributes)
        address = re.search(r"\bhref=[\"']([^\"']+)", attributes)
        if address and (relation is None or relation[1] == "alternate"):
            yield address[1]
