"""`tracker run`: stay in the foreground and do all that is due."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from tracker.bell import Bell
from tracker.cli import exits
from tracker.cli.logs import log_options
from tracker.cli.spans import SPAN


@click.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option(
    "--every", type=SPAN, default="1m", show_default=True, help="The least time between two looks for what is due."
)
@log_options
@click.pass_obj
def command(
    obj: dict[str, Any],
    /,
    once: bool,
    every: timedelta,
    form: str | None,
    log_file: Path | None,
    level: str,
    metrics: Path | None,
) -> int:
    """Do all that is due, again and again: refresh, alerts, daily maintenance, backups, figures.

    Waits until the database says that something is due. SIGTERM and Ctrl-C end it within five seconds, and nothing is
    lost; SIGHUP has it read feeds.yaml again. A refresh that fails is told and tried again. One run per database: a
    second one ends with exit code 75.

    \b
    Examples:
      tracker run
      tracker run --log json --log-file /var/log/tracker.log --metrics /var/lib/node_exporter/tracker.prom
      tracker run --once                   what is due now, for a timer (see `tracker schedule`)
    """
    bell = Bell(code=None if once else exits.OK, reloads=True)
    with bell.hung():  # before a second goes into loading
        from tracker.cli import serving
        from tracker.journal import written

        with written(form or "text", to=sys.stderr, file=log_file, level=level) as journal:
            return serving.run(obj, journal, bell, once=once, every=every.total_seconds(), metrics=metrics)
