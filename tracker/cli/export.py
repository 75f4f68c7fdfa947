"""`tracker export`: the timeline as files that others read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.options import event_filters

FORMATS = ("csv", "tsv", "jsonl", "json", "markdown", "parquet", "atom", "jsonfeed", "ics", "stix", "graphml")


@click.command("export")
@click.argument("form", metavar="[FORMAT]", type=click.Choice(FORMATS), required=False)
@event_filters
@click.option("-n", "--limit", type=click.IntRange(min=1), help="At most so many.  [default: all; of feeds 100]")
@click.option("--oldest", is_flag=True, help="Oldest first.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write a file.")
@click.option("--reports", is_flag=True, help="With all that is known of each event: json and jsonl.")
@click.option("--link", metavar="URL", help="Where the feed can be had.")
@click.option("--verify", metavar="FILE", type=click.Path(path_type=Path), help="Check an exported file and stop.")
@click.pass_obj
def command(obj: dict[str, Any], /, form: str | None, verify: Path | None, **asked: Any) -> None:
    """Write the events that pass the filters (those of `tracker timeline`) to a file, or to standard output.

    FORMAT is csv, tsv, jsonl, json, markdown, parquet, atom, jsonfeed, ics (effective dates), stix or graphml (who acts
    on whom). Beside a file lies its manifest, which --verify compares with it.

    \b
    Examples:
      tracker export csv --type export_control --since 2024 -o controls.csv
      tracker export --verify controls.csv
      tracker export ics --query china-chips -o china-chips.ics
      tracker export jsonl --reports | jq .summary
    """
    from tracker.cli import exporting

    if verify is not None:
        click.echo(exporting.verified(verify))
    elif form is None:
        raise click.UsageError(f"name a format: {', '.join(FORMATS)}")
    else:
        exporting.export(obj, form, saved=click.get_current_context().params["saved"], **asked)
