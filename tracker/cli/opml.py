"""`tracker sources import-opml` and `export-opml`: files read and written, and what was done told."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tracker.cli.book import book as open_book
from tracker.config import Config, opml, writing
from tracker.errors import InputError
from tracker.model import Tier

SHOWN = 5  # feeds named that were there already


def bring(
    obj: Mapping[str, Any],
    file: Path,
    *,
    group: str | None,
    tier: str,
    language: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Add what an OPML file has and feeds.yaml has not."""
    book = open_book(obj)
    found = opml.read(_content(file), name="standard input" if str(file) == "-" else str(file))
    made = opml.entries(found.feeds, sources=book.sources, tier=Tier(tier), language=language, group=group)
    if made.entries:
        data = book.with_entries(made.entries)
        if not dry_run:
            writing.save(book.path, data)
    told = {
        "path": str(book.path),
        "written": bool(made.entries) and not dry_run,
        "added": [{"group": named, **entry} for named, entry in made.entries],
        "known": list(made.known),
        "notes": list(found.notes),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if dry_run:
        for named, entry in made.entries:
            click.echo(f"# group: {named}\n{writing.spelt(entry)}")
    for line in _lines(made, found, book.path, tier=tier, language=language, dry_run=dry_run):
        click.echo(line, err=dry_run)


def _lines(
    made: opml.Import, found: opml.Outlines, path: Path, *, tier: str, language: str, dry_run: bool
) -> list[str]:
    """What was done, in words."""
    done = "would be added to" if dry_run else "added to"
    lines = [f"{len(made.entries)} of {len(found.feeds)} feeds {done} {path}"]
    if made.entries:
        lines.append(f"tier {tier} for all, since OPML has none")
        lines += [] if dry_run else ["none has been asked yet: `tracker sources check` tries them"]
    if made.without_language:
        lines.append(f"language {language} for {made.without_language} that name none")
    if made.known:
        more = ", …" if len(made.known) > SHOWN else ""
        lines.append(f"{len(made.known)} are there already: {', '.join(made.known[:SHOWN])}{more}")
    return [*lines, *found.notes]


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(opml.MAX_BYTES + 1)
    try:
        with file.open("rb") as opened:
            return opened.read(opml.MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); check the path") from None


def give(found: Config, file: Path) -> dict[str, Any]:
    """Write the feeds of the sources that are switched on; what was written."""
    off = [source.id for source in found.sources if not source.enabled]
    written = opml.write((source for source in found.sources if source.enabled), title=str(found.path.stem))
    if str(file) == "-":
        sys.stdout.buffer.write(written.data)
    else:
        try:
            file.write_bytes(written.data)
        except OSError as error:
            raise InputError(f"{file}: cannot be written ({error.strerror}); check the folder") from None
    return {"path": str(file), "feeds": written.count, "no_feeds": list(written.left_out), "off": off}


def words(told: Mapping[str, Any]) -> str:
    """What was exported, in words."""
    lines = [f"{told['feeds']} feeds written to {'standard output' if told['path'] == '-' else told['path']}"]
    if told["no_feeds"]:
        lines.append(f"{len(told['no_feeds'])} sources left out that no feed reader can ask (other kinds than feeds)")
    if told["off"]:
        lines.append(f"{len(told['off'])} left out that are switched off")
    return "\n".join(lines)
