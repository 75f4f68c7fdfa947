"""JSON and JSON lines: each event as `to_dict()` of `tracker.query` gives it, with all its text as it is.

What terminals and line readers stumble over (controls, line separators, marks of direction) is escaped, as JSON allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from tracker.export import cells
from tracker.model import EVENT_COLUMNS, SEPARATOR, Cell, CellKind

ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
NAMES = tuple(column.name for column in EVENT_COLUMNS)
LISTS = tuple(column.name for column in EVENT_COLUMNS if column.kind is CellKind.LIST)


def from_rows(rows: Iterable[Sequence[Cell]]) -> Iterator[dict[str, Any]]:
    """Rows of EVENT_COLUMNS as objects."""
    for row in rows:
        found: dict[str, Any] = dict(zip(NAMES, row, strict=True))
        for name in LISTS:
            found[name] = found[name].split(SEPARATOR) if found[name] else []
        yield found


def jsonl(found: Iterable[Mapping[str, Any]], out: BinaryIO) -> None:
    """Write one object a line."""
    out.writelines(text(one).encode() + b"\n" for one in found)


def json_array(found: Iterable[Mapping[str, Any]], out: BinaryIO) -> None:
    """Write an array, one object a line."""
    before = b"[\n"
    for one in found:
        out.write(before + text(one).encode())
        before = b",\n"
    out.write(b"\n]\n" if before == b",\n" else b"[]\n")


def text(value: object) -> str:
    """Compact JSON of a value, on one line."""
    plain = cells.whole(json.dumps(value, ensure_ascii=False, allow_nan=False))
    return ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)
