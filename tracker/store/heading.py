"""The first bytes of a database file, and what they say of it, read without costing this process a lock.

SQLite locks files by the rules of POSIX: when a process closes any descriptor of a file, all its locks on that file are
gone, those of its other connections too (https://www.sqlite.org/howtocorrupt.html, section 2.2). Whoever writes in
another process then takes itself for the last one there and removes the write-ahead log from under the readers, who see
nothing new any more, or a file that seems to be damaged. So a descriptor is closed only where nothing else here has the
file open; else it is kept and used again.
"""

from __future__ import annotations

import os
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LENGTH = 100  # bytes of the head of a SQLite file
MAGIC = b"SQLite format 3\x00"
DESCRIPTORS = Path("/dev/fd")
_USER_VERSION, _APPLICATION_ID = 60, 68  # where they stand in the head
_Key = tuple[int, int]
# State of the process, not of this module: descriptors that must not be closed, by the file that they are of.
_kept: dict[_Key, int] = {}
_alone = threading.Lock()


@dataclass(frozen=True, slots=True)
class Marks:
    """Whose file it is."""

    application: int
    version: int


def head(path: Path) -> bytes:
    """The first bytes of a file, fewer where it has no more; raises OSError."""
    with _alone:
        _forget_deleted()
        found = path.stat()
        key = (found.st_dev, found.st_ino)
        if key in _kept:
            return os.pread(_kept[key], LENGTH, 0)
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return os.pread(descriptor, LENGTH, 0)
        finally:
            if _is_open_besides(descriptor, key):
                _kept[key] = descriptor
            else:
                os.close(descriptor)


def marks(first: bytes) -> Marks:
    """What the head of a SQLite file says; raises struct.error where it is cut off."""
    (version,) = struct.unpack_from(">i", first, _USER_VERSION)
    (application,) = struct.unpack_from(">i", first, _APPLICATION_ID)
    return Marks(application, version)


def _is_open_besides(descriptor: int, key: _Key) -> bool:
    """Whether this process has the file open by another descriptor; True where the system does not tell."""
    try:
        numbers = [int(name.name) for name in DESCRIPTORS.iterdir()]
    except OSError:
        return True
    return any(number != descriptor and _is_of(number, key) for number in numbers)


def _is_of(descriptor: int, key: _Key) -> bool:
    with suppress(OSError):  # closed since
        found = os.fstat(descriptor)
        return (found.st_dev, found.st_ino) == key
    return False


def _forget_deleted() -> None:
    """Close what is kept of files that are no more."""
    for key, descriptor in list(_kept.items()):
        if os.fstat(descriptor).st_nlink == 0:
            os.close(_kept.pop(key))
