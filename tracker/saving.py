"""Files that are there whole or not at all, and what is known of them while they are written."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedIOBase
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO, cast

from tracker.errors import InputError


class Tally(BufferedIOBase):
    """A binary stream that counts and hashes what it passes on to another one."""

    def __init__(self, out: BinaryIO | None) -> None:
        """Pass on to a stream, which stays open; or to none."""
        self._out = out
        self._hash = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Pass on and take note."""
        self._hash.update(data)
        size = memoryview(data).nbytes
        self.bytes += size
        if self._out is not None:
            self._out.write(data)
        return size

    def writable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How much has been written."""
        return self.bytes

    @property
    def sha256(self) -> str:
        """Of all that was written."""
        return self._hash.hexdigest()

    def stream(self) -> BinaryIO:
        """Itself, as what writers ask for."""
        return cast("BinaryIO", self)


@contextmanager
def replaced(file: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes take a file's place once all is written and on the disk; until then nothing changes.

    Raises:
        InputError: the file cannot be written.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        clear(file.parent, re.escape(file.name))
        with part.open("wb", buffering=1 << 20) as out:
            with suppress(OSError):  # some file systems have no locks, and there nothing is cleared away
                fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise InputError(f"{file}: {what}; name a file in a folder of yours") from error
    finally:
        part.unlink(missing_ok=True)


def free(file: Path) -> Path:
    """A name that nothing has yet: this one, or with the first number behind it that makes it so."""
    others = (file.with_name(f"{file.name}-{number}") for number in count(2))
    return next(one for one in chain((file,), others) if not os.path.lexists(one))


def clear(folder: Path, names: str) -> None:
    """Take away what processes that were killed have left: parts that nobody holds a lock on.

    Args:
        folder: where.
        names: of which files, as a regular expression.
    """
    ours = re.compile(rf"\.(?:{names})\.\d+\.part")
    for part in [one for one in folder.iterdir() if ours.fullmatch(one.name)]:
        with suppress(OSError), part.open("rb") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def sync_folder(folder: Path) -> None:
    """Have the new name on the disk too, where the system can."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
