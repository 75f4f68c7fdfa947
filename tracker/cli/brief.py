"""`tracker brief`: a dated digest of what the tracker learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.options import event_filters, json_option


@click.command("brief")
@event_filters
@click.option("-n", "--limit", type=click.IntRange(min=1), default=100, show_default=True, help="So many of each kind.")
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), help="Else by the file's name, or Markdown.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it into a file.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, /, limit: int, form: str | None, output: Path | None, as_json: bool, **given: Any
) -> None:
    """Write what the tracker learned in a time: of the last 7 days unless --last, --since or --between say otherwise.

    New events, changed status, what takes effect within 30 days, contradictions, withdrawals: by measure, each with its
    proving quote, outlet and link. Here those three mean when the tracker learned of it, not when it happened; in a
    saved query they keep their meaning.

    \b
    Examples:
      tracker brief --last 7d -o brief.md
      tracker brief --query china-chips --last 30d --format html -o brief.html
    """
    from tracker.cli import briefing

    briefing.write(ctx, given, limit=limit, form=form, output=output, as_json=as_json)
