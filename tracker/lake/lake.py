"""A lake: what was read of archives, as Parquet files that many workers write and anybody reads.

Each chunk of an archive is written by one worker, its note last; what a worker leaves that was killed has the names
and the bytes that the repeat gives it. Only files that a note names are read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import pyarrow as pa
import pyarrow.parquet as pq

import tracker
from tracker.errors import LakeError
from tracker.lake import layout
from tracker.lake.layout import About, Fault, Identity, Note, Refused, Written
from tracker.lake.places import Place, place
from tracker.lake.rows import Read, Row, read_of
from tracker.lake.schemas import SCHEMAS
from tracker.lake.tables import Gathered
from tracker.model.archives import Chunk

READ_ROWS = 2_000  # of a batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """An opened lake; any number of processes and machines may have it open."""

    place: Place
    about: About

    @classmethod
    def open(cls, where: str) -> Lake:
        """The lake in a folder or under an fsspec URL.

        Raises:
            LakeError: there is none, or one of a later format.
        """
        found = place(where)
        about = _about(found)
        if about is None:
            raise LakeError(f"{where}: holds no lake ({layout.LAKE} is missing); `tracker backfill` makes one")
        return cls(place=found, about=about)

    @classmethod
    def begun(cls, where: str, identity: Identity, *, now: datetime) -> Lake:
        """The lake in a folder, which is made where there is none.

        Raises:
            LakeError: there is one that holds something else than what would be written, or it cannot be written.
        """
        found = place(where)
        about = _about(found)
        if about is None:
            about = About(identity=identity, made_at=now, tracker=tracker.__version__)
            found.write(layout.LAKE, layout.as_json(about))
        elif wrong := layout.differences(about.identity, identity):
            remedy = "name another folder with --out, or remove this one"
            raise LakeError("\n".join(f"{where}: the lake {words}; {remedy}" for words in wrong))
        return cls(place=found, about=about)

    def write(self, chunk: Chunk, gathered: Gathered, counts: Mapping[str, int], **more: object) -> Note:
        """Write the files of a chunk, then its note: from then on the chunk is done.

        `more` are further fields of the note: `faults`, `seconds`, `cpu`, and `reader` where it is another one's.
        """
        files = tuple(self._write(chunk, *file) for file in gathered.files())
        told: dict[str, object] = {"reader": self.about.identity.reader} | more
        note = Note(chunk=chunk, counts=dict(counts), files=files, **told)  # type: ignore[arg-type]
        self.place.write(layout.note(chunk.id), layout.as_json(note))
        self.place.remove(layout.note(chunk.id, failed=True))
        return note

    def refuse(self, refused: Refused) -> None:
        """Keep why a chunk is not done, so that it is not tried with every run."""
        self.place.write(layout.note(refused.chunk.id, failed=True), layout.as_json(refused))

    def done(self) -> frozenset[str]:
        """The ids of the chunks that are done."""
        return frozenset(key for key, failed in self._noted() if not failed)

    def refused(self) -> tuple[Refused, ...]:
        """The chunks that were set aside and not done since, by id."""
        done = self.done()
        keys = sorted(key for key, failed in self._noted() if failed and key not in done)
        return tuple(found for key in keys if (found := self._parsed(Refused, layout.note(key, failed=True))))

    def notes(self) -> Iterator[Note]:
        """What is kept of each chunk that is done, by id."""
        for key in sorted(self.done()):
            note = self._parsed(Note, layout.note(key))
            if note is not None:
                yield note

    def months(self) -> tuple[str, ...]:
        """The months there are articles of; `undated` last."""
        return tuple(sorted({one.month for one in self.files(layout.ARTICLES)}))

    def files(self, table: str, months: Collection[str] | None = None) -> tuple[Written, ...]:
        """The files of a table, by month and chunk; of these months alone, where any are named."""
        every = [one for note in self.notes() for one in note.files]
        wanted = [one for one in every if one.table == table and (months is None or one.month in months)]
        return tuple(sorted(wanted, key=lambda one: one.path))

    def read(
        self, table: str, *, months: Collection[str] | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a table, by month, chunk and place in the archive, some thousand at a time.

        Raises:
            LakeError: a file cannot be read.
        """
        for file in self.files(table, months):
            yield from self._batches(file.path, columns)

    def articles(self, *, months: Collection[str] | None = None) -> Iterator[Read]:
        """The articles with what was read in them, in the same order, a file at a time."""
        told = {one.path for one in self.files(layout.REPORTS, months)}
        for file in self.files(layout.ARTICLES, months):
            path = file.path.replace(layout.ARTICLES, layout.REPORTS, 1)
            yield from _joined(self._rows(file.path), self._rows(path) if path in told else iter(()))

    def verify(self) -> Iterator[Fault]:
        """What is not as it was written: each file that is missing or has another content, and damaged notes."""
        for key in sorted(self.done()):
            name = layout.note(key)
            try:
                note = self._parsed(Note, name)
            except LakeError as error:
                yield Fault(key=name, reason=str(error))
                continue
            for file in note.files if note else ():
                data = self.place.read(file.path)
                if data is None:
                    yield Fault(key=name, reason=f"{file.path} is missing")
                elif hashlib.sha256(data).hexdigest() != file.sha256:
                    yield Fault(key=name, reason=f"{file.path} is not as it was written")

    def forget(self, chunk_id: str) -> None:
        """Have a chunk made again by the next run."""
        self.place.remove(layout.note(chunk_id))
        self.place.remove(layout.note(chunk_id, failed=True))

    def _write(self, chunk: Chunk, table: str, month: str, rows: int, data: bytes) -> Written:
        path = layout.file(table, month, chunk.id)
        self.place.write(path, data)
        return Written(path=path, rows=rows, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    def _noted(self) -> Iterator[tuple[str, bool]]:
        for name in self.place.names(layout.CHUNKS):
            if found := layout.NOTE.fullmatch(name):
                yield found["id"], found["failed"] is not None

    def _parsed(self, kind: type[layout.T], name: str) -> layout.T | None:
        data = self.place.read(name)
        return None if data is None else layout.parsed(kind, data, f"{self.place.name}/{name}")

    def _batches(self, path: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        schema = SCHEMAS[path.partition("/")[0]]
        with ExitStack() as stack:
            opened = stack.enter_context(self.place.opened(path))
            try:
                file = stack.enter_context(pq.ParquetFile(opened))
                wanted = list(schema.names if columns is None else columns)
                yield from file.iter_batches(READ_ROWS, columns=wanted)
            except (pa.ArrowException, OSError) as error:
                again = "`tracker backfill --verify` says which chunks are to be made again"
                raise LakeError(f"{self.place.name}/{path}: cannot be read ({error}); {again}") from error

    def _rows(self, path: str) -> Iterator[Row]:
        for batch in self._batches(path):
            yield from batch.to_pylist()


def _about(found: Place) -> About | None:
    data = found.read(layout.LAKE)
    if data is None:
        return None
    about = layout.parsed(About, data, f"{found.name}/{layout.LAKE}")
    if about.format != layout.FORMAT:
        words = f"is of format {about.format}, this tracker reads {layout.FORMAT}"
        raise LakeError(f"{found.name}: the lake {words}; use the tracker that made it ({about.tracker})")
    return about


def _joined(articles: Iterator[Row], reports: Iterator[Row]) -> Iterator[Read]:
    """Rows of both tables are in one order, so that neither has to be held."""
    told = groupby(reports, key=lambda row: row["article_id"])
    at, group = next(told, (None, iter(())))
    for row in articles:
        if row["id"] == at:
            yield read_of(row, list(group))
            at, group = next(told, (None, iter(())))
        else:
            yield read_of(row, ())
