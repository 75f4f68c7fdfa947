"""`tracker matrix`: one field against another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.options import event_filters, json_option, open_timeline


@click.command("matrix")
@click.option(
    "--rows", default="actor_country", show_default=True, metavar="FIELD", help="A field of `tracker counts`."
)
@click.option("--columns", default="target_country", show_default=True, metavar="FIELD", help="Likewise.")
@click.option("--top", type=click.IntRange(1, 50), default=12, show_default=True, help="So many of each at most.")
@event_filters
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file: .svg, .png, .html, .json."
)
@json_option
@click.pass_obj
def command(
    obj: dict[str, Any], /, rows: str, columns: str, top: int, output: Path | None, as_json: bool, **given: Any
) -> None:
    """Show who acts on whom: how many events have a value of one field and one of another.

    Rows and columns are countries (the seats of parties) unless other fields are named; with `--rows actor --columns
    target` they are the parties that events name, without what belongs to them.

    \b
    Examples:
      tracker matrix --direction restrict --since 2023
      tracker matrix --rows actor --columns target --country CN -o matrix.svg
    """
    from tracker.cli import charting, counts_text, render
    from tracker.cli.clock import now

    with open_timeline(obj) as timeline:
        found = timeline.matrix(rows, columns, top=top, **given)
        render.notes(timeline, given)
        if output:
            charting.save(charting.matrix(found, timeline, given, now()), output)
    if as_json:
        click.echo(render.as_json(found))
    elif not output:
        render.show(*counts_text.matrix(found, width=render.width()))
