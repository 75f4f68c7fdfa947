"""`tracker sources`: the sources and their health, or what is wrong with feeds.yaml."""

from __future__ import annotations

import json
from typing import Any

import click

from tracker.cli.options import json_option, open_config, open_timeline


@click.command("sources")
@click.option("--check", is_flag=True, help="Only check feeds.yaml: every fault with its line and remedy.")
@json_option
@click.pass_obj
def command(obj: dict[str, Any], check: bool, as_json: bool) -> None:
    """List the sources of the database with their health: last answer, failures in a row, what they gave.

    \b
    Examples:
      tracker sources
      tracker sources --check
      tracker --config other.yaml sources --check
    """
    if check:
        found = open_config(obj)
        off = sum(not source.enabled for source in found.sources)
        words = f"{found.path}: {len(found.sources)} sources, {off} of them switched off; no fault found"
        counts = {"path": str(found.path), "sources": len(found.sources), "off": off, "faults": []}
        click.echo(json.dumps(counts) if as_json else words)
        return
    from tracker.cli import render

    with open_timeline(obj) as timeline:
        rows = timeline.sources()
        if as_json:
            click.echo(render.as_json(rows))
        else:
            render.show(*render.sources(rows))
