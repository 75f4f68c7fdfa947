"""Small tables of counts as CSV, TSV, Markdown or JSON lines, with the care that `tables` takes of events."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO

from tracker.export import cells
from tracker.export.tables import MARKUP
from tracker.model import Cell

FORMS = ("csv", "tsv", "jsonl", "markdown")


def text(columns: Sequence[str], rows: Iterable[Sequence[Cell]], form: str) -> str:
    """A table in a form: csv, tsv, jsonl or markdown. Cells that a spreadsheet may take for formulas are defused."""
    if form == "jsonl":
        told = (dict(zip(columns, row, strict=True)) for row in rows)
        return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in told)
    if form == "markdown":
        lines = [list(columns), ["---"] * len(columns), *([_marked(cell) for cell in row] for row in rows)]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)
    plain = [list(columns), *([_safe(cell) for cell in row] for row in rows)]
    if form == "tsv":
        return "".join("\t".join(line) + "\n" for line in plain)
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(plain)
    return out.getvalue()


def _safe(cell: Cell) -> str:
    return "" if cell is None else cells.defused(cell) if isinstance(cell, str) else str(cell)


def _marked(cell: Cell) -> str:
    return MARKUP.sub(r"\\\1", cells.line("" if cell is None else str(cell)))
