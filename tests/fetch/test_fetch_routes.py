"""Tokens and proxies: who gets to see what."""

from __future__ import annotations

import base64
import logging
from dataclasses import replace

import pytest
from fetch_asking import one, page
from fetch_server import Answer, Asked, Server

from tracker.model import Done, Failed, FetchSettings, Poison, Request

TOKEN = "s3cret-token"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def tokens(server: Server) -> dict[str, str | None]:
    """What each host and path was told."""
    return {f"{asked.host}{asked.path}": asked.headers.get("authorization") for asked in server.asked}


def test_a_token_goes_to_its_own_origin_and_nowhere_else(
    server: Server, settings: FetchSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """The sample hosts lie on loopback, where nothing that is sent over http leaves the machine."""
    caplog.set_level(logging.DEBUG)
    server.route("a.example/x", Answer(status=302, headers={"Location": "/y"}))
    server.route("a.example/y", Answer(status=302, headers={"Location": "http://b.example/z"}))
    server.route("b.example/z", Answer(status=302, headers={"Location": "http://a.example/back"}))
    server.route("a.example/back", Answer(status=401))
    outcome = one(settings, Request(url="http://a.example/x", token=TOKEN))
    assert isinstance(outcome, Poison)
    assert tokens(server) == {
        "a.example/robots.txt": None,
        "a.example/x": f"Bearer {TOKEN}",
        "a.example/y": f"Bearer {TOKEN}",
        "b.example/robots.txt": None,
        "b.example/z": None,
        "a.example/back": f"Bearer {TOKEN}",
    }
    assert TOKEN not in outcome.reason + caplog.text + repr(Request(url="http://a.example/x", token=TOKEN))


@pytest.mark.parametrize(
    ("url", "token", "reason"),
    [
        ("http://far.away/x", TOKEN, "the token for far.away is not sent over http, where all can read it; use https"),
        ("https://far.away/x", "a\r\nX: 1", "the token for far.away holds characters that cannot be sent"),
        ("https://far.away/x", "schlüssel", "the token for far.away holds characters that cannot be sent"),
    ],
)
def test_a_token_that_others_could_read_is_not_sent(settings: FetchSettings, url: str, token: str, reason: str) -> None:
    assert one(settings, Request(url=url, token=token)) == Poison(reason=reason)


def through(asked: Asked) -> Answer:
    """A proxy that wants to know whom it serves."""
    wanted = "Basic " + base64.b64encode(b"desk:p@ss").decode()
    if asked.headers.get("proxy-authorization") != wanted:
        return Answer(status=407)
    return Answer(body=b"through the proxy")


@pytest.mark.parametrize(
    ("user", "outcome"),
    [
        ("desk:p%40ss@", b"through the proxy"),
        ("", Failed(reason="HTTP 407 (the proxy wants a login)", status=407)),
        ("desk:wr0ng@", Failed(reason="HTTP 407 (the proxy wants a login)", status=407)),
    ],
)
def test_the_configs_proxy_goes_before_the_environments(
    server: Server, settings: FetchSettings, monkeypatch: pytest.MonkeyPatch, user: str, outcome: object
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.routes["far.away", "http://far.away/x"] = through
    proxied = replace(settings, respect_robots=False, proxy=f"http://{user}{server.address}")
    found = one(proxied, "http://far.away/x")
    assert (page(found).body if isinstance(found, Done) else found) == outcome


def test_a_tunnel_that_the_proxy_does_not_dig_is_failed(server: Server, settings: FetchSettings) -> None:
    proxied = replace(settings, respect_robots=False, proxy=f"http://desk:p4ss@{server.address}")
    outcome = one(proxied, "https://far.away/x")
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("cannot connect to far.away: the proxy refuses: 501")
    assert "p4ss" not in outcome.reason


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("http_proxy", "socks5://127.0.0.1:9", "cannot connect to far.away: socks5 is no kind of proxy"),
        ("http_proxy", "http://127.0.0.1:9", "cannot connect to far.away: "),
        ("all_proxy", "http://127.0.0.1:9", "cannot connect to far.away: "),
        ("https_proxy", "http://127.0.0.1:9", "cannot connect to far.away: the name has no address"),
    ],
)
def test_a_proxy_of_the_environment_that_is_no_help_is_told(
    settings: FetchSettings, monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    outcome = one(replace(settings, respect_robots=False), "http://far.away/x", resolve=nowhere)
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith(reason)


async def nowhere(_host: str, _port: int) -> tuple[str, ...]:
    return ()


def test_the_environment_can_except_hosts_from_its_proxy(
    server: Server, settings: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{server.address}")
    monkeypatch.setenv("no_proxy", "far.away")
    outcome = one(replace(settings, respect_robots=False), "http://www.far.away/x", resolve=nowhere)
    assert outcome == Failed(reason="cannot connect to www.far.away: the name has no address")


@pytest.mark.parametrize(
    "location",
    [
        f"/gone?access_token={TOKEN}",
        f"/{TOKEN}",
        f"http://{TOKEN}.example/x",
        f"ftp://a.example/{TOKEN}",
        f"/x#{TOKEN}",
    ],
)
def test_a_server_that_tells_the_token_again_has_it_told_to_nobody(
    server: Server, settings: FetchSettings, location: str
) -> None:
    server.route("a.example/x", Answer(status=302, headers={"Location": location, "X-Token": TOKEN}))
    outcome = one(replace(settings, respect_robots=False), Request(url="http://a.example/x", token=TOKEN))
    assert isinstance(outcome, Poison)
    assert TOKEN not in outcome.reason
    assert {told for where, told in tokens(server).items() if not where.startswith("a.example/")} <= {None}
