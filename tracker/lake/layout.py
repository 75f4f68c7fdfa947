"""What lies where in a lake, and the small JSON files that say what is done.

    lake.json                              what the lake is: format, reader, what decided what is read
    articles/month=2024-10/CHUNK.parquet   one row per article, by the month of its publication
    reports/month=2024-10/CHUNK.parquet    one row per report, by the month of its article
    chunks/CHUNK.json                      written last: a chunk is done if and only if this file is there
    chunks/CHUNK.failed.json               a chunk that could not be read, with the reason

The columns are in `schemas` and in docs/lake.md. Nothing here reads or writes a file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from tracker.errors import LakeError
from tracker.model import When
from tracker.model.archives import Chunk
from tracker.store.codec import decode, encode

T = TypeVar("T")

FORMAT = 1  # of the lake: another number is another layout or other columns
LAKE = "lake.json"
ARTICLES, REPORTS, CHUNKS = "articles", "reports", "chunks"
UNDATED = "undated"  # the month of what has no date, or a year alone
MONTH = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:-|$)")
NOTE = re.compile(r"(?P<id>[0-9a-f]{16})(?P<failed>\.failed)?\.json")
MOST_FAULTS = 100  # kept by a chunk's note; all are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a lake holds, and all that decides what is read: chunks of another identity do not belong into it."""

    reader: str  # version of rules, models and a user's ontology
    texts: str  # what made texts of pages: scheme of signatures, languages that are read, rules for sites
    since: str | None = None  # only articles published on this day or later
    until: str | None = None  # … or on this day or earlier
    chunk_bytes: int = 0  # how the archives were cut


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The content of lake.json."""

    identity: Identity
    made_at: datetime
    tracker: str  # its version
    format: int = FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One Parquet file of a chunk; `path` is relative to the lake."""

    path: str
    rows: int
    bytes: int
    sha256: str

    @property
    def table(self) -> str:
        """Of which table it is a part."""
        return self.path.partition("/")[0]

    @property
    def month(self) -> str:
        """`2024-10` or `undated`."""
        return self.path.split("/")[1].partition("=")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A record that gave nothing, by its place in the archive, with the reason."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is kept of a chunk that is done."""

    chunk: Chunk
    reader: str
    counts: dict[str, int]
    files: tuple[Written, ...]
    faults: tuple[Fault, ...] = ()  # the first `MOST_FAULTS`
    seconds: float = 0.0  # of the wall, in the worker
    cpu: float = 0.0  # seconds of processor time in the worker and its children


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What is kept of a chunk that could not be read: poison, until `--retry-failed`."""

    chunk: Chunk
    reason: str
    tries: int


def month(published: When | None) -> str:
    """The partition of an article."""
    found = MONTH.match(published.value) if published else None
    return found[1] if found else UNDATED


def file(table: str, month: str, chunk: str) -> str:
    """The name of one Parquet file."""
    return f"{table}/month={month}/{chunk}.parquet"


def note(chunk: str, *, failed: bool = False) -> str:
    """The name of a chunk's JSON file."""
    return f"{CHUNKS}/{chunk}{'.failed' if failed else ''}.json"


def as_json(value: object) -> bytes:
    """A small JSON file, for people too."""
    coded = encode(value)
    if isinstance(value, About):  # a time is no value of the codec
        coded |= {"made_at": value.made_at.isoformat(), "format": value.format}
    return json.dumps(coded, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "backslashreplace") + b"\n"


def parsed(kind: type[T], data: bytes, name: str) -> T:
    """The value of a JSON file.

    Raises:
        LakeError: it is damaged, or none of ours.
    """
    try:
        told: dict[str, Any] = json.loads(data)
        if kind is About:
            told = dict(told) | {"made_at": datetime.fromisoformat(told["made_at"])}
        return decode(kind, told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LakeError(f"{name}: is damaged, or no file of a lake ({error}); see docs/lake.md") from error


NO_BOUND = "any date"
DIFFERENCES = MappingProxyType(
    {
        "reader": "was read by the reader {old!r}; this is {new!r}",
        "texts": "holds texts made by {old!r}; these would be made by {new!r}",
        "since": "holds articles since {old}; --since is {new}",
        "until": "holds articles until {old}; --until is {new}",
        "chunk_bytes": "was cut into chunks of {old} bytes; --chunk-size is {new}",
    }
)


def differences(old: Identity, new: Identity) -> tuple[str, ...]:
    """In words, in what two lakes differ."""
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in DIFFERENCES}
    return tuple(
        DIFFERENCES[name].format(old=one or NO_BOUND, new=two or NO_BOUND)
        for name, (one, two) in pairs.items()
        if one != two
    )
