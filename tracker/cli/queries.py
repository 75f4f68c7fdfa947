"""`tracker queries`: questions with a name."""

from __future__ import annotations

import json
from typing import Any

import click

from tracker.cli.options import event_filters, json_option, open_timeline, stated


@click.group("queries", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Keep questions under a name, in queries.yaml beside feeds.yaml.

    A saved query is what alerts, feeds and exports refer to: `--query NAME` takes its filters wherever events are
    chosen, and filters beside it go before its own.

    \b
    Examples:
      tracker queries add china-chips --type export_control --target CN --title "Chip controls on China"
      tracker queries
      tracker timeline --query china-chips --since 2024-10
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@command.command("list")
@json_option
@click.pass_obj
def list_(obj: dict[str, Any], /, *, as_json: bool = False) -> None:
    """List the saved queries with their filters and how many events each finds."""
    from tracker.cli import queries_text, render

    known = queries_text.load(obj).values()
    if as_json:
        click.echo(json.dumps([queries_text.as_dict(one) for one in known], ensure_ascii=False, indent=1))
        return
    with open_timeline(obj) as timeline:
        counts = {one.name: timeline.count(**queries_text.filters(one)) for one in known}
    render.show(*queries_text.table(known, counts))


@command.command("show")
@click.argument("name")
@json_option
@click.pass_obj
def show(obj: dict[str, Any], /, name: str, as_json: bool) -> None:
    """Show a saved query as the options that it stands for."""
    from tracker.cli import queries_text

    found = queries_text.find(obj, name)
    click.echo(
        json.dumps(queries_text.as_dict(found), ensure_ascii=False, indent=1) if as_json else queries_text.spelt(found)
    )


@command.command("add")
@click.argument("name")
@click.option("--title", help="What it is about, for people.  [default: the name]")
@click.option("--replace", is_flag=True, help="Put it in the place of the one of this name.")
@click.option("--oldest", is_flag=True, help="Oldest first.")
@event_filters
@click.pass_obj
def add(obj: dict[str, Any], /, name: str, title: str | None, replace: bool, oldest: bool, **filters: Any) -> None:
    """Save a query under a name: lower-case letters, digits and hyphens."""
    from tracker.cli import queries_text
    from tracker.model import SavedQuery

    query = SavedQuery(name=name, title=title or name, filters=stated(filters), oldest=oldest)
    with open_timeline(obj) as timeline:
        count = timeline.count(**queries_text.filters(query))  # a value that no filter knows is told before it is kept
    path = queries_text.keep(obj, query, replace=replace)
    click.echo(f"{path}: {queries_text.spelt(query)}\n{count} events now")


@command.command("remove")
@click.argument("name")
@click.pass_obj
def remove(obj: dict[str, Any], /, name: str) -> None:
    """Take a saved query away; its options are told once more."""
    from tracker.cli import queries_text

    click.echo(f"removed: {queries_text.spelt(queries_text.remove(obj, name))}")
