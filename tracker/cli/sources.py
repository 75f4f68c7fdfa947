"""`tracker sources`: find, check, list, import and export the sources of feeds.yaml; decide about what is held back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from tracker.cli.options import json_option, open_config, open_timeline
from tracker.model import SourceKind, Tier
from tracker.model.assertions import Ruling

KIND = click.Choice([kind.value for kind in SourceKind])
TIER = click.Choice([tier.value for tier in Tier])
FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
all_option = click.option("--all", "everything", is_flag=True, help="All that is held back.")


class SourceCommands(click.Group):
    """A group that lists where no subcommand is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `list` before options that stand alone."""
        alone = not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)
        return super().parse_args(ctx, ["list", *args] if alone else args)


@click.group("sources", cls=SourceCommands)
def command() -> None:
    """Find sources, check them, list them with their health, exchange them with feed readers.

    \b
    Examples:
      tracker sources                                  the same as `tracker sources list`
      tracker sources add https://www.example.org/news --tier official --country US
      tracker sources check
      tracker sources health us-bis
      tracker sources held
      tracker sources import-opml feeds.opml --tier specialist
    """


@command.command("add", short_help="Find what lists articles at an address and add it.")
@click.argument("url")
@click.option("--id", help="Its id.  [default: made of host and title]")
@click.option("--name", help="Its name.  [default: the feed's title]")
@click.option("--kind", type=KIND, help="Take candidates of this kind alone.")
@click.option("--tier", type=TIER, help="How close to the actor.  [default: social for posts, else specialist]")
@click.option("--language", help="ISO 639-1 code.  [default: what feed or page say, else en]")
@click.option("--country", help="ISO 3166-1 code.  [default: by the top level of its address, else null]")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given again.")
@click.option("--group", help="The group of feeds.yaml it goes to.  [default: that of its tier]")
@click.option("--interval", help="Least time between two requests, such as 30m.  [default: 1h]")
@click.option("--dry-run", is_flag=True, help="Print the entry, write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Take the best without asking.")
@click.option("--pick", type=click.IntRange(min=1), metavar="N", help="Take the candidate with this number.")
@json_option
@click.pass_obj
def add(obj: dict[str, Any], /, url: str, **options: Any) -> int:
    """Find what lists articles at URL, try it, and write it into feeds.yaml.

    Looked for, in this order: the address itself; known services; feeds that the page names or links to; usual
    addresses; sitemaps, those of news first; links that repeat in the page. Every candidate is tried and shown.

    \b
    Examples:
      tracker sources add example.org/news
      tracker sources add https://mastodon.social/@somebody --tier social --tag trade
      tracker sources add https://www.example.org --dry-run
    """
    from tracker.cli import sourcing

    return sourcing.add(obj, url, **options)


@command.command("check", short_help="Check feeds.yaml, then ask each source once.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--config-only", is_flag=True, help="Only check feeds.yaml; ask nobody.")
@json_option
@click.pass_obj
def check(obj: dict[str, Any], ids: tuple[str, ...], config_only: bool, as_json: bool) -> int:
    """Check feeds.yaml, then ask each source (or those named) once and say what is wrong and what to do.

    Nothing is stored. Exit code 1 where a source fails, 78 where feeds.yaml is wrong.

    \b
    Examples:
      tracker sources check
      tracker sources check us-bis us-ofac
      tracker --config other.yaml sources check --config-only
    """
    found = open_config(obj).only(ids) if ids else open_config(obj)
    if config_only:
        from tracker.cli import book

        return book.check_file(found, as_json=as_json)
    from tracker.cli import sourcing

    return sourcing.check(found, ids, as_json=as_json)


@command.command("list", short_help="List the sources with their health.")
@click.option("--kind", type=KIND, help="Of this kind.")
@click.option("--tag", help="With this tag in feeds.yaml.")
@click.option("--group", help="Of this group of feeds.yaml.")
@click.option("--failing", is_flag=True, help="That failed when they were last asked.")
@click.option("--silent", is_flag=True, help="That have been silent for longer than their rhythm.")
@json_option
@click.pass_obj
def list_(obj: dict[str, Any], /, as_json: bool, **filters: Any) -> None:
    """List the sources: last answer, failures in a row, what they gave.

    \b
    Examples:
      tracker sources list --failing
      tracker sources list --group official --json
    """
    from tracker.cli import book, render

    rows = book.chosen(book.listed(obj), obj, **filters)
    if as_json:
        click.echo(render.as_json(rows))
    else:
        render.show(*render.sources(rows))


@command.command("health", short_help="Rhythm, silence, yield and alarms; one source in full.")
@click.argument("source_id", metavar="[ID]", required=False)
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=20, help="So many requests, and alarms, of ID.  [default: 20]"
)
@json_option
@click.pass_obj
def health(obj: dict[str, Any], source_id: str | None, limit: int, as_json: bool) -> None:
    """Show how often each source brings something new, how long it has been silent, what it yields, its alarms.

    With ID, all of that source, its alarms now and before, and the last requests for its listings.

    \b
    Examples:
      tracker sources health
      tracker sources health us-bis
    """
    from tracker.cli import book, health_text, render

    with open_timeline(obj) as timeline:
        rows = book.as_filed(timeline.sources(), obj)
        book.refuse_unmet(source_id, rows)
        found = timeline.source(source_id, limit=limit) if source_id else rows
    if as_json:
        click.echo(render.as_json(found))
    else:
        render.show(*(health_text.table(found) if isinstance(found, list) else health_text.detail(found)))


@command.command("held", short_help="What is held back, and why.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@json_option
@click.pass_obj
def held(obj: dict[str, Any], ids: tuple[str, ...], as_json: bool) -> None:
    """Show what refreshes have held back: of which source, why, and some of the articles.

    Held articles are stored and read, and their reports make no events until you decide.

    \b
    Examples:
      tracker sources held
      tracker sources held us-bis --json
    """
    from tracker.cli import holding

    holding.show(obj, ids, as_json=as_json)


@command.command("release", short_help="Publish what is held back.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@all_option
@json_option
@click.pass_obj
def release(obj: dict[str, Any], ids: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Let what is held back of these sources make events.

    That is what these sources are like from now on: later articles are compared with what is released.

    \b
    Examples:
      tracker sources release us-bis
      tracker sources release --all
    """
    from tracker.cli import holding

    holding.decide(obj, Ruling.RELEASED, ids, everything=everything, as_json=as_json)


@command.command("discard", short_help="Keep out for good what is held back.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@all_option
@json_option
@click.pass_obj
def discard(obj: dict[str, Any], ids: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Keep what is held back of these sources out for good: the articles stay, and never make events.

    \b
    Examples:
      tracker sources discard us-bis
    """
    from tracker.cli import holding

    holding.decide(obj, Ruling.DISCARDED, ids, everything=everything, as_json=as_json)


@command.command("retry", short_help="Have the pages of what is held back asked for again.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@all_option
@json_option
@click.pass_obj
def retry(obj: dict[str, Any], ids: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Have the next refresh ask again for the pages of what is held back, and judge them again.

    \b
    Examples:
      tracker sources retry us-bis
    """
    from tracker.cli import holding

    holding.decide(obj, Ruling.RETRIED, ids, everything=everything, as_json=as_json)


@command.command("remove", short_help="Take a source out of feeds.yaml.")
@click.argument("source_id", metavar="ID")
@click.pass_obj
def remove(obj: dict[str, Any], source_id: str) -> None:
    """Take a source out of feeds.yaml; what it gave stays in the database.

    \b
    Examples:
      tracker sources remove us-bis
    """
    from tracker.cli import book

    book.remove(obj, source_id)


@command.command("disable", short_help="Switch a source off.")
@click.argument("source_id", metavar="ID")
@click.pass_obj
def disable(obj: dict[str, Any], source_id: str) -> None:
    """Switch a source off: 'enabled: false' in feeds.yaml.

    \b
    Examples:
      tracker sources disable us-bis
    """
    from tracker.cli import book

    book.switch(obj, source_id, enabled=False)


@command.command("enable", short_help="Switch a source on again.")
@click.argument("source_id", metavar="ID")
@click.pass_obj
def enable(obj: dict[str, Any], source_id: str) -> None:
    """Switch a source on again.

    \b
    Examples:
      tracker sources enable us-bis
    """
    from tracker.cli import book

    book.switch(obj, source_id, enabled=True)


@command.command("import-opml", short_help="Add the feeds of an OPML file.")
@click.argument("file", type=FILE)
@click.option("--group", help="One group for all of them.  [default: their outermost folders]")
@click.option("--tier", type=TIER, default=Tier.SPECIALIST.value, show_default=True, help="OPML has none.")
@click.option("--language", default="en", show_default=True, help="Of feeds whose outline names none.")
@click.option("--dry-run", is_flag=True, help="Print the entries, write nothing.")
@json_option
@click.pass_obj
def import_opml(obj: dict[str, Any], /, file: Path, **options: Any) -> None:
    """Add the feeds of an OPML file that are not in feeds.yaml yet; "-" reads standard input.

    \b
    Examples:
      tracker sources import-opml subscriptions.opml --dry-run
      tracker sources import-opml subscriptions.opml --group reader --tier major
    """
    from tracker.cli import opml

    opml.bring(obj, file, **options)


@command.command("export-opml", short_help="Write the feeds as OPML.")
@click.argument("file", type=FILE, default="-")
@json_option
@click.pass_obj
def export_opml(obj: dict[str, Any], file: Path, as_json: bool) -> None:
    """Write the feeds of feeds.yaml as OPML 2.0 to FILE, or to standard output.

    \b
    Examples:
      tracker sources export-opml feeds.opml
    """
    from tracker.cli import opml

    told = opml.give(open_config(obj), file)
    click.echo(json.dumps(told) if as_json else opml.words(told), file=sys.stderr if str(file) == "-" else None)
