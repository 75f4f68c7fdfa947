"""`tracker ontology`: check a file of your own types, cues and parties; show what the reader looks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tracker.cli.options import json_option, open_config

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("ontology")
def command() -> None:
    """Check a file of your own types, cues and parties, and show what the reader looks for.

    \b
    Examples:
      tracker ontology check ontology.yaml
      tracker ontology show sanction
      tracker ontology show visa_ban --ontology ontology.yaml
    """


@command.command("check", short_help="Check a file of your own and read its examples.")
@click.argument("file", type=FILE, required=False)
@click.option("--model", help="An installed spaCy package to read the examples with instead of the default.")
@json_option
@click.pass_obj
def check(obj: dict[str, Any], file: Path | None, model: str | None, as_json: bool) -> int:
    """Check FILE (or the one that feeds.yaml names) and read its examples with the real reader.

    Exit code 0 where it has no fault and every example holds, else 1.

    \b
    Examples:
      tracker ontology check ontology.yaml
      tracker ontology check
    """
    from tracker.cli import exits, ontology_text, render
    from tracker.nlp.own.report import examined

    if file is None:
        settings = open_config(obj).settings
        file, model = settings.ontology, model or settings.reader_model
    if file is None:
        raise click.UsageError(
            "feeds.yaml names no file: give FILE, or write 'ontology: ontology.yaml' under settings."
        )
    report = examined(file, model=model)
    lines = [render.as_json(report)] if as_json else ontology_text.report(report)
    for line in lines:
        click.echo(line)
    return exits.OK if report.is_ok else exits.FAILED


@command.command("show", short_help="Show a type: definition, cues, codes elsewhere.")
@click.argument("name", metavar="[TYPE]", required=False)
@click.option("--ontology", "file", type=FILE, help="A file of your own whose words are shown too.")
@click.option("--acts", is_flag=True, help="Show the acts and their words instead.")
@json_option
def show(name: str | None, file: Path | None, acts: bool, as_json: bool) -> None:
    """Show a type (or a subtype of FILE): its definition, its cues and its codes elsewhere; without TYPE, all types.

    The codes are those of the Global Trade Alert, the Digital Policy Alert and OpenSanctions.

    \b
    Examples:
      tracker ontology show
      tracker ontology show export_control
      tracker ontology show --acts
    """
    from tracker.cli import ontology_text, render
    from tracker.nlp import own

    read = own.load(file) if file else None
    if as_json:
        click.echo(json.dumps(ontology_text.plain(name, read, acts=acts), ensure_ascii=False, indent=1))
    else:
        render.show(*ontology_text.told(name, read, acts=acts))
