"""What `tracker export` does: ask the timeline for what a format is written from, and hand it to the writer."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click

from tracker.cli import options
from tracker.cli.clock import now
from tracker.dates import prefix
from tracker.export import formats, manifest
from tracker.export.formats import FORMATS, Format, Source
from tracker.model import About, Cell
from tracker.query import EventRow, Timeline, exports
from tracker.store.connection import SCHEMA_VERSION

LATEST = 100  # entries of a feed, unless more are asked for
TITLE = "Timeline of policy events"


def export(
    obj: dict[str, Any],
    form: str,
    *,
    saved: str | None,
    limit: int | None,
    oldest: bool,
    output: Path | None,
    reports: bool,
    link: str | None,
    **filters: Any,
) -> None:
    """Write one export; the words at the end go to standard error where the export went to standard output."""
    write = formats.writer(form, reports=reports)
    with options.open_timeline(obj) as timeline, timeline.still() as cursor:
        about = _about(obj, saved, filters, cursor, link)
        asked = {**filters, "order": "oldest" if oldest else "newest"}
        found = _found(timeline, FORMATS[form], asked, limit=limit, reports=reports)
        if output is not None:
            count = formats.save(found, output, form=form, about=about, reports=reports)
            click.echo(f"{count} event{'' if count == 1 else 's'} written to {output}")
        elif form == "parquet" and sys.stdout.isatty():
            raise click.UsageError("Parquet is no text for a terminal; write a file with -o FILE")
        else:
            write(formats.placed(found, form), sys.stdout.buffer, about)
            sys.stdout.buffer.flush()


def verified(file: Path) -> str:
    """What is to be said of a file that is as its manifest says; raises InputError for one that is not."""
    count = manifest.verify(file)
    return f"{file}: as it was written, {count} event{'' if count == 1 else 's'}"


def write_rows(found: Sequence[EventRow], form: str) -> None:
    """Some events on standard output, as a table in a format of exports."""
    about = About(title=TITLE, query=None, filters={}, as_of="", cursor=0, schema=SCHEMA_VERSION)
    FORMATS[form].write(map(exports.row, found), sys.stdout.buffer, about)
    sys.stdout.buffer.flush()


def _found(
    timeline: Timeline, kind: Format, asked: Mapping[str, Any], *, limit: int | None, reports: bool
) -> Iterable[Any]:
    if kind.latest:
        return timeline.whole(**{**asked, "order": None}, limit=limit or LATEST)
    if kind.source is Source.WHOLE:
        return timeline.whole(**asked, limit=limit)
    if kind.source is Source.LINES and not asked.get("as_of"):
        return islice(timeline.lines(**asked), limit)
    rows = islice(timeline.rows(**asked), limit)
    return _details(timeline, rows, asked.get("as_of")) if reports else rows


def _details(timeline: Timeline, rows: Iterable[Sequence[Cell]], as_of: str | None) -> Iterator[dict[str, Any]]:
    return (timeline.event(str(one[0]), as_of=as_of).to_dict() for one in rows)


def _about(obj: dict[str, Any], saved: str | None, filters: Mapping[str, Any], cursor: int, link: str | None) -> About:
    from tracker.cli import queries_text

    return About(
        title=queries_text.find(obj, saved).title if saved else TITLE,
        query=saved,
        filters=options.stated(filters),
        as_of=prefix(now()),
        cursor=cursor,
        schema=SCHEMA_VERSION,
        link=link,
    )
