"""`tracker refresh`: one run of the pipeline, for a person or for cron."""

from __future__ import annotations

import sys
from typing import Any

import click

from tracker.cli.logs import log_options, opened
from tracker.cli.options import json_option, open_config


@click.command("refresh")
@click.option(
    "--source", "only", multiple=True, metavar="ID", help="Ask this source alone, due or not; may be given again."
)
@click.option("--force", is_flag=True, help="Ask every source, whether it is due or not.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and alarms (for cron).")
@json_option
@log_options
@click.pass_obj
def command(obj: dict[str, Any], /, only: tuple[str, ...], quiet: bool, as_json: bool, **options: Any) -> int:
    """Ask the sources that are due, read what is new, update the timeline.

    Safe to run every minute and to kill at any time: what is not done is done by the next run. Exit code 0 where at
    least one source answered (or none was due), 69 where every source failed, 75 where another refresh is running.

    \b
    Examples:
      tracker refresh
      tracker refresh --source us-bis --force
      */5 * * * *  cd ~/tracker && .venv/bin/tracker refresh --quiet        (a line of crontab)
    """
    from tracker.cli import running

    config = open_config(obj)
    config.only(only)  # an unknown id is told, with the nearest known one
    with opened(options["form"], options["log_file"], options["level"]) as journal:
        report = running.refresh(
            config,
            only=only,
            force=options["force"] or bool(only),
            quiet=quiet or as_json,
            stream=sys.stderr,
            journal=journal,
            metrics=options["metrics"] or config.settings.metrics,
        )
    code = running.exit_code(report)
    if quiet:
        told = [running.in_words(report, config.settings.database)] if code else running.for_a_person(report)
        for line in told:
            click.echo(line, err=True)
    if as_json or not quiet:
        click.echo(running.as_json(report) if as_json else running.in_words(report, config.settings.database))
    running.tell(obj["config"], config.settings.database, quiet=quiet or as_json, stream=sys.stderr)
    return code
