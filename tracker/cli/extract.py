"""`tracker extract`: the extraction contract on JSON lines, texts, pages and web addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.cli.options import readable

FORMS = ("jsonl", "text", "html")


@click.command("extract")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, callback=readable)
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), default="-", help="Where to write.")
@click.option("--format", "form", type=click.Choice(FORMS), help="What the inputs are; else each is looked at.")
@click.option("--date", metavar="DATE", help="When inputs were published that do not tell: 2024-06-25.")
@click.option("--model", help="An installed spaCy package to use instead of the default.")
@click.option(
    "--ontology", type=click.Path(path_type=Path, dir_okay=False), help="A file of types, cues and parties of your own."
)
@click.option("--explain", is_flag=True, help="Add which cue, rule and span gave each field; in words on a terminal.")
@click.option("--stream", is_flag=True, help="Answer as the inputs come, naming events by what has come so far.")
@click.option("--words", is_flag=True, help="Explain in words wherever it goes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines, also on a terminal.")
@click.pass_obj
def command(obj: dict[str, Any], /, sources: tuple[str, ...], words: bool, as_json: bool, **options: Any) -> int:
    """Read articles and write their events and parties as JSON lines.

    SOURCE is a file or a web address, several of them, or - for standard input (the default): JSON lines (objects with
    "id" and "text", and "url", "title", "published_at", "lang" where they are known), plain text, or HTML. Events
    that are held to be the same across the input share an "event_id"; steps of one measure share a "measure_id".
    They are named when the last input has been read, whatever the order, and the answers are written then; with
    --stream, and in words, which tell no such names, each answer as soon as it is known. Offsets refer to the
    article's text, which the answer to a text, page or address carries.

    Exit code 65 where an input could not be read, 69 where an address gave no page; the others are read all the same.

    \b
    Examples:
      tracker extract articles.jsonl > events.jsonl
      tracker extract --date 2024-06-25 statement.txt saved-page.html
      tracker extract --explain https://www.example.org/news/one-article
      tracker extract --explain --stream - < articles.jsonl | head -1
    """
    from tracker.cli import extracting

    if words and as_json:
        raise click.UsageError("--words and --json exclude each other.")
    how = extracting.How(
        explain=options.pop("explain"), stream=options.pop("stream"), in_words=words if words or as_json else None
    )
    load = extracting.reader(options.pop("model"), options.pop("ontology"))
    return extracting.extract(obj["config"], sources, how=how, load=load, **options)
