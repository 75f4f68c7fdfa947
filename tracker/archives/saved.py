"""A folder of saved pages, each file one article: .html, .htm, .xhtml, .txt and .pdf, in the order of their names.

What a browser saves beside a page, hidden files and links are passed over. A chunk is a run of files by their number,
so that a folder whose files have changed is cut anew; one listing serves all chunks that a process reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import quote

from tracker.archives import places
from tracker.archives.cutting import Part, runs
from tracker.archives.payloads import MOST_BODY
from tracker.errors import ArchiveError
from tracker.model import Chunk, Page, Record

TYPES = MappingProxyType(
    {
        ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".txt": "text/plain",
        ".pdf": "application/pdf",
    }
)  # fmt: skip
BESIDE_A_PAGE = ("_files", "_file", "-Dateien", "_fichiers", "_archivos", ".files")  # what browsers call such folders
UNTOLD = datetime.fromtimestamp(0, tz=UTC)  # where a store does not tell when a file was written
FILE_COST = 10_000  # bytes that opening a file is worth when files are put together into chunks


def version(folder: str) -> str:
    """A hash of the names and sizes of a folder's pages."""
    digest = hashlib.sha256()
    for name, size in _listed(folder):
        digest.update(f"{name}\0{size}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def cut(folder: str, chunk_bytes: int) -> Iterator[Part]:
    """The chunks of a folder; of a single file one."""
    yield from runs((size + FILE_COST for _, size in _listed(folder)), chunk_bytes)


def records(chunk: Chunk) -> Iterator[Record]:
    """The pages of a chunk. Raises ArchiveError where the folder is not what it was."""
    for name in _names(chunk.input, chunk.version)[slice(*chunk.part)]:
        yield _record(name)


@lru_cache(maxsize=4)
def _names(folder: str, told: str) -> tuple[str, ...]:
    listed = _listed(folder)
    if version(folder) != told:
        raise ArchiveError(f"{folder}: its files have changed since they were planned; run the command again")
    return tuple(name for name, _ in listed)


def _listed(folder: str) -> list[tuple[str, int]]:
    inside = places.within(folder)
    if inside is None:
        return [(folder, places.look(folder).size or 0)]
    return [one for one in inside if _suffix(one[0]) in TYPES and not _is_beside(one[0][len(folder) :])]


def _is_beside(path: str) -> bool:
    return any(part.endswith(BESIDE_A_PAGE) for part in PurePosixPath(path).parts[:-1])


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _record(name: str) -> Record:
    key = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        seen = places.look(name)
        with places.opened(name) as file:
            body = file.read(MOST_BODY + 1)
    except ArchiveError as error:
        if places.is_remote(name):
            raise  # the network, rather than the file
        return Record(key=key, fault=str(error).removeprefix(f"{name}: "))
    if len(body) > MOST_BODY or not body.strip():
        return Record(key=key, skipped="too large" if body.strip() else "empty")
    address = name if places.is_remote(name) else f"file://{quote(name, errors='surrogateescape')}"
    page = Page(
        url=address,
        final_url=address,
        status=200,
        content_type=TYPES.get(_suffix(name), ""),
        body=body,
        fetched_at=seen.changed or UNTOLD,
    )
    return Record(key=key, page=page)
