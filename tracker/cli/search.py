"""`tracker search`: words in events and articles."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import json_option, open_timeline


@click.command("search", context_settings={"ignore_unknown_options": True})  # so that -word leaves a word out
@click.argument("words", nargs=-1, required=True)
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="At most so many of each."
)
@json_option
@click.pass_obj
def command(obj: dict[str, Any], words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search events and articles for words, best match first.

    All words must be there; "a phrase" in quotes stands as it is, -word leaves out what holds the word.

    \b
    Examples:
      tracker search gallium germanium
      tracker search '"Entity List" chips'
      tracker search gallium -germanium
    """
    from tracker.cli import render

    with open_timeline(obj) as timeline:
        found = timeline.search(" ".join(words), limit=limit)
        if as_json:
            click.echo(render.as_json(found))
        else:
            render.show(*render.hits(found))
