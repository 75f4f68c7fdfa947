"""Titles, links and what bodies look like, as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import dates
from tracker.model import Basis
from tracker.sources.bodies import looks_like
from tracker.sources.entries import primary
from tracker.sources.plain import link, plain
from tracker.sources.queries import asking
from tracker.sources.times import from_text

BASE = "https://a.example/news/index.html"


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("AT&amp;amp;T &#8211; the &quot;deal&quot;", 'AT&T – the "deal"'),
        ("<b>Bold</b> and <a href='x'>linked</a>", "Bold and linked"),
        ("One<br/>two<p>three", "One two three"),
        ("&lt;i&gt;sent twice&lt;/i&gt;", "sent twice"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("List<T> in C++", "List<T> in C++"),
        ("  white \n\t space\u00a0everywhere ", "white space everywhere"),
        ("nul\x00 and half \ud800 a pair", "nul and half a pair"),
        ("x" * 2_000, "x" * 1_000),
    ],
)
def test_a_title_is_what_a_reader_sees(sent: str, seen: str) -> None:
    assert plain(sent) == seen


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("story", "https://a.example/news/story"),
        ("/story?a=1&b=2#top", "https://a.example/story?a=1&b=2#top"),
        ("//b.example/x", "https://b.example/x"),
        (" https://b.example/a b\n", "https://b.example/a%20b"),
        ("HTTP://B.example/x", "http://B.example/x"),
        ("https://b.example/日本", "https://b.example/日本"),
        ("", None),
        ("#top", None),
        ("mailto:desk@a.example", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://a.example/x", None),
        ("http://[broken/", None),
        ("http://a.example:99999/", None),
        ("http:///path", None),
        ("https://a.example/" + "x" * 2_000, None),
    ],
)
def test_a_link_is_absolute_and_http_or_none(reference: str, url: str | None) -> None:
    assert link(reference, BASE) == url


@given(st.text(max_size=60))
def test_a_link_once_absolute_stays_as_it_is(reference: str) -> None:
    url = link(reference, BASE)
    assert url is None or link(url, "http://elsewhere.example/") == url


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty body"),
        (b"\xef\xbb\xbf<!DOCTYPE html><title>No &amp; no</title>", 'an HTML page ("No & no")'),
        (b"<!doctype html><html><title>Access denied</title>", 'an HTML page ("Access denied")'),
        (b"<?xml version='1.0'?><!-- x - y --><rss>", "an RSS feed"),
        (b"<rdf:RDF xmlns:rdf='x'>", "an RDF document"),
        (b"<opml><body></body></opml>", "an OPML list"),
        (b"<error>x</error>", "XML <error>"),
        (b"\x89PNG\r\n", "an image"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"MZ\x00\x01", "binary data"),
        (b"[1]", "JSON ([1])"),
        (b"<!-- never closed", "broken markup (<!-- never closed)"),
        ("no\x00 \x1b[2J feed".encode("utf-16"), "plain text (no [2J feed)"),
    ],
)
def test_what_a_body_looks_like(body: bytes, words: str) -> None:
    assert looks_like(body) == words


def test_half_a_character_in_a_cursor_is_no_reason_to_fail() -> None:
    assert asking("http://a.example/x?b=1", cursor="\ud800y") == "http://a.example/x?b=1&cursor=%3Fy"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-GB", "en"), ("EN", "en"), ("zh_Hans-CN", "zh"), ("fil", "fil"), ("", None), (None, None), ("english", None)],
)
def test_a_language_is_its_primary_subtag(tag: str | None, language: str | None) -> None:
    assert primary(tag) == language


STATED = [
    "2024-07-09",
    "2024-07-09T10:30Z",
    "2024-07-09T10:30:00.250+02:00",
    "2024-07-09T00:30:00+0530",
    " 2024-07-09T10:30:00Z\n",
    "2024-02-30",
    "2024-07-09T25:00:00Z",
    "2024-07-09T10:30:60Z",
    "2024-07-09T10:30:00",
    "Tue, 09 Jul 2024 10:30:00 GMT",
    "Tue, 09 Jul 2024 00:30:00 +1000",
    "9 Jul 2024 10:30:00 -0500",
    "Wed, 09 Jul 2024 10:30:00 GMT",
    "Wed, 31 Feb 2024 10:30:00 GMT",
    "Tue, 09 Jul 2024 24:00:00 GMT",
    "Tue, 09 Jul 1824 10:30:00 GMT",
]


@pytest.mark.parametrize("text", STATED)
def test_the_quick_way_to_a_date_comes_to_the_same_one(text: str) -> None:
    assert from_text(text) == dates.parse(text, basis=Basis.FEED)
