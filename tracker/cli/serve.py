"""`tracker serve`: the database in Datasette with our pages: read-only, or with `--review` for people to decide."""

from __future__ import annotations

import ipaddress
import json
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from tracker.cli.options import database

OPEN = (
    "--review on {host}: decisions and the right to take them would go over the network for all to read. Listen on "
    "127.0.0.1 and let a proxy speak TLS, and say so with --behind-tls"
)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--open", "browse", is_flag=True, help="Open a browser.")
@click.option("--review", is_flag=True, help="Take decisions from whoever has the address that is printed.")
@click.option("--behind-tls", is_flag=True, help="A proxy before it speaks TLS: pages are asked for by https alone.")
@click.pass_obj
def command(obj: dict[str, Any], host: str, port: int, browse: bool, review: bool, behind_tls: bool) -> int:
    """Open the database in the browser, read-only. Ctrl-C stops it.

    With --review, whoever has the address that is printed can accept, correct, reject, merge and split.

    \b
    Examples:
      tracker serve
      tracker --db db/demo.db serve --port 8010 --open
      tracker serve --review
    """
    from tracker.query import Timeline

    path = database(obj)
    if review and not (behind_tls or is_loopback(host)):
        raise click.UsageError(OPEN.format(host=host))
    Timeline.open(path).close()  # a missing or foreign file is refused here, in our words
    with TemporaryDirectory() as folder:
        settings: dict[str, object] = {"base": "/", "guard": True}
        if review:
            port, key = port or free_port(host), secrets.token_urlsafe(32)
            settings |= {"review": True, "key": {"$file": str(kept(key, Path(folder)))}}
            at = "https://YOUR-HOST" if behind_tls else f"http://{f'[{host}]' if ':' in host else host}:{port}"
            click.echo(f"Whoever has this address may decide, until the server stops:\n{at}/review/enter#{key}")
        metadata = Path(folder) / "metadata.yaml"
        metadata.write_text(described(path, settings), encoding="utf-8")
        words = [sys.executable, "-m", "datasette", "serve", str(path), "--metadata", str(metadata)]
        words += ["--host", host, "--port", str(port), *(["--open"] if browse else [])]
        words += ["--setting", "force_https_urls", "1"] if behind_tls else []
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, so that nothing is left running
        with subprocess.Popen(words) as server:  # noqa: S603 - our own words
            try:
                return server.wait()
            except KeyboardInterrupt:
                server.terminate()
                return 0


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def free_port(host: str) -> int:
    """A port that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


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
