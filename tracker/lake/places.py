"""Where a lake lies: a folder of this machine, or what fsspec reaches (S3, GCS, …). Files come whole or not at all.

An object store shows an object when all of it is there. Of other file systems that fsspec reaches (SFTP, HDFS) a file
gets its name last. Knows nothing of what is in the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tracker.errors import InputError, LakeError
from tracker.saving import replaced

WHOLE_AT_ONCE = frozenset({"abfs", "az", "gcs", "gs", "memory", "s3", "s3a"})  # a put is seen whole or not at all


class Place(Protocol):
    """A folder with files in folders; names are relative, with slashes."""

    @property
    def name(self) -> str:
        """As the user wrote it."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, in place of one that may be there; raises LakeError."""
        ...

    def read(self, name: str) -> bytes | None:
        """The content of a file, or None; raises LakeError."""
        ...

    def names(self, folder: str) -> Iterator[str]:
        """The names of the files in a folder, in no order; none where there is no folder."""
        ...

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        ...

    def opened(self, name: str) -> Any:
        """A file to read from, as a context manager; raises LakeError."""
        ...


def place(where: str) -> Place:
    """What a path or an fsspec URL names.

    Raises:
        LakeError: nothing here can reach it.
    """
    if "://" not in where:
        return Folder(Path(where))
    if where.startswith("file://"):
        return Folder(Path(where.removeprefix("file://")))
    try:
        import fsspec  # noqa: PLC0415 - for lakes that lie elsewhere

        found, path = fsspec.core.url_to_fs(where)
    except (ImportError, ValueError) as error:
        raise LakeError(f"{where}: cannot be reached ({error}); install what fsspec asks for") from error
    return Remote(name=where, system=found, path=path)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, or of one that this machine has mounted."""

    path: Path

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def write(self, name: str, data: bytes) -> None:
        """On the disk before it has its name."""
        file = self.path / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with replaced(file) as out:
                out.write(data)
        except (OSError, InputError) as error:
            raise LakeError(f"{self.path}: {error}") from error

    def read(self, name: str) -> bytes | None:
        """The bytes."""
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise LakeError(f"{self.path / name}: cannot be read ({error.strerror or error})") from error

    def names(self, folder: str) -> Iterator[str]:
        """Files alone, none that is being written."""
        found = self.path / folder
        if found.is_dir():
            yield from (one.name for one in found.iterdir() if not one.name.startswith("."))

    def remove(self, name: str) -> None:
        """Gone."""
        (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def opened(self, name: str) -> Iterator[Any]:
        """For Arrow, which reads by columns."""
        try:
            with (self.path / name).open("rb") as file:
                yield file
        except OSError as error:
            raise LakeError(f"{self.path / name}: cannot be read ({error.strerror or error})") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A folder, or the beginning of keys, of a file system that fsspec reaches."""

    name: str
    system: Any
    path: str

    def write(self, name: str, data: bytes) -> None:
        """At once, or under a name of its own first."""
        full = self._full(name)
        kinds = self.system.protocol if isinstance(self.system.protocol, tuple) else (self.system.protocol,)
        try:
            if WHOLE_AT_ONCE.intersection(kinds):
                self.system.pipe_file(full, data)
                return
            self.system.makedirs(full.rpartition("/")[0], exist_ok=True)
            self.system.pipe_file(f"{full}.part", data)
            self.system.mv(f"{full}.part", full)
        except Exception as error:  # each system has errors of its own
            raise LakeError(f"{self.name}/{name}: cannot be written ({error})") from error

    def read(self, name: str) -> bytes | None:
        """The bytes."""
        try:
            found: bytes = self.system.cat_file(self._full(name))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise LakeError(f"{self.name}/{name}: cannot be read ({error})") from error
        return found

    def names(self, folder: str) -> Iterator[str]:
        """What is listed now, not what was."""
        try:
            found = self.system.ls(self._full(folder), detail=False, refresh=True)
        except FileNotFoundError:
            return
        except Exception as error:
            raise LakeError(f"{self.name}/{folder}: cannot be listed ({error})") from error
        yield from (last for one in found if not (last := str(one).rpartition("/")[2]).endswith(".part"))

    def remove(self, name: str) -> None:
        """Gone."""
        if self.system.exists(self._full(name)):
            self.system.rm_file(self._full(name))

    def opened(self, name: str) -> Any:
        """As fsspec opens it."""
        try:
            return self.system.open(self._full(name), "rb")
        except Exception as error:
            raise LakeError(f"{self.name}/{name}: cannot be read ({error})") from error

    def _full(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"
