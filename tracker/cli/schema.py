"""`tracker schema`: the JSON form of the answers."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print the JSON Schema (draft 2020-12) of an answer; without a name list the answers.

    `--json` of the commands that ask the database, and `to_dict()` in Python, give what is described here.

    \b
    Examples:
      tracker schema
      tracker schema EventRow
    """
    from tracker.query import forms

    if name is None:
        for known in forms.ANSWERS:
            click.echo(f"{known:<14} {str(forms.kept(known)['description']).split('. ')[0].rstrip('.')}")
        return
    click.echo(json.dumps(forms.kept(name), ensure_ascii=False, indent=1))
