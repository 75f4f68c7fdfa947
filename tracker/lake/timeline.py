"""The timeline as Parquet: which tables there are, and how they are written. docs/lake-timeline.md says what they mean.

    DIR/timeline/timeline.json          the manifest: format, versions, rows and files of each table
    DIR/timeline/event/2024-000.parquet those of 2024, in the order of the timeline
    DIR/timeline/entity/000.parquet     a table without days: in the order of its key

Tables that belong to events are cut by the year of the event's day and sorted by day and number, so that a question
about some days reads those files, and of them those groups of rows. It knows nothing of what is asked, nor of SQLite.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker import saving
from tracker.errors import InputError, LakeError
from tracker.extras import needed

if TYPE_CHECKING:  # of the extra `lake`
    import pyarrow as pa

Row: TypeAlias = Sequence[Any]  # values in the order of a table's columns

FORMAT = 1
FOLDER = "timeline"
MANIFEST = "timeline.json"
GROUP = 20_000  # rows of a group
MOST_ROWS = 1_000_000  # of a file
UNDATED = "0000"
# What an event has several of, by the field that it is asked for by: lists of values, as `tracker.store.facets` has
# them. What it has one of are columns of their own.
FACETS = (
    "actor",
    "target",
    "actor_seat",
    "target_seat",
    "pair",
    "actor_state",
    "actor_target",
    "party_kind",
    "item",
    "instrument",
    "source",
    "tier",
    "tag",
    "language",
    "amount",
    "lag",
    "notice",
)
PARTY = "list<struct<id:text,name:text,kind:text,country:text,wikidata:text,first_seen_at:text>>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its columns with their types, and whether it is cut by the year of a day (its first column, `at`)."""

    columns: Mapping[str, str]
    by_year: bool = False


def _columns(**kinds: str) -> dict[str, str]:
    """Columns by kind: names with blanks between."""
    return {name: kind for kind, names in kinds.items() for name in names.split()}


EVENT = (
    {"at": "int", "number": "int"}
    | _columns(
        text="id day type subtype status direction certainty announced_on announced_basis effective_on effective_basis"
        " summary measure_id first_reported announced_from announced_to day_to effective_from effective_to"
        " first_seen_at changed_at lead_id verdict edited url quote measure_title"
    )
    | {"confidence": "real"}
    | _columns(int="origins reports sources changes", flag="reviewed contradicted")
    | dict.fromkeys(("actors", "targets", "items", "instruments"), "list<text>")
    | {"acting": PARTY, "targeted": PARTY}
    | {f"facet_{name}": "list<text>" for name in FACETS}
    | _columns(text="parties things quotes words")
)
TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "event": Table(columns=EVENT, by_year=True),
        "report": Table(
            columns=(
                {"at": "int"}
                | _columns(
                    text="event_id id article_id source_id source_name tier url title language origin published"
                    " published_basis type status direction certainty announced_on effective_on quote reader notice"
                    " detail",
                    int="position withdrawn leads",
                    real="confidence",
                )
            ),
            by_year=True,
        ),
        "report_amount": Table(
            columns=(
                {"at": "int"}
                | _columns(text="event_id report_id kind comparison unit per text", int="position", real="value upper")
            ),
            by_year=True,
        ),
        "contradiction": Table(
            columns=(
                {"at": "int"}
                | _columns(text="event_id field value words because", int="position origins")
                | {"sources": "list<text>", "report_ids": "list<text>"}
            ),
            by_year=True,
        ),
        "measure": Table(columns=_columns(text="id title status since first_seen_at")),
        "measure_step": Table(
            columns=_columns(
                text="measure_id day status event_id words quote source_name url", int="position inferred origins"
            )
        ),
        "measure_link": Table(columns=_columns(text="measure_id other_id kind event_id reasons", real="score")),
        "redirect": Table(columns=_columns(text="old_id new_id")),
        "judgement": Table(
            columns=(
                _columns(
                    text="id kind scope subject object field value who why evidence decided_at closed_at closed_by"
                )
                | dict.fromkeys(("left", "right"), "list<text>")
            )
        ),
        "entity": Table(
            columns=_columns(text="id name kind country wikidata parent first_seen_at merged_into merged_because")
        ),
        "alias": Table(columns=_columns(text="folded name how entity_id")),
        "called": Table(columns=_columns(text="entity_id words how article_id url", int="articles")),
        "source": Table(columns=_columns(text="id name kind url tier language country tags")),
        "facet": Table(columns=_columns(text="field value name words", int="events rejected")),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the manifest says: rows of each table, its files with their sizes, and the facts that were told."""

    rows: Mapping[str, int]
    files: Mapping[str, tuple[str, ...]]
    size: int
    about: Mapping[str, Any]


def schema(name: str) -> pa.Schema:
    """The Arrow schema of a table."""
    pa = _arrow()
    return pa.schema([(column, _type(pa, kind)) for column, kind in TABLES[name].columns.items()])


def write(
    tables: Mapping[str, Iterable[Row | pa.RecordBatch]], folder: Path, *, about: Mapping[str, Any] | None = None
) -> Written:
    """Write the tables of a timeline to `folder/timeline`, which takes the place of one that is there when it is whole.

    Args:
        tables: of each table (those of `TABLES`; one that is not named is empty) its rows in their order, as values in
            the order of its columns or as record batches of `schema(name)`. Tables with days come by (at, number), what
            belongs to events in the order of these, the others by their first columns. They are gone through one after
            another, and only one group of rows of each is in memory; those that are cut by year may come together.
        folder: the lake.
        about: what else the manifest is to tell: the cursor of the last change, the clock, versions.

    Raises:
        InputError: the folder cannot be written, a library is missing, or there is no such table.
    """
    if unknown := sorted(tables.keys() - TABLES.keys()):
        raise InputError(f"{unknown[0]!r} is no table of a timeline; use {', '.join(TABLES)}")
    place = folder / FOLDER
    new = folder / f".{FOLDER}-{os.getpid()}"
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        try:
            found = {name: _write_table(name, tables.get(name, ()), new / name) for name in TABLES}
            written = _manifest(new, found, about or {})
            _put(new, place)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise InputError(f"{folder}: the lake cannot be written: {error.strerror or error}") from error
    return written


def read(folder: Path) -> Written:
    """What the manifest of a timeline says.

    Raises:
        LakeError: there is none, it is damaged, or a later tracker wrote it.
    """
    file = folder / FOLDER / MANIFEST
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        version, tables = int(told["format"]), told["tables"]
        written = Written(
            rows={name: int(one["rows"]) for name, one in tables.items()},
            files={name: tuple(map(str, one["files"])) for name, one in tables.items()},
            size=sum(sum(one["files"].values()) for one in tables.values()),
            about=told["about"],
        )
    except FileNotFoundError:
        raise LakeError(f"{folder}: no timeline lies there; `tracker lake {folder}` writes one") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LakeError(f"{file}: is no manifest of a timeline ({error}); write the lake anew") from error
    if version != FORMAT:
        raise LakeError(
            f"{file}: has the format {version}, this tracker knows {FORMAT}; upgrade tracker, or write the lake anew"
        )
    _look(folder / FOLDER, written.files)
    return written


def _look(place: Path, files: Mapping[str, tuple[str, ...]]) -> None:
    """See that all files are there and none lies elsewhere."""
    for name in TABLES:
        if not files.get(name):
            raise LakeError(f"{place / name}: a table of the lake is missing; write the lake anew")
        for file in files[name]:
            if Path(file).name != file or not (place / name / file).is_file():
                raise LakeError(f"{place / name / file}: a file of the lake is missing; write the lake anew")


def _write_table(name: str, rows: Iterable[Row | pa.RecordBatch], folder: Path) -> dict[str, Any]:
    """One table as one file or several; its rows and the sizes of its files."""
    folder.mkdir()
    told, files = 0, dict[str, int]()
    for part, batches in groupby(_parts(name, _batches(name, rows)), lambda one: one[0]):
        file = folder / f"{part}.parquet"
        if file.exists():
            raise ValueError(f"the rows of {name!r} are not in the order of their days")
        told += _write_file(name, file, (batch for _, batch in batches))
        files[file.name] = file.stat().st_size
    if not files:  # so that there are columns to be asked
        file = folder / (f"{UNDATED}-000.parquet" if TABLES[name].by_year else "000.parquet")
        _write_file(name, file, ())
        files[file.name] = file.stat().st_size
    return {"rows": told, "files": files}


def _parts(name: str, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Each batch with the name of its file: of the year, where the table is cut by it, and the number of the file."""
    if not TABLES[name].by_year:
        rows = 0
        for batch in batches:
            yield f"{rows // MOST_ROWS:03}", batch
            rows += batch.num_rows
        return
    for year, some in groupby(_by_year(batches), lambda one: one[0]):
        rows = 0
        for _, batch in some:
            yield f"{year:04}-{rows // MOST_ROWS:03}", batch
            rows += batch.num_rows


def _by_year(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Batches none of which reaches over the end of a year."""
    for batch in batches:
        start = 0
        for year, some in groupby(batch.column(0).to_pylist(), lambda at: at // 10000):
            rows = sum(1 for _ in some)
            yield year, batch.slice(start, rows)
            start += rows


def _batches(name: str, rows: Iterable[Row | pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows, and batches as they are, as batches."""
    pa = _arrow()
    made, source = schema(name), iter(rows)
    first = next(source, None)
    while first is not None:
        if isinstance(first, pa.RecordBatch):
            yield first
        else:
            group = [first, *islice(source, GROUP - 1)]
            arrays = [pa.array(column, type=of.type) for column, of in zip(zip(*group, strict=True), made, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=made)
        first = next(source, None)


def _write_file(name: str, file: Path, batches: Iterable[pa.RecordBatch]) -> int:
    """Write one file, in groups of rows; how many rows."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - of an extra

    pa = _arrow()
    rows, waiting, many = 0, list[Any](), 0
    with pq.ParquetWriter(file, schema(name), compression="zstd", compression_level=3) as writer:
        for batch in batches:
            waiting.append(batch)
            many += batch.num_rows
            if many >= GROUP:
                writer.write_table(pa.Table.from_batches(waiting), row_group_size=GROUP)
                rows, waiting, many = rows + many, [], 0
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting), row_group_size=GROUP)
    return rows + many


def _manifest(folder: Path, found: Mapping[str, Any], about: Mapping[str, Any]) -> Written:
    told = {"format": FORMAT, "about": dict(about), "tables": found}
    with saving.replaced(folder / MANIFEST) as out:
        out.write(json.dumps(told, indent=1, ensure_ascii=False).encode() + b"\n")
    return Written(
        rows={name: one["rows"] for name, one in found.items()},
        files={name: tuple(one["files"]) for name, one in found.items()},
        size=sum(sum(one["files"].values()) for one in found.values()),
        about=about,
    )


def _put(new: Path, place: Path) -> None:
    """Put a folder in its place; that of before is taken away first, and put back where that fails."""
    old = new.with_name(f"{new.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    had = place.exists()
    if had:
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if had:
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _type(pa: Any, kind: str) -> pa.DataType:
    if kind.startswith("list<"):
        return pa.list_(_type(pa, kind[5:-1]))
    if kind.startswith("struct<"):
        return pa.struct([(name, _type(pa, of)) for name, of in (one.split(":") for one in kind[7:-1].split(","))])
    return {"text": pa.string(), "int": pa.int64(), "real": pa.float64(), "flag": pa.bool_()}[kind]


def _arrow() -> Any:
    return needed("pyarrow", "a lake", extra="lake")
