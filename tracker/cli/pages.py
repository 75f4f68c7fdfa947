"""`tracker pages`: the original pages, as a web archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.options import open_timeline


@click.command("pages")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--source", metavar="ID", help="Only pages of this source.")
@click.option("--since", type=click.DateTime(("%Y-%m-%d",)), help="Only pages fetched on this day or later.")
@click.pass_obj
def command(obj: dict[str, Any], file: Path, source: str | None, since: Any) -> None:
    """Write the original pages that are still kept to FILE, a WARC file; one that ends in .gz is compressed.

    The texts belong to their publishers: the file is for your own records.

    \b
    Examples:
      tracker pages pages.warc.gz
      tracker pages --source us-bis --since 2026-01-01 bis.warc.gz
    """
    from tracker.export import warc

    with open_timeline(obj) as timeline:
        count = warc.save(timeline.pages(source=source, since=f"{since:%Y-%m-%d}" if since else None), file)
    click.echo(f"{count} page{'' if count == 1 else 's'} written to {file}")
