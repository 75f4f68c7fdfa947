"""`tracker doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import json_option


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Mend what can be mended; stored data is never given up.")
@click.option("--thorough", is_flag=True, help="Compare every index, word and facet with what is stored: takes long.")
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, *, repair: bool, thorough: bool, as_json: bool) -> int:
    """Look at the database, its files and the settings; explain what is wrong, and mend it with --repair.

    Looking changes nothing. A repair makes search, facets, tallies and indexes anew; a damaged file is copied row by
    row into a new one, and kept beside it. Exit code 0 where nothing is wrong (any more), else 1.

    \b
    Examples:
      tracker doctor
      tracker doctor --thorough --json
      tracker doctor --repair
    """
    from tracker.cli import doctoring

    return doctoring.run(obj, repair=repair, thorough=thorough, as_json=as_json)
