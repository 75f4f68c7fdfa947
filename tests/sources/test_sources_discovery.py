"""Where a site may list its articles: by its address, its pages, its robots.txt; and how an index page may be read."""

from __future__ import annotations

import json

import pytest
from sources_samples import page, source

from tracker import sources
from tracker.model import Done, Selectors, SourceKind
from tracker.sources import discovery, selecting
from tracker.sources.discovery import About, Way

FEED, JSON_FEED = SourceKind.FEED, SourceKind.JSON_FEED

# What somebody types: the kind and the address to be tried.
ADDRESSES = [
    ("https://mastodon.example/@desk", [(SourceKind.MASTODON, "https://mastodon.example/@desk")]),
    ("https://mastodon.example/@desk/", [(SourceKind.MASTODON, "https://mastodon.example/@desk/")]),
    ("https://mastodon.example/@desk@other.example", [(SourceKind.MASTODON, "https://mastodon.example/@desk@other.example")]),
    ("https://mastodon.example/@desk/1234567", []),
    ("https://bsky.app/profile/desk.example", [(SourceKind.BLUESKY, "https://bsky.app/profile/desk.example")]),
    ("https://bsky.app/search?q=export+controls", [(SourceKind.BLUESKY, "https://bsky.app/search?q=export+controls")]),
    ("https://old.reddit.com/r/tradepolicy/", [(SourceKind.REDDIT, "https://www.reddit.com/r/tradepolicy")]),
    ("https://www.reddit.com/r/tradepolicy/.rss", [(SourceKind.REDDIT, "https://www.reddit.com/r/tradepolicy")]),
    ("https://www.reddit.com/search/?q=tariffs", [(SourceKind.REDDIT, "https://www.reddit.com/search/?q=tariffs")]),
    ("https://t.me/s/tradedesk", [(SourceKind.TELEGRAM, "https://t.me/tradedesk")]),
    ("https://t.me/tradedesk", [(SourceKind.TELEGRAM, "https://t.me/tradedesk")]),
    ("https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
     [(SourceKind.YOUTUBE, "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv")]),
    ("https://www.youtube.com/@desk", []),  # its page names the channel
    ("https://hn.algolia.com/?q=tariff", [(SourceKind.HACKER_NEWS, "https://hn.algolia.com/?q=tariff")]),
    ("https://github.com/owner/repo", [(FEED, "https://github.com/owner/repo/releases.atom"),
                                       (FEED, "https://github.com/owner/repo/tags.atom")]),
    ("https://github.com/owner/repo/releases/tag/v1", [(FEED, "https://github.com/owner/repo/releases.atom"),
                                                       (FEED, "https://github.com/owner/repo/tags.atom")]),
    ("https://github.com/owner/repo/commits/main", [(FEED, "https://github.com/owner/repo/commits/main.atom")]),
    ("https://desk.substack.com/p/a-post", [(FEED, "https://desk.substack.com/feed")]),
    ("https://medium.com/@desk", [(FEED, "https://medium.com/feed/@desk")]),
    ("https://desk.medium.com", [(FEED, "https://desk.medium.com/feed")]),
    ("https://desk.wordpress.com/about/", [(FEED, "https://desk.wordpress.com/feed/")]),
    ("https://desk.blogspot.com", [(FEED, "https://desk.blogspot.com/feeds/posts/default")]),
    ("https://www.federalregister.gov/agencies/industry-and-security-bureau", [
        (SourceKind.FEDERAL_REGISTER, "https://www.federalregister.gov/agencies/industry-and-security-bureau")]),
    ("https://news.ycombinator.com/item?id=1", []),
    ("https://news.ycombinator.com/newest", [(SourceKind.HACKER_NEWS, "https://news.ycombinator.com/newest")]),
    ("https://www.example.org/news", []),
    ("https://notreddit.com/r/x", []),
    ("https://reddit.com.evil.example/r/xyz", []),
    ("http://[::ffff:\x01127.0.0.1]/", []),
]  # fmt: skip


@pytest.mark.parametrize(("url", "expected"), ADDRESSES, ids=[url for url, _ in ADDRESSES])
def test_known_services_by_their_addresses(url: str, expected: list[tuple[SourceKind, str]]) -> None:
    assert [(guess.kind, guess.url) for guess in discovery.by_address(url)] == expected


@pytest.mark.parametrize("expected", [pair[1] for pair in ADDRESSES if pair[1]], ids=lambda value: str(value)[:60])
def test_every_kind_takes_the_address_that_is_guessed_for_it(expected: list[tuple[SourceKind, str]]) -> None:
    for kind, address in expected:
        outcome = sources.parse(source(kind, url=address), page(b"", url=address))
        assert "expected https" not in getattr(
            outcome, "reason", ""
        )  # the kind's word for an address that is none of its


PAGE = """<!doctype html><html lang="en-GB"><head><title>Home – Site</title>
<meta property="og:site_name" content="The Site"><base href="/en/">
<link rel="alternate" type="application/rss+xml" title="Site &raquo; Comments Feed" href="/comments/feed">
<link rel="alternate" hreflang="de" href="/de/">
<link rel="alternate" type="application/atom+xml; charset=utf-8" title="News" href="news.atom">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="alternate" type="application/rss+xml" href="https://www.youtube.com/feeds/videos.xml?channel_id=UC1">
</head><body><a href="/rss">RSS</a><a href="/about">About us</a><a href="/feedback">Feedback</a>
<a href="/trade/index.xml">Trade</a><a href="?format=rss">x</a><a href="news.atom">again</a><a href="/all">Feeds</a>
<a href="javascript:void(0)">RSS</a></body></html>"""


def test_feeds_that_a_page_names_come_first_and_comments_last() -> None:
    found = discovery.in_page(page(PAGE.encode(), url="http://a.example/x", content_type="text/html"))
    assert [(guess.way, guess.kind, guess.url) for guess in found] == [
        (Way.ALTERNATE, FEED, "http://a.example/en/news.atom"),
        (Way.ALTERNATE, JSON_FEED, "http://a.example/feed.json"),
        (Way.ALTERNATE, SourceKind.YOUTUBE, "https://www.youtube.com/feeds/videos.xml?channel_id=UC1"),
        (Way.ANCHOR, FEED, "http://a.example/rss"),
        (Way.ANCHOR, FEED, "http://a.example/trade/index.xml"),
        (Way.ANCHOR, FEED, "http://a.example/en/?format=rss"),
        (Way.ANCHOR, FEED, "http://a.example/all"),
        (Way.ALTERNATE, FEED, "http://a.example/comments/feed"),
    ]


def test_a_wordpress_that_names_no_feed_has_one() -> None:
    words = b'<html><head><meta name="generator" content="WordPress 6.4"></head><body>x</body></html>'
    assert [guess.url for guess in discovery.in_page(page(words, url="http://a.example/x"))] == [
        "http://a.example/feed/"
    ]


@pytest.mark.parametrize("body", [b"", b"no markup", b"\x00\x01", b"<" * 300_000, b"<a " + b"x" * 30_000])
def test_odd_pages_name_nothing(body: bytes) -> None:
    assert discovery.in_page(page(body)) == ()
    assert selecting.index(page(body)) == ()
    assert discovery.described(page(body)).language is None


def test_usual_addresses_below_the_page_and_below_the_site() -> None:
    assert [guess.url for guess in discovery.common("http://a.example/news/?q=1")] == [
        "http://a.example/news/feed", "http://a.example/news/rss", "http://a.example/news/rss.xml",
        "http://a.example/feed", "http://a.example/rss", "http://a.example/rss.xml", "http://a.example/feed.xml",
        "http://a.example/atom.xml", "http://a.example/index.xml", "http://a.example/feed.json",
    ]  # fmt: skip
    assert discovery.common("http://a.example/news/list.html")[0].url == "http://a.example/news/feed"
    assert len(discovery.common("http://a.example")) == len(discovery.common("http://a.example/")) == 7


def test_sitemaps_of_news_come_first() -> None:
    lines = "User-agent: *", "Sitemap: http://a.example/sitemap.xml", " sitemap : /news-sitemap.xml # n", "sitemap:x:y"
    robots = "\n".join(lines)
    assert [(guess.way, guess.url) for guess in discovery.in_robots(robots, "http://a.example/robots.txt")] == [
        (Way.NEWS_SITEMAP, "http://a.example/news-sitemap.xml"),
        (Way.SITEMAP, "http://a.example/sitemap.xml"),
    ]
    usual = discovery.sitemaps("http://a.example/en/")
    assert (usual[0].url, usual[0].way) == ("http://a.example/news-sitemap.xml", Way.NEWS_SITEMAP)


GIVEN = [
    (b"<?xml version='1.0'?><rss><channel/></rss>", FEED),
    (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", FEED),
    (b"<rdf:RDF/>", FEED),
    (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', JSON_FEED),
    (b"<urlset/>", SourceKind.SITEMAP),
    (b"<sitemapindex/>", SourceKind.SITEMAP),
    (b"<html><body>x</body></html>", None),
    (b"", None),
]


@pytest.mark.parametrize(("body", "kind"), GIVEN)
def test_what_an_address_is_itself(body: bytes, kind: SourceKind | None) -> None:
    guess = discovery.as_given(page(body))
    assert (guess.kind if guess else None) == kind


RSS_TOLD = b"""<rss><channel><title><![CDATA[A & B]]></title><link>http://a.example/</link><language>de-AT</language>
<item><title>no</title><link>http://b.example/</link></item></channel></rss>"""
ATOM_TOLD = b"""<feed xml:lang="fr" xmlns="http://www.w3.org/2005/Atom"><title type="text">A &amp; B</title>
<link rel="self" href="/f"/><link rel="alternate" href="/"/><entry><title>no</title></entry></feed>"""
JSON_TOLD = b"""{"version": "https://jsonfeed.org/version/1", "title": "A", "language": "en-US", "items": [],
"home_page_url": "https://a.example/"}"""
TOLD = [
    (RSS_TOLD, About(title="A & B", language="de", homepage="http://a.example/")),
    (ATOM_TOLD, About(title="A & B", language="fr", homepage="http://a.example/")),
    (b"<rss><channel><item><title>no</title></item></channel></rss>", About()),
    (JSON_TOLD, About(title="A", language="en", homepage="https://a.example/")),
    (PAGE.encode(), About(title="The Site", language="en")),
]


@pytest.mark.parametrize(("body", "about"), TOLD, ids=["RSS", "Atom", "nothing", "JSON Feed", "page"])
def test_what_a_listing_says_of_itself(body: bytes, about: About) -> None:
    assert discovery.described(page(body)) == about


HEADS = [
    "Ministry widens export rules for chips",
    "Court strikes down duties on steel imports",
    "Talks on a trade pact resume",
    "New licence needed for lithography tools",
    "Firms appeal against their listing by regulators",
]
MENU = "<nav>" + "".join(f'<a href="/section/{n}">A section with a long name {n}</a>' for n in range(9)) + "</nav>"
FOOT = "".join(f'<p><a href="/terms/{n}">Terms</a></p>' for n in range(9))


def index_page(items: str, *, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{MENU}<main>{items}</main>{FOOT}</body></html>".encode()


def listed(form: str) -> str:
    return "".join(
        form.format(n=n, words=words, slug=words.lower().replace(" ", "-")) for n, words in enumerate(HEADS, 1)
    )


CARD = """<article class="card"><a href="/news/2026/{n}-{slug}"><img></a><h2>
<a href="/news/2026/{n}-{slug}">{words}</a></h2><time datetime="2024-01-0{n}">x</time></article>"""
ROW = """<li class="row"><span class="news-date">0{n}/01/2024</span> <a href="/news/{slug}.html">{words}</a></li>"""
LISTS = [
    ("cards", CARD, Selectors(item="article.card", link='a[href*="/news/2026/"]', title="h2", date="time"), 5),
    ("rows with a date", ROW, Selectors(item="li.row", link='a[href*="/news/"]', date=".news-date"), 5),
    (
        "relative links",
        '<div class="teaser"><a href="news/{slug}">{words}</a><a href="#top">top</a></div>',
        Selectors(item="div.teaser", link='a[href*="news/"]'),
        0,
    ),
    ("bare links", '<a href="/press/20260{n}-{slug}">{words}</a><br>', Selectors(item='a[href*="/press/20"]'), 0),
    ("no folder of its own", '<div class="item"><a href="/{slug}">{words}</a></div>', Selectors(item="div.item"), 0),
]


@pytest.mark.parametrize(("form", "selectors", "dated"), [row[1:] for row in LISTS], ids=[row[0] for row in LISTS])
def test_selectors_are_guessed_from_what_repeats(form: str, selectors: Selectors, dated: int) -> None:
    answer = page(index_page(listed(form)), url="http://a.example/news", content_type="text/html")
    (guess,) = selecting.index(answer)
    assert (guess.way, guess.selectors) == (Way.INDEX, selectors)
    outcome = sources.parse(source(SourceKind.HTML, url=guess.url, selectors=guess.selectors, country="GB"), answer)
    assert isinstance(outcome, Done)
    assert {item.title for item in outcome.value.items if item.title} == set(HEADS)
    assert sum(item.published is not None for item in outcome.value.items) == dated


def test_the_list_of_json_ld_goes_before_what_repeats_more() -> None:
    stories = {"@type": "ItemList", "itemListElement": [
        {"@type": "ListItem", "position": n, "url": f"/n/{n}"} for n in range(1, 6)]}  # fmt: skip
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [
        {"@type": "ListItem", "item": f"http://a.example/opinion/{n}"} for n in range(1, 6)]}  # fmt: skip
    head = f'<script type="application/ld+json">{json.dumps({"@graph": [crumbs, stories]})}</script>'
    noise = "".join(
        f'<p><a href="/opinion/{n}">A much longer headline of opinion and of little else {n}</a></p>' for n in range(9)
    )
    items = "".join(f'<li class="s"><a href="/n/{n}">{words}</a></li>' for n, words in enumerate(HEADS, 1))
    answer = page(index_page(noise + items, head=head), url="http://a.example/", content_type="text/html")
    (guess,) = selecting.index(answer)
    assert (guess.way, guess.selectors) == (Way.ITEM_LIST, Selectors(item="li.s", link='a[href*="/n/"]'))


@pytest.mark.parametrize(
    "body",
    [
        b"<ul>" + b"<li class=r><a href=/n/1>some words of a headline</a></li>" * 2_000 + b"</ul>",
        b"<div>" + b"".join(b"<a href=/n/%d>some words of a headline</a>" % n for n in range(2_000)) + b"</div>",
        b"<rss><channel>" + b"<title>" * 50_000,
        b"<feed " * 50_000,
        b"<rss>" + b"<link " * 50_000,
    ],
    ids=["one link", "one element", "titles", "feeds", "links"],
)
@pytest.mark.timeout(20)
def test_pages_made_to_take_long_do_not(body: bytes) -> None:
    answer = page(body, content_type="text/html")
    assert len(discovery.in_page(answer)) <= discovery.MOST
    assert len(selecting.index(answer)) <= 1
    assert discovery.described(answer).title == ""


def test_a_page_without_a_list_has_no_selectors() -> None:
    assert (
        selecting.index(page(index_page("<p>One <a href='/a/long-read'>long read of many words</a> only.</p>"))) == ()
    )
