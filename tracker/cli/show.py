"""`tracker show`: one event and all that it rests on."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import json_option, lake_option, open_timeline


@click.command("show")
@click.argument("event_id", metavar="ID")
@click.option("--revisions", is_flag=True, help="ID is an article's address or id: show what its edits changed.")
@click.option("--as-of", metavar="DATE", help="As it was known then: at the end of that day, or at a time (UTC).")
@lake_option
@json_option
@click.pass_obj
def command(obj: dict[str, Any], event_id: str, revisions: bool, as_of: str | None, as_json: bool) -> None:
    """Show one event: every field, every independent account with its quote and link, and where accounts disagree.

    ID is the event's id, a former one, or any beginning that no other event shares. With --revisions it is an article's
    address, or the beginning of its id. `tracker measure ID` tells the story of the measure.

    \b
    Examples:
      tracker show 3f2a91c0
      tracker show --json 3f2a91c0
      tracker show --revisions https://news.example/2024/07/chips
    """
    from tracker.cli import event_text, render

    with open_timeline(obj) as timeline:
        if revisions:
            texts = timeline.revisions(event_id)
            click.echo(render.as_json(texts)) if as_json else render.show(*render.revisions(texts))
            return
        found = timeline.event(event_id, as_of=as_of)
        if as_json:
            click.echo(render.as_json(found))
        else:
            render.show(*event_text.event(found))
