"""The `tracker` command itself: its subcommands, imported on demand, and what happens to errors."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

import tracker
from tracker.bell import Bell
from tracker.cli import exits
from tracker.errors import TrackerError

# Command: (module in tracker.cli, one line of help). The help stands here so that listing loads no module.
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "refresh": ("refresh", "Ask the sources that are due, read what is new, update the timeline."),
        "run": ("run", "Stay and do all that is due: refresh, alerts, maintenance."),
        "schedule": (
            "schedule",
            "Print lines for cron, units for systemd or a container recipe for this installation.",
        ),
        "reprocess": ("reprocess", "Read and settle again what is stored, by the present rules."),
        "maintain": ("maintain", "Keep the database small and quick: let go of what is old, merge, give space back."),
        "timeline": ("timeline", "List policy events by type, actor, target, country, item, date or text."),
        "upcoming": ("upcoming", "List what takes effect today or later, the next first."),
        "changes": ("changes", "List what changed after a cursor: new, updated, merged, removed."),
        "show": ("show", "Show one event: every field, every report with its quote and link, contradictions."),
        "measure": ("measure", "Tell the story of a measure: every step, where it stands, its ties to others."),
        "party": ("party", "Show one party: its names, whom it belongs to, what it did and what was done to it."),
        "why": ("why", "Say why two events, reports or measures are one, or are not."),
        "review": ("review", "Decide what is one event, set fields, accept, reject; see what is worth a look."),
        "search": ("search", "Search events and articles for words."),
        "counts": ("counts", "Count events by any field and period; what came up when."),
        "trend": ("trend", "Draw how many events there are over time, by any field; SVG and PNG."),
        "matrix": ("matrix", "Show who acts on whom: one field against another."),
        "lag": ("lag", "Tell how long the official word comes after the media's, by type and source."),
        "brief": ("brief", "Write what the tracker learned of late: Markdown, or a page for mail and phones."),
        "queries": ("queries", "Keep questions under a name, for the timeline, alerts, feeds and exports."),
        "backup": ("backup", "Back the database up: verified, packed, the old ones let go; list them."),
        "restore": ("restore", "Put a backup in the place of the database; what was there is kept."),
        "alerts": ("alerts", "Be told of what is new: what would be sent, what was, what is due."),
        "sources": ("sources", "Find sources, check them, list them with their health; OPML."),
        "extract": ("extract", "Read articles (JSON lines, text, HTML, URLs) and write their events (JSON lines)."),
        "backfill": ("backfill", "Read archives of articles (WARC, JSON lines, Parquet) into a lake of Parquet files."),
        "import": ("importer", "Load a lake that a backfill has made into the database, events and measures with it."),
        "eval": ("eval", "Score the reader, or predictions, against a gold set; list the mistakes."),
        "ontology": ("ontology", "Check types, cues and parties of your own; show the built-in ones."),
        "pages": ("pages", "Write the original pages that are kept as a web archive (WARC)."),
        "export": ("export", "Write the timeline as CSV, Parquet, JSON, feeds, calendar, STIX or GraphML."),
        "lake": ("lake", "Write the timeline as a lake of Parquet files, which --lake asks."),
        "schema": ("schema", "Print the JSON Schema of an answer: what --json and Python's to_dict() give."),
        "doctor": ("doctor", "Find what is wrong with the database and the settings; repair it."),
        "serve": ("serve", "Open the database in Datasette."),
        "demo": ("demo", "Run the whole path on the bundled sample newsroom."),
        "completion": ("completion", "Print the shell completion script for bash, zsh or fish."),
    }
)
STOPPED = "tracker: stopped; what was done is kept, the next run goes on from there"
EXAMPLES = """\b
Examples:
  tracker demo                                   the whole path, on a sample newsroom
  tracker refresh                                ask all sources of feeds.yaml that are due
  tracker timeline --type export_control --target CN --since 2024-10
  tracker show 3f2a                              an event, by its id or the start of it
  tracker extract articles.jsonl > events.jsonl
  tracker extract --explain https://www.example.org/news/one-article
"""


class Commands(click.Group):
    """A group whose commands are modules, imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; unknown names are completed by click's own message."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(f"tracker.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.command(cls=Commands, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False, readable=False),
    help="The file of sources and settings.  [default: feeds.yaml; env: TRACKER_CONFIG]",
)
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False, readable=False),
    help="The database.  [default: db/tracker.db beside feeds.yaml; env: TRACKER_DB]",
)
@click.version_option(tracker.__version__, prog_name="tracker")
@click.pass_context
def commands(ctx: click.Context, config: Path | None, db: Path | None) -> None:
    """News monitoring and policy-event tracking: feeds in, a timeline of policy events out."""
    ctx.obj = {"config": config, "db": db}


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; at SIGTERM, Ctrl-C or a hangup it ends, within five seconds."""
    bell = Bell(words=f"{STOPPED}\n")
    with bell.hung():
        code = _run(args, bell)
        if bell.is_stopping:  # whatever came of it
            click.echo(STOPPED, err=True)
            code = bell.code
    sys.exit(code)


def _run(args: Sequence[str] | None, bell: Bell) -> int:
    """Run the command line; its code."""
    try:
        with bell.interruptible():
            outcome: Any = commands.main(args=args, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo(STOPPED, err=True)
        return exits.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.OK
    except BaseException as error:
        if bell.is_stopping:
            return bell.code
        if isinstance(error, TrackerError):
            click.echo(f"tracker: {error}", err=True)
            return exits.code(error)
        raise
    return outcome if isinstance(outcome, int) else exits.OK
