"""GDELT's lists of files, and single tables: addresses of articles, which are yet to be fetched.

A line of a list (`bytes md5 url`) names a zipped table. It is taken from beside the list, as a mirror has it, else from
its address if that is GDELT's own. The Global Knowledge Graph is read; the table of events, which tells less of the
same articles, where a list has no other; other tables are passed over. A chunk is a range of the list's bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import unescape
from itertools import islice
from pathlib import Path

from tracker.archives import places
from tracker.archives.cutting import Part
from tracker.gdelt import tables, zipped
from tracker.model import WHOLE, Chunk, Item, Record
from tracker.urls import host, is_http

SOURCE = "gdelt"  # the source that sightings are of
OWN = "gdeltproject.org"  # whose addresses are asked for what does not lie beside a list
LOOKED_AT = 100  # lines of a list, which names the tables of a quarter of an hour together
MOST_LINE = 1_000  # bytes of a list's line
MOST_ZIPPED = 200_000_000  # bytes of a table; one has some ten million


def cut(name: str, chunk_bytes: int) -> Iterator[Part]:
    """The chunks of a list, by what its files have together; of a table one."""
    if tables.table(name) is not None:
        yield Part(part=WHOLE, size=places.look(name).size or 0)
        return
    begin = end = total = 0
    wanted = _wanted(name)
    for offset, line in _lines(name, 0):
        found = tables.LISTED.match(line)
        size = int(found["bytes"]) if found and tables.table(found["url"]) == wanted else 0
        if total and total + size > chunk_bytes:
            yield Part(part=(begin, offset), size=total)
            begin, total = offset, 0
        total, end = total + size, offset + len(line)
    if end > begin:
        yield Part(part=(begin, end), size=total)


def records(chunk: Chunk) -> Iterator[Record]:
    """The addresses of a chunk; a file that is not there or not what the list says is a fault, and the others go on."""
    if chunk.part == WHOLE:
        with places.opened(chunk.input) as file:
            yield from _articles(chunk.input, chunk.input, file.read(MOST_ZIPPED + 1))
        return
    wanted = _wanted(chunk.input)
    for offset, line in _lines(chunk.input, chunk.part[0]):
        if offset >= chunk.part[1]:
            return
        key, found = f"{chunk.input}#{offset}", tables.LISTED.match(line)
        if found is None and line.strip():
            yield Record(key=key, fault="no line of a list of GDELT's (bytes, MD5, address)")
        elif found is not None and tables.table(found["url"]) == wanted:
            yield from _listed(key, chunk.input, found["url"], found["md5"].lower())


def is_list(start: str) -> bool:
    """Whether a text begins as a list does."""
    return tables.LISTED.match(start.partition("\n")[0].strip()) is not None


def _wanted(name: str) -> str:
    lines = (line for _, line in islice(_lines(name, 0), LOOKED_AT))
    named = {tables.table(found["url"]) for line in lines if (found := tables.LISTED.match(line))}
    return tables.GKG if tables.GKG in named or tables.EXPORT not in named else tables.EXPORT


def _lines(name: str, begin: int) -> Iterator[tuple[int, str]]:
    """The lines from an offset on, at which one begins; what is longer than any line of a list is cut into several."""
    with places.opened(name) as file:
        at = begin
        file.seek(begin)
        while line := file.readline(MOST_LINE):
            yield at, line.decode("ascii", "replace")
            at += len(line)


def _listed(key: str, listed_in: str, url: str, md5: str) -> Iterator[Record]:
    """The addresses in a file that a list names."""
    try:
        place = _place(listed_in, url)
        with places.opened(place) as file:
            body = file.read(MOST_ZIPPED + 1)
    except places.MissingError as error:
        yield Record(key=key, fault=str(error))
        return
    if hashlib.md5(body, usedforsecurity=False).hexdigest() != md5:
        yield Record(key=key, fault=f"{place}: its MD5 is not what the list says")
        return
    yield from _articles(key, place, body)


def _place(listed_in: str, url: str) -> str:
    """Where a file that a list names is."""
    name = url.rpartition("/")[2]
    beside = f"{listed_in.rpartition('/')[0]}/{name}"
    if places.is_remote(listed_in) or Path(beside).is_file():
        return beside
    if is_http(url) and f".{host(url)}".endswith(f".{OWN}"):
        return url
    raise places.MissingError(f"{beside}: not found, and {url} is none of GDELT's own addresses")


def _articles(key: str, place: str, body: bytes) -> Iterator[Record]:
    """The articles of a table, each address once."""
    is_events = tables.table(place) == tables.EXPORT
    known: set[str] = set()
    if len(body) > MOST_ZIPPED:
        yield Record(key=key, fault=f"{place}: has more than {MOST_ZIPPED:,} bytes")
        return
    try:
        for number, line in enumerate(zipped.lines(body), start=1):
            where, cells = f"{place}:{number}", tables.cells(line, is_events=is_events)
            if cells is None:
                yield Record(key=where, fault="the row has too few columns")
            elif (seen := tables.event(cells) if is_events else tables.seen(cells)).url not in known:
                known.add(seen.url)
                yield _sighting(where, seen)
    except zipped.ZippedError as error:
        yield Record(key=key, fault=f"{place}: {error}")


def _sighting(key: str, seen: tables.Sighting) -> Record:
    if not is_http(seen.url):
        return Record(key=key, skipped="address not http")
    item = Item(
        source_id=SOURCE,
        url=seen.url,
        title=unescape(seen.title),
        author=seen.author or None,
        published=seen.published,
        language=seen.language,
    )
    return Record(key=key, item=item)
