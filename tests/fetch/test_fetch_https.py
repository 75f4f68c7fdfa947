"""https through connect_to: the server name and the certificate are the host's, whatever address it is led to."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from fetch_asking import fetch, one, page
from fetch_server import Answer, Server

from tracker.model import Failed, FetchSettings

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="no openssl to make a certificate with")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key, for one.example and two.example only."""
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    command = f"{OPENSSL} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=one.example -addext"
    names = "subjectAltName=DNS:one.example,DNS:two.example"
    made = [*command.split(), names, "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run(made, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.fixture
def named(server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make the server speak TLS under a certificate that is trusted; the names that clients ask it for."""
    names: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: names.append(name)
    server.encrypt(context)
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
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
    assert "three.example" in outcome.reason
    assert "certificate" in outcome.reason.lower()
    assert named == ["three.example"]
    assert not server.asked
