"""`tracker serve`: what it starts, where it is found, and that it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from socket import socket
from typing import Any
from urllib.request import urlopen

import pytest
import yaml
from serving import Site, free_port, wait

from tracker.cli import publishing
from tracker.cli.publishing import Wishes
from tracker.errors import InputError
from tracker.web.routes import ROUTES

LOOPBACK = Wishes(host="127.0.0.1", port=0)


def test_the_pages_that_a_database_may_not_be_called_like() -> None:
    heads = {route.pattern.split("/")[1].partition(".")[0] for route in ROUTES} - {""}
    assert heads | {"static"} <= publishing.PAGES


HOMES: list[tuple[str, dict[str, Any], str]] = [
    # database, wishes, the path of the home page
    ("news.db", {}, "/"),
    ("event.db", {}, "/-/tracker/"),
    ("news.db", {"base_url": "/x"}, "/x/"),
    ("matrix.db", {"base_url": "x/y/"}, "/x/y/-/tracker/"),
]


@pytest.mark.parametrize(("name", "wishes", "home"), HOMES)
def test_where_the_pages_are(tmp_path: Path, name: str, wishes: dict[str, Any], home: str) -> None:
    server = publishing.prepared(tmp_path / name, Wishes(host="127.0.0.1", port=0, **wishes), tmp_path)
    assert server.home.partition("//")[2].partition("/")[2] == home[1:]
    assert server.moved == ("-/tracker" in home)
    assert server.enter is None
    assert ("base_url" in server.words) == ("base_url" in wishes)


def test_where_people_decide(tmp_path: Path) -> None:
    wishes = Wishes(host="::1", port=0, review=True)
    server = publishing.prepared(tmp_path / "news.db", wishes, tmp_path)
    assert server.enter is not None
    address, _, key = server.enter.partition("#")
    assert address == f"{server.home}review/enter"
    assert server.home.startswith("http://[::1]:")
    told = yaml.safe_load((tmp_path / "metadata.yaml").read_text())["plugins"]["tracker"]
    assert key not in json.dumps(told)  # Datasette shows its metadata to everybody
    assert Path(told["key"]["$file"]).read_text() == key
    behind = publishing.prepared(tmp_path / "news.db", Wishes(**FIELDS | {"behind_tls": True}), tmp_path)
    assert str(behind.enter).startswith("https://YOUR-HOST/review/enter#")
    assert "force_https_urls" in behind.words


FIELDS: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "review": True}


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=rf"cannot listen on 127.0.0.1 port {port}: .*--port; 0 takes a free one"):
            publishing.prepared(tmp_path / "news.db", Wishes(host="127.0.0.1", port=port), tmp_path)


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot listen on 192\.0\.2\.1"):
        publishing.prepared(tmp_path / "news.db", Wishes(host="192.0.2.1", port=0), tmp_path)


def test_from_its_start_to_its_end(demo: Path, tmp_path: Path) -> None:
    """A database called like a page, behind a proxy, with a title, saved queries and a browser; SIGTERM ends it."""
    shutil.copy(demo, tmp_path / "event.db")
    (tmp_path / "queries.yaml").write_text("chips:\n  title: Chips for China\n  filters: {target: CN}\n")
    (tmp_path / "browser").write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    (tmp_path / "browser").chmod(0o755)
    port = free_port()
    home = f"http://127.0.0.1:{port}/x/-/tracker/"
    files = ["--config", str(tmp_path / "feeds.yaml"), "--db", str(tmp_path / "event.db")]
    wishes = ["--port", str(port), "--base-url", "/x/", "--title", "Our desk", "--open"]
    told = [sys.executable, "-m", "tracker", *files, "serve", *wishes]
    environment = {**os.environ, "BROWSER": f"{tmp_path}/browser %s"}
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(told, stdout=log, stderr=log, env=environment) as running,
    ):
        wait(running, port, Site(home, (tmp_path / "log").read_text))
        with urlopen(home) as answer:
            page = answer.read().decode()
        with urlopen(f"http://127.0.0.1:{port}/x/event/timeline.json?_size=1") as answer:
            assert json.load(answer)["rows"]
        (server,) = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=20) == 0
    assert not Path(f"/proc/{server}").exists()
    words = (tmp_path / "log").read_text()
    assert f"event.db is at {home} (Ctrl-C stops it)" in words
    assert "event.db is called like a page of ours: the pages are under /-/tracker" in words
    assert "<title>Timeline · Our desk</title>" in page
    assert 'href="/x/-/tracker/upcoming"' in page
    assert "Chips for China" in page
    assert (tmp_path / "opened").read_text().strip() == home
