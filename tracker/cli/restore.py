"""`tracker restore`: a backup in the place of the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.options import json_option


@click.command("restore")
@click.argument("file")
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, file: str, as_json: bool) -> int:
    """Put a backup in the place of the database; what was there is kept beside it.

    FILE is a backup, the name of one in the folder of backups, `latest`, or a database that was kept. It is seen to be
    whole first. Servers and other programs that have the database open go on, and see what was restored at once; while
    a refresh is writing, exit code 75. Events that came after the backup come again with the next refreshes as far as
    sources still list them, and alerts tell of them again.

    \b
    Examples:
      tracker restore latest
      tracker restore tracker-20260131T040000Z.db.zst
      tracker restore db/tracker.db.replaced-20260201T101500Z
    """
    from tracker.cli import backing

    named = Path(file)  # one that is there is found without feeds.yaml, which may be lost or wrong
    return backing.restore(backing.place(obj, named.parent if named.exists() else None), file, as_json=as_json)
