"""What a worker does with one chunk: its records, their articles, what they say, into the lake.

`work` is one function for every engine. A process keeps its reader and its extractor from one chunk to the next, and
works on one chunk at a time, however many threads ask it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.articles import Extractor
from tracker.backfill.terms import Outcome, Terms
from tracker.backfill.texts import Made, batches, made
from tracker.errors import EngineError, LakeError
from tracker.lake import Gathered, Lake, Read
from tracker.model import Analysis, Article, Basis, Reads
from tracker.model.archives import Chunk

READ_BATCH = 32  # articles that the reader is handed at once


@dataclass(slots=True)
class Desk:
    """What a process keeps: the reader, which takes seconds to load, and one process that reads pages."""

    key: str
    reader: Reads
    extractor: Extractor

    def close(self) -> None:
        """End the process that reads pages."""
        self.extractor.close()


@dataclass(slots=True)
class Keeper:
    """The desk of this process, for whoever holds the lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    desk: Desk | None = None

    def at(self, terms: Terms) -> Desk:
        """The desk for these terms; that of others is cleared first."""
        if self.desk is None or self.desk.key != terms.key:
            self.clear()
            extractor = Extractor(workers=1, read=terms.read, rules=terms.rules)
            self.desk = Desk(key=terms.key, reader=terms.load(), extractor=extractor)
        return self.desk

    def clear(self) -> None:
        """Keep nothing."""
        if self.desk is not None:
            self.desk.close()
            self.desk = None


KEEPER = Keeper()


def describe(terms: Terms) -> str:
    """The version of the reader that this worker has."""
    with KEEPER.lock:
        return KEEPER.at(terms).reader.version


def work(chunk: Chunk, terms: Terms) -> Outcome:
    """Read one chunk into the lake.

    Raises:
        InputError: the archive cannot be read.
        LakeError: the lake is not there for this worker, or cannot be written.
        EngineError: this worker has another reader than the others.
    """
    with KEEPER.lock:
        began = time.monotonic()
        lake = _lake(terms)
        desk = KEEPER.at(terms)
        if desk.reader.version != terms.reader:
            words = f"reads by {desk.reader.version!r}, others by {terms.reader!r}"
            raise EngineError(f"the worker on {socket.gethostname()} {words}; install one tracker on all machines")
        texts = made(chunk, terms, desk.extractor)
        gathered = _gathered(texts, desk.reader)
        seconds = round(time.monotonic() - began, 3)
        note = lake.write(
            chunk, gathered, dict(sorted(texts.counts.items())), faults=tuple(texts.faults), seconds=seconds
        )
        return Outcome(
            chunk=chunk.id, counts=note.counts, seconds=seconds, written=sum(file.bytes for file in note.files)
        )


def clear() -> None:
    """Let go of what this process keeps, where it was a worker itself."""
    with KEEPER.lock:
        KEEPER.clear()


def _lake(terms: Terms) -> Lake:
    try:
        return Lake.open(terms.out)
    except LakeError as error:
        words = f"the worker on {socket.gethostname()} finds no lake where the others write one"
        raise LakeError(f"{words}: {error}; workers must share the folder under one path") from error


def _gathered(texts: Made, reader: Reads) -> Gathered:
    """The rows of all articles, those that can be read with what the reader found."""
    gathered, counts = Gathered(), texts.counts
    for batch in batches(texts.reads(), READ_BATCH):
        for read in _read(batch, reader):
            counts["articles"] += 1
            if read.analysis is None:
                counts[f"unread: {(read.article.unread or '').partition(':')[0]}"] += 1
            else:
                counts["read"] += 1
                counts["reports"] += len(read.analysis.events)
            gathered.add(read)
    return gathered


def _read(batch: Sequence[Read], reader: Reads) -> list[Read]:
    """The same with their analyses; an article that the reader fails on is left unread with the reason."""
    readable = [one.article for one in batch if one.article.unread is None]
    told = dict(_analysed(readable, reader))
    return [_told(one, told.get(one.article.id)) for one in batch]


def _told(read: Read, told: Analysis | str | None) -> Read:
    if isinstance(told, str):
        return replace(read, article=replace(read.article, unread=told))
    return replace(read, analysis=told)


def _analysed(found: Sequence[Article], reader: Reads) -> list[tuple[str, Analysis | str]]:
    try:
        analyses = reader.read_many([_without_fetch_date(article) for article in found])
        return [(analysis.article_id, analysis) for analysis in analyses]
    except MemoryError:
        raise  # the process is to end: what is left of its memory is in pieces
    except Exception as error:  # noqa: BLE001 - whatever it is, one article must not stop all that come after it
        if len(found) > 1:
            return [told for article in found for told in _analysed([article], reader)]
        return [(found[0].id, f"fault of the reader: {type(error).__name__}: {error}")]


def _without_fetch_date(article: Article) -> Article:
    """The day somebody fetched an article is no anchor for "on Tuesday"."""
    known = article.published is None or article.published.basis is not Basis.FETCHED
    return article if known else replace(article, published=None)
