"""JSON lines in the contract of `tracker extract`: plain, or packed by gzip or zstd.

A plain file is cut by bytes; a chunk has the lines that begin in its range. A packed file cannot be entered in its
middle and is one chunk: who has large ones packs them in pieces. Lines are read one by one, none longer than MOST_LINE.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from typing import BinaryIO, cast

import zstandard

from tracker import jsonlines
from tracker.archives import places
from tracker.archives.cutting import Part, ranges
from tracker.archives.texts import identified
from tracker.errors import InputError
from tracker.model import WHOLE, Chunk, Record

MOST_LINE = 12_000_000  # bytes; an article has 400,000 characters at most, which JSON may write with six bytes each
ZSTD_WINDOW = 1 << 27  # bytes that a zstd stream may refer back to, as the program zstd allows without --long
PACKED = (".gz", ".zst")
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError)


def cut(name: str, seen: places.Seen, chunk_bytes: int) -> Iterator[Part]:
    """The chunks of a file."""
    if seen.size is None or name.lower().endswith(PACKED):
        yield Part(part=WHOLE, size=seen.size or 0)
    else:
        yield from ranges(seen.size, chunk_bytes)


def records(chunk: Chunk, seen: places.Seen) -> Iterator[Record]:
    """The records of a chunk; a file that ends early or is damaged has a last record that says so."""
    name = chunk.input
    with places.opened(name) as file:
        if not name.lower().endswith(PACKED):
            begin, end = chunk.part if chunk.part != WHOLE else (0, seen.size or 1 << 62)
            for offset, line in _between(file, begin, end):
                yield from _record(f"{name}#{offset}", line)
            return
        number = 0
        try:
            with _unpacking(name, file) as unpacked:
                for number, line in enumerate(_lines(unpacked), start=1):
                    yield from _record(f"{name}:{number}", line)
        except _BROKEN as error:
            yield Record(key=f"{name}:{number + 1}", fault=f"the packed file is damaged or ends early here ({error})")


def _unpacking(name: str, file: BinaryIO) -> BufferedIOBase:
    if name.lower().endswith(".zst"):
        unpacker = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        return cast("BufferedIOBase", unpacker.stream_reader(file, read_across_frames=True, closefd=False))
    return gzip.GzipFile(fileobj=file)


def _between(file: BinaryIO, begin: int, end: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines that begin in a range, each with its offset."""
    at = begin
    if begin > 0:
        file.seek(begin - 1)
        at = begin - 1 + _passed(file, end - begin + 1)
    while at < end:
        line = file.readline(MOST_LINE + 1)
        if not line:
            return
        length = len(line)
        if length > MOST_LINE:
            length += _passed(file, 1 << 62) if not line.endswith(b"\n") else 0
            yield at, None
        else:
            yield at, line
        at += length


def _lines(file: BufferedIOBase) -> Iterator[bytes | None]:
    """All lines; None for one that is too long. What comes before a fault is given before it."""
    held, is_long = b"", False
    while piece := file.read1(1 << 18):
        *ended, rest = (held + piece).split(b"\n")
        for line in ended:
            yield None if is_long or len(line) > MOST_LINE else line
            is_long = False
        held = rest
        if len(held) > MOST_LINE:
            held, is_long = b"", True
    if held or is_long:
        yield None if is_long else held


def _passed(file: BinaryIO, most: int) -> int:
    """Go behind the next end of a line, which is looked for in `most` bytes; how far that was."""
    passed = 0
    while passed < most and (piece := file.readline(1 << 16)):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed


def _record(key: str, line: bytes | None) -> Iterator[Record]:
    """The record of a line; none of a blank one."""
    if line is None:
        yield Record(key=key, fault=f"the line has more than {MOST_LINE:,} bytes")
        return
    try:
        text = line.decode("utf-8").lstrip("\ufeff")
        if text.strip():
            yield Record(key=key, article=identified(jsonlines.article(text, key)))
    except UnicodeDecodeError as error:
        yield Record(key=key, fault=f"not UTF-8 (byte {error.start + 1} of the line)")
    except InputError as error:
        yield Record(key=key, fault=str(error).removeprefix(f"{key}: "))
