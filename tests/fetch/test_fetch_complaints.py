"""What a service says of its own refusal: its words in the reason, within bounds, and none that do harm."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import repeat

import pytest
from fetch_asking import one
from fetch_server import Answer, Server
from hypothesis import given
from hypothesis import strategies as st
from raw_server import RawServer

from tracker.fetch.complaints import MAX_CHARACTERS, is_json, words
from tracker.fetch.exchange import COMPLAINT, DRAINED
from tracker.model import Failed, FetchSettings, Poison, Request

JSON = "application/json; charset=utf-8"
PROFILE = b'{"error":"InvalidRequest","message":"Profile not found"}'


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, b'{"error":"This method requires an authenticated user"}',
         "HTTP 401 (wants a login: This method requires an authenticated user)"),
        (400, PROFILE, "HTTP 400 (Profile not found)"),
        (401, b'{"error":"invalid_grant","error_description":"The token has been revoked."}',
         "HTTP 401 (wants a login: The token has been revoked.)"),
        (404, b'{"error":"Record not found"}', "HTTP 404 (not found: Record not found)"),
        (404, b'{"message":"Not Found.","error":404}', "HTTP 404 (not found)"),
        (400, b'{"error":{"code":400,"message":"API key not valid"}}', "HTTP 400 (API key not valid)"),
        (422, b'{"title":"Unfit","detail":"The field q is missing"}', "HTTP 422 (The field q is missing)"),
        (400, b'{"errors":[{"detail":"no such page"}]}', "HTTP 400 (no such page)"),
        (400, b'{"errors":["conditions are wrong"]}', "HTTP 400 (conditions are wrong)"),
        (400, b'{"message":" ","error":"empty query"}', "HTTP 400 (empty query)"),
        (400, b'{"error":400,"message":null,"errors":{},"detail":["x"]}', "HTTP 400"),
        (400, b'{"errors":[]}', "HTTP 400"),
        (400, b'["message"]', "HTTP 400"),
        (400, b'{"error":"cut o', "HTTP 400"),
        (400, b"\xff\xfe\x00", "HTTP 400"),
        (400, b"[" * 3_000, "HTTP 400"),
        (400, b"", "HTTP 400"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_the_services_own_words(
    server: Server, settings: FetchSettings, status: int, body: bytes, reason: str
) -> None:
    server.route("a.example/x", Answer(status=status, body=body, headers={"Content-Type": JSON}))
    assert one(settings, "http://a.example/x") == Poison(reason=reason, status=status)


def test_a_temporary_refusal_is_told_so_too(server: Server, settings: FetchSettings) -> None:
    body = b'{"error":"UpstreamFailure","message":"The index is being rebuilt"}'
    server.route("a.example/x", Answer(status=502, body=body, headers={"Content-Type": JSON}))
    reason = "HTTP 502 (bad gateway: The index is being rebuilt)"
    assert one(settings, "http://a.example/x") == Failed(reason=reason, status=502)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("<p>Wrong <b>query</b></p><script>", "Wrong query"),
        ("a &lt;b&gt;bold&lt;/b&gt; word &amp; more", "a bold word & more"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("two\nlines\tand \x1b[31mcolours\x07\x00", "two lines and [31mcolours"),
        ("turned \u202eround\u2069 \ud83d\ud800 \ue000", "turned round"),
        ("x" * MAX_CHARACTERS, "x" * MAX_CHARACTERS),
        ("x" * (MAX_CHARACTERS + 1), "x" * (MAX_CHARACTERS - 1) + "…"),
    ],
)
def test_words_are_made_fit_for_one_line(said: str, told: str) -> None:
    assert words(json.dumps({"message": said}).encode()) == told


@given(st.binary(max_size=200) | st.text().map(lambda text: json.dumps({"error": text}).encode()))
def test_whatever_is_sent_gives_a_line_or_nothing(body: bytes) -> None:
    said = words(body)
    assert said is None or (0 < len(said) <= MAX_CHARACTERS and said.isprintable())


def test_a_token_that_is_repeated_is_not_told(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer(status=401, body=b'{"error":"bad token s3cret!"}', headers={"Content-Type": JSON}))
    led = replace(settings, respect_robots=False)
    told = one(led, Request(url=f"http://{server.address}/x", private=True, token="s3cret"))
    assert told == Poison(reason="HTTP 401 (wants a login)", status=401)
    told = one(led, Request(url=f"http://{server.address}/x", private=True, token="another"))
    assert told == Poison(reason="HTTP 401 (wants a login: bad token s3cret!)", status=401)


@pytest.mark.parametrize(
    ("kind", "is_it"),
    [
        ("application/json", True),
        ("Application/Problem+JSON ; charset=utf-8", True),
        ("application/vnd.api+json", True),
        ("text/html", False),
        ("text/html; x=/json", False),
        ("", False),
    ],
)
def test_only_json_is_read(kind: str, is_it: bool) -> None:  # noqa: FBT001  a table's column
    assert is_json(kind) is is_it


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/html"}, PROFILE),
        ({}, PROFILE),
        ({"Content-Type": JSON, "Content-Encoding": "gzip"}, PROFILE),
        ({"Content-Type": JSON, "Content-Encoding": "rot13"}, PROFILE),
        ({"Content-Type": JSON, "Content-Encoding": "gzip"}, gzip.compress(b" " * COMPLAINT + PROFILE, mtime=0)),
        ({"Content-Type": JSON}, b" " * COMPLAINT + PROFILE),
        ({"Content-Type": JSON}, b" " * DRAINED + PROFILE),
    ],
)  # fmt: skip
def test_what_is_no_sentence_is_left_away(
    server: Server, settings: FetchSettings, headers: dict[str, str], body: bytes
) -> None:
    server.route("a.example/x", Answer(status=400, body=body, headers=headers))
    assert one(settings, "http://a.example/x") == Poison(reason="HTTP 400", status=400)


def test_packed_words_are_unpacked(server: Server, settings: FetchSettings) -> None:
    headers = {"Content-Type": JSON, "Content-Encoding": "gzip"}
    server.route("a.example/x", Answer(status=400, body=gzip.compress(PROFILE), headers=headers))
    assert one(settings, "http://a.example/x") == Poison(reason="HTTP 400 (Profile not found)", status=400)


def test_words_behind_a_redirect_say_where(server: Server, settings: FetchSettings) -> None:
    server.route("a.example/x", Answer(status=302, headers={"Location": "/y"}))
    server.route("a.example/y", Answer(status=400, body=PROFILE, headers={"Content-Type": JSON}))
    reason = "HTTP 400 (Profile not found) at http://a.example/y, after a redirect"
    assert one(settings, "http://a.example/x") == Poison(reason=reason, status=400)


CHUNKED = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
SHORT = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"


def for_ever(connection: socket.socket) -> None:
    connection.sendall(CHUNKED + b'f\r\n{"message":"xyz\r\n')
    for more in repeat(b"1000\r\n" + b"y" * 0x1000 + b"\r\n"):
        connection.sendall(more)


def dripping(connection: socket.socket) -> None:
    connection.sendall(SHORT + b'{"message":"')
    for _ in range(80):
        connection.sendall(b"x")
        time.sleep(0.05)


def cut_off(connection: socket.socket) -> None:
    connection.sendall(SHORT + PROFILE)


@pytest.mark.parametrize("say", [for_ever, dripping, cut_off])
def test_a_body_without_an_end_costs_a_second_at_most(
    settings: FetchSettings, say: Callable[[socket.socket], None]
) -> None:
    with RawServer(say) as raw:
        led = replace(settings, respect_robots=False, connect_to=(("bad.example", raw.address),))
        start = time.perf_counter()
        outcome = one(led, "http://bad.example/x")
    assert time.perf_counter() - start < 2
    told = "HTTP 400 (Profile not found)" if say is cut_off else "HTTP 400"
    assert outcome == Poison(reason=told, status=400)
