"""`tracker timeline`: events by filters."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import event_filters, json_option, open_timeline

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "markdown")


@click.command("timeline")
@event_filters
@click.option("-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@click.option("--after", metavar="ID", help="Go on after this event.")
@click.option("--oldest", is_flag=True, help="Oldest first.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="The form.")
@json_option
@click.pass_obj
def command(
    obj: dict[str, Any], /, limit: int, after: str | None, oldest: bool, form: str, as_json: bool, **filters: Any
) -> None:
    """List policy events, newest first.

    All filters that are given must hold; one that is given several times holds if any of its values does. A party is
    a name, a country code or a gazetteer id: "US" includes its ministries, agencies and courts. Dates may be partial.

    \b
    Examples:
      tracker timeline --type export_control --target CN --since 2024-10
      tracker timeline --actor OpenAI --status announced --status in_force
      tracker timeline --item gallium --oldest --format csv
    """
    from tracker.cli import exporting, render

    with open_timeline(obj) as timeline:
        found = timeline.page(limit=limit, after=after, order="oldest" if oldest else "newest", **filters).events
        render.notes(timeline, filters)
        if as_json or form == "json":
            click.echo(render.as_json(found))
        elif form != "table":
            exporting.write_rows(found, form)
        else:
            render.show(*render.events(found, total=timeline.count(most=render.MOST_COUNTED, **filters)))
