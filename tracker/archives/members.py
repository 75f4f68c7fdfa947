"""The members of a .warc.gz: one gzip member per record, entered anywhere.

What begins with gzip's magic in the middle of a file may be no member but a picture, or an archive that some page
offered for download: compression may leave such bytes as they are. So a start is believed where whole members follow
one another from before it to CONFIRMED bytes behind it, each with its right checksum and a record's first line; bytes
that a compressor copies come in pieces smaller than that. A chunk reads from the first such start in its range to the
first in the next one, which it finds as its neighbour does, so that every byte is in one chunk whatever is broken.
Knows nothing of what is in a record.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"\x1f\x8b\x08"
RECORD = b"WARC/"
PIECE = 1 << 16  # bytes read at once
STEP = 1 << 18  # bytes unpacked at once
MOST_KEPT = 12_000_000  # bytes of a record that are kept: a page of 10 MB with its headers
MOST_UNPACKED = 200_000_000  # bytes of a record that are unpacked to find its end
LOOKED_BACK = 1 << 20  # bytes before a range from which members are followed into it
CONFIRMED = 1 << 16  # bytes over which they are followed behind a start; deflate stores no longer piece
_GZIP = 31  # zlib's window bits for gzip


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: where it is and what it unpacks to, as far as kept."""

    start: int
    end: int
    body: bytes
    size: int  # bytes that it unpacks to; more than `body` has where it was cut


class BrokenError(Exception):
    """Here is no whole member; says why."""


def start(file: BinaryIO, at: int, end: int) -> int:
    """The first start of a member at `at` or later that can be believed, or `end` (the size of the file)."""
    if at <= 0 or at >= end:
        return max(0, min(at, end))
    refused: set[int] = set()
    for candidate in _candidates(file, max(0, at - LOOKED_BACK), end):
        if candidate not in refused and (confirmed := _confirmed(file, candidate, at, end, refused)) is not None:
            return confirmed
    return end


def members(file: BinaryIO, begin: int, end: int) -> Iterator[Member | tuple[int, str]]:
    """The members that begin in a range, in order; for what is none, its offset and what is wrong with it."""
    at = begin
    while at < end:
        try:
            member = read(file, at, kept=MOST_KEPT)
        except EOFError:
            return
        except BrokenError as error:
            yield at, str(error)
            at = next((one for one in _candidates(file, at + 1, end) if _is_whole(file, one)), end)
        else:
            yield member
            at = member.end


def read(file: BinaryIO, at: int, *, kept: int) -> Member:
    """The member at an offset. Raises BrokenError, and EOFError where there is nothing at all."""
    file.seek(at)
    inflater = zlib.decompressobj(_GZIP)
    pieces: list[bytes] = []
    size = taken = 0
    while not inflater.eof:
        piece = inflater.unconsumed_tail
        if not piece:
            piece = file.read(PIECE)
            taken += len(piece)
        unpacked = _unpacked(inflater, piece, at)
        if not taken:
            raise EOFError
        if not piece and not unpacked and not inflater.eof:
            raise BrokenError(f"the file ends inside the record that begins at byte {at}")
        if size == 0 and unpacked[: len(RECORD)] != RECORD[: len(unpacked)]:
            raise BrokenError(f"the gzip member at byte {at} is no WARC record")
        if size < kept:
            pieces.append(unpacked)
        size += len(unpacked)
        if size > MOST_UNPACKED:
            raise BrokenError(f"the record at byte {at} unpacks to more than {MOST_UNPACKED:,} bytes")
    if not size:
        raise BrokenError(f"the gzip member at byte {at} is empty")
    return Member(start=at, end=at + taken - len(inflater.unused_data), body=b"".join(pieces)[:kept], size=size)


def _unpacked(inflater: zlib._Decompress, piece: bytes, at: int) -> bytes:
    try:
        return inflater.decompress(piece, STEP)
    except zlib.error as error:
        if not piece.startswith(MAGIC):
            raise BrokenError(f"there is no gzip member at byte {at}") from None
        raise BrokenError(f"the gzip member at byte {at} is damaged ({error})") from None


def _confirmed(file: BinaryIO, candidate: int, at: int, end: int, refused: set[int]) -> int | None:
    """The first start at `at` or later on the chain of members from a candidate, where the chain holds."""
    visited: list[int] = []
    here, first = candidate, None
    while here < end:
        if here in refused:
            break
        if first is None and here >= at:
            first = here
        if first is not None and here >= first + CONFIRMED:
            return first
        visited.append(here)
        try:
            here = read(file, here, kept=0).end
        except (BrokenError, EOFError):
            break
    else:
        return end if first is None else first
    refused.update(visited)
    return None


def _is_whole(file: BinaryIO, at: int) -> bool:
    try:
        read(file, at, kept=0)
    except (BrokenError, EOFError):
        return False
    return True


def _candidates(file: BinaryIO, at: int, end: int) -> Iterator[int]:
    """The offsets of gzip's magic in a range of a file; the file may be moved in between."""
    carried = b""
    while at < end:
        file.seek(at)
        piece = file.read(min(PIECE, end - at))
        if not piece:
            return
        held = carried + piece
        base, found = at - len(carried), held.find(MAGIC)
        while found >= 0:
            yield base + found
            found = held.find(MAGIC, found + 1)
        carried = held[-(len(MAGIC) - 1) :]
        at += len(piece)
