"""Addresses that are not the public internet's: refused after the resolver has answered, on every way there."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import replace

import apart
import pytest
from fetch_asking import clock, one, page
from fetch_server import Answer, Server

from tracker.fetch import Fetcher, guard
from tracker.fetch.dialling import Dialler
from tracker.model import Done, Failed, Fetched, FetchSettings, Poison, Request

REMEDY = "; write 'private: true' for a source of that host if you mean it"
PUBLIC = "93.184.216.34"


class Names:
    """A resolver that answers from a table, by turns, and keeps what it was asked."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self.asked: list[str] = []
        self._answers = {name.replace("_", "."): list(found) for name, found in answers.items()}

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        turn = self._answers[host]
        return (turn.pop(0) if len(turn) > 1 else turn[0]).split()


def ask(settings: FetchSettings, request: Request, names: Names) -> Fetched:
    with Fetcher(settings, now=clock, resolve=names) as fetcher:
        ((_, outcome),) = fetcher.fetch([request])
    return outcome


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("93.184.216.34", None),
        ("8.8.8.8", None),
        ("172.15.255.255", None),
        ("172.32.0.1", None),
        ("100.128.0.1", None),
        ("2606:2800:220:1:248:1893:25c8:1946", None),
        ("127.0.0.1", "loopback"),
        ("127.255.0.9", "loopback"),
        ("::1", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("::", "unspecified"),
        ("10.0.0.5", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "private"),
        ("169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("100.64.0.1", "shared carrier"),
        ("100.100.100.200", "shared carrier"),
        ("168.63.129.16", "cloud provider's"),
        ("224.0.0.251", "multicast"),
        ("ff02::1", "multicast"),
        ("192.0.2.7", "documentation"),
        ("2001:db8::1", "documentation"),
        ("198.18.0.1", "reserved"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("4000::1", "reserved"),
        ("::ffff:10.0.0.5", "private"),
        ("::ffff:93.184.216.34", None),
        ("::ffff:0:127.0.0.1", "loopback"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("64:ff9b::5db8:d822", None),
        ("64:ff9b:1::1", "reserved"),
        ("2002:0a00:0005::1", "private"),
        ("2002:5db8:d822::1", None),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "reserved"),
        ("::127.0.0.1", "reserved"),
        ("nonsense", "unknown"),
    ],
)
def test_an_address_is_called_what_it_is(address: str, word: str | None) -> None:
    assert guard.fault(address) == word


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("127.0.0.1:{port}", "127.0.0.1 is a loopback address"),
        ("2130706433:{port}", "2130706433 leads to 127.0.0.1, a loopback address"),
        ("0x7f.1:{port}", "0x7f.1 leads to 127.0.0.1, a loopback address"),
        ("017700000001:{port}", "017700000001 leads to 127.0.0.1, a loopback address"),
        ("127.1:{port}", "127.1 leads to 127.0.0.1, a loopback address"),
        ("[::1]:{port}", "::1 is a loopback address"),
        ("[::ffff:127.0.0.1]:{port}", "::ffff:127.0.0.1 leads to ::ffff:7f00:1, a loopback address"),
        ("10.0.0.5", "10.0.0.5 is a private address"),
        ("169.254.169.254", "169.254.169.254 is a link-local address"),
        ("0.0.0.0:{port}", "0.0.0.0 is an unspecified address"),
        ("inner.test:{port}", "inner.test leads to 127.0.0.1, a loopback address"),
        ("both.test", "both.test leads to 192.168.0.9, a private address"),
    ],
)
@pytest.mark.parametrize("way", ["asked", "redirected"])
def test_what_is_not_public_is_refused_and_the_remedy_told(
    server: Server, settings: FetchSettings, host: str, reason: str, way: str
) -> None:
    names = Names(inner_test=["127.0.0.1"], both_test=[f"{PUBLIC} 192.168.0.9"])
    url = f"http://{host.format(port=server.address.rpartition(':')[2])}/secret"
    server.route("a.example/x", Answer(status=302, headers={"Location": url}))
    server.route("*/secret", Answer(body=b"secret"))
    outcome = ask(settings, Request(url=url if way == "asked" else "http://a.example/x"), names)
    assert outcome == Poison(reason=reason + REMEDY)
    assert [asked.path for asked in server.asked if asked.host != "a.example"] == [], "no robots.txt either"


def test_a_source_may_be_meant_to_be_private(server: Server, settings: FetchSettings) -> None:
    port = server.address.rpartition(":")[2]
    server.route("*/x", Answer(status=301, headers={"Location": f"http://127.0.0.1:{port}/y"}))
    server.route("*/y", Answer(body=b"inside"))
    names = Names(inner_test=["127.0.0.1"])
    assert page(ask(settings, Request(url=f"http://inner.test:{port}/x", private=True), names)).body == b"inside"
    assert server.paths("127.0.0.1") == ["/robots.txt", "/y"]


def test_behind_a_public_address_no_private_one_is_asked_though_the_source_is_private(
    server: Server, settings: FetchSettings
) -> None:
    """The proxy stands for the public internet."""
    port = server.address.rpartition(":")[2]
    server.routes["far.away", "http://far.away/x"] = Answer(
        status=301, headers={"Location": f"http://127.0.0.1:{port}/secret"}
    )
    server.route("*/secret", Answer(body=b"secret"))
    proxied = replace(settings, proxy=f"http://{server.address}")
    outcome = one(proxied, Request(url="http://far.away/x", private=True))
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith("127.0.0.1 is a loopback address; no redirect from a public address")
    assert "/secret" not in [asked.path for asked in server.asked]


def test_a_proxy_is_not_asked_for_addresses_spelt_out(server: Server, settings: FetchSettings) -> None:
    proxied = replace(settings, proxy=f"http://{server.address}")
    for host in ("10.0.0.5", "0xa.5", "[fd00::1]"):
        outcome = one(proxied, f"http://{host}/x")
        assert isinstance(outcome, Poison)
        assert outcome.reason.endswith(f"private address{REMEDY}")
    assert server.asked == []


def test_a_connection_made_with_permission_serves_nobody_without(server: Server, settings: FetchSettings) -> None:
    port = server.address.rpartition(":")[2]
    url = f"http://inner.test:{port}/x"
    server.route("*/x", Answer())
    with Fetcher(settings, now=clock, resolve=Names(inner_test=["127.0.0.1"])) as fetcher:
        for private, kind in ((True, Done), (False, Poison), (True, Done)):
            ((_, outcome),) = fetcher.fetch([Request(url=url, private=private)])
            assert isinstance(outcome, kind)


def test_robots_txt_of_a_public_host_does_not_lead_inside(server: Server, settings: FetchSettings) -> None:
    port = server.address.rpartition(":")[2]
    inside = Answer(status=301, headers={"Location": f"http://127.0.0.1:{port}/secret"})
    server.route("a.example/robots.txt", inside)
    outcome = one(settings, "http://a.example/x")
    assert isinstance(outcome, Failed)
    assert outcome.reason == "robots.txt of a.example: leads to 127.0.0.1: 127.0.0.1 is a loopback address"
    assert server.paths("127.0.0.1") == []


async def dialled(names: Names, host: str, *, private: bool = False) -> None:
    dialler = Dialler(resolve=names, context=ssl.create_default_context, seconds=2)
    (await dialler.dial(host, 80, tls_name=None, private=private)).close()


def test_the_address_that_was_judged_is_the_one_connected_to() -> None:
    """A name that leads inside when it is asked for again (DNS rebinding); the guard of the tests stops the rest."""
    names = Names(turning_test=[PUBLIC, "127.0.0.1"])
    with pytest.raises(UserWarning, match=PUBLIC):
        apart.run(dialled(names, "turning.test"))
    assert names.asked == ["turning.test"]


def test_a_name_is_resolved_once_for_many_connections(server: Server, settings: FetchSettings) -> None:
    port = server.address.rpartition(":")[2]
    server.route("*/x", Answer(after=0.05, headers={"Connection": "close"}))
    names = Names(inner_test=["127.0.0.1", "10.0.0.5"])
    with Fetcher(settings, now=clock, resolve=names) as fetcher:
        requests = [Request(url=f"http://inner.test:{port}/x", private=True)] * 3
        outcomes = [outcome for _, outcome in fetcher.fetch(requests)]
    assert all(isinstance(outcome, Done) for outcome in outcomes)
    assert names.asked == ["inner.test"]


def test_where_the_first_address_is_dead_the_next_is_tried(server: Server, settings: FetchSettings) -> None:
    server.route("*/x", Answer())
    port = server.address.rpartition(":")[2]
    names = Names(two_test=["::1 127.0.0.1"], none_test=[""])
    assert page(ask(settings, Request(url=f"http://two.test:{port}/x", private=True), names))
    outcome = ask(replace(settings, respect_robots=False), Request(url="http://none.test/x"), names)
    assert outcome == Failed(reason="cannot connect to none.test: the name has no address")
