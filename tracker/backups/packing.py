"""A database file packed with zstd, unpacked, and both known by their sums. Knows no manifest's place and no SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import zstandard

from tracker.backups.manifest import Backup
from tracker.errors import InputError
from tracker.saving import Tally

PIECE = 1 << 20
LEVEL = 3
MAGIC = b"\x28\xb5\x2f\xfd"
ANOTHER = "take another backup (`tracker backup --list`)"
Check = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Length and SHA-256 of a packed file and of what is in it."""

    bytes: int
    sha256: str
    plain_bytes: int
    plain_sha256: str


def pack(plain: Path, out: BinaryIO, *, check: Check) -> Sums:
    """Write a file into a stream, packed; `check` is called between two pieces and may raise."""
    packed, tally = Tally(out), Tally(None)
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    with (
        plain.open("rb") as opened,
        compressor.stream_writer(packed.stream(), size=plain.stat().st_size, closefd=False) as writer,
    ):
        for piece in _pieces(opened, check):
            tally.write(piece)
            writer.write(piece)
    return _sums(packed, tally)


def unpack(file: Path, out: BinaryIO | None, *, most: int | None, check: Check) -> Sums:
    """Write what is in a packed file into a stream, or only take its sums.

    Raises:
        InputError: it cannot be read, is packed otherwise or not whole, or holds more than `most` bytes.
    """
    packed, plain = Tally(None), Tally(out)
    try:
        with file.open("rb") as opened:
            for piece in _pieces(opened, check):
                packed.write(piece)
            opened.seek(0)
            with zstandard.ZstdDecompressor().stream_reader(opened, read_across_frames=False) as reader:
                for piece in _pieces(reader, check):
                    plain.write(piece)
                    if most is not None and plain.bytes > most:
                        raise InputError(f"{file}: holds more than its manifest says; {ANOTHER}")
    except OSError as error:
        raise InputError(f"{file}: cannot be unpacked: {error.strerror or error}") from error
    except zstandard.ZstdError as error:
        raise InputError(f"{file}: is damaged ({error}); {ANOTHER}") from error
    return _sums(packed, plain)


def verify(backup: Backup, *, check: Check = lambda: None) -> None:
    """See that a backup is, byte by byte, what it was when it was made.

    Raises:
        InputError: it is not; the message says what is wrong.
    """
    compare(backup, unpack(backup.file, None, most=backup.plain_bytes, check=check))


def compare(backup: Backup, found: Sums) -> None:
    """Refuse sums that are not those of the manifest."""
    if found.bytes < backup.bytes:
        raise InputError(f"{backup.file}: is cut short: {found.bytes:,} of {backup.bytes:,} bytes; {ANOTHER}")
    told = Sums(
        bytes=backup.bytes,
        sha256=backup.sha256,
        plain_bytes=backup.plain_bytes,
        plain_sha256=backup.plain_sha256,
    )
    if found != told:
        raise InputError(f"{backup.file}: is not what it was: its SHA-256 is another; {ANOTHER}")


def is_packed(file: Path) -> bool:
    """Whether a file is packed; InputError where it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error


def _pieces(stream: BinaryIO | zstandard.ZstdDecompressionReader, check: Check) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        check()
        yield piece


def _sums(packed: Tally, plain: Tally) -> Sums:
    return Sums(
        bytes=packed.bytes,
        sha256=packed.sha256,
        plain_bytes=plain.bytes,
        plain_sha256=plain.sha256,
    )
