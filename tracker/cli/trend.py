"""`tracker trend`: counts over time, drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.counts import PERIODS
from tracker.cli.options import event_filters, json_option, open_timeline


@click.command("trend")
@click.option("--by", multiple=True, metavar="FIELD", help="Any field of `tracker counts`; may be given twice.")
@click.option("--per", type=click.Choice(PERIODS), default="month", show_default=True, help="The length of a period.")
@click.option("--top", type=click.IntRange(1, 8), default=6, show_default=True, help="So many values at most.")
@event_filters
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file: .svg, .png, .html, .json."
)
@json_option
@click.pass_obj
def command(
    obj: dict[str, Any], /, by: tuple[str, ...], per: Any, top: int, output: Path | None, as_json: bool, **given: Any
) -> None:
    """Draw how many events there are over time, on the terminal or into a file.

    \b
    Examples:
      tracker trend --by type --per quarter --since 2022
      tracker trend --by direction --actor US --target CN -o trend.svg
    """
    from tracker.cli import charting, render, trend_text
    from tracker.cli.clock import now

    with open_timeline(obj) as timeline:
        found = timeline.counts(*by, per=per, top=top, **given).trend()
        render.notes(timeline, given)
        if output:
            charting.save(charting.trend(found, timeline, given, now()), output)
    if as_json:
        click.echo(render.as_json(found))
    elif not output:
        render.show(*trend_text.trend(found))
