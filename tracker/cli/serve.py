"""`tracker serve`: the database in Datasette, read-only, with words for its tables."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from tracker.cli.options import database


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--open", "browse", is_flag=True, help="Open a browser.")
@click.pass_obj
def command(obj: dict[str, Any], host: str, port: int, browse: bool) -> int:
    """Open the database in Datasette, read-only. Ctrl-C stops it.

    \b
    Examples:
      tracker serve
      tracker --db db/demo.db serve --port 8010 --open
    """
    from tracker.query import Timeline

    path = database(obj)
    Timeline.open(path).close()  # a missing or foreign file is refused here, in our words
    with TemporaryDirectory() as folder:
        metadata = Path(folder) / "metadata.yaml"
        metadata.write_text(described(path, {"base": "/", "guard": True}), encoding="utf-8")
        words = [sys.executable, "-m", "datasette", "serve", str(path), "--metadata", str(metadata)]
        words += ["--host", host, "--port", str(port), *(["--open"] if browse else [])]
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, so that nothing is left running
        with subprocess.Popen(words) as server:  # noqa: S603 - our own words
            try:
                return server.wait()
            except KeyboardInterrupt:
                server.terminate()
                return 0


def described(path: Path, settings: Mapping[str, object]) -> str:
    """The metadata for Datasette, under the name by which it will know the database, with the plugin's settings."""
    text = files("tracker.cli").joinpath("datasette.yaml").read_text(encoding="utf-8")
    plugin = json.dumps({"tracker": {"database": path.stem, **settings}})
    return f"plugins: {plugin}\n" + text.replace("  DATABASE:", f"  {json.dumps(path.stem)}:", 1)
