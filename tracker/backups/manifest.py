"""What a backup is, as the manifest beside it says, and which ones a folder holds.

A file whose manifest is missing or says something else is no backup here: it neither counts nor is it removed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from tracker.errors import InputError
from tracker.saving import replaced

FOLDER = "backups"  # beside the database
PACKED, MANIFEST = ".db.zst", ".json"
LONGEST = 100_000  # bytes of a manifest
STAMP = "%Y%m%dT%H%M%SZ"
# Key of a manifest: the type of its value.
KEYS: Mapping[str, type] = {
    "database": str,
    "made_at": str,
    "why": str,
    "schema": int,
    "bytes": int,
    "sha256": str,
    "plain_bytes": int,
    "plain_sha256": str,
    "counts": dict,
    "tracker": str,
}
_HASH = re.compile(r"[0-9a-f]{64}")


class Why(StrEnum):
    """What a backup was made for."""

    ASKED = "asked"
    SCHEDULED = "scheduled"
    MIGRATION = "migration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup: what it is of, when and why it was made, and by which sums it is known."""

    file: Path
    database: str  # the path it was made from, absolute
    made_at: datetime
    why: Why
    schema: int
    bytes: int
    sha256: str
    plain_bytes: int  # of the database that is packed in it
    plain_sha256: str
    counts: Mapping[str, int]  # rows of the main tables
    tracker: str  # the version that made it

    def is_of(self, database: Path) -> bool:
        """Whether it was made from the file at this path, and not from another of its name."""
        return self.database == str(database.resolve())

    @property
    def is_whole(self) -> bool:
        """Whether the file is there and as long as it was; `verify` looks at its bytes."""
        try:
            return self.file.stat().st_size == self.bytes
        except OSError:
            return False


def beside(database: Path) -> Path:
    """The folder of a database's backups where none is named."""
    return database.parent / FOLDER


def name(database: Path, now: datetime, *, of: str = "") -> str:
    """What a backup made at a time is called."""
    return f"{database.stem}-{now.astimezone(UTC).strftime(STAMP)}{of}{PACKED}"


def manifest(file: Path) -> Path:
    """Where the manifest of a backup lies."""
    return file.with_name(file.name + MANIFEST)


def write(backup: Backup) -> None:
    """Write the manifest of a backup."""
    told = {key: getattr(backup, key) for key in KEYS} | {"made_at": backup.made_at.isoformat()}
    with replaced(manifest(backup.file)) as out:
        out.write(json.dumps(told, ensure_ascii=True, indent=1).encode() + b"\n")


def read(file: Path) -> Backup:
    """What the manifest of a backup says; InputError where there is none or it is none."""
    path = manifest(file)
    try:
        with path.open("rb") as opened:
            data = opened.read(LONGEST + 1)
    except OSError as error:
        raise InputError(f"{path}: the manifest cannot be read: {error.strerror}") from error
    return parsed(data, file)


def parsed(data: bytes, file: Path) -> Backup:
    """The manifest of a backup from its bytes, which may be anything; InputError says what is wrong."""
    try:
        if len(data) > LONGEST:
            raise ValueError("too long")  # noqa: TRY301 - told as all that is wrong with it
        told = json.loads(data)
        if not isinstance(told, dict):
            raise TypeError("no object")  # noqa: TRY301 - as above
        return _backup(told, file)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise InputError(f"{manifest(file)}: is no manifest of a backup ({_short(error)})") from error


def _backup(told: dict[str, Any], file: Path) -> Backup:
    for key, kind in KEYS.items():
        if type(told[key]) is not kind:
            raise TypeError(f"{key}: is no {kind.__name__}")
    made_at = datetime.fromisoformat(told["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("made_at: has no time zone")
    if any(_HASH.fullmatch(told[key]) is None for key in ("sha256", "plain_sha256")):
        raise ValueError("sha256: is no SHA-256")
    if min(told["bytes"], told["plain_bytes"], told["schema"]) < 0:
        raise ValueError("a number is negative")
    if not all(type(count) is int for count in told["counts"].values()):
        raise TypeError("counts: are no numbers")
    values = {key: told[key] for key in KEYS}
    return Backup(file=file, **(values | {"made_at": made_at.astimezone(UTC), "why": Why(told["why"])}))


def listed(folder: Path, database: Path | None = None) -> tuple[Backup, ...]:
    """The backups in a folder, the newest first; those of databases of one name alone where one is named.

    The name has to do: a folder of backups may have come from another machine.
    """
    found = []
    for path in _manifests(folder):
        try:
            found.append(read(path.with_name(path.name.removesuffix(MANIFEST))))
        except InputError:
            continue
    chosen = (one for one in found if database is None or Path(one.database).name == database.name)
    return tuple(sorted(chosen, key=lambda one: (one.made_at, one.file.name), reverse=True))


def _manifests(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob(f"*{PACKED}{MANIFEST}"))
    except OSError:
        return []


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120]
