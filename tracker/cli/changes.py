"""`tracker changes`: the log of changes after a cursor."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import json_option, open_timeline


@click.command("changes")
@click.option("--since", "cursor", type=click.IntRange(min=0), default=0, metavar="CURSOR", help="After this one.")
@click.option("--what", multiple=True, type=click.Choice(["article", "event", "measure"]), help="Only these.")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=1000, show_default=True, help="At most so many.")
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, cursor: int, what: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List what changed after a cursor, and print the cursor to ask from next time.

    Cursors only grow and hold for good. Also what was merged into another or taken away is listed. Events that changed
    and are still there: `tracker timeline --changed-since CURSOR`.

    \b
    Examples:
      tracker changes --since 0 --json
      tracker changes --since 48211 --what event
    """
    from tracker.cli import changes_text, render
    from tracker.query.changes import KINDS

    with open_timeline(obj) as timeline:
        found = timeline.changes(since=cursor, what=what or KINDS, limit=limit)
        if as_json:
            click.echo(render.as_json(found))
        else:
            render.show(*changes_text.changes(found))
