"""The table of formats: what each is called, what it is written from, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from tracker import saving
from tracker.errors import InputError
from tracker.export import calendar, feeds, graph, manifest, objects, parquet, stix, tables
from tracker.model import EVENT_COLUMNS, About


class Source(StrEnum):
    """What a format is written from."""

    LINES = "lines"  # of CSV, or rows
    ROWS = "rows"  # tuples of EVENT_COLUMNS
    WHOLE = "whole"  # `Exported`


Write = Callable[[Iterable[Any], BinaryIO, About], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of exports."""

    source: Source
    write: Write
    reports: Write | None = None  # from whole objects, each with its reports
    keep: Callable[[Any], bool] | None = None  # of what is handed in, what the format has a place for; None: all
    latest: bool = False  # those that changed last first, and only so many
    columns: Mapping[str, str] = field(default_factory=dict)


COLUMNS = MappingProxyType({column.name: column.kind.value for column in EVENT_COLUMNS})


def _bare(write: Callable[[Iterable[Any], BinaryIO], None]) -> Write:
    """A writer that does not say what its file is about."""
    return lambda found, out, _about: write(found, out)


def _of_rows(write: Callable[[Iterable[Any], BinaryIO], None]) -> Write:
    """A writer of objects, given rows."""
    return lambda found, out, _about: write(objects.from_rows(found), out)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format(source=Source.LINES, write=_bare(tables.csv_table), columns=COLUMNS),
        "tsv": Format(source=Source.ROWS, write=_bare(tables.tsv), columns=COLUMNS),
        "jsonl": Format(
            source=Source.ROWS, write=_of_rows(objects.jsonl), reports=_bare(objects.jsonl), columns=COLUMNS
        ),
        "json": Format(
            source=Source.ROWS, write=_of_rows(objects.json_array), reports=_bare(objects.json_array), columns=COLUMNS
        ),
        "markdown": Format(
            source=Source.ROWS, write=_bare(tables.markdown), columns={name: COLUMNS[name] for name in tables.SHOWN}
        ),
        "parquet": Format(source=Source.ROWS, write=_bare(parquet.write), columns=parquet.columns()),
        "atom": Format(source=Source.WHOLE, write=feeds.atom, latest=True),
        "jsonfeed": Format(source=Source.WHOLE, write=feeds.jsonfeed, latest=True),
        "ics": Format(source=Source.WHOLE, write=calendar.write, keep=calendar.has_place),
        "stix": Format(source=Source.WHOLE, write=stix.write),
        "graphml": Format(source=Source.WHOLE, write=_bare(graph.write)),
    }
)


@dataclass(slots=True)
class Counted:
    """An iterable that knows how many it has given."""

    source: Iterable[Any]
    count: int = 0

    def __iter__(self) -> Iterator[Any]:
        """Pass on and count."""
        for one in self.source:
            self.count += 1
            yield one


def writer(form: str, *, reports: bool) -> Write:
    """Who writes a format, with the reports of each event or without; InputError where it has no place for them."""
    found = FORMATS[form]
    if not reports:
        return found.write
    if found.reports is None:
        able = ", ".join(name for name, one in FORMATS.items() if one.reports)
        raise InputError(f"{form} has no place for reports; use {able}")
    return found.reports


def placed(found: Iterable[Any], form: str) -> Iterable[Any]:
    """What a format has a place for."""
    keep = FORMATS[form].keep
    return found if keep is None else filter(keep, found)


def save(found: Iterable[Any], file: Path, *, form: str, about: About, reports: bool = False) -> int:
    """Write a file and its manifest; the number of events.

    Raises:
        InputError: the file cannot be written, or a library is missing.
    """
    counted = Counted(placed(found, form))
    with saving.replaced(file) as out:
        tally = saving.Tally(out)
        writer(form, reports=reports)(counted, tally.stream(), about)
    manifest.write(
        file,
        form=form,
        rows=counted.count,
        size=tally.bytes,
        sha256=tally.sha256,
        columns={} if reports else FORMATS[form].columns,
        about=about,
    )
    return counted.count
