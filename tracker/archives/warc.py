"""WARC files (ISO 28500): `.warc.gz` with a gzip member per record, as of CC-NEWS, and plain `.warc`.

A chunk is a range of bytes and has the records that begin in it. A plain file has nothing to know a record's beginning
by but the length of the one before, so that its chunks follow the lengths from the file's first record, a seek for
each. Files that cannot be entered (no ranges, plain and remote) are one chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from tracker.archives import members, payloads, places
from tracker.archives.cutting import Part, ranges
from tracker.errors import ArchiveError
from tracker.model import WHOLE, Chunk, Record

FIRST = b"WARC/"
_HEAD = 1 << 12  # bytes read for a record's headers at first
_AFTER = b"\r\n\r\n" + FIRST


def cut(name: str, seen: places.Seen, chunk_bytes: int) -> Iterator[Part]:
    """The chunks of a file."""
    if seen.size is None or (places.is_remote(name) and not _is_zipped(name)):
        yield Part(part=WHOLE, size=seen.size or 0)
    else:
        yield from ranges(seen.size, chunk_bytes)


def records(chunk: Chunk, seen: places.Seen) -> Iterator[Record]:
    """The records of a chunk. Raises ArchiveError where the file is no WARC file."""
    with places.opened(chunk.input) as file:
        size = seen.size if seen.size is not None else 1 << 62
        begin, end = chunk.part if chunk.part != WHOLE else (0, size)
        head = file.read(len(members.MAGIC))
        if not (is_zipped := head == members.MAGIC) and head != FIRST[: len(head)]:
            raise ArchiveError(f"{chunk.input}: is no WARC file (it begins with {head!r})")
        yield from (_zipped if is_zipped else _plain)(chunk.input, file, (begin, end), size)


def _zipped(name: str, file: BinaryIO, part: tuple[int, int], size: int) -> Iterator[Record]:
    begin, end = (members.start(file, at, size) for at in part)
    for member in members.members(file, begin, end):
        if isinstance(member, tuple):
            yield Record(key=f"{name}#{member[0]}", fault=member[1])
            continue
        if member.start == 0:
            _check_alone(name, member)
        yield payloads.record(f"{name}#{member.start}", member.body, member.size)


def _check_alone(name: str, member: members.Member) -> None:
    """Refuse a file that was zipped as a whole: nothing in it could be sought."""
    length = payloads.head_length(member.body) or 0
    after = length + (payloads.announced(member.body[:length]) or 0)
    if member.body[after : after + len(_AFTER)] == _AFTER:
        raise ArchiveError(
            f"{name}: all its records are in one gzip member; write each in one of its own: warcio recompress IN OUT"
        )


def _plain(name: str, file: BinaryIO, part: tuple[int, int], size: int) -> Iterator[Record]:
    """Follow the lengths from the beginning, and make records of those in the range."""
    at = 0
    while at < min(part[1], size):
        head = _head(file, at)
        length = payloads.announced(head) if head else None
        following = None if head is None or length is None else _after(file, at + len(head) + length)
        if at >= part[0]:
            yield _plain_record(name, file, at, head, following)
        at = following if following is not None else _next(file, at + 1)


def _plain_record(name: str, file: BinaryIO, at: int, head: bytes | None, following: int | None) -> Record:
    key = f"{name}#{at}"
    if head is None:
        return Record(key=key, fault="here begins no record, or its headers do not end")
    if following is None:
        told = "has no Content-Length" if payloads.announced(head) is None else "has a Content-Length that is wrong"
        return Record(key=key, fault=f"the record {told}: no other begins where it ends")
    file.seek(at)
    return payloads.record(key, file.read(min(following - at, members.MOST_KEPT)), following - at)


def _head(file: BinaryIO, at: int) -> bytes | None:
    """A record's headers with the blank line; None where none begin here."""
    file.seek(at)
    held = file.read(_HEAD)
    if not held.startswith(FIRST):
        return None
    if (length := payloads.head_length(held)) is None:
        held += file.read(payloads.MOST_HEAD)
        length = payloads.head_length(held)
    return None if length is None else held[:length]


def _after(file: BinaryIO, at: int) -> int | None:
    """Where the next record begins, if this one ends at `at`: behind the blank lines; None where it does not."""
    file.seek(at)
    found = file.read(16)
    lines = len(found) - len(found.lstrip(b"\r\n"))
    if found[lines:] and (lines == 0 or not found[lines:].startswith(FIRST)):
        return None
    return at + lines if found else _end(file, at)


def _end(file: BinaryIO, at: int) -> int | None:
    """The end of the file, if it is no nearer than that."""
    return at if file.seek(0, 2) >= at else None


def _next(file: BinaryIO, at: int) -> int:
    """The next place that looks like a record's beginning, or the file's end."""
    carried = b""
    while True:
        file.seek(at)
        piece = file.read(members.PIECE)
        if not piece:
            return at
        held = carried + piece
        if (found := held.find(_AFTER)) >= 0:
            return at - len(carried) + found + len(_AFTER) - len(FIRST)
        carried = held[-len(_AFTER) + 1 :]
        at += len(piece)


def _is_zipped(name: str) -> bool:
    return name.lower().endswith(".gz")
