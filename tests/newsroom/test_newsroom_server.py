"""The newsroom's server: virtual hosts, validators, compression, redirects."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import httpx
import pytest
from newsroom_visits import Visitor, visiting

from tracker.errors import TrackerError
from tracker.newsroom import Newsroom
from tracker.newsroom.__main__ import main


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with visiting() as opened:
        yield opened


@pytest.mark.parametrize(
    ("url", "tag_starts"),
    [
        ("http://harbourwire.example/feeds/latest.rss", '"'),
        ("http://waferledger.example/atom.xml", 'W/"'),
        ("http://eastlight.example/feed.json", '"'),
        ("http://saltmarsh.example/sitemap-news.xml", 'W/"'),
    ],
)
def test_an_etag_is_answered_with_304(visitor: Visitor, url: str, tag_starts: str) -> None:
    first = visitor.get(url)
    again = visitor.get(url, If_None_Match=first.headers["ETag"])
    assert first.headers["ETag"].startswith(tag_starts)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("If-None-Match", "*", 304),
        ("If-None-Match", '"stale", "older"', 200),
        ("If-Modified-Since", "Wed, 01 Jan 2031 00:00:00 GMT", 304),
        ("If-Modified-Since", "Mon, 01 Jan 2018 00:00:00 GMT", 200),
        ("If-Modified-Since", "yesterday", 200),
    ],
)
def test_conditions(visitor: Visitor, header: str, value: str, status: int) -> None:
    url = "http://harbourwire.example/feeds/latest.rss"
    assert visitor.get(url, **{header.replace("-", "_"): value}).status_code == status


def test_a_wrong_tag_outweighs_a_right_date(visitor: Visitor) -> None:
    url = "http://harbourwire.example/feeds/latest.rss"
    late = "Wed, 01 Jan 2031 00:00:00 GMT"
    assert visitor.get(url, If_None_Match='"other"', If_Modified_Since=late).status_code == 200


def test_gzip_only_where_it_is_accepted(visitor: Visitor) -> None:
    url = "http://harbourwire.example/feeds/latest.rss"
    packed, plain = visitor.get(url, Accept_Encoding="gzip"), visitor.get(url, Accept_Encoding="identity")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["Content-Length"]) < len(plain.content)
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_a_gzipped_sitemap_is_a_file_and_no_encoding(visitor: Visitor) -> None:
    answer = visitor.get("http://saltmarsh.example/sitemap-archive.xml.gz")
    assert "Content-Encoding" not in answer.headers
    assert gzip.decompress(answer.content).startswith(b"<?xml")


def test_head_is_get_without_its_body(visitor: Visitor) -> None:
    url = "http://eastlight.example/feed.json"
    head, get = visitor.get(url, method="HEAD"), visitor.get(url)
    assert head.content == b""
    assert {key: head.headers[key] for key in ("Content-Length", "ETag", "Content-Type")} == {
        key: get.headers[key] for key in ("Content-Length", "ETag", "Content-Type")
    }


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("http://www.eastlight.example/feed.json", "http://eastlight.example/feed.json"),
        ("http://harbourwire.example/rss.xml", "http://harbourwire.example/feeds/latest.rss"),
        ("http://dailytattle.example/rss", "http://dailytattle.example/feeds/all.rss"),
        ("http://harbourwire.example/technology", "http://harbourwire.example/technology/"),
    ],
)
def test_moved_for_good(visitor: Visitor, url: str, location: str) -> None:
    answer = visitor.get(url)
    assert (answer.status_code, answer.headers["Location"]) == (301, location)


@pytest.mark.parametrize(
    ("url", "content_type"),
    [
        ("http://techtrawler.example/feed/", "text/html; charset=UTF-8"),  # wrong, as often
        ("http://dailytattle.example/feeds/all.rss", "text/xml"),
        ("http://waferledger.example/atom.xml", "application/atom+xml; charset=utf-8"),
        ("http://eastlight.example/feed.json", "application/feed+json"),
    ],
)
def test_content_types_right_and_wrong(visitor: Visitor, url: str, content_type: str) -> None:
    assert visitor.get(url).headers["Content-Type"] == content_type


def test_robots_of_each_host(visitor: Visitor) -> None:
    assert "Crawl-delay" in visitor.get("http://harbourwire.example/robots.txt").text
    assert "Disallow: /exclusive/" in visitor.get("http://dailytattle.example/robots.txt").text
    assert visitor.get("http://techtrawler.example/robots.txt").status_code == 404


def test_an_unknown_host_is_misdirected(visitor: Visitor) -> None:
    assert visitor.get("http://nobody.example/").status_code == 421


def test_a_browser_reaches_a_host_by_its_localhost_name(visitor: Visitor) -> None:
    assert "Harbour Wire" in visitor.get("http://harbourwire.example.localhost/").text
    assert "harbourwire.example.localhost:" in visitor.get("http://127.0.0.1/").text


def test_connections_are_kept_alive(visitor: Visitor) -> None:
    first, second = (visitor.get("http://harbourwire.example/robots.txt") for _ in range(2))
    assert first.extensions["network_stream"] is second.extensions["network_stream"]


def test_requests_are_recorded_until_forgotten(visitor: Visitor) -> None:
    visitor.get("http://harbourwire.example/world/?page=2", method="HEAD", If_None_Match='"x"')
    (seen,) = visitor.room.requests
    assert (seen.host, seen.path, seen.query, seen.method, seen.status) == (
        "harbourwire.example",
        "/world/",
        "page=2",
        "HEAD",
        200,
    )
    assert seen.headers["if-none-match"] == '"x"'
    visitor.room.forget()
    assert visitor.room.requests == ()


def test_a_method_that_writes_is_not_supported(visitor: Visitor) -> None:
    assert visitor.get("http://harbourwire.example/", method="POST").status_code == 501


def test_a_taken_port_is_named(visitor: Visitor) -> None:
    with pytest.raises(TrackerError, match=f"port {visitor.room.port} .*--port"):
        Newsroom(port=visitor.room.port)


def test_serving_by_hand_says_what_is_wrong_and_leaves(visitor: Visitor, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", str(visitor.room.port)]) == 1
    assert "choose another with --port" in capsys.readouterr().err


def test_a_closed_room_hangs_up() -> None:
    with visiting() as visitor:
        visitor.get("http://harbourwire.example/robots.txt")
        port = visitor.room.port
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")
