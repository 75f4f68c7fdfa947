"""`tracker upcoming`: what takes effect soon."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import event_filters, json_option, open_timeline


@click.command("upcoming")
@event_filters
@click.option("-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@json_option
@click.pass_obj
def command(obj: dict[str, Any], /, limit: int, as_json: bool, **filters: Any) -> None:
    """List what takes effect today or later, the next first; also new dates of what was delayed.

    The filters are those of `tracker timeline`.

    \b
    Examples:
      tracker upcoming --within 30d
      tracker upcoming --type tariff --target CN
    """
    from tracker.cli import render

    with open_timeline(obj) as timeline:
        found = timeline.upcoming(limit=limit, **filters | {"upcoming": None})
        render.notes(timeline, filters)
        if as_json:
            click.echo(render.as_json(found))
        else:
            render.show(*render.upcoming(found))
