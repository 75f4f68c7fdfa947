"""What `tracker brief` does: the time that is meant, the words at the top, the file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from tracker import saving
from tracker.cli import queries_text, render
from tracker.cli.charting import asked
from tracker.cli.options import open_timeline
from tracker.export import briefs

TIMES = ("last", "since", "until", "between")
USUAL = "7d"


def write(
    ctx: click.Context, given: dict[str, Any], *, limit: int, form: str | None, output: Path | None, as_json: bool
) -> None:
    """Write one brief, to a file or to standard output."""
    time = period(ctx, given)
    saved = ctx.params.get("saved")
    with open_timeline(ctx.obj) as timeline:
        found = timeline.brief(time, limit=limit, **given)
    title = queries_text.find(ctx.obj, saved).title if saved else found.title
    found = dataclasses.replace(found, title=title, about=asked(given))
    if as_json:
        click.echo(render.as_json(found))
        return
    form = form or ("html" if output and output.suffix.lower() in (".html", ".htm") else "markdown")
    told = briefs.text(found, form)
    if output is None:
        click.echo(told, nl=False)
        return
    with saving.replaced(output) as out:
        out.write(told.encode("utf-8", "replace"))
    click.echo(f"written to {output}")


def period(ctx: click.Context, given: dict[str, Any]) -> str:
    """The time that the command line names, taken out of the filters; what a saved query says of dates stays there."""
    named = {name: given.pop(name) for name in TIMES if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    if len(named) > 1 and named.keys() != {"since", "until"}:
        raise click.UsageError(f"--{' and --'.join(named)} do not go together; name one time")
    if "last" in named:
        return str(named["last"])
    if "between" in named:
        return str(named["between"])
    if named:
        if "since" not in named:
            raise click.UsageError("--until goes with --since")
        return f"{named['since']}..{named.get('until', 'today')}"
    return USUAL
