"""Options that several commands share, and what they open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from tracker.cli.choices import OneOf
from tracker.model import Certainty, Direction, EventType, Given, PartyKind, Status, Tier
from tracker.urls import is_http

if TYPE_CHECKING:  # imported when called: neither may slow down `tracker --help`
    from tracker.config import Config
    from tracker.query import Timeline

Command = TypeVar("Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

# The filters of `tracker.query`, under the same names.
CHOICES = {
    "type": (EventType, "Type of event"),
    "status": (Status, "What stage the measure is at"),
    "direction": (Direction, "Effect on the freedom of the target"),
    "certainty": (Certainty, "What the account rests on"),
    "party-kind": (PartyKind, "What a party in either role is"),
    "tier": (Tier, "Reported by a source of this tier"),
}
WORDS = {
    "subtype": "A subtype of your ontology file.",
    "actor": "Who acts: a name, country code or id.",
    "target": "Whom it hits or helps: likewise.",
    "party": "In either role.",
    "country": "Seat of a party in either role: ISO code or name.",
    "pair": "Seats of who acts and of who is hit: US>CN; of one: US>.",
    "item": "Goods, technology or named rule at stake.",
    "instrument": "A named law, list or rule alone.",
    "amount": "An amount that is told: '>=1bn USD', 'rate>=25%'.",
    "source": "Reported by the source with this id.",
    "tag": "Reported by a source with this tag.",
    "language": "Reported in this language: ISO 639-1.",
    "measure": "A step of the measure with this id.",
}


def readable(ctx: click.Context, param: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """The inputs of `tracker extract`: files that are there, http(s) addresses, standard input where none is named."""
    file = click.Path(exists=True, dir_okay=False, allow_dash=True)
    for name in names:
        if "://" not in name:
            file.convert(name, param, ctx)
        elif not is_http(name):
            raise click.BadParameter(f"{name!r} is no http(s) address and no file.", ctx=ctx, param=param)
    return names or ("-",)


def _remember(ctx: click.Context, _param: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        ctx.obj = {**ctx.obj, "lake": folder}


lake_option = click.option(
    "--lake",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    expose_value=False,
    callback=_remember,
    help="Ask this lake (`tracker lake`) instead of the database.",
)


def event_filters(command: Command) -> Command:
    """Give a command the filters of the timeline, and those of a saved query where they are not given."""
    options = [
        lake_option,
        click.option("--query", "saved", metavar="NAME", help="A saved query; filters beside it go before its own."),
    ]
    options += [
        click.option(
            f"--{name}", multiple=True, type=OneOf([one.value for one in kind]), help=f"{words}: {', '.join(kind)}."
        )
        for name, (kind, words) in CHOICES.items()
    ]
    options += [click.option(f"--{name}", multiple=True, help=words) for name, words in WORDS.items()]
    options += [
        *date_options(),
        click.option("--text", metavar="WORDS", help="Full text of summary, parties, items and quotes."),
        click.option("--min-confidence", type=click.FloatRange(0, 1), help="At least so sure."),
        click.option("--min-origins", type=click.IntRange(min=1), help="At least so many independent accounts."),
        click.option("--rejected", is_flag=True, help="Only what a person rejected; else it is left out."),
        click.option("--reviewed", is_flag=True, default=None, help="Only what a person accepted or edited."),
        click.option("--contradicted", is_flag=True, default=None, help="Only what accounts disagree on."),
    ]
    asking: Any = with_saved(command)
    for option in reversed(options):
        asking = option(asking)
    return cast("Command", asking)


def date_options() -> list[Callable[[Any], Any]]:
    """The filters that are about time."""
    return [
        click.option("--on", type=click.Choice(["announced", "effective", "first_seen"]), help="Which date is meant."),
        click.option("--since", metavar="DATE", help="From this date on: 2024-10, 2024-Q2, yesterday, 30d (ago)."),
        click.option("--until", metavar="DATE", help="Up to and including this date: also +30d (ahead)."),
        click.option("--between", metavar="A..B", help="From the first of A to the last of B: 2024-06..2024-09."),
        click.option("--last", metavar="TIME", help="In the time that ends today: 30d, 6w, 3m, 1y."),
        click.option("--in-force-on", metavar="DATE", help="What holds on that day."),
        click.option("--upcoming", is_flag=True, default=None, help="What takes effect today or later."),
        click.option("--within", metavar="TIME", help="With --upcoming: no further ahead than 30d, or a date."),
        click.option(
            "--changed-since", type=click.IntRange(min=0), metavar="CURSOR", help="Changed after this cursor."
        ),
        click.option(
            "--as-of", metavar="DATE", help="What was known then: at the end of that day, or at a time (UTC)."
        ),
    ]


def with_saved(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the filters (and the order) of the saved query that is named."""

    @wraps(command)
    def asking(*args: Any, saved: str | None = None, **given: Any) -> Any:
        if saved is not None:
            from tracker.cli import queries_text

            query = queries_text.find(click.get_current_context().obj, saved)
            filters = {name: value for name, value in queries_text.filters(query).items() if not is_stated(given[name])}
            given |= filters | ({"oldest": True} if query.oldest and "oldest" in given else {})
        return command(*args, **given)

    return asking


def is_stated(value: object) -> bool:
    """Whether an option was given a value."""
    return value is not None and value != () and value is not False


def stated(filters: Mapping[str, Any]) -> dict[str, Given]:
    """The filters of a command line that were given, as texts."""
    return {
        name: tuple(map(str, value))
        if isinstance(value, tuple)
        else str(value).lower()
        if value is True
        else str(value)
        for name, value in filters.items()
        if is_stated(value)
    }


def open_config(obj: dict[str, Any]) -> Config:
    """The configuration that --config, --db and the environment name."""
    from tracker import config

    found = config.load(obj["config"])
    return found.with_database(obj["db"]) if obj["db"] else found


def database(obj: dict[str, Any]) -> Path:
    """The database that is meant; the sources of feeds.yaml are not checked for a question."""
    from tracker import config

    return obj["db"] or config.database(obj["config"])


def open_timeline(obj: dict[str, Any]) -> Timeline:
    """The database, or the lake that is named, for questions."""
    from tracker.cli.clock import now
    from tracker.query import Timeline

    if folder := obj.get("lake"):
        from tracker.query import lakes

        return cast("Timeline", lakes.open_timeline(folder, clock=now))  # which it stands for, method by method
    return Timeline.open(database(obj), clock=now)
