"""What `tracker serve` does: settings for Datasette, Datasette in a process of its own, and its end.

The pages are `tracker.web`, which Datasette loads as a plugin; this knows the names of their addresses alone.
"""

from __future__ import annotations

import ipaddress
import json
import secrets
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tracker.bell import Bell, StoppedError
from tracker.errors import InputError
from tracker.query import Timeline
from tracker.urls import is_host

UNDER = "/-/tracker"  # where the pages are when the database is called like one of them
# The first words of the addresses of pages: a database that Datasette shows under one of them would be in their way.
PAGES = frozenset(
    "article event events map matrix measure parties party review search source sources static upcoming".split()
)
# Settings of Datasette for a million events: guessing facets would take a second of each table page.
DATASETTE = {"suggest_facets": "off"}
ENDS = 3.0  # seconds that Datasette has to end before it is ended
ANSWERS = 30.0  # seconds within which a browser is opened
OPEN = (
    "--review on {host}: decisions and the right to take them would go over the network for all to read. Listen on "
    "127.0.0.1 and let a proxy speak TLS, and say so with --behind-tls"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How the database is to be served."""

    host: str
    port: int  # 0: a free one
    browse: bool = False
    review: bool = False
    behind_tls: bool = False
    title: str | None = None
    base_url: str = "/"
    queries: Path | None = None
    allow_host: tuple[str, ...] = ()  # further names by which it may be asked
    sql: bool = False  # whether readers elsewhere may ask in SQL of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What is to be started: the words of the process, and the addresses by which people come."""

    words: tuple[str, ...]
    home: str
    enter: str | None  # where who has it may decide
    moved: bool  # whether the pages had to make way for the name of the database


def serve(path: Path, wishes: Wishes, bell: Bell) -> int:
    """Serve a database until a signal comes, which a bell that hangs tells; the exit code.

    Raises:
        TrackerError: the database cannot be used, or nobody can listen at that address.
    """
    Timeline.open(path).close()  # a missing or foreign file is refused here, in our words
    with TemporaryDirectory() as folder:
        server = prepared(path, wishes, Path(folder))
        if server.moved:
            click.echo(f"{path.name} is called like a page of ours: the pages are under {UNDER}", err=True)
        if server.enter:
            click.echo(f"Whoever has this address may decide, until the server stops:\n{server.enter}")
        click.echo(f"{path} is at {server.home} (Ctrl-C stops it)")
        return run(server, wishes, bell)


def prepared(path: Path, wishes: Wishes, folder: Path) -> Server:
    """The process for a database, with its settings written into a folder; raises InputError for a taken port."""
    port = free_port(wishes.host, wishes.port)
    moved = path.stem in PAGES
    settings: dict[str, object] = {"base": UNDER if moved else "/", "guard": True, "hosts": called(wishes)}
    if wishes.title:
        settings["title"] = wishes.title
    if wishes.queries is not None and wishes.queries.exists():
        settings["queries"] = str(wishes.queries.resolve())
    key = secrets.token_urlsafe(32)
    if wishes.review:
        settings |= {"review": True, "key": {"$file": str(kept(key, folder))}}
    metadata = folder / "metadata.yaml"
    metadata.write_text(described(path, settings), encoding="utf-8")
    words = [sys.executable, "-m", "tracker.web", "serve", str(path), "--metadata", str(metadata)]
    if int(version("datasette").partition(".")[0]) >= 1:  # it takes settings and queries from a file of their own
        words += ["--config", str(metadata)]
    words += ["--host", wishes.host, "--port", str(port)]
    own = is_loopback(wishes.host) and not wishes.behind_tls
    words += [] if own or wishes.sql else ["--setting", "default_allow_sql", "off"]
    words += [word for name, value in DATASETTE.items() for word in ("--setting", name, value)]
    base = f"/{wishes.base_url.strip('/')}/".replace("//", "/")
    words += ["--setting", "base_url", base] if base != "/" else []
    words += ["--setting", "force_https_urls", "1"] if wishes.behind_tls else []
    near = f"http://{f'[{wishes.host}]' if ':' in wishes.host else wishes.host}:{port}"
    home = f"{near}{base}{UNDER[1:] + '/' if moved else ''}"
    # Whoever decides comes through the proxy.
    enter = f"{'https://YOUR-HOST' + home.removeprefix(near) if wishes.behind_tls else home}review/enter#{key}"
    return Server(words=tuple(words), home=home, enter=enter if wishes.review else None, moved=moved)


def run(server: Server, wishes: Wishes, bell: Bell) -> int:
    """Run the process to its end; at a signal it ends, too, so that nothing is left running."""
    with subprocess.Popen(server.words) as process:  # noqa: S603 - our own words
        try:
            with bell.interruptible():
                if wishes.browse:
                    browse(server.home, process)
                return process.wait()
        except StoppedError:
            return bell.code
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Have a process end: asked first, made to where it does not in time."""
    process.terminate()
    try:
        process.wait(ENDS)
    except subprocess.TimeoutExpired:
        process.kill()


def browse(home: str, process: subprocess.Popen[bytes]) -> None:
    """Open a browser as soon as somebody answers."""
    host, _, port = home.split("/")[2].rpartition(":")
    until = time.monotonic() + ANSWERS
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection((host.strip("[]"), int(port)), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(home)
            return


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def called(wishes: Wishes) -> list[str]:
    """The names by which the server may be asked, besides numbers and localhost: the machine's, and those wished for.

    Raises:
        InputError: one of them is no name.
    """
    for name in wishes.allow_host:
        if name != "*" and not is_host(name.removeprefix("*.")):
            raise InputError(f"--allow-host {name!r}: not the name of a host; news.example, *.example, or * for all")
    own = socket.gethostname()
    known = {own, f"{own.partition('.')[0]}.local", wishes.host, *wishes.allow_host}
    return sorted(name for name in known if name == "*" or is_host(name.removeprefix("*.")))


def free_port(host: str, port: int) -> int:
    """A port that nobody listens on: the one that is wished for, of 0 any; raises InputError where it cannot be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
            return int(one.getsockname()[1])
    except OSError as error:
        advice = "end what listens there, or choose another with --port; 0 takes a free one"
        raise InputError(f"cannot listen on {host} port {port}: {error.strerror or error}; {advice}") from error


def kept(key: str, folder: Path) -> Path:
    """A file with the key, which Datasette shows nobody, beside the settings, which it does show."""
    file = folder / "key"
    file.write_text(key, encoding="ascii")
    file.chmod(0o600)
    return file


def described(path: Path, settings: Mapping[str, object]) -> str:
    """The metadata for Datasette, under the name by which it will know the database, with the plugin's settings."""
    text = files("tracker.cli").joinpath("datasette.yaml").read_text(encoding="utf-8")
    plugin = json.dumps({"tracker": {"database": path.stem, **settings}})
    return f"plugins: {plugin}\n" + text.replace("  DATABASE:", f"  {json.dumps(path.stem)}:", 1)
