"""Counts as text: a table with bars, a grid of two fields, lags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.cli.render import ID_SHOWN, PIPED_WIDTH, clean, counted, entry
from tracker.query import Counts, Lags, Matrix, Spread

BAR = 30  # signs of the longest bar
FULL, HALF = "█", "▌"
NAME = 40  # signs of a name
SHORT = 14  # of the name of a column
GAP = 2  # blanks between columns


def counts(found: Counts) -> Iterator[RenderableType]:
    """One value (and period) a row, with a bar; the others last."""
    if not found.events:
        yield Text("no event matches")
        return
    columns, rows = found.table()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, justify="right" if name == "events" else "left", no_wrap=name != columns[0])
    table.add_column("")
    place = columns.index("events")
    most = max(int(row[place] or 0) for row in rows)
    for row in rows:
        told = [Text(clean(str(cell)) if cell is not None else _nothing(n, place)) for n, cell in enumerate(row)]
        table.add_row(*told, Text(bar(int(row[place] or 0), most), style="cyan"))
    yield table
    yield Text(_sum(found), style="dim")


def matrix(found: Matrix, *, width: int = PIPED_WIDTH) -> Iterator[RenderableType]:
    """A grid: rows act on columns. Of columns there are as many as the width holds."""
    if not found.rows:
        yield Text("no event matches")
        return
    totals = any(side.events is not None for side in found.rows)
    corner = f"{found.row_field} ↓\n{found.column_field} →"
    heads = [clean(side.name)[:SHORT] for side in found.columns]
    names = [clean(side.name)[:NAME] for side in found.rows]
    widths = [max(cell_len(head), *(len(str(row[n])) for row in found.cells)) for n, head in enumerate(heads)]
    taken = max(map(cell_len, (*corner.split("\n"), *names))) + (GAP + len("events") if totals else 0)
    fit = max(sum(taken + GAP * n + one <= width for n, one in enumerate(accumulate(widths), start=1)), 1)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(corner, no_wrap=True)
    for head in heads[:fit]:
        table.add_column(Text(head), justify="right", no_wrap=True, vertical="bottom")
    if totals:
        table.add_column("events", justify="right", style="dim", no_wrap=True, vertical="bottom")
    for side, name, cells in zip(found.rows, names, found.cells, strict=True):
        told = [Text(str(cell) if cell else "·", style="bold" if cell else "dim") for cell in cells[:fit]]
        table.add_row(Text(name), *told, *([Text(str(side.events))] if totals else []))
    yield table
    left = len(heads) - fit
    yield Text("; ".join(_matrix_notes(found, totals=totals, left=left)), style="dim")


def _matrix_notes(found: Matrix, *, totals: bool, left: int) -> Iterator[str]:
    yield f"{counted(found.events, 'event')}, {counted(found.pairs, 'pair')} in all"
    yield "an event may stand in several"
    if totals:
        yield f"events: all of the row, also without a {found.column_field} or with one that is not shown"
    if left:
        yield f"{counted(left, 'more column')} in a wider window or in a file (-o)"


def lags(found: Lags) -> Iterator[RenderableType]:
    """Quartiles of days, then the newest events."""
    if found.rows[0].lag is None and found.rows[0].notice is None:
        yield Text("no event is told by an official source and by media, each with a full date")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(found.by or "", no_wrap=True)
    for name in ("events", "official after media, days", "events", "official to effect, days"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.rows:
        table.add_row(Text(clean(row.value or "all")), *_spread(row.lag), *_spread(row.notice))
    yield table
    yield Text("days: median (quartiles; least to most); below 0 the official source was first", style="dim")
    for event in found.events:
        first = "the same day" if not event.lag else f"{event.lag:+d} d"
        yield entry(f"{event.id[:ID_SHOWN]}  {event.date}  {first:>12}", Text(clean(event.summary)))


def bar(events: int, most: int, width: int = BAR) -> str:
    """A bar as long as its share of the greatest; whatever is not nothing has one."""
    halves = max(round(events * width * 2 / most), 1) if events and most else 0
    return FULL * (halves // 2) + HALF * (halves % 2)


def _nothing(column: int, place: int) -> str:
    """Where a row has no value: what the others have together, or no date."""
    return "others" if column == 0 and place > 0 else ""


def _sum(found: Counts) -> str:
    shown = len({row.values for row in found.rows})
    parts = [counted(found.events, "event")]
    if found.by and found.values > shown:
        parts.append(f"{shown} of {found.values} values; --top shows more")
    if found.by and not found.others and sum(row.events for row in found.rows) > found.events:
        parts.append("an event may have several")
    return "; ".join(parts)


def _spread(told: Spread | None) -> Sequence[Text]:
    if told is None:
        return (Text("0"), Text(""))
    days = f"{told.median} ({told.lower} to {told.upper}; {told.least} to {told.most})"
    return (Text(str(told.events)), Text(days))
