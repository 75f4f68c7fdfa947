"""Tables as text: CSV (RFC 4180, lines ending in CR LF), TSV (as IANA has it: no quoting), Markdown.

One row an event. The values of a list stand in one cell with "; " between. Formulas are defused, and every cell is one
line. Numbers stay numbers. Not here: what the columns mean.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO, cast

from tracker.export import cells
from tracker.model import EVENT_COLUMNS, SEPARATOR, Cell, CellKind

JOINT = "; "
AT_ONCE = 500  # lines that are looked at together
NAMES = tuple(column.name for column in EVENT_COLUMNS)
QUOTED = tuple(column.kind in {CellKind.TEXT, CellKind.LIST} for column in EVENT_COLUMNS)
SPECIAL = re.compile('[",\r\n]')
# In a line of CSV: how a quoted cell begins that a spreadsheet may take for a formula, or may once blanks are gone.
HAZARD = re.compile(rf',"[{re.escape("".join(cells.FORMULA))}\s]')
CONTROLS = bytes([*range(0x0A), *range(0x0B, 0x1F), 0x7F])  # all but the ends of lines and the separator of lists
# What only text beyond ASCII can hold.
HIDDEN = re.compile(f"{cells.CONTROLS.pattern}|{cells.LINE_BREAKS.pattern}")
SHOWN = ("date", "type", "status", "summary", "actors", "targets", "effective_on", "origins", "url")  # of Markdown
# What Markdown could take for markup. An underscore between letters or digits is none: `in_force` stays as it is.
MARKUP = re.compile(r"([\\`*{}\[\]<>()#+!|~&]|(?<![^\W_])_|_(?![^\W_]))")


def csv_table(found: Iterable[str | Sequence[Cell]], out: BinaryIO) -> None:
    """Write rows of EVENT_COLUMNS, or lines of CSV as `Timeline.lines` gives them; all of them one or the other."""
    source = iter(found)
    first = next(source, None)
    if first is None:
        csv_rows((), out)
    elif isinstance(first, str):
        csv_lines(chain((first,), cast("Iterator[str]", source)), out)
    else:
        csv_rows(chain((first,), source), out)


def csv_lines(lines: Iterable[str], out: BinaryIO) -> None:
    """Write lines of CSV as `Timeline.lines` gives them.

    Lines are looked at many at once; those that hold a hazard are taken apart and written cell by cell.
    """
    source = iter(lines)
    out.write(_csv_head())
    while some := list(islice(source, AT_ONCE)):
        text = "\r\n".join(some)
        plain = text.encode("utf-8", "surrogatepass")
        if _is_harmless(text, plain, len(some)):
            out.write(plain.replace(b"\x1f", JOINT.encode()))
            out.write(b"\r\n")
        else:
            csv_rows(_cells(some), out, head=False)


def csv_rows(rows: Iterable[Sequence[Cell]], out: BinaryIO, *, head: bool = True) -> None:
    """Write rows of EVENT_COLUMNS as CSV."""
    if head:
        out.write(_csv_head())
    for row in rows:
        told = [_quoted(text, quoted=quoted) for text, quoted in zip(_texts(row), QUOTED, strict=True)]
        out.write(f"{','.join(told)}\r\n".encode())


def tsv(rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """Write rows of EVENT_COLUMNS as TSV."""
    out.write("\t".join(NAMES).encode() + b"\n")
    out.writelines("\t".join(_texts(row)).encode() + b"\n" for row in rows)


def markdown(rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """Write the columns that people read as a Markdown table (GitHub's)."""
    shown = [NAMES.index(name) for name in SHOWN]
    out.write(f"| {' | '.join(SHOWN)} |\n|{'---|' * len(SHOWN)}\n".encode())
    for row in rows:
        told = [MARKUP.sub(r"\\\1", cells.line(_joined(row[place]))) for place in shown]
        out.write(f"| {' | '.join(told)} |\n".encode())


def _csv_head() -> bytes:
    return ",".join(NAMES).encode() + b"\r\n"


def _is_harmless(text: str, plain: bytes, lines: int) -> bool:
    """Whether no cell of some lines has to be changed."""
    if plain.count(b"\n") != lines - 1 or len(plain.translate(None, CONTROLS)) != len(plain) - (lines - 1):
        return False
    if not plain.isascii() and HIDDEN.search(text.replace("\r\n", "").replace(SEPARATOR, "")) is not None:
        return False
    return HAZARD.search(text) is None


def _cells(lines: Sequence[str]) -> Iterator[list[Cell]]:
    return (list(row) for row in csv.reader([f"{line}\n" for line in lines], strict=True))


def _texts(row: Sequence[Cell]) -> Iterator[str]:
    """The cells of a row as texts that are safe to open."""
    for cell, column in zip(row, EVENT_COLUMNS, strict=True):
        if cell is None:
            yield ""
        elif isinstance(cell, str):
            yield cell if column.kind in {CellKind.INTEGER, CellKind.NUMBER} else cells.defused(_joined(cell))
        else:
            yield _number(cell)


def _number(cell: float) -> str:
    """As SQLite writes it."""
    return repr(float(f"{cell:.15g}")) if isinstance(cell, float) else str(cell)


def _joined(cell: Cell) -> str:
    return "" if cell is None else str(cell).replace(SEPARATOR, JOINT)


def _quoted(text: str, *, quoted: bool) -> str:
    if quoted or SPECIAL.search(text):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text
