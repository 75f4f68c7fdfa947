"""`tracker counts`: how many events, by any field and period."""

from __future__ import annotations

from typing import Any

import click

from tracker.cli.options import event_filters, json_option, open_timeline

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "markdown")
PERIODS = ("day", "week", "month", "quarter", "year")


@click.command("counts")
@click.option("--by", multiple=True, metavar="FIELD", help="What to count by, see above; may be given twice.")
@click.option("--per", type=click.Choice(PERIODS), help="How many in each.")
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help="So many values at most.")
@click.option("--first", is_flag=True, help="With the first day of each value.")
@click.option("--newest", is_flag=True, help="Likewise, of the values that came up last.")
@event_filters
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="The form.")
@json_option
@click.pass_obj
def command(
    obj: dict[str, Any], /, by: tuple[str, ...], per: str | None, top: int, form: str, as_json: bool, **given: Any
) -> None:
    """Count events by one field or two, and by period; without filters all of them, but for rejected ones.

    What an event has several of (parties, items, sources) counts once for each; a party counts what those do that
    belong to it. The count of a value is what the filter of that name finds.

    FIELD is type, subtype, status, direction, certainty, actor, target, party, party_kind, country, actor_country,
    target_country, pair, actor_target, item, instrument, source, tier, tag or language, or a period.

    \b
    Examples:
      tracker counts --by type
      tracker counts --by item --target CN --newest
      tracker counts --by type --by status --per year --format csv
    """
    from tracker.cli import counts_text, render
    from tracker.export import grids

    fields = tuple(field for field in by if field not in PERIODS)
    periods = [field for field in by if field in PERIODS] + ([per] if per else [])
    if len(periods) > 1:
        raise click.UsageError(f"one period, not {' and '.join(periods)}")
    with open_timeline(obj) as timeline:
        found = timeline.counts(*fields, per=periods[0] if periods else None, top=top, **given)  # type: ignore[arg-type]
        render.notes(timeline, given)
    if as_json or form == "json":
        click.echo(render.as_json(found))
    elif form != "table":
        click.echo(grids.text(*found.table(), form), nl=False)
    else:
        render.show(*counts_text.counts(found))
