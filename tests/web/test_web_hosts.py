"""By which names a server may be asked: a name of strangers that leads here opens nothing (DNS rebinding)."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import apart
import pytest
import query_samples
import yaml
from datasette.app import Datasette
from process import tracker

from tracker.cli import publishing
from tracker.cli.publishing import Wishes
from tracker.errors import ConfigError, InputError
from tracker.web.hosts import is_allowed, is_embedded
from tracker.web.plugin import NAME
from tracker.web.routes import ROUTES
from tracker.web.settings import Settings

CONFIGURED = "config" if int(version("datasette").partition(".")[0]) >= 1 else "metadata"
OWN = ("desk", "news.example", "*.lan.example")


@pytest.mark.parametrize(
    ("header", "may"),
    [
        ("127.0.0.1:8001", True),
        ("127.0.0.1", True),
        ("192.168.1.7:8001", True),
        ("[::1]:8001", True),
        ("[fe80::1]", True),
        ("localhost:8001", True),
        ("LOCALHOST.", True),
        ("tracker.localhost:8001", True),
        ("desk:8001", True),
        ("News.Example.", True),
        ("a.b.lan.example:1", True),
        ("", True),  # no browser
        ("evil.example", False),
        ("evil.example:8001", False),
        ("lan.example", False),
        ("evillan.example", False),
        ("news.example.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("127.1", False),
        ("2130706433", False),
        ("127.0.0.1@evil.example", False),
        ("evil.example@127.0.0.1", False),
        ("127.0.0.1:80:80", False),
        ("127.0.0.1, evil.example", False),
        ("[::1", False),
        ("[evil.example]", False),
        ("desk/..", False),
        ("desk\\", False),
        ("xn--lan.example", False),
        ("\x00", False),
        (" ", False),
    ],
)
def test_a_server_is_asked_by_its_names(header: str, *, may: bool) -> None:
    assert is_allowed(header, OWN) is may
    assert is_allowed(header, (*OWN, "*"))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return query_samples.build(tmp_path_factory.mktemp("hosts") / "t.db")


def datasette(path: Path, **settings: Any) -> Datasette:
    told: dict[str, Any] = {CONFIGURED: {"plugins": {NAME: {"base": "/", **settings}}}}
    return Datasette([str(path)], **told)


@pytest.mark.parametrize(
    ("site", "mode", "dest", "answered"),
    [
        (None, None, None, True),  # no browser, or an old one
        ("none", "navigate", "document", True),  # typed
        ("same-origin", "cors", "empty", True),
        ("same-origin", "navigate", "iframe", True),
        ("cross-site", "navigate", "document", True),  # a link that was followed
        ("cross-site", "navigate", "iframe", False),
        ("cross-site", "no-cors", "image", False),
        ("cross-site", "no-cors", "script", False),
        ("cross-site", "cors", "empty", False),
        ("same-site", "no-cors", "image", False),  # another server of this machine
        ("cross-site", None, None, False),
    ],
)
def test_a_page_of_others_loads_nothing(
    site: str | None, mode: str | None, dest: str | None, *, answered: bool
) -> None:
    told = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    assert is_embedded({name: value for name, value in told.items() if value}) is not answered


def ask(server: Datasette, path: str, method: str = "GET", *hosts: str) -> tuple[int, str]:
    """Status and words of an answer to a request with these Host headers."""

    async def asked() -> tuple[int, str]:
        await server.invoke_startup()
        sent: list[Any] = []
        headers = [(b"host", host.encode("latin-1")) for host in hosts]
        scope = {"type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode()}
        scope |= {"query_string": b"", "headers": headers, "scheme": "http", "client": ("127.0.0.1", 1)}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await server.app()(scope, receive, send)
        return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:]).decode()

    return apart.run(asked())


PATHS = (*(route.pattern.replace("{id}", "e").replace("{form}", "json") for route in ROUTES), "/t/event.json", "/t.db")


def test_under_another_name_nothing_is_there(sample: Path) -> None:
    server = datasette(sample, hosts=["news.example"], review=True, key="k")
    for path in PATHS:
        for method in ("GET", "POST", "OPTIONS"):
            status, words = ask(server, path, method, "evil.example:8001")
            assert (path, method, status) == (path, method, 421)
            assert words.startswith("evil.example:8001 is no name of this server.")
    assert ask(server, "/", "GET", "news.example")[0] == 200
    assert ask(server, "/", "GET", "news.example", "evil.example")[0] == 421
    assert "<" not in ask(server, "/", "GET", "<script>" * 100)[1]


def test_who_sets_no_names_is_asked_by_any(sample: Path) -> None:
    assert ask(datasette(sample), "/", "GET", "evil.example")[0] == 200


@pytest.mark.parametrize("name", ["", "a b", "http://a.example", "a.example:80", "a.example/x", "*.*", "**", "ä\n"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"plugins\.tracker\.hosts.*no name of a host"):
        Settings.read({"hosts": [name]})
    with pytest.raises(InputError, match="--allow-host"):
        publishing.prepared(tmp_path / "t.db", Wishes(host="127.0.0.1", port=0, allow_host=(name,)), tmp_path)


def test_the_command_tells_the_names_to_the_server(tmp_path: Path) -> None:
    publishing.prepared(tmp_path / "t.db", Wishes(host="localhost", port=0, allow_host=("*.a.example",)), tmp_path)
    told = yaml.safe_load((tmp_path / "metadata.yaml").read_text())["plugins"][NAME]["hosts"]
    assert {"localhost", "*.a.example"} <= set(told)
    assert Settings.read({"hosts": told}).hosts == tuple(told)
    assert tracker("serve", "--allow-host", "http://x").returncode != 0
