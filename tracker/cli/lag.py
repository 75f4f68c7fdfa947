"""`tracker lag`: how late the official word is."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import event_filters, json_option, open_timeline


@click.command("lag")
@click.option("--by", type=click.Choice(["type", "source"]), help="Told for each.")
@click.option("-n", "--limit", type=click.IntRange(min=0), default=10, show_default=True, help="So many events listed.")
@event_filters
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, by: str | None, limit: int, as_json: bool, **given: Any) -> None:
    """Tell how many days pass from the first report in the media to the first of an official source.

    And from that to the day of effect. Only full dates count. By source: how far each one was ahead of the official
    word. The newest events that have both are listed.

    \b
    Examples:
      tracker lag --by type --last 1y
      tracker lag --by source --type export_control
    """
    from tracker.cli import counts_text, render

    with open_timeline(obj) as timeline:
        found = timeline.lag(by=by, limit=limit, **given)
        render.notes(timeline, given)
    if as_json:
        click.echo(render.as_json(found))
    else:
        render.show(*counts_text.lags(found))
