"""`tracker maintain`: keep the database small and quick."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import json_option, open_config


@click.command("maintain")
@click.option("--dry-run", is_flag=True, help="Say how much there is to do, and change nothing.")
@click.option(
    "--full", is_flag=True, help="Merge each index for full text into one; write a file anew that keeps its size."
)
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, as_json: bool, dry_run: bool, full: bool) -> None:
    """Let go of what is older than the settings keep, merge indexes, give free pages back.

    In short steps: readers wait for nothing, writers for no longer than a step. It can be stopped at any time and goes
    on where it was; where another process begins to write, it leaves off with exit code 75. `tracker run` does the
    same once a day, but for --full, which has writers wait while a file of an earlier tracker is written anew.

    \b
    Examples:
      tracker maintain --dry-run
      tracker maintain
      tracker maintain --full              once, after an upgrade, to have the file shrink from then on
    """
    from tracker.cli import maintaining

    (maintaining.look if dry_run else maintaining.do)(open_config(obj).settings, as_json=as_json, full=full)
