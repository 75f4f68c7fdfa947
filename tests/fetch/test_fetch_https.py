"""https through connect_to: the server name and the certificate are the host's, whatever address it is led to."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from certificates import certificate
from fetch_asking import fetch, one, page
from fetch_server import Answer, Server
from http2_server import Http2Server

from tracker.model import Done, Failed, FetchSettings, Request, Unchanged


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key, for one.example and two.example only."""
    return certificate(tmp_path_factory.mktemp("certificate"), "DNS:one.example", "DNS:two.example")


@pytest.fixture
def named(server: Server, made: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make the server speak TLS under a certificate that is trusted; the names that clients ask it for."""
    names: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    context.sni_callback = lambda _, name, __: names.append(name)
    server.encrypt(context)
    monkeypatch.setenv("SSL_CERT_FILE", f"{made}.crt")
    return names


def test_the_server_name_is_the_hosts(server: Server, settings: FetchSettings, named: list[str]) -> None:
    server.route("*/x", Answer(body=b"secret"))
    outcomes = fetch(settings, "https://one.example/x", "https://two.example/x", "https://one.example/x")
    assert {page(outcome).body for outcome in outcomes.values()} == {b"secret"}
    assert set(named) == {"one.example", "two.example"}
    assert {asked.host for asked in server.asked} == {"one.example", "two.example"}


def test_a_certificate_for_another_name_is_refused(server: Server, settings: FetchSettings, named: list[str]) -> None:
    outcome = one(replace(settings, respect_robots=False), "https://three.example/x")
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("the certificate of three.example cannot be trusted: Hostname mismatch")
    assert named == ["three.example"]
    assert not server.asked


def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: Server, settings: FetchSettings, named: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    outcome = one(replace(settings, respect_robots=False), "https://one.example/x")
    assert outcome == Failed(reason="the certificate of one.example cannot be trusted: self-signed certificate")
    assert named == ["one.example"]
    assert not server.asked


def test_https_where_nobody_speaks_it_is_failed(settings: FetchSettings) -> None:
    outcome = one(replace(settings, respect_robots=False), "https://one.example/x")
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("cannot connect to one.example: no encryption agreed on")


def test_http_2_is_spoken_where_the_server_does(
    settings: FetchSettings, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{made}.crt")
    with Http2Server(made) as server:
        led = replace(settings, per_host=1, connect_to=(("one.example", server.address),))
        outcomes = fetch(led, "https://one.example/x", "https://one.example/y", "https://one.example/z?q")
        again = one(led, Request(url="https://one.example/x", etag='"2"'))
    assert {page(outcome).body for outcome in outcomes.values()} == {b"/x", b"/y", b"/z?q"}
    assert page(outcomes["https://one.example/x"]).etag == '"2"'
    assert isinstance(again, Done)
    assert isinstance(again.value, Unchanged)
    assert server.connections == 2, "one for each fetcher"
    assert {asked[":authority"] for asked in server.asked} == {"one.example"}
    assert {asked["user-agent"] for asked in server.asked} == {settings.user_agent}
