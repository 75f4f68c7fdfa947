"""`tracker review`: what is worth a look, and what people decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from tracker.cli.options import database, json_option, open_timeline

who_option = click.option("--who", metavar="NAME", help="Who decides.  [default: your login name]")
why_option = click.option("--why", metavar="TEXT", required=True, help="Why, in a few words.")
limit_option = click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many."
)


def deciding(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what every decision wants."""
    return why_option(who_option(json_option(click.pass_obj(command))))


@click.group("review")
def command() -> None:
    """Decide what is one event and what is not, set fields, accept and reject; see what is worth a look.

    A decision is kept with who, when and why, holds whatever is read later, and is undone by closing it. Ids may be
    former ones, or any beginning that no other shares.

    \b
    Examples:
      tracker review list
      tracker review same e3f2a91c0 e77b01244 --why "one order, reported twice"
      tracker review split e3f2a91c0 9a01 --why "another company's fine"
      tracker review edit e3f2a91c0 status in_force --why "the gazette has it"
      tracker review log
      tracker review close j81c2
    """


@command.command("list")
@limit_option
@json_option
@click.pass_obj
def list_(obj: dict[str, Any], limit: int, as_json: bool) -> None:
    """List what is most worth a look.

    First decisions whose evidence has changed since; then close decisions, contradictions, and events that many tell
    and that are unsure all the same.

    \b
    Examples:
      tracker review list
      tracker review list --limit 50 --json
    """
    from tracker import review
    from tracker.cli import render, review_text
    from tracker.store import Store

    with Store.open(database(obj), read_only=True) as store:
        found = review.queue(store, limit=limit)
    if as_json:
        click.echo(render.as_json(found))
    else:
        render.show(*review_text.queue(found))


@command.command("same")
@click.argument("one")
@click.argument("two")
@deciding
def same(obj: dict[str, Any], /, one: str, two: str, **by: Any) -> int:
    """ONE and TWO (events, measures, reports or parties) are one.

    \b
    Examples:
      tracker review same e3f2a91c0 e77b01244 --why "one order, reported twice"
    """
    from tracker import review
    from tracker.cli import reviewing

    return reviewing.decide(obj, review.same, one, two, **by)


@command.command("different")
@click.argument("one")
@click.argument("two")
@deciding
def different(obj: dict[str, Any], /, one: str, two: str, **by: Any) -> int:
    """ONE and TWO (events, measures, reports or parties) are not one.

    \b
    Examples:
      tracker review different m3f2a91c0 m77b01244 --why "two rules of one day"
    """
    from tracker import review
    from tracker.cli import reviewing

    return reviewing.decide(obj, review.different, one, two, **by)


@command.command("split")
@click.argument("whole", metavar="ID")
@click.argument("parts", metavar="PART...", nargs=-1, required=True)
@deciding
def split(obj: dict[str, Any], /, whole: str, parts: tuple[str, ...], **by: Any) -> int:
    """Take reports out of an event, or events out of a measure.

    `tracker show` gives each report's id.

    \b
    Examples:
      tracker review split e3f2a91c0 9a01 77c2 --why "another company's fine"
      tracker review split m3f2a91c0 e77b01244 --why "a rule of its own"
    """
    from tracker import review
    from tracker.cli import reviewing

    return reviewing.decide(obj, review.split, whole, parts, **by)


@command.command("edit")
@click.argument("event")
@click.argument("field")
@click.argument("value")
@deciding
def edit(obj: dict[str, Any], /, event: str, field: str, value: str, **by: Any) -> int:
    """Set a field of an event, whatever its reports say.

    Parties, items and instruments are separated by ";"; an empty value is none. A party is an id or a name that the
    database has. A wrong field or value is told with those that can be.

    \b
    Examples:
      tracker review edit e3f2a91c0 status in_force --why "the gazette has it"
      tracker review edit e3f2a91c0 targets "Huawei; SMIC" --why "both are on the list"
    """
    from tracker import review
    from tracker.cli import reviewing

    return reviewing.decide(obj, review.edit, event, field, value, **by)


@command.command("reject")
@click.argument("event")
@deciding
def reject(obj: dict[str, Any], /, event: str, **by: Any) -> int:
    """EVENT is no policy event: it is left out of the timeline.

    \b
    Examples:
      tracker review reject e3f2a91c0 --why "an opinion, nothing was decided"
    """
    from tracker import review
    from tracker.cli import reviewing

    return reviewing.decide(obj, review.reject, event, **by)


@command.command("accept")
@click.argument("event")
@click.option("--why", metavar="TEXT", default="right as it is", show_default=True, help="Why, in a few words.")
@who_option
@json_option
@click.pass_obj
def accept(obj: dict[str, Any], /, event: str, **by: Any) -> int:
    """EVENT is right as it is.

    \b
    Examples:
      tracker review accept e3f2a91c0
    """
    from tracker import review
    from tracker.cli import reviewing

    return reviewing.decide(obj, review.accept, event, **by)


@command.command("log")
@click.option("--open", "only_open", is_flag=True, help="Only those that hold.")
@limit_option
@json_option
@click.pass_obj
def log(obj: dict[str, Any], only_open: bool, limit: int, as_json: bool) -> None:
    """List all decisions, the newest first, with those that were closed.

    \b
    Examples:
      tracker review log
      tracker review log --open --json
    """
    from tracker.cli import render, review_text

    with open_timeline(obj) as timeline:
        found = timeline.judgements(closed=not only_open, limit=limit)
    if as_json:
        click.echo(render.as_json(found))
    else:
        render.show(*review_text.log(found))


@command.command("close")
@click.argument("judgement", metavar="ID")
@who_option
@json_option
@click.pass_obj
def close(obj: dict[str, Any], /, judgement: str, **by: Any) -> int:
    """Let a decision cease to hold: what it did is undone, the decision stays in the log.

    \b
    Examples:
      tracker review close j81c2
    """
    from tracker import review
    from tracker.cli import reviewing

    return reviewing.decide(obj, review.close, judgement, **by)
