"""What an answer means: pages, validators, statuses, redirects, sizes, faults on the wire."""

from __future__ import annotations

import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial

import brotli
import httpx
import pytest
import zstandard
from fetch_asking import NOW, fetch, one, page
from fetch_server import Answer, Asked, Server

from tracker.fetch import addresses
from tracker.model import Done, Failed, FetchSettings, Page, Poison, Request, Unchanged
from tracker.newsroom import Bomb, Cut, Drip, Garbage, Huge, Loop, Newsroom, Slow
from tracker.unpacking import TooLargeError, Unpacker

FEED = "http://harbourwire.example/feeds/latest.rss"


def test_a_page_keeps_what_matters_of_its_answer(server: Server, settings: FetchSettings) -> None:
    sent = {
        "Content-Type": "text/xml; charset=koi8-r",
        "ETag": 'W/"7"',
        "Last-Modified": "Tue, 09 Jul 2024 10:00:00 GMT",
    }
    server.route("a.example/x?y=1", Answer(body=b"<rss/>", headers=sent))
    got = page(one(settings, Request(url="http://a.example/x?y=1#top", accept="text/xml")))
    assert got == Page(
        url="http://a.example/x?y=1#top",
        final_url="http://a.example/x?y=1#top",
        status=200,
        content_type="text/xml; charset=koi8-r",
        body=b"<rss/>",
        fetched_at=NOW,
        etag='W/"7"',
        last_modified="Tue, 09 Jul 2024 10:00:00 GMT",
        milliseconds=got.milliseconds,
    )
    assert got.milliseconds is not None
    assert 0 <= got.milliseconds < 5_000
    headers = server.asked[-1].headers
    assert headers["user-agent"] == settings.user_agent
    assert headers["accept"] == "text/xml"
    assert headers["host"] == "a.example"
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "cookie" not in headers


def test_an_unchanged_page_is_not_sent_again(room: Newsroom, room_settings: FetchSettings) -> None:
    first = page(one(room_settings, FEED))
    again = Request(url=FEED, etag=first.etag, last_modified=first.last_modified)
    unchanged = one(room_settings, again)
    assert isinstance(unchanged, Done)
    assert isinstance(unchanged.value, Unchanged)
    assert (unchanged.value.url, unchanged.value.fetched_at) == (FEED, NOW)
    assert room.requests[-1].status == 304
    assert page(one(room_settings, replace(again, conditional=False))).body == first.body


def test_a_validator_that_cannot_be_sent_back_is_not(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/", Answer(headers={"ETag": '"\xe9"'}))
    assert page(one(settings, "http://a.example/")).etag is None
    page(one(settings, Request(url="http://a.example/", etag='"a\r\nX-Injected: 1"', last_modified="é")))
    assert not {"if-none-match", "if-modified-since", "x-injected"} & set(server.asked[-1].headers)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (202, Failed(reason="HTTP 202 (accepted, not ready or a check for robots)", status=202)),
        (204, Failed(reason="HTTP 204", status=204)),
        (304, Poison(reason="HTTP 304", status=304)),
        (400, Poison(reason="HTTP 400", status=400)),
        (401, Poison(reason="HTTP 401 (wants a login)", status=401)),
        (403, Poison(reason="HTTP 403 (forbidden)", status=403)),
        (404, Poison(reason="HTTP 404 (not found)", status=404)),
        (408, Failed(reason="HTTP 408", status=408)),
        (410, Poison(reason="HTTP 410 (gone for good)", status=410)),
        (451, Poison(reason="HTTP 451 (withheld for legal reasons)", status=451)),
        (500, Failed(reason="HTTP 500 (server error)", status=500)),
        (503, Failed(reason="HTTP 503 (unavailable)", status=503)),
        (599, Failed(reason="HTTP 599", status=599)),
    ],
)
def test_a_status_says_whether_to_come_back(
    server: Server, settings: FetchSettings, status: int, outcome: object
) -> None:
    server.route("a.example/x", Answer(status=status, body=b""))
    assert one(settings, "http://a.example/x") == outcome


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Tue, 09 Jul 2024 12:05:00 GMT", timedelta(minutes=5)),
        ("Tue, 09 Jul 2024 11:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("1" * 5_000, timedelta(seconds=10**9)),
    ],
)
def test_retry_after_is_understood(
    server: Server, settings: FetchSettings, header: str, wait: timedelta | None
) -> None:
    server.route("a.example/x", Answer(status=503, headers={"Retry-After": header}))
    assert one(settings, "http://a.example/x") == Failed(reason="HTTP 503 (unavailable)", retry_after=wait, status=503)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_last_address_kept(server: Server, settings: FetchSettings, status: int) -> None:
    server.route("a.example/old", Answer(status=status, headers={"Location": "../b/new?x#frag"}))
    server.route("a.example/b/new?x", Answer(status=status, headers={"Location": "//b.example/newest"}))
    server.route("b.example/newest", Answer(body=b"here"))
    got = page(one(settings, "http://a.example/old"))
    assert (got.url, got.final_url, got.body) == ("http://a.example/old", "http://b.example/newest", b"here")


def turning(asked: Asked) -> Answer:
    return Answer(status=302, headers={"Location": f"{asked.path}x"})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (turning, "more than 5 redirects, the last to http://a.example/rxxxxxx"),
        (Answer(status=301, headers={"Location": "/r"}), "redirects in a circle, back to http://a.example/r"),
        (Answer(status=301, headers={"Location": "ftp://a.example/"}), "not an http(s) URL: 'ftp://a.example/'"),
        (Answer(status=301, headers={"Location": "http://u:p@a.example/"}), "a URL with a user name or password"),
        (
            Answer(status=301, headers={"Location": "/gone"}),
            "HTTP 404 (not found) at http://a.example/gone, after a red",
        ),
        (Answer(status=301), "HTTP 301"),
    ],
)
def test_redirects_that_lead_nowhere_are_poison(
    server: Server, settings: FetchSettings, answer: Answer, reason: str
) -> None:
    for turn in range(8):
        server.route(f"a.example/r{'x' * turn}", answer)
    outcome = one(settings, "http://a.example/r")
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith(reason)


def test_a_redirect_to_what_is_no_url_is_poison(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/r", Answer(status=301, headers={"Location": "http://[::1"}))
    outcome = one(settings, "http://a.example/r")
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith("not a URL (")


def test_a_redirect_loop_of_the_newsroom_is_poison(room: Newsroom, room_settings: FetchSettings) -> None:
    room.misbehave("harbourwire.example", "/feeds/*", Loop())
    outcome = one(room_settings, FEED)
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith("more than 5 redirects")


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def far_back() -> bytes:
    """A zstd stream that wants 128 MB of memory for what it may refer back to."""
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    return packer.compress(TEXT) + packer.flush()


TEXT = b"a policy event " * 1_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0)),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"\0\0\0"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("br", brotli.compress(TEXT)),
        ("BR", brotli.compress(TEXT, lgwin=10)),
        ("zstd", zstandard.compress(TEXT)),
        ("zstd", zstandard.compress(TEXT[:100]) + zstandard.compress(TEXT[100:])),
        ("zstd", zstandard.compress(TEXT) + b"\0\0"),
        ("identity", TEXT),
    ],
    ids=[
        "gzip",
        "gzip in two members",
        "gzip padded",
        "deflate",
        "deflate without its header",
        "brotli",
        "brotli in capitals",
        "zstd",
        "zstd in two frames",
        "zstd padded",
        "identity",
    ],
)
def test_compressed_bodies_are_unpacked(server: Server, settings: FetchSettings, encoding: str, body: bytes) -> None:
    server.route("a.example/x", Answer(body=body, headers={"Content-Encoding": encoding}))
    assert page(one(settings, "http://a.example/x")).body == TEXT


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)[:-20], "the compressed body ends early"),
        ("gzip", TEXT, "the body is not the gzip it says"),
        ("deflate", TEXT, "the body is not the deflate it says"),
        ("br", TEXT, "the body is not the br it says"),
        ("br", brotli.compress(TEXT)[:-4], "the compressed body ends early"),
        ("zstd", TEXT, "the body is not the zstd it says"),
        ("zstd", zstandard.compress(TEXT)[:-4], "the compressed body ends early"),
        ("zstd", zstandard.compress(TEXT) + zstandard.compress(TEXT)[:-4], "the compressed body ends early"),
        ("zstd", far_back(), "the body is not the zstd it says"),
        ("compress", TEXT, "Content-Encoding 'compress' was not asked for"),
    ],
)
def test_broken_compression_may_be_better_next_time(
    server: Server, settings: FetchSettings, encoding: str, body: bytes, reason: str
) -> None:
    server.route("a.example/x", Answer(body=body, headers={"Content-Encoding": encoding}))
    assert one(settings, "http://a.example/x") == Failed(reason=reason, status=200)


def test_a_body_of_the_largest_size_is_whole_and_one_byte_more_is_poison(
    server: Server, settings: FetchSettings
) -> None:
    small = replace(settings, max_bytes=1_000)
    for size in (1_000, 1_001):
        server.route(f"a.example/{size}", Answer(body=bytes(size)))
        packed = Answer(body=gzip.compress(bytes(size)), headers={"Content-Encoding": "gzip"})
        server.route(f"a.example/packed{size}", packed)
    urls = [f"http://a.example/{name}" for name in ("1000", "packed1000", "1001", "packed1001")]
    outcomes = fetch(small, *urls)
    assert [len(page(outcomes[url]).body) for url in urls[:2]] == [1_000, 1_000]
    assert [outcomes[url] for url in urls[2:]] == [Poison(reason="larger than 1000 bytes", status=200)] * 2


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", partial(brotli.compress, quality=2)),
        ("zstd", zstandard.compress),
    ],
)
def test_a_bomb_costs_no_memory(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = pack(bytes(60_000_000))
    tracemalloc.start()
    try:
        unpacker = Unpacker(encoding, limit=1_000_000)
        with pytest.raises(TooLargeError):
            unpacker.add(body)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        assert len(unpacker.start()) == 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "fault", [Bomb(100_000_000), Bomb(100_000_000, coding="br"), Bomb(100_000_000, coding="zstd"), Huge(50_000_000)]
)
def test_too_much_is_stopped_while_it_comes_in(
    room: Newsroom, room_settings: FetchSettings, fault: Bomb | Huge
) -> None:
    room.misbehave("harbourwire.example", "/feeds/*", fault)
    assert one(replace(room_settings, max_bytes=1_000_000, read_timeout=20, total_timeout=20), FEED) == Poison(
        reason="larger than 1000000 bytes", status=200
    )


def test_noise_under_a_feeds_name_is_still_a_page(room: Newsroom, room_settings: FetchSettings) -> None:
    room.misbehave("harbourwire.example", "/feeds/*", Garbage(5_000))
    assert len(page(one(room_settings, FEED)).body) == 5_000


def test_an_answer_cut_off_is_failed(room: Newsroom, room_settings: FetchSettings) -> None:
    room.misbehave("harbourwire.example", "/feeds/*", Cut(100))
    outcome = one(room_settings, FEED)
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("harbourwire.example broke off or does not speak HTTP")


def test_a_silent_server_is_failed(room: Newsroom, room_settings: FetchSettings) -> None:
    room.misbehave("harbourwire.example", "/feeds/*", Slow(5))
    outcome = one(replace(room_settings, read_timeout=0.2), FEED)
    assert outcome == Failed(reason="harbourwire.example said nothing for 0.2 s")


def test_a_dripping_server_is_failed_after_the_total_time(room: Newsroom, room_settings: FetchSettings) -> None:
    room.misbehave("harbourwire.example", "/feeds/*", Drip(bytes=1, seconds=0.05))
    outcome = one(replace(room_settings, total_timeout=0.4), FEED)
    assert outcome == Failed(reason="harbourwire.example gave no whole answer within 0.4 s")


def test_nobody_listening_is_failed(settings: FetchSettings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    asked = Request(url=f"http://127.0.0.1:{port}/", private=True)
    outcome = one(replace(settings, respect_robots=False), asked)
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("cannot connect to 127.0.0.1: ")


def test_a_name_that_nothing_can_resolve_is_failed(settings: FetchSettings) -> None:
    too_long = "a" * 64  # for a label, so no resolver is asked
    outcome = one(replace(settings, connect_to=(), respect_robots=False), f"http://{too_long}.example/")
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith(f"cannot connect to {too_long}.example: ")


def test_a_server_that_does_not_speak_http_is_failed(settings: FetchSettings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with closing(connection):
                connection.recv(4_096)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=greet, daemon=True).start()
        port = listening.getsockname()[1]
        asked = Request(url=f"http://127.0.0.1:{port}/", private=True)
        outcome = one(replace(settings, respect_robots=False), asked)
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("127.0.0.1 broke off or does not speak HTTP")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://a.example/x", "not an http(s) URL: 'ftp://a.example/x'"),
        ("file:///etc/passwd", "not an http(s) URL: 'file:///etc/passwd'"),
        ("a.example/x", "not an http(s) URL: 'a.example/x'"),
        ("", "not an http(s) URL: ''"),
        ("http:///x", "a URL without a host or port: 'http:///x'"),
        ("http://user:secret@a.example/", "a URL with a user name or password in it is not asked: host a.example"),
        ("http://[::1/", "not a URL"),
        ("http://a\x00.example/", "not a URL"),
        ("http://xn--/", "not a URL"),
        ("http://a<b>.example/", "a URL without a host or port: 'http://a<b>.example/'"),
        ("http://a.example:0/", "a URL without a host or port: 'http://a.example:0/'"),
        (f"http://a.example/{'x' * 9_000}", "an overlong URL: 'http://a.example/xxx"),
    ],
)
def test_what_is_no_address_is_poison(server: Server, settings: FetchSettings, url: str, reason: str) -> None:
    outcome = one(settings, url)
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith(reason)
    assert "secret" not in outcome.reason
    assert not server.asked


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "https://www.a-b.example/feeds/latest.rss?x=1&y=2/3",
        "http://a.example/x//y/...;p=1/~user/(a)!$&'*+,:@=-_.html",
        "http://a.example/x/./y",
        "http://a.example/x/../y",
        "http://a.example/a%20b%zz",
        "http://a.example/a b?q=ü",
        "http://a.example/?",
        "http://a.example",
        "http://A.Example:80/x",
        "http://a.example:8080/x",
        "http://xn--bcher-kva.example/x",
        "http://bücher.example/x",
        "http://a.example/x#y?z",
        "http://a.example/x?y#z",
        'http://a.example/[x]{y}|z^`"<>\\',
    ],
)
def test_an_address_is_taken_apart_as_the_library_does(url: str) -> None:
    address, expected = addresses.read(url), httpx.URL(url)
    assert isinstance(address, addresses.Address)
    assert address.host.encode() == expected.raw_host
    assert address.netloc.encode() == expected.netloc
    assert address.target.encode() == expected.raw_path
    assert address.port == (expected.port or 80 + 363 * (expected.scheme == "https"))
