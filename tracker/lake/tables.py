"""The Parquet files of one chunk: gathered in memory month by month, the same rows always the same bytes.

A chunk's articles are held until it is done, as Arrow has them: about what their texts take.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq

from tracker.lake import layout
from tracker.lake.rows import Read, Row, article_row, report_rows
from tracker.lake.schemas import SCHEMAS

BATCH = 500  # rows that wait as Python objects
GROUP = 10_000  # rows of one row group
BOUNDED = ("published", "announced_on", "effective_on", "type")  # columns whose bounds a file tells: to skip by
LEVEL = 6  # of zstd: a fifth smaller than 1, and a thousandth of what reading a page costs


@dataclass(slots=True)
class Gathered:
    """The rows of one chunk so far."""

    _batches: dict[tuple[str, str], list[pa.RecordBatch]] = field(default_factory=dict)
    _waiting: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def add(self, read: Read) -> None:
        """One article with its reports."""
        month = layout.month(read.article.published)
        self._put(layout.ARTICLES, month, [article_row(read)])
        self._put(layout.REPORTS, month, report_rows(read))

    def files(self) -> Iterator[tuple[str, str, int, bytes]]:
        """Table, month, number of rows and content of each file, in the order of their names."""
        for table, month in sorted(self._waiting):
            self._pack(table, month)
            found = pa.Table.from_batches(self._batches.pop((table, month)), schema=SCHEMAS[table])
            yield table, month, found.num_rows, packed(found)

    def _put(self, table: str, month: str, rows: list[Row]) -> None:
        if not rows:
            return
        waiting = self._waiting.setdefault((table, month), [])
        waiting += rows
        if len(waiting) >= BATCH:
            self._pack(table, month)

    def _pack(self, table: str, month: str) -> None:
        waiting = self._waiting[table, month]
        batch = pa.RecordBatch.from_pylist(waiting, schema=SCHEMAS[table])
        self._batches.setdefault((table, month), []).append(batch)
        waiting.clear()


def packed(table: pa.Table) -> bytes:
    """A table as a Parquet file: zstd, no times, no names of machines."""
    out = io.BytesIO()
    pq.write_table(
        table,
        out,
        compression="zstd",
        compression_level=LEVEL,
        row_group_size=GROUP,
        store_schema=False,  # with it and bounds of every column, a file of few rows is twice as large
        write_statistics=[name for name in BOUNDED if name in table.column_names],
    )
    return out.getvalue()
