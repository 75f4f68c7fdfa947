"""`tracker import`: a lake into the database."""

from __future__ import annotations

import sys
from typing import Any

import click

from tracker.cli.options import json_option


@click.command("import")
@click.argument("where", metavar="DIR")
@click.option(
    "--engine", default="processes", show_default=True, help="inline, processes, or dask://HOST:PORT of a scheduler."
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes.  [default: one per core]")
@click.option(
    "--timeline", is_flag=True, help="Write the timeline of the database to DIR/timeline too, as `tracker lake` does."
)
@click.option("--dry-run", is_flag=True, help="Show what would be imported, and change nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, as_json: bool, quiet: bool, **options: Any) -> None:
    """Load a lake that `tracker backfill` has made into the database, with its events and measures.

    A database without articles is filled at once, whole or not at all, by as many workers as there are; one that has
    some gets those that it has not, as from a refresh. What is stored stays as it is. Imported again, a lake changes
    nothing but what it has more.

    \b
    Examples:
      tracker import lake
      tracker --db archive.db import s3://lakes/2024 --workers 8
      tracker import lake --dry-run
      tracker import lake --timeline && tracker timeline --lake lake
    """
    from tracker.cli import importing

    done = importing.run(obj, stream=sys.stderr, quiet=quiet or as_json, **options)
    dry = options["dry_run"]
    if as_json:
        click.echo(importing.as_json(done, dry_run=dry))
    else:
        written = options["where"] if options["timeline"] else None
        click.echo(importing.in_words(done, dry_run=dry, timeline=written))
