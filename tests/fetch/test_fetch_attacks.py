"""Addresses and headers that are made to reach what they must not: everything ends as a value, and nobody is asked."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import replace

import pytest
from fetch_asking import in_order, one
from fetch_server import Answer, Server
from raw_server import RawServer

from tracker.fetch import guard
from tracker.model import Done, Failed, FetchSettings, Poison, Request

# Spellings of this machine, and of what is no web address at all. {port} is that of a server with a secret.
INSIDE = (
    "http://127.0.0.1:{port}/secret",
    "http://127.0.0.1.:{port}/secret",
    "http://0:{port}/secret",
    "http://0.0.0.0:{port}/secret",
    "http://127.1:{port}/secret",
    "http://127.0.1:{port}/secret",
    "http://0177.0.0.1:{port}/secret",
    "http://0x7f.0.0.1:{port}/secret",
    "http://0x7f000001:{port}/secret",
    "http://2130706433:{port}/secret",
    "http://017700000001:{port}/secret",
    "http://１２７.0.0.1:{port}/secret",
    "http://127。0。0。1:{port}/secret",
    "http://①②⑦.⓪.⓪.①:{port}/secret",
    "http://%31%32%37.0.0.1:{port}/secret",
    "http://[::1]:{port}/secret",
    "http://[::]:{port}/secret",
    "http://[0:0:0:0:0:0:0:1]:{port}/secret",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://[::ffff:7f00:1]:{port}/secret",
    "http://[::127.0.0.1]:{port}/secret",
    "http://[64:ff9b::7f00:1]:{port}/secret",
    "http://[2002:7f00:1::]:{port}/secret",
    "http://[::1%25lo]:{port}/secret",
    "http://[::1%lo]:{port}/secret",
    "http://localhost:{port}/secret",
    "http://LOCALHOST.:{port}/secret",
    "http://a.localhost:{port}/secret",
    "http://localhost.localdomain:{port}/secret",
    "http://inside.test:{port}/secret",
    "http://inside.test.:{port}/secret",
    "//127.0.0.1:{port}/secret",
    "///127.0.0.1:{port}/secret",
    "\\\\127.0.0.1:{port}\\secret",
    "http:\\\\127.0.0.1:{port}\\secret",
    "http://good.test@127.0.0.1:{port}/secret",
    "http://good.test:80@127.0.0.1:{port}/secret",
    "http://127.0.0.1:{port}\\@good.test/secret",
    "http://127.0.0.1:{port}#@good.test/secret",
    "http://127.0.0.1:{port}?@good.test/secret",
    "http://good.test%40127.0.0.1:{port}/secret",
    "http://good.test\t@127.0.0.1:{port}/secret",
    "http://127.0.0.1:{port}:80/secret",
    "http://127.0.0.1 :{port}/secret",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "ftp://127.0.0.1:{port}/secret",
    "gopher://127.0.0.1:{port}/_GET%20/secret",
    "dict://127.0.0.1:{port}/x",
    "ldap://127.0.0.1:{port}/x",
    "data:text/html,secret",
    "javascript:1",
    "jar:http://127.0.0.1:{port}/secret!/",
    "ws://127.0.0.1:{port}/secret",
    "unix:/run/docker.sock",
)


async def resolved(host: str, _port: int) -> Sequence[str]:
    """Names of strangers lead inside, and so does every spelling that gets here."""
    assert guard.literal(host) is None, "a number is no name"
    return ("93.184.216.34", "127.0.0.1") if host.startswith("inside.test") else ("127.0.0.1",)


@pytest.mark.parametrize("way", ["asked", "redirected"])
def test_no_spelling_of_an_address_leads_inside(server: Server, settings: FetchSettings, way: str) -> None:
    port = server.address.rpartition(":")[2]
    settings = replace(settings, connect_to=(("good.example", server.address),), respect_robots=False)
    server.route("*/secret", Answer(body=b"secret"))
    urls = [url.format(port=port) for url in INSIDE]
    if way == "redirected":
        for number, url in enumerate(urls):
            sent = url.encode("utf-8").decode("latin-1")  # http.server writes headers in latin-1
            server.route(f"good.example/{number}", Answer(status=302, headers={"Location": sent}))
        urls = [f"http://good.example/{number}" for number in range(len(urls))]
    for (url, outcome), meant in zip(sorted_by(urls, in_order(settings, urls, resolve=resolved)), INSIDE, strict=True):
        assert isinstance(outcome, Poison | Failed), (url, meant, outcome)
    assert [asked.path for asked in server.asked if asked.host != "good.example"] == []
    if way == "asked":
        assert server.asked == []


def sorted_by(urls: Sequence[str], found: Sequence[tuple[str, object]]) -> list[tuple[str, object]]:
    return sorted(found, key=lambda one: urls.index(one[0]))


def test_localhost_is_this_machine_whatever_a_resolver_says(server: Server, settings: FetchSettings) -> None:
    """Else a token that goes there without encryption could leave the machine."""
    server.route("*/x", Answer(body=b"here"))
    port = server.address.rpartition(":")[2]
    asked: list[str] = []

    async def liar(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ("93.184.216.34",)

    for host in ("localhost", "api.localhost", "LOCALHOST."):
        request = Request(url=f"http://{host}:{port}/x", private=True, token="s3cret")
        assert isinstance(one(settings, request, resolve=liar), Done)
    assert asked == []


# What a stranger or a configuration says, to become a header of ours; the bytes of the next request.
EVIL = "x\r\nX-Evil: 1\r\n\r\nGET /evil HTTP/1.1\r\nHost: evil.example\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        Request(url="http://bad.example/x\r\nX-Evil: 1"),
        Request(url="http://bad.example/x HTTP/1.1\r\nX-Evil: 1\r\n\r\n"),
        Request(url="http://bad.example/?a=\r\nX-Evil:1"),
        Request(url="http://bad.example\r\nX-Evil: 1/x"),
        Request(url="http://bad.example/x%0d%0aX-Evil:%201"),
        Request(url="http://bad.example/x\u010d\u010aX-Evil:1"),  # whose low bytes are CR and LF
        Request(url="http://bad.example/x", etag=EVIL),
        Request(url="http://bad.example/x", last_modified=EVIL),
        Request(url="http://bad.example/x", etag="\u010d\u010aX-Evil: 1"),
        Request(url="http://bad.example/x", accept=EVIL),
    ],
    ids=range(10),
)
def test_nothing_that_strangers_say_becomes_a_header(settings: FetchSettings, request_: Request) -> None:
    heard: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        connection.settimeout(0.2)
        try:
            heard.append(connection.recv(10_000))
        except TimeoutError:
            heard.append(b"")

    with RawServer(listen) as raw:
        led = replace(settings, respect_robots=False, connect_to=(("bad.example", raw.address),))
        outcome = one(led, request_)
        assert isinstance(outcome, Done | Poison)
        assert raw.connections == (1 if isinstance(outcome, Done) else 0)
        assert not any(b"vil" in head.replace(b"X-Evil:%201", b"").replace(b"X-Evil:1 HTTP", b"") for head in raw.heads)
    assert b"".join(heard) == b""


@pytest.mark.parametrize("location", ["/y\r\nX-Evil: 1", "http://good.example/y\x00", "/y\x0bz", "http://\x7f/"])
def test_a_location_with_controls_leads_to_no_header(settings: FetchSettings, location: str) -> None:
    answer = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with RawServer(lambda connection: connection.sendall(answer.encode("latin-1"))) as raw:
        led = replace(settings, respect_robots=False, connect_to=(("*.example", raw.address),))
        assert not isinstance(one(led, "http://bad.example/x"), Done)
        assert not any(b"x-evil" in head.lower() for head in raw.heads)
