"""`tracker party`: one party and all that is known of it."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import json_option, lake_option, open_timeline


@click.command("party")
@click.argument("name", metavar="NAME|ID")
@click.option("--limit", type=click.IntRange(min=0), default=10, show_default=True, help="At most so many events.")
@lake_option
@json_option
@click.pass_obj
def command(obj: dict[str, Any], name: str, limit: int, as_json: bool) -> None:
    """Show one party: whom it belongs to, what articles call it, which names are held to be it and why, its events.

    A name that several parties bear lists them with their ids. The id of a name that is held to be another party's
    shows that party. A country's code or name means its state.

    \b
    Examples:
      tracker party OpenAI
      tracker party gov:us:commerce
      tracker party --json CN
    """
    from tracker.cli import party_text, render

    with open_timeline(obj) as timeline:
        found = timeline.party(name, latest=limit)
        if as_json:
            click.echo(render.as_json(found))
        else:
            render.show(*party_text.party(found))
