"""`tracker lake`: the timeline as Parquet files that DuckDB asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tracker.cli.options import database, json_option


@click.command("lake")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@json_option
@click.pass_obj
def command(obj: dict[str, Any], folder: Path, as_json: bool) -> None:
    """Write the timeline of the database to DIR/timeline: Parquet files, in place of those that are there.

    `--lake DIR` of the commands that ask then gives the answers that the database gives; DuckDB, pandas and polars read
    the files as they are. All is of one state of the database, whatever a refresh writes meanwhile.

    \b
    Examples:
      tracker lake /data/lake
      tracker timeline --lake /data/lake --type export_control --target CN
      tracker export csv --lake /data/lake -o controls.csv
    """
    from tracker.cli.clock import now
    from tracker.query import lakes

    written = lakes.make(database(obj), folder, now=now())
    if as_json:
        told = {**written.about, "bytes": written.size, "rows": dict(written.rows)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        rows = written.rows
        click.echo(f"{rows['event']} events and {rows['report']} reports written to {folder} ({written.size} bytes)")
