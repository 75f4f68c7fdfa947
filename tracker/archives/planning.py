"""From archives to chunks and from a chunk to its records: the table of forms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from types import MappingProxyType

from tracker.archives import gdelt_lists, lines, parquet, places, saved, warc
from tracker.archives.cutting import Part
from tracker.archives.inputs import Archive, archives
from tracker.errors import ArchiveError, InputError
from tracker.model import ArchiveForm, Chunk, Record

CHUNK_BYTES = 64_000_000  # of an archive as it lies: some 2,000 pages of a .warc.gz
ASKED_AT_ONCE = 16  # remote archives whose size is asked

Cut = Callable[[str, places.Seen, int], Iterator[Part]]
Read = Callable[[Chunk, places.Seen], Iterator[Record]]

CUTS: Mapping[ArchiveForm, Cut] = MappingProxyType(
    {
        ArchiveForm.WARC: warc.cut,
        ArchiveForm.JSON_LINES: lines.cut,
        ArchiveForm.PARQUET: lambda name, _, chunk_bytes: parquet.cut(name, chunk_bytes),
        ArchiveForm.PAGES: lambda name, _, chunk_bytes: saved.cut(name, chunk_bytes),
        ArchiveForm.GDELT: lambda name, _, chunk_bytes: gdelt_lists.cut(name, chunk_bytes),
    }
)
READS: Mapping[ArchiveForm, Read] = MappingProxyType(
    {
        ArchiveForm.WARC: warc.records,
        ArchiveForm.JSON_LINES: lines.records,
        ArchiveForm.PARQUET: parquet.records,
        ArchiveForm.PAGES: lambda chunk, _: saved.records(chunk),
        ArchiveForm.GDELT: lambda chunk, _: gdelt_lists.records(chunk),
    }
)
NOT_SEEN = places.Seen(size=None, version="", changed=None)


def plan(
    inputs: Iterable[str],
    *,
    form: ArchiveForm | None = None,
    chunk_bytes: int = CHUNK_BYTES,
    base: str | None = None,
) -> tuple[Chunk, ...]:
    """The chunks of all inputs, by the names of their files and their place in them.

    The same inputs give the same chunks, in whatever order and however they were named: ids are made of the file's
    absolute name, its form, its size (or ETag) and the part. An empty file has none.

    Args:
        inputs: paths, patterns, folders, fsspec URLs, lists of paths.
        form: of all files; None: told by how they are called.
        chunk_bytes: how large a chunk is at most, but for what cannot be cut.
        base: what the lines of lists of paths are relative to; None: found by where the list lies.

    Raises:
        InputError: an input is not there, is no archive, or needs a library that is not installed.
    """
    if chunk_bytes < 1:
        raise InputError(f"a chunk of {chunk_bytes} bytes holds nothing; give at least 1")
    found = archives(inputs, form=form, base=base)
    if not any(places.is_remote(one.name) for one in found):
        return tuple(chain.from_iterable(_chunks(one, chunk_bytes) for one in found))
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        return tuple(chain.from_iterable(pool.map(lambda one: _chunks(one, chunk_bytes), found)))


def records(chunk: Chunk) -> Iterator[Record]:
    """What a chunk holds, one by one, in bounded memory.

    Raises:
        ArchiveError: the input is gone, has changed since it was cut, cannot be reached, or is not of its form.
    """
    if chunk.form is ArchiveForm.PAGES:
        yield from READS[chunk.form](chunk, NOT_SEEN)
        return
    seen = places.look(chunk.input)
    if seen.version != chunk.version:
        raise ArchiveError(f"{chunk.input}: has changed since its chunks were planned; run the command again")
    yield from READS[chunk.form](chunk, seen)


def _chunks(archive: Archive, chunk_bytes: int) -> list[Chunk]:
    is_folder = archive.form is ArchiveForm.PAGES
    seen = NOT_SEEN if is_folder else places.look(archive.name)
    version = saved.version(archive.name) if is_folder else seen.version
    return [
        Chunk(
            id=_id(archive, one, version),
            input=archive.name,
            form=archive.form,
            part=one.part,
            size=one.size,
            version=version,
        )
        for one in CUTS[archive.form](archive.name, seen, chunk_bytes)
    ]


def _id(archive: Archive, part: Part, version: str) -> str:
    told = json.dumps([archive.name, archive.form, part.part, version])
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:16]
