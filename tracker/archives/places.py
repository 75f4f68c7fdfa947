"""Where archives lie: files on this machine, and whatever fsspec opens (s3://, gs://, https://, memory://).

A local path is opened without fsspec. What a library raises about a remote file becomes an ArchiveError that names it,
here, so that whoever reads meets no library's errors. Links to folders and files are not followed when a folder is
looked through, and devices and pipes are not opened. Does not know what is in a file.
"""

from __future__ import annotations

import glob
import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from urllib.parse import unquote, urlsplit

from tracker.errors import ArchiveError, InputError
from tracker.extras import needed

T = TypeVar("T")
BLOCK = 1 << 20  # bytes asked of the other side at once
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[]")
WHOLE_ONLY = (
    "the server does not answer for parts of a file (range requests); copy it to this machine, and read it there"
)
GONE = {404, 410}  # statuses of HTTP
LIBRARIES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a file before it is opened."""

    size: int | None  # bytes; None where the other side does not tell
    version: str  # its ETag where it has one, else its size
    changed: datetime | None  # aware, UTC


def is_remote(name: str) -> bool:
    """Whether fsspec is asked for it."""
    return _REMOTE.match(name) is not None


def named(name: str) -> str:
    """The one name of a file or folder, however it was written: an absolute path without links, or a URL."""
    name = _local(name)
    return _spelled(name) if is_remote(name) else os.path.realpath(name)


def found(name: str) -> tuple[str, ...]:
    """The files and folders that a name or a pattern (`*`, `**`, `?`, `[…]`) stands for, as `named` names them.

    Raises:
        InputError: it stands for nothing.
    """
    name = _local(name)
    if is_remote(name):
        hits = _remote_found(name)
    elif _GLOB.search(name) and not Path(name).exists():
        hits = [os.path.realpath(one) for one in glob.glob(name, recursive=True)]  # noqa: PTH207  # ** and absolute
    else:
        hits = [named(name)] if Path(named(name)).exists() else []
    if not hits:
        raise InputError(f"{name}: no such file or folder; check the path, and quote patterns for the shell")
    return tuple(sorted(set(hits)))


def within(name: str) -> tuple[tuple[str, int], ...] | None:
    """The files of a folder and the folders in it, by name, with their sizes; None where it is no folder.

    Hidden ones are left out, and links.
    """
    if is_remote(name):
        return _remote_within(name)
    if not Path(name).is_dir():
        return None
    return tuple(sorted(_walked(name)))


def look(name: str) -> Seen:
    """Size and version of a file. Raises ArchiveError where it is not there, or is no file."""
    if is_remote(name):
        return _remote_look(name)
    try:
        told = Path(name).stat()
    except FileNotFoundError:
        raise MissingError(f"{name}: not found") from None
    except OSError as error:
        raise ArchiveError(f"{name}: {error.strerror or error}") from None
    if not stat.S_ISREG(told.st_mode):
        raise ArchiveError(f"{name}: is no file")
    changed = datetime.fromtimestamp(told.st_mtime, tz=UTC)
    return Seen(size=told.st_size, version=str(told.st_size), changed=changed)


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """A file for reading and seeking; all that goes wrong while it is read is an ArchiveError."""
    if not is_remote(name):
        look(name)  # opening a pipe would wait for its other end
    try:
        with _remote_opened(name) if is_remote(name) else Path(name).open("rb", buffering=BLOCK) as file:
            yield file
    except OSError as error:
        raise ArchiveError(f"{name}: {error.strerror or error}") from error


def _local(name: str) -> str:
    """The path of a file:// URL; any other name as it is."""
    return unquote(urlsplit(name).path) if name[:7].lower() == "file://" else name


def _walked(folder: str) -> Iterator[tuple[str, int]]:
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [one for one in folders if not one.startswith(".")]
        for one in names:
            path = os.path.join(here, one)  # noqa: PTH118  # a million times
            told = os.lstat(path)
            if not one.startswith(".") and stat.S_ISREG(told.st_mode):
                yield path, told.st_size


class MissingError(ArchiveError):
    """There is no such file."""


class Remote(io.RawIOBase):
    """A file of fsspec whose faults are errors of ours."""

    def __init__(self, name: str, file: Any) -> None:
        self._name = name
        self._file = file

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Whether the other side answers for parts of the file."""
        return bool(self._file.seekable())

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as there are bytes."""
        data = asked(self._name, lambda: self._file.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to an offset."""
        return int(asked(self._name, lambda: self._file.seek(offset, whence)))

    def tell(self) -> int:
        """The offset."""
        return int(self._file.tell())

    def close(self) -> None:
        """Let go of the file."""
        if not self.closed:
            self._file.close()
        super().close()


def asked(name: str, question: Callable[[], T]) -> T:
    """What a library answers about a remote file; whatever it raises is an ArchiveError."""
    try:
        return question()
    except (ArchiveError, MemoryError):
        raise
    except ImportError as error:
        library = LIBRARIES.get(name.partition("://")[0].lower())
        remedy = f"pip install {library}" if library else str(error)
        raise InputError(f"{name}: what opens such addresses is not installed; {remedy}") from error
    except FileNotFoundError as error:
        cause = error.__cause__
        if cause is None or isinstance(cause, FileNotFoundError) or getattr(cause, "status", None) in GONE:
            raise MissingError(f"{name}: not found") from None
        raise _told(name, cause) from error  # so fsspec says of https whatever was wrong with the answer
    except Exception as error:  # every store has errors of its own
        raise _told(name, error) from error


def _told(name: str, error: BaseException) -> ArchiveError:
    said = " ".join(str(error).split())[:200]
    if "range requests" in said:
        return ArchiveError(f"{name}: {WHOLE_ONLY}")
    return ArchiveError(f"{name}: {type(error).__name__}{': ' if said else ''}{said}")


def _system(name: str) -> tuple[Any, str]:
    fsspec = needed("fsspec.core", f"{name.partition('://')[0]}://…", extra="lake")
    try:
        return asked(name, lambda: fsspec.url_to_fs(name))  # type: ignore[no-any-return]  # fsspec tells no types
    except ArchiveError as error:
        raise InputError(str(error)) from error


def _remote_found(name: str) -> list[str]:
    system, path = _system(name)
    if _GLOB.search(name) and not name.lower().startswith(("http://", "https://")):
        return [system.unstrip_protocol(one) for one in asked(name, lambda: system.glob(path))]
    return [_spelled(name)]


def _spelled(name: str) -> str:
    """A URL as its file system spells it; one that names several file systems (`simplecache::…`) as it is."""
    if "::" in name:
        return name
    system, path = _system(name)
    return str(system.unstrip_protocol(path))


def _remote_within(name: str) -> tuple[tuple[str, int], ...] | None:
    if name.lower().startswith(("http://", "https://")):
        return None  # a server of pages has no folders
    system, path = _system(name)
    if not asked(name, lambda: system.isdir(path)):
        return None
    inside = asked(name, lambda: system.find(path, detail=True))
    shown = [one for one in inside if not any(part.startswith(".") for part in one[len(path) :].split("/"))]
    return tuple(sorted((system.unstrip_protocol(one), int(inside[one].get("size") or 0)) for one in shown))


def _remote_look(name: str) -> Seen:
    system, path = _system(name)
    told = asked(name, lambda: system.info(path))
    size = told.get("size")
    etag = told.get("ETag") or told.get("etag") or ""
    changed = next((one for key in ("LastModified", "mtime", "created", "updated") if (one := told.get(key))), None)
    if isinstance(changed, int | float):
        changed = datetime.fromtimestamp(changed, tz=UTC)
    return Seen(
        size=int(size) if size is not None else None,
        version=str(etag).strip('"') or str(size),
        changed=changed.astimezone(UTC) if isinstance(changed, datetime) else None,
    )


def _remote_opened(name: str) -> BinaryIO:
    system, path = _system(name)
    file = asked(name, lambda: system.open(path, "rb", block_size=BLOCK))
    return io.BufferedReader(Remote(name, file), buffer_size=1 << 16)
