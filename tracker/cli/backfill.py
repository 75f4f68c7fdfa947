"""`tracker backfill`: archives of articles read into a lake of Parquet files."""

from __future__ import annotations

import sys
from typing import Any

import click

from tracker.cli.options import json_option
from tracker.cli.sizes import SIZE
from tracker.extras import needed
from tracker.model.archives import ArchiveForm

FORMS = [one.value.replace("_", "-") for one in ArchiveForm]


@click.command("backfill")
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option("--out", metavar="DIR", required=True, help="The lake: a folder, or an fsspec URL.")
@click.option(
    "--engine", default="processes", show_default=True, help="inline, processes, or dask://HOST:PORT of a scheduler."
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes.  [default: one per core]")
@click.option("--memory", type=SIZE, help="What each process may take: 2GB.  [default: no limit]")
@click.option("--chunk-size", type=SIZE, help="Of the archive, for one worker at a time.  [default: 64MB]")
@click.option("--form", type=click.Choice(FORMS), help="What the inputs are; else each is looked at.")
@click.option("--since", metavar="DATE", help="Only articles published on this ISO date or later.")
@click.option("--until", metavar="DATE", help="Only articles published on this ISO date or earlier.")
@click.option("--retries", type=click.IntRange(min=0), default=2, show_default=True, help="Of a chunk that fails.")
@click.option("--retry-failed", is_flag=True, help="Try chunks again that earlier runs have set aside.")
@click.option("--plan", "only_plan", is_flag=True, help="Show what there is to do, and do nothing.")
@click.option("--verify", is_flag=True, help="Compare every file of the lake with its hash, and do nothing else.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, as_json: bool, quiet: bool, verify: bool, only_plan: bool, **options: Any) -> int:
    """Read archives of articles into a lake: WARC, JSON lines, Parquet, folders of pages, GDELT's lists.

    INPUT is a file, a folder or an fsspec URL (s3://…, https://…). It is cut into chunks; what is done is kept, so that
    the same command goes on after a stop, a crash or a loss, and changes nothing once all is done. A chunk that fails
    is tried again, then set aside with its reason (exit code 65); the others go on. docs/backfill.md has the engines,
    sizing, and recipes for clusters.

    \b
    Examples:
      tracker backfill news/*.warc.gz --out lake
      tracker backfill articles.jsonl.zst --out lake --workers 4 --memory 2GB
      tracker backfill s3://archive/2024/ --out s3://lakes/2024 --engine dask://10.0.0.5:8786
      tracker backfill --out lake --verify
    """
    needed("pyarrow", "the lake", extra="lake")
    from tracker.cli import backfilling

    wanted = backfilling.Asked(config=obj["config"], **options)
    if verify:
        return backfilling.verify(wanted, as_json=as_json)
    if only_plan:
        return backfilling.show_plan(wanted, as_json=as_json)
    return backfilling.backfill(wanted, as_json=as_json, quiet=quiet or as_json, stream=sys.stderr)
