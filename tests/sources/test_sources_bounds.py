"""What is too long, too deep or too much is refused or cut, and says so; none of it takes long."""

from __future__ import annotations

import gzip
import time

import pytest
from sources_samples import page, source

from tracker import sources
from tracker.model import Done, Listing, Poison, Selectors, SourceKind
from tracker.sources.bounds import measure
from tracker.sources.entries import MAX_ENTRIES
from tracker.sources.sitemap import MAX_PARTS

RSS = b'<rss version="2.0"><channel><title>t</title>'
DEEP, WIDE = b"<a>" * 5_000, b" ".join(b'a%d="1"' % n for n in range(20_000))
LAUGHS = (
    b'<!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def parse(kind: SourceKind, body: bytes) -> Done[Listing] | Poison:
    return sources.parse(source(kind, selectors=Selectors(item="a")), page(body))


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        (SourceKind.FEED, RSS + DEEP, 'an RSS feed ("t") too large to read: elements nested more than 200 deep'),
        (SourceKind.FEED, RSS + b"<item " + WIDE + b"/>", "a tag of more than 20000 characters"),
        (SourceKind.FEED, RSS + b"<b/>" * 400_001, "more than 400000 tags"),
        (SourceKind.HTML, b"<html>" + DEEP * 50, "not an HTML page of a size that can be read"),
        (SourceKind.HTML, b"<html>" + b"<x>a<!-- b -->" * 50_000, "not an HTML page of a size that can be read"),
        (SourceKind.HTML, b"<html><a " + WIDE + b">", "not an HTML page of a size that can be read"),
        (SourceKind.JSON_FEED, b'{"items":' + b"[" * 200_000, "not a JSON Feed"),
        (SourceKind.SITEMAP, gzip.compress(bytes(60_000_000)), "broken or larger than 50000000 bytes unpacked"),
        (SourceKind.FEED, gzip.compress(bytes(20_000_000)), "gzip-compressed data that cannot be unpacked"),
    ],
    ids=[
        "nested",
        "attributes",
        "tags",
        "html nested",
        "html nested with comments",
        "html attributes",
        "json nested",
        "sitemap bomb",
        "feed bomb",
    ],
)
def test_too_much_is_poison_and_says_what(kind: SourceKind, body: bytes, reason: str) -> None:
    outcome = parse(kind, body)
    assert isinstance(outcome, Poison)
    assert reason in outcome.reason


def test_entities_are_not_multiplied() -> None:
    item = b"<item><title>&j;</title><link>http://a.example/1</link></item></channel></rss>"
    outcome = parse(SourceKind.FEED, LAUGHS + RSS + item)
    assert isinstance(outcome, Done)
    assert len(outcome.value.items[0].title) < 100


def test_a_feed_of_too_many_entries_is_cut_and_says_so() -> None:
    item = b"<item><link>http://a.example/%d</link></item>"
    body = RSS + b"".join(item % number for number in range(MAX_ENTRIES + 5)) + b"</channel></rss>"
    outcome = parse(SourceKind.FEED, body)
    assert isinstance(outcome, Done)
    assert len(outcome.value.items) == MAX_ENTRIES
    assert outcome.value.notes == ("more than 10000 entries, only the first 10000 read",)


def test_a_long_sitemap_keeps_its_newest_pages() -> None:
    url = "<url><loc>https://a.example/%d</loc><lastmod>%04d-01-01</lastmod></url>"
    urls = "".join(url % (number, 1990 + number % 40) for number in range(MAX_ENTRIES + 40))
    outcome = parse(SourceKind.SITEMAP, f"<urlset>{urls}</urlset>".encode())
    assert isinstance(outcome, Done)
    assert len(outcome.value.items) == MAX_ENTRIES
    assert outcome.value.items[0].published is not None
    assert outcome.value.items[0].published.value == "2029-01-01"
    assert outcome.value.notes == ("10040 pages, only the newest 10000 read",)


def test_a_long_index_is_followed_to_its_newest_parts() -> None:
    part = "<sitemap><loc>https://a.example/%d.xml</loc><lastmod>2024-%02d-01</lastmod></sitemap>"
    parts = "".join(part % (number, 1 + number % 12) for number in range(36))
    outcome = parse(SourceKind.SITEMAP, f"<sitemapindex>{parts}</sitemapindex>".encode())
    assert isinstance(outcome, Done)
    assert len(outcome.value.follow) == MAX_PARTS
    assert outcome.value.follow[0].url == "https://a.example/11.xml"
    assert outcome.value.notes == ("36 sitemaps in the index, only the newest 20 followed",)


@pytest.mark.parametrize(
    "unread",
    [
        "<category>Trade</category>",
        "<category domain='x'><![CDATA[a ]] </category> > b]]></category>",
        "<category/>",
        "<category>never closed",
        "<category><b>not a leaf</b></category>",
        "<media:content url='x'/><media:title>Photo</media:title>",
        "<itunes:duration>12:00</itunes:duration>",
    ],
)
def test_what_nobody_reads_of_an_entry_does_not_touch_the_rest(unread: str) -> None:
    body = f"<item>{unread}<link>http://a.example/1</link><title>T</title></item><item><link>/2</link>{unread}</item>"
    outcome = parse(SourceKind.FEED, RSS + body.encode() + b"</channel></rss>")
    assert isinstance(outcome, Done)
    assert [item.url for item in outcome.value.items] == ["http://a.example/1", "http://a.example/2"]


@pytest.mark.parametrize(
    "start", ["<category>" + "x" * 99, "<category>" + "<![CDATA[" + "] " * 99, "<category>" + "&" * 4_999]
)
def test_elements_that_never_end_take_no_time(start: str) -> None:
    began = time.perf_counter()
    measure(start * (3_000_000 // len(start)))
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (SourceKind.FEED, b'<?xml version="1.0"?>' + b"<!---->" * 60 + b"x<rss></rss>"),
        (SourceKind.FEED, RSS + b"<skipHours>" * 100_000),
        (SourceKind.FEED, RSS + b"<item><link>/1</link><author>" + b" " * 1_000_000 + b"@</author></item>"),
        (SourceKind.FEED, RSS + b"<item><link>/1</link><author>" + b"a" * 1_000_000 + b"</author></item>"),
        (SourceKind.FEED, RSS + b"<item><dc:creator><![CDATA[" + b"a" * 1_000_000 + b"]]></dc:creator></item>"),
        (SourceKind.SITEMAP, b"http://a.example/http://" * 2_000 + b" x"),
        (SourceKind.SITEMAP, b"<urlset>" + b"<!--" * 200_000),
    ],
    ids=["comments", "skipHours", "spaces", "author", "creator", "addresses", "open comments"],
)
def test_what_makes_patterns_try_again_and_again_takes_no_time(kind: SourceKind, body: bytes) -> None:
    began = time.perf_counter()
    parse(kind, body)
    assert time.perf_counter() - began < 10


def test_a_feed_of_too_many_tags_is_cut_between_two_entries() -> None:
    entry = "<item><link>/{}</link>" + "<b/>" * 1_000 + "</item>"
    measured = measure(RSS.decode() + "".join(entry.format(number) for number in range(500)) + "</channel></rss>")
    assert measured.fault is None
    assert measured.cut == "more than 399 entries, only the first 399 read"
    assert measured.text.endswith("</item></channel></rss>")
    assert measured.text.count("<item>") == 399
