"""`tracker backup`: a verified, packed copy of the database, and which ones there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.options import json_option


def _numbers(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """Three numbers with commas between them."""
    if value is None:
        return None
    parts = value.split(",")
    if len(parts) != 3 or not all(part.strip().isdecimal() and len(part) < 5 for part in parts):
        raise click.BadParameter(f"{value!r} is not three numbers such as 7,4,12.", ctx=ctx, param=param)
    return tuple(map(int, parts))


@click.command("backup")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--keep",
    callback=_numbers,
    metavar="DAYS,WEEKS,MONTHS",
    help="Of so many days, weeks, months with backups the last one stays.  [default: settings.backup, or 7,4,12]",
)
@click.option("--list", "is_list", is_flag=True, help="List the backups there are, and make none.")
@click.option("--verify", is_flag=True, help="See that the backups there are still are what they were, and make none.")
@json_option
@click.pass_obj
def command(
    obj: dict[str, Any],
    /,
    folder: Path | None,
    keep: tuple[int, ...] | None,
    is_list: bool,
    verify: bool,
    as_json: bool,
) -> int:
    """Back the database up while it is in use: copied, checked, packed, read again, then old backups let go.

    FOLDER is `backups` beside the database where neither it nor settings.backup.folder names another. `tracker run`
    makes backups by itself where settings.backup.every says how often. What a backup does not hold: feeds.yaml,
    alerts.yaml and your ontology.

    \b
    Examples:
      tracker backup
      tracker backup /mnt/other/backups --keep 14,8,24
      tracker backup --list
      tracker backup --verify               exit code 1 where one is damaged, or none there
    """
    from tracker.cli import backing

    at = backing.place(obj, folder)
    if is_list or verify:
        return backing.tell(at, verify=verify, as_json=as_json)
    return backing.make(at, keep, as_json=as_json)
