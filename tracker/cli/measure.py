"""`tracker measure`: the story of a measure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.options import json_option, lake_option, open_timeline


@click.command("measure")
@click.argument("measure_id", metavar="ID")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), help="Draw it: .svg, .png, .html, .json.")
@lake_option
@json_option
@click.pass_obj
def command(obj: dict[str, Any], measure_id: str, chart: Path | None, as_json: bool) -> None:
    """Tell the story of a measure: where it stands, every step with its day and quote, its ties to other measures.

    ID is the measure's id, that of one of its events, or any beginning of either that no other shares. A day with ~ is
    inferred: no report tells the step, but one gives the date.

    \b
    Examples:
      tracker measure m3f2a91c0
      tracker measure --json e3f2a91c0
      tracker measure m3f2a91c0 --chart life.svg
    """
    from tracker.cli import charting, measure_text, render

    with open_timeline(obj) as timeline:
        found = timeline.measure(measure_id)
        if chart:
            charting.save(charting.measure(found), chart)
        elif as_json:
            click.echo(render.as_json(found))
        else:
            render.show(*measure_text.measure(found))
