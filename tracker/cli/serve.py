"""`tracker serve`: the database in Datasette with our pages: read-only, or with `--review` for people to decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from tracker.bell import Bell
from tracker.cli import exits
from tracker.cli.options import database


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--open", "browse", is_flag=True, help="Open a browser.")
@click.option("--title", metavar="WORDS", help="What the pages are called.")
@click.option("--base-url", metavar="PATH", default="/", show_default=True, help="Path at which a proxy shows it.")
@click.option("--review", is_flag=True, help="Take decisions from whoever has the address that is printed.")
@click.option("--behind-tls", is_flag=True, help="A proxy before it speaks TLS: pages are asked for by https alone.")
@click.option(
    "--allow-host",
    metavar="NAME",
    multiple=True,
    help="Answer under this name, too; *.NAME for all below it, * for any.",
)
@click.option("--sql", is_flag=True, help="Let readers of other machines ask in SQL of their own, too.")
@click.pass_obj
def command(obj: dict[str, Any], /, **wishes: Any) -> int:
    """Open the database in the browser, read-only. Ctrl-C stops it.

    The saved queries of queries.yaml are offered on the timeline. With --review, whoever has the address that is
    printed can accept, correct, reject, merge and split. It answers under numbers, localhost and this machine's own
    name: a site that has its name lead here would else read what is served. A proxy that hands on another name, or
    another name in your network, is told with --allow-host.

    \b
    Examples:
      tracker serve
      tracker --db db/demo.db serve --port 8010 --open
      tracker serve --review
    """
    bell = Bell(code=exits.OK)
    with bell.hung():  # before a second goes into loading
        return _serve(obj, bell, wishes)


def _serve(obj: dict[str, Any], bell: Bell, wishes: Mapping[str, Any]) -> int:
    from tracker.cli import publishing
    from tracker.config import queries

    asked = publishing.Wishes(**wishes, queries=queries.locate(obj["config"]))
    if asked.review and not (asked.behind_tls or publishing.is_loopback(asked.host)):
        raise click.UsageError(publishing.OPEN.format(host=asked.host))
    return publishing.serve(database(obj), asked, bell)
