"""`tracker reprocess`: what is stored, read and settled again by the present rules."""

from __future__ import annotations

import sys
from typing import Any

import click

from tracker.cli.options import json_option, open_config

STAGES = ("read", "resolve")


@click.command("reprocess")
@click.option("--stage", "stages", multiple=True, type=click.Choice(STAGES), help="This alone.  [default: both]")
@click.option("--since", metavar="DATE", help="Only articles published on this ISO date or later.")
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only articles of this source; again for more.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, as_json: bool, quiet: bool, **options: Any) -> None:
    """Read stored articles and settle their reports again, by the present rules.

    For after an upgrade, or a change of your ontology. "read" reads articles that another version of reader or
    ontology has read, and settles what is found anew; "resolve" settles all reports again: which are one event, its
    fields, which events are one measure. All in one go: until the end, and where it is stopped before, nothing has
    changed. Events keep their ids, and the decisions of people hold.

    \b
    Examples:
      tracker reprocess --dry-run
      tracker reprocess --stage resolve
      tracker reprocess --stage read --source us-bis --since 2024-10
    """
    from tracker.cli import reprocessing

    config = open_config(obj)
    config.only(options["sources"])  # an unknown id is told, with the nearest known one
    done = reprocessing.reprocess(config, stream=sys.stderr, quiet=quiet or as_json, **options)
    click.echo(reprocessing.as_json(done) if as_json else reprocessing.in_words(done, config.settings.database))
