"""`tracker search`: words in events, articles and names of parties."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import event_filters, json_option, open_timeline


@click.command("search", context_settings={"ignore_unknown_options": True})  # so that -word leaves a word out
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--in", "among", multiple=True, type=click.Choice(["events", "articles", "parties"]), help="Only these; else all."
)
@click.option("--by", type=click.Choice(["rank", "date"]), help="Best or newest first; else by rank what few hold.")
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="At most so many of each."
)
@click.option("--after", metavar="PLACE", help="Go on after a page: a place that --json tells as `next`.")
@event_filters
@json_option
@click.pass_obj
def command(
    obj: dict[str, Any],
    /,
    words: tuple[str, ...],
    among: tuple[str, ...],
    by: Any,
    limit: int,
    after: str | None,
    as_json: bool,
    **filters: Any,
) -> None:
    """Search events, articles and names of parties for words, with every filter of the timeline.

    All words must be there; "a phrase" in quotes stands as it is, one OR another will do, -word leaves out what holds
    the word, wor* finds beginnings of three letters and more. What few texts hold comes best first, what very many
    hold newest first.

    \b
    Examples:
      tracker search gallium OR germanium --type export_control --since 2024
      tracker search '"Entity List" chips' --in articles --tier official
      tracker search gallium -germanium --by date
    """
    from tracker.cli import render
    from tracker.query.words import match

    text = " ".join(words)
    if match(text).wanted is None:
        raise click.UsageError("name a word that is wanted; -word only leaves out what others find")
    with open_timeline(obj) as timeline:
        found = timeline.search(text, among=among or None, by=by, limit=limit, after=after, **filters)
        render.notes(timeline, filters)
        if as_json:
            click.echo(render.as_json(found))
        else:
            render.show(*render.hits(found))
