"""Sitemaps: lists in plain text, which parts of an index count as the newest, and what is large, deep or cut."""

from __future__ import annotations

import gzip
import time

import pytest
from sources_samples import page, source

from tracker.model import Done, Listing, Poison, SourceKind
from tracker.sources.sitemap import parse

INDEX = "http://a.example/sitemap.xml"


def read(body: str | bytes) -> Done[Listing] | Poison:
    raw = body.encode() if isinstance(body, str) else body
    return parse(source(SourceKind.SITEMAP, url=INDEX), page(raw, url=INDEX))


def listing(body: str | bytes) -> Listing:
    outcome = read(body)
    assert isinstance(outcome, Done), outcome
    return outcome.value


@pytest.mark.parametrize(
    ("body", "urls"),
    [
        ("http://a.example/1\nhttp://a.example/2\n", ["http://a.example/1", "http://a.example/2"]),
        ("\ufeffhttps://a.example/1\r\n\r\nhttps://a.example/2", ["https://a.example/1", "https://a.example/2"]),
        (gzip.compress(b"http://a.example/1", mtime=0), ["http://a.example/1"]),
    ],
)
def test_a_list_of_addresses_in_plain_text_is_a_sitemap(body: str | bytes, urls: list[str]) -> None:
    assert [item.url for item in listing(body).items] == urls


@pytest.mark.parametrize(
    "body",
    ["See http://a.example/1", "http://a.example/1 is down", "1\n2\n", "<html></html>", "http://a " * 9_999 + "-"],
)
def test_other_text_is_none(body: str) -> None:
    assert isinstance(read(body), Poison)


def index(names: list[str]) -> str:
    parts = "".join(f"<sitemap><loc>http://a.example/{name}</loc></sitemap>" for name in names)
    return f"<sitemapindex>{parts}</sitemapindex>"


@pytest.mark.parametrize(
    ("names", "first", "last"),
    [
        ([f"sitemap-2023-{month:02}.xml" for month in range(1, 13)], "sitemap-2023-12.xml", "sitemap-2023-01.xml"),
        ([f"s.{year}0709.xml.gz" for year in range(2001, 2024)], "s.20230709.xml.gz", "s.20040709.xml.gz"),
        ([f"pages{number}.xml" for number in range(1, 6)], "pages1.xml", "pages5.xml"),
        ([f"pages{number}.xml" for number in range(1, 41)], "pages1.xml", "pages31.xml"),
        (["a.xml", "a.xml", "b.xml"], "a.xml", "b.xml"),
    ],
)
def test_the_newest_parts_of_an_index_are_followed(names: list[str], first: str, last: str) -> None:
    asked = [request.url.rpartition("/")[2] for request in listing(index(names)).follow]
    assert asked[0] == first
    assert last in asked
    assert len(asked) == min(len(set(names)), 20)


def test_a_date_stands_before_the_one_in_a_name() -> None:
    newer = "<sitemap><loc>/s-2001-01.xml</loc><lastmod>2024-07-01</lastmod></sitemap>"
    found = listing(f"<sitemapindex><sitemap><loc>/s-2024-06.xml</loc></sitemap>{newer}</sitemapindex>")
    assert [request.url for request in found.follow] == [
        "http://a.example/s-2001-01.xml",
        "http://a.example/s-2024-06.xml",
    ]


def test_what_stands_before_a_break_is_read() -> None:
    cut = "<urlset><url><loc>http://a.example/1</loc></url><url><loc>http://a.example/2</loc></url><url><lo"
    assert [item.url for item in listing(cut).items][:2] == ["http://a.example/1", "http://a.example/2"]


@pytest.mark.parametrize(
    "body",
    ["<urlset><url " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/></urlset>", "<urlset>" + "<url>" * 100_000],
    ids=["attributes", "nested"],
)
def test_what_would_keep_the_parser_busy_is_soon_over(body: str) -> None:
    start = time.perf_counter()
    read(body)
    assert time.perf_counter() - start < 5


def test_a_sitemap_far_longer_than_what_is_read_takes_seconds() -> None:
    links = '<link rel="alternate" hreflang="de" href="http://a.example/de"/>' * 4
    url = "<url><loc>http://a.example/{}</loc><lastmod>2024-07-{:02}</lastmod>{}</url>"
    body = f"<urlset>{''.join(url.format(n, 1 + n % 9, links) for n in range(20_000))}</urlset>".encode()
    start = time.perf_counter()
    found = listing(body)
    assert time.perf_counter() - start < 20
    assert found.items[0].published is not None
    assert found.items[0].published.value == "2024-07-09"
    assert found.notes == ("20000 pages, only the newest 10000 read",)


ROWS = [f"<url><loc>http://a.example/{n}</loc></url>" for n in range(4)]


@pytest.mark.parametrize(
    ("body", "count", "notes"),
    [
        (f"<urlset>{''.join(ROWS)}</urlset>", 4, ()),
        (f"<urlset>{ROWS[0]}<!-- {ROWS[1]} -->{ROWS[2]}</urlset>", 2, ()),
        (f"<urlset>{ROWS[0]}<!-- never closed {''.join(ROWS[1:])}</urlset>", 1, ("3 of 4 rows lost: broken XML",)),
        (f"<urlset>{''.join(ROWS)}", 4, ("breaks off before its end",)),
        ("<urlset/>", 0, ()),
    ],
)
def test_what_broken_xml_costs_is_told(body: str, count: int, notes: tuple[str, ...]) -> None:
    found = listing(body.encode())
    assert (len(found.items), found.notes) == (count, notes)
