"""A ZIP archive's one file, line by line, however large it claims to be: nothing is unpacked that is not asked for."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO

MAX_UNPACKED = 200_000_000  # bytes; a table of GDELT's has some 25 million
MAX_LINE = 2_000_000  # bytes
MAX_MEMBERS = 20
_ENTRY = b"PK\x01\x02"  # begins each entry of the archive's table
_KNOWN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What `zipfile` raises on what is no archive, is cut short, locked or lies about itself.
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class ZippedError(Exception):
    """The archive cannot be read, or not within the bounds; says why."""


def lines(body: bytes) -> Iterator[bytes]:
    """The lines of the first file in the archive, their ends taken off. Raises ZippedError, also after some lines."""
    if body.count(_ENTRY) > MAX_MEMBERS:
        raise ZippedError(f"a ZIP archive of more than {MAX_MEMBERS} files")
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            member = next(iter(archive.infolist()), None)
            if member is None or member.compress_type not in _KNOWN:
                raise ZippedError("a ZIP archive that is empty or packed in another way")
            with archive.open(member) as file:
                yield from _bounded(file)
    except _FAULTS as fault:
        raise ZippedError(f"a ZIP archive that is broken ({fault})") from None


def _bounded(file: IO[bytes]) -> Iterator[bytes]:
    total = 0
    while line := file.readline(MAX_LINE + 1):
        total += len(line)
        if total > MAX_UNPACKED:
            raise ZippedError(f"a ZIP archive that unpacks to more than {MAX_UNPACKED} bytes")
        if len(line) > MAX_LINE:
            raise ZippedError(f"a ZIP archive with a line of more than {MAX_LINE} bytes")
        yield line.rstrip(b"\r\n")
