"""What a worker is told beside its chunk, and what it answers: values that go through a pipe or over a network."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tracker.articles import READ_LANGUAGES, SIGNATURE_SCHEME, Rules
from tracker.lake import Identity
from tracker.model import FetchSettings, Reads
from tracker.model.archives import Chunk, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for all chunks of a run.

    All of it travels with each chunk, so that workers on other machines need nothing but the same tracker and `out`.
    """

    out: str  # the lake: a folder that all workers see under this path, or an fsspec URL
    load: Callable[[], Reads]  # makes the reader, once in each process
    records: Callable[[Chunk], Iterator[Record]]  # what a chunk holds
    network: FetchSettings | None = None  # for archives that name addresses alone; None: these are refused
    rules: Rules | None = None  # for sites, in place of the bundled ones
    rules_named: str = "bundled rules"  # as lake.json is to tell them
    read: frozenset[str] = READ_LANGUAGES
    since: str | None = None  # ISO days: articles published outside are left out
    until: str | None = None
    reader: str = ""  # the version that every worker's reader must have; told by the first of them
    key: str = field(default="", compare=False)  # of all that a process keeps from chunk to chunk

    def keyed(self) -> Terms:
        """The same, with the key of what makes its texts and its reader."""
        return replace(self, key=hashlib.sha256(pickle.dumps((self.load, self.rules, sorted(self.read)))).hexdigest())

    def identity(self, chunk_bytes: int) -> Identity:
        """What a lake says of itself that is written on these terms."""
        languages = " ".join(sorted(self.read))
        texts = f"{SIGNATURE_SCHEME}, languages {languages}, {self.rules_named}"
        return Identity(reader=self.reader, texts=texts, since=self.since, until=self.until, chunk_bytes=chunk_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a worker answers when a chunk is done: figures alone; rows never leave it but into the lake."""

    chunk: str
    counts: dict[str, int]
    seconds: float  # of the wall
    written: int  # bytes of Parquet
