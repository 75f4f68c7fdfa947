"""`tracker extract`: the extraction contract on JSON lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tracker.errors import InputError


@click.command("extract")
@click.argument("source", type=click.Path(path_type=Path, allow_dash=True, exists=True, dir_okay=False), default="-")
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), default="-", help="Where to write.")
@click.option("--model", help="An installed spaCy package to use instead of the default.")
@click.option("--explain", is_flag=True, help="Add which cue, rule and span gave each field.")
def command(source: Path, output: Path, model: str | None, explain: bool) -> None:
    """Read articles as JSON lines and write their events and parties as JSON lines.

    SOURCE is a file, or - for standard input: one object a line with "id" and "text", and "url", "title",
    "published_at", "lang" where they are known. Events that are held to be the same across the input share an
    "event_id"; steps of one measure share a "measure_id".

    \b
    Examples:
      tracker extract articles.jsonl > events.jsonl
      tracker extract --explain - < articles.jsonl | head -1
    """
    from tracker import extraction, nlp
    from tracker.cli.progress import counted

    name = "standard input" if str(source) == "-" else str(source)
    if output.exists() and source.exists() and output.samefile(source):
        raise InputError(f"{output}: is the input too, which would be lost; name another file")
    reader = nlp.load(model)
    try:
        with (
            click.open_file(str(source), encoding="utf-8-sig") as lines,
            click.open_file(str(output), "w", encoding="utf-8", lazy=True) as out,
        ):
            found = extraction.articles(lines, name=name)
            for answer in counted(extraction.extract(found, reader, explain=explain), "articles read", sys.stderr):
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    except click.FileError as error:
        raise InputError(f"{error.filename}: {error.message}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 (byte {error.start}); convert it, for instance with iconv") from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"{error.filename}: {error.strerror}") from None
