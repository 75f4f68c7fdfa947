"""The newsroom told to misbehave, and calmed again."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from typing import Literal

import brotli
import httpx
import pytest
import zstandard
from newsroom_visits import Visitor, visiting

from tracker import newsroom

FEED = "http://harbourwire.example/feeds/latest.rss"
HOST = "harbourwire.example"


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with visiting() as opened:
        yield opened


def misbehave(visitor: Visitor, fault: newsroom.Fault, path: str = "/feeds/*") -> None:
    visitor.room.misbehave(HOST, path, fault)


def test_slow(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.Slow(0.3))
    start = time.monotonic()
    assert visitor.get(FEED).status_code == 200
    assert time.monotonic() - start >= 0.3


def test_a_status_with_headers(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.Status(503, (("Retry-After", "120"),)))
    answer = visitor.get(FEED)
    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (503, "120", b"")


def test_cut_promises_more_than_it_sends(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.Cut(100))
    with pytest.raises(httpx.RemoteProtocolError):
        visitor.get(FEED)


def test_huge_sends_what_it_was_told_to(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.Huge(3_000_000))
    answer = visitor.get(FEED)
    assert len(answer.content) == 3_000_000
    assert "Content-Length" not in answer.headers
    assert answer.content.startswith(b"<?xml")


def test_a_drip_arrives_in_the_end(visitor: Visitor) -> None:
    whole = visitor.get(FEED).content
    misbehave(visitor, newsroom.Drip(bytes=1_500, seconds=0.01))
    assert visitor.get(FEED).content == whole


def test_a_rate_limit_allows_so_many_and_says_when_to_come_back(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.RateLimit(allowed=2, retry_after=60))
    answers = [visitor.get(FEED) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[2].headers["Retry-After"] == "60"


def test_a_rate_limit_forgives_after_its_pause(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.RateLimit(allowed=1, retry_after=0))
    assert [visitor.get(FEED).status_code for _ in range(3)] == [200, 200, 200]


def test_garbage_keeps_the_content_type(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.Garbage(bytes=5_000))
    answer = visitor.get(FEED)
    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    assert len(answer.content) == 5_000
    assert b"<rss" not in answer.content


UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda raw: zstandard.ZstdDecompressor().decompressobj().decompress(raw),
}


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_bomb_is_small_on_the_wire(visitor: Visitor, coding: Literal["gzip", "br", "zstd"]) -> None:
    misbehave(visitor, newsroom.Bomb(bytes=30_000_000, coding=coding))
    asked = visitor.client.build_request(
        "GET", f"http://{visitor.room.address}/feeds/latest.rss", headers={"Host": HOST}
    )
    answer = visitor.client.send(asked, stream=True)
    raw = b"".join(answer.iter_raw())
    assert len(raw) < 40_000
    assert answer.headers["Content-Encoding"] == coding
    assert len(UNPACK[coding](raw)) == 30_000_000


def test_a_changing_etag_never_matches(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.ChangingEtag())
    first = visitor.get(FEED)
    again = visitor.get(FEED, If_None_Match=first.headers["ETag"])
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]
    assert again.content == first.content


def test_a_frozen_etag_hides_a_change() -> None:
    with visiting(as_of="2024-06-24") as visitor:
        misbehave(visitor, newsroom.FrozenEtag())
        first = visitor.get(FEED)
        visitor.room.advance("2024-06-26")
        assert visitor.get(FEED, If_None_Match=first.headers["ETag"]).status_code == 304
        assert visitor.get(FEED).content != first.content


def test_a_stuck_etag_is_never_answered_304() -> None:
    with visiting(as_of="2024-06-24") as visitor:
        misbehave(visitor, newsroom.StuckEtag())
        first = visitor.get(FEED)
        visitor.room.advance("2024-06-26")
        again = visitor.get(FEED, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.headers["ETag"]) == (200, first.headers["ETag"])
        assert again.content != first.content


@pytest.mark.parametrize("kind", [None, "text/html"])
def test_another_body_in_place_of_the_true_one(visitor: Visitor, kind: str | None) -> None:
    true = visitor.get(FEED).headers["Content-Type"]
    misbehave(visitor, newsroom.Replaced(b"<p>Back soon</p>", kind))
    answer = visitor.get(FEED)
    assert (answer.status_code, answer.content) == (200, b"<p>Back soon</p>")
    assert answer.headers["Content-Type"] == (kind or true)
    assert "ETag" not in answer.headers


def test_a_torn_body_is_sent_as_if_it_were_whole(visitor: Visitor) -> None:
    whole = visitor.get(FEED).content
    misbehave(visitor, newsroom.Torn(0.5))
    answer = visitor.get(FEED)
    assert answer.content == whole[: len(whole) // 2]
    assert answer.headers["Content-Length"] == str(len(whole) // 2)


def test_a_recoded_body_is_not_what_is_declared(visitor: Visitor) -> None:
    visitor.room.misbehave("alsterbote.example", "*", newsroom.Recoded("windows-1252"))
    answer = visitor.get("http://alsterbote.example/rss")
    assert "ü" in answer.content.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")


def test_a_loop_never_ends(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.Loop())
    seen = set()
    url = FEED
    for _ in range(5):
        answer = visitor.get(url)
        assert answer.status_code == 302
        url = f"http://{HOST}{answer.headers['Location']}"
        seen.add(url)
    assert len(seen) == 5


def test_only_what_matches_and_only_until_calm(visitor: Visitor) -> None:
    misbehave(visitor, newsroom.Status(500), "/feeds/*")
    assert visitor.get(FEED).status_code == 500
    assert visitor.get(f"http://{HOST}/robots.txt").status_code == 200
    assert visitor.get("http://waferledger.example/atom.xml").status_code == 200
    visitor.room.calm()
    assert visitor.get(FEED).status_code == 200


def test_the_latest_fault_wins(visitor: Visitor) -> None:
    visitor.room.misbehave("*.example", "*", newsroom.Status(500))
    misbehave(visitor, newsroom.Status(410))
    assert visitor.get(FEED).status_code == 410
    assert visitor.get("http://waferledger.example/atom.xml").status_code == 500


def test_a_closing_room_does_not_wait_for_a_slow_answer() -> None:
    with visiting() as visitor:
        misbehave(visitor, newsroom.Slow(60))
        with pytest.raises(httpx.ReadTimeout):
            visitor.client.get(f"http://{visitor.room.address}/feeds/x", headers={"Host": HOST}, timeout=0.2)
        start = time.monotonic()
    assert time.monotonic() - start < 5
