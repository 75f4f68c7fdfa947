"""`tracker why`: why two things are one event, or are not."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import database, json_option


@click.command("why")
@click.argument("one", metavar="ID")
@click.argument("two", metavar="[OTHER]", required=False)
@json_option
@click.pass_obj
def command(obj: dict[str, Any], one: str, two: str | None, as_json: bool) -> None:
    """Say why two events, reports or measures are one, or are not: the score with every reason in words and weight.

    With one event alone: why its reports are one event. An id may be a former one, or any beginning that no other
    shares. `tracker review same` and `tracker review different` overrule what is wrong.

    \b
    Examples:
      tracker why e3f2a91c0 e77b01244
      tracker why e3f2a91c0
      tracker why --json e3f2a91c0 e77b01244
    """
    from tracker import review
    from tracker.cli import render, why_text
    from tracker.store import Store

    with Store.open(database(obj), read_only=True) as store:
        found = review.why(store, one, two) if two else review.why_one(store, one)
    if as_json:
        click.echo(render.as_json(found))
    else:
        render.show(*why_text.told(found))
