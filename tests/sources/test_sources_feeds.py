"""Odd feeds, one trouble each: what stands around them, titles and links, entries without a link, the pace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sources_samples import page, source

from tracker.model import Done, Item, Listing, Pace, SourceKind
from tracker.sources.feed import parse
from tracker.sources.json_feed import parse as parse_json

SPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
    }.items()
)
ITEM = "<item><title>Tin – a quota</title><link>http://a.example/1</link></item>"


def rss(inside: str) -> str:
    return f'<rss version="2.0" {SPACES}><channel><title>t</title>{inside}</channel></rss>'


def listing(text: str | bytes, url: str = "http://a.example/feed") -> Listing:
    body = text if isinstance(text, bytes) else text.encode()
    outcome = parse(source(SourceKind.FEED, url=url), page(body, url=url))
    assert isinstance(outcome, Done), outcome
    return outcome.value


def only(text: str) -> Item:
    (item,) = listing(text).items
    return item


DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'
AROUND = [
    ("nothing", rss(ITEM).encode()),
    ("byte order mark", b"\xef\xbb\xbf" + (DECLARED + rss(ITEM)).encode()),
    ("blank lines before the declaration", b"\r\n \n" + (DECLARED + rss(ITEM)).encode()),
    ("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + (DECLARED + rss(ITEM)).encode()),
    (
        "a warning of PHP",
        b"<br />\n<b>Warning</b>: x() in <b>/y.php</b> on line <b>3</b><br />\n" + (DECLARED + rss(ITEM)).encode(),
    ),
    ("a style sheet", (DECLARED + '<?xml-stylesheet href="x.xsl"?><!-- <rss> -->' + rss(ITEM)).encode()),
    ("a page around it", f"<html><body><div>{rss(ITEM)}</div></body></html>".encode()),
    ("comments behind it", (DECLARED + rss(ITEM) + "<!-- 0.3 s --> served by b & c").encode()),
    ("a second document", (DECLARED + rss(ITEM) + DECLARED).encode()),
    ("no end", (DECLARED + rss(ITEM)).replace("</channel></rss>", "").encode()),
    ("UTF-16 that says UTF-8", ("\ufeff" + DECLARED + rss(ITEM)).encode("utf-16-le")),
    ("windows-1252 that says UTF-8", (DECLARED + rss(ITEM)).encode("cp1252")),
    ("an entity that nobody declared", rss(ITEM.replace("–", "&ndash;")).encode()),
    (
        "a prefix that nobody declared",
        rss(ITEM.replace("</item>", "<slash:comments>1</slash:comments></item>")).encode(),
    ),
]


@pytest.mark.parametrize("body", [body for _, body in AROUND], ids=[name for name, _ in AROUND])
def test_a_feed_is_read_whatever_stands_around_it(body: bytes) -> None:
    (item,) = listing(body).items
    assert (item.url, item.title) == ("http://a.example/1", "Tin – a quota")


TITLES = [
    "<media:content url='http://a.example/p.jpg'><media:title>Photo</media:title></media:content><title>Right</title>",
    "<title>Right</title><media:content url='http://a.example/p.jpg'><media:title>Photo</media:title></media:content>",
    "<title>Right</title><media:title>Photo</media:title>",
    "<title>Right</title><media:group><media:title>Photo</media:title><media:description>d</media:description></media:group>",
    "<title>Right</title><itunes:title>Episode</itunes:title>",
    "<itunes:title>Episode</itunes:title><title>Right</title>",
    "<title>Right</title><image><title>Logo</title><url>http://a.example/l.png</url></image>",
    "<title>Right</title><source url='http://b.example/feed'>Another paper</source>",
    "<title><![CDATA[Right]]></title>",
    "<title>&lt;b&gt;Right&lt;/b&gt;</title>",
    "<title type='html'>Right</title>",
    "<dc:title>Right</dc:title>",
]


@pytest.mark.parametrize("title", TITLES)
def test_the_title_is_the_entrys_own(title: str) -> None:
    item = only(rss(f"<item>{title}<link>http://a.example/1</link></item>"))
    assert (item.title, item.url) == ("Right", "http://a.example/1")


LINKS = [  # (what an entry has, its address, whether there is no page behind it)
    ("<link>http://a.example/1</link>", "http://a.example/1", False),
    ("<link>\n  http://a.example/1?x=1&amp;y=2 </link>", "http://a.example/1?x=1&y=2", False),
    ("<link>/1</link>", "http://a.example/1", False),
    ("<link><![CDATA[http://a.example/1]]></link>", "http://a.example/1", False),
    ("<link href='http://a.example/1'/>", "http://a.example/1", False),
    (
        "<atom:link rel='self' href='http://a.example/feed'/><link>http://a.example/1</link>",
        "http://a.example/1",
        False,
    ),
    ("<atom:link rel='alternate' href='http://a.example/1'/>", "http://a.example/1", False),
    ("<guid>http://a.example/1</guid>", "http://a.example/1", False),
    ("<guid isPermaLink='true'>http://a.example/1</guid>", "http://a.example/1", False),
    ("<guid isPermaLink='false'>http://a.example/1</guid>", "http://a.example/1", False),
    (
        "<guid isPermaLink='false'>http://a.example/?p=1</guid><link>http://a.example/1</link>",
        "http://a.example/1",
        False,
    ),
    (
        "<link>http://feeds.example/~r/1</link><feedburner:origLink>http://a.example/1</feedburner:origLink>",
        "http://a.example/1",
        False,
    ),
    (
        "<enclosure url='http://a.example/order.pdf' type='application/pdf' length='1'/>",
        "http://a.example/order.pdf",
        False,
    ),
    ("<enclosure url='http://a.example/1.mp3' type='audio/mpeg' length='1'/>", "http://a.example/1.mp3", True),
    (
        "<link>http://a.example/1</link><enclosure url='http://a.example/1.mp3' type='audio/mpeg'/>",
        "http://a.example/1",
        False,
    ),
    (
        "<link>http://a.example/1</link><media:content url='http://a.example/p.jpg'/><comments>http://a.example/c</comments>",
        "http://a.example/1",
        False,
    ),
]


@pytest.mark.parametrize(("inside", "url", "is_whole"), LINKS)
def test_the_link_is_the_articles_own(inside: str, url: str, is_whole: bool) -> None:  # noqa: FBT001
    item = only(rss(f"<item><title>x</title>{inside}</item>"))
    assert (item.url, item.is_whole) == (url, is_whole)


def test_an_entry_without_a_link_is_kept_under_an_address_of_its_own() -> None:
    both = "<item><guid isPermaLink='false'>n-{}</guid><title>{}</title><description>Port closed.</description></item>"
    before = listing(rss(both.format(1, "Notice") + both.format(2, "Notice")), url="http://a.example/feed?x=1#top")
    after = listing(rss(both.format(2, "Notice, again")), url="http://a.example/feed?x=1#top")
    first, second = before.items
    assert first.url.startswith("http://a.example/feed?x=1&entry=")
    assert first.is_whole
    assert first.url != second.url == after.items[0].url
    assert before.notes == ("2 of 2 entries have no link: kept as the feed has them",)


def test_the_cut_off_last_entry_of_a_broken_feed_is_not_kept_without_its_link() -> None:
    assert [item.title for item in listing(rss(ITEM)[:-17] + "<item><title>Cut off he").items] == ["Tin – a quota"]


FIELDS = [
    (
        "<content:encoded>&lt;p&gt;All of it&lt;/p&gt;</content:encoded><description>Short</description>",
        "content",
        "<p>All of it</p>",
    ),
    (
        "<content:encoded>&lt;p&gt;All of it&lt;/p&gt;</content:encoded><description>Short</description>",
        "summary",
        "Short",
    ),
    ("<description>Said</description><itunes:summary>Episode</itunes:summary>", "summary", "Said"),
    ("<description>Said</description><media:description>Photo</media:description>", "summary", "Said"),
    ("<dc:creator>Mei Carver</dc:creator>", "author", "Mei Carver"),
    ("<author>mei@a.example (Mei Carver)</author>", "author", "Mei Carver"),
    ("<author>mei@a.example</author>", "author", "mei@a.example"),
    ("<author>Mei Carver &lt;mei@a.example&gt;</author>", "author", "Mei Carver"),
    ("<author>Mei Carver (Tokyo) (mei@a.example)</author>", "author", "Mei Carver (Tokyo)"),
    ("<dc:creator>Mei Carver</dc:creator><dc:creator>Ivo Tan</dc:creator>", "author", "Mei Carver, Ivo Tan"),
    ("<guid isPermaLink='false'> n-1 </guid>", "guid", "n-1"),
    ("<dc:language>fr-FR</dc:language>", "language", "fr"),
]


@pytest.mark.parametrize(("inside", "field", "value"), FIELDS)
def test_fields(inside: str, field: str, value: str) -> None:
    assert getattr(only(rss(f"<item><link>/1</link><title>x</title>{inside}</item>")), field) == value


DATES = [
    ("<pubDate>Tue, 09 Jul 2024 10:30:00 +0200</pubDate>", "2024-07-09T08:30:00Z"),
    ("<pubDate>Tue, 9 Jul 24 10:30 EST</pubDate>", "2024-07-09T15:30:00Z"),
    ("<pubDate>2024-07-09</pubDate>", "2024-07-09"),
    ("<dc:date>2024-07-09T10:30:00Z</dc:date>", "2024-07-09T10:30:00Z"),
    ("<dc:date>2024-07</dc:date>", "2024-07"),
    (
        "<pubDate>Tue, 09 Jul 2024 10:30:00 GMT</pubDate><atom:updated>2024-07-10T00:00:00Z</atom:updated>",
        "2024-07-09T10:30:00Z",
    ),
    ("<atom:updated>2024-07-10T00:00:00Z</atom:updated>", "2024-07-10T00:00:00Z"),
    ("<pubDate>soon</pubDate>", None),
]


@pytest.mark.parametrize(("inside", "value"), DATES)
def test_dates(inside: str, value: str | None) -> None:
    published = only(rss(f"<item><link>/1</link>{inside}</item>")).published
    assert (published.value if published else None) == value


HOURS = "".join(f"<hour>{hour}</hour>" for hour in range(24))
PACES = [
    ("", Pace()),
    ("<ttl>60</ttl>", Pace(at_least=timedelta(hours=1))),
    ("<ttl> 90 </ttl>", Pace(at_least=timedelta(minutes=90))),
    ("<ttl>0</ttl>", Pace()),
    ("<ttl>an hour</ttl>", Pace()),
    ("<ttl>525600</ttl>", Pace(at_least=timedelta(days=365))),
    ("<sy:updatePeriod>daily</sy:updatePeriod>", Pace(at_least=timedelta(days=1))),
    (
        "<sy:updatePeriod>\n hourly</sy:updatePeriod><sy:updateFrequency>\n 2</sy:updateFrequency>",
        Pace(at_least=timedelta(minutes=30)),
    ),
    ("<sy:updatePeriod>hourly</sy:updatePeriod><ttl>120</ttl>", Pace(at_least=timedelta(hours=2))),
    ("<sy:updatePeriod>often</sy:updatePeriod>", Pace()),
    (
        "<skipHours><hour>0</hour><hour> 1 </hour><hour>24</hour><hour>99</hour></skipHours>",
        Pace(skip_hours=frozenset({0, 1})),
    ),
    (f"<skipHours>{HOURS}</skipHours>", Pace()),
    ("<skipDays><day>Saturday</day><day>sunday</day><day>Never</day></skipDays>", Pace(skip_days=frozenset({5, 6}))),
]


@pytest.mark.parametrize(("inside", "pace"), PACES)
def test_the_pace_that_a_feed_asks_for(inside: str, pace: Pace) -> None:
    assert listing(rss(inside + ITEM)).pace == pace


@pytest.mark.parametrize(
    ("links", "older"),
    [
        ("<atom:link rel='next' href='/feed?page=2'/>", "http://a.example/feed?page=2"),
        (
            "<atom:link rel='self' href='/feed'/><atom:link rel='next' href='http://a.example/old'/>",
            "http://a.example/old",
        ),
        ("<atom:link rel='prev-archive' href='http://a.example/2024-06'/>", "http://a.example/2024-06"),
        ("<atom:link rel='next' href='http://a.example/feed'/>", None),
        ("<atom:link rel='next' href='javascript:more()'/>", None),
        ("", None),
    ],
)
def test_the_page_before_this_one(links: str, older: str | None) -> None:
    request = listing(rss(links + ITEM)).older
    assert (request.url if request else None) == older


def json_feed(text: str) -> Listing:
    outcome = parse_json(source(SourceKind.JSON_FEED), page(text.encode()))
    assert isinstance(outcome, Done), outcome
    return outcome.value


@pytest.mark.parametrize(
    ("stated", "older"),
    [
        ('"next_url": "http://a.example/feed?page=2",', "http://a.example/feed?page=2"),
        ('"next_url": "/feed?page=2",', "http://a.example/feed?page=2"),
        ('"next_url": "http://a.example/feed",', None),
        ('"next_url": ["x"],', None),
        ("", None),
    ],
)
def test_the_page_before_this_one_of_a_json_feed(stated: str, older: str | None) -> None:
    found = json_feed(f'{{"version": "https://jsonfeed.org/version/1.1", {stated} "items": [{{"url": "/1"}}]}}')
    assert (found.older.url if found.older else None) == older


def test_an_item_of_a_json_feed_without_a_link_is_kept() -> None:
    items = '[{"id": "n-1", "content_text": "Port closed."}, {"id": 2, "url": "/2"}, {}]'
    found = json_feed(f'{{"version": "https://jsonfeed.org/version/1.1", "items": {items}}}')
    assert [(item.guid, item.is_whole, item.url.partition("entry=")[0]) for item in found.items] == [
        ("n-1", True, "http://a.example/feed?"),
        ("2", False, "http://a.example/2"),
    ]
    assert found.notes == (
        "1 of 3 entries have no link: kept as the feed has them",
        "1 of 3 entries left out: no http(s) link",
    )


WHOLE = "".join(f"<item><title>T{n}</title><link>/{n}</link>{{{n}}}</item>" for n in range(4))
# What stands in the second of four entries, or is cut from the end; how many are read; what is said of the others.
LOST = [
    ("<description>a & b</description>", 0, 4, None),
    ("<description>&nbsp;</description><x:y>z</x:y>", 0, 4, None),
    ("<description><![CDATA[ never closed </description>", 0, 2, "2 of 4 entries lost: XML broken at line 1 ("),
    ("<!-- never closed", 0, 2, "2 of 4 entries lost: XML broken at line 1 ("),
    ("", len("</channel></rss>"), 4, "breaks off before its end: XML broken at line 1 (no element found)"),
]


@pytest.mark.parametrize(("inside", "cut", "count", "note"), LOST)
def test_what_broken_xml_costs_is_told(inside: str, cut: int, count: int, note: str | None) -> None:
    body = f"<rss version='2.0'><channel><title>News</title>{WHOLE.format('', inside, '', '')}</channel></rss>"
    found = listing(body[: len(body) - cut])
    assert len(found.items) == count
    assert (found.notes[0].startswith(note) and len(found.notes) == 1) if note else not found.notes
