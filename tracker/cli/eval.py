"""`tracker eval`: how well a gold set is read."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import json_option

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


@click.command("eval")
@click.argument("gold", nargs=-1, required=True, type=FILE)
@click.option("--predictions", type=FILE, help="Score these answers of `tracker extract`; else the reader reads GOLD.")
@click.option("--errors", type=click.IntRange(min=0), default=0, metavar="N", help="List the first N mistakes.")
@click.option("--type", "kind", metavar="TYPE", help="This type of event alone.")
@click.option("--model", help="An installed spaCy package to use instead of the default.")
@json_option
def command(gold: tuple[str, ...], **options: Any) -> None:
    """Score a gold set in the shared format: events strict and loose, fields, parties, B-cubed, and per type.

    GOLD holds an article a line: "id", "text", "title", "published_at" and its "events" with their evidence. Without
    --predictions its texts are read as `tracker extract` reads them. Several files are scored as one set. A mistake is
    an event missed, a spurious one, one that agrees in part, or a wrong field.

    \b
    Examples:
      tracker eval gold.jsonl
      tracker eval gold.jsonl --errors 20 --type sanction
      tracker eval gold.jsonl --predictions events.jsonl --json
    """
    from tracker.cli import scores

    scores.evaluate(gold, **options)
