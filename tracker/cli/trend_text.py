"""Counts over time on a terminal: a bar for each period, or a line of small bars for each value where there are many.

The parts of a bar have a mark each beside their colour, so that they stay apart without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.cli.render import clean, counted
from tracker.query import Trend

WIDTH = 60  # signs of the longest bar, and of a line
MOST_BARS = 36  # periods; of more each value has a line
# Marks that differ in kind and in darkness, with colours for those who see them; the last is for the others.
MARKS = (
    ("█", "blue"),
    ("▒", "red"),
    ("=", "green"),
    ("#", "magenta"),
    ("+", "yellow"),
    ("o", "cyan"),
    ("%", "white"),
    ("*", "bright_blue"),
)
REST = ("·", "dim")
LEVELS = " ▁▂▃▄▅▆▇█"


def trend(found: Trend, *, width: int = WIDTH) -> Iterator[RenderableType]:
    """The trend, its legend before it."""
    if not found.periods:
        yield Text("no event matches")
        return
    if len(found.periods) > MOST_BARS:
        yield from _lines(found, width)
    else:
        yield from _bars(found, width)
    if found.undated:
        yield Text(f"{counted(found.undated, 'event')} without such a date", style="dim")
    if not found.whole:
        yield Text("an event may have several values, and then stands in several", style="dim")


def _bars(found: Trend, width: int) -> Iterator[RenderableType]:
    marks = [_mark(found, place) for place in range(len(found.series))]
    if len(found.series) > 1:
        for (mark, style), one in zip(marks, found.series, strict=True):
            yield Text.assemble((f"{mark * 2} ", style), f"{clean(one.name)}  {sum(one.events)}")
    totals = [sum(one.events[place] for one in found.series) for place in range(len(found.periods))]
    most = max(totals)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    for place, (when, total) in enumerate(zip(found.periods, totals, strict=True)):
        parts = split([one.events[place] for one in found.series], most, width)
        told = Text.assemble(*((mark * part, style) for (mark, style), part in zip(marks, parts, strict=True)))
        table.add_row(Text(when), Text(str(total)), told)
    yield table


def _lines(found: Trend, width: int) -> Iterator[RenderableType]:
    """Each value with a line of its own, as high as its own highest."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(", ".join(found.by) or "", no_wrap=True)
    table.add_column("events", justify="right")
    table.add_column(f"{found.periods[0]} to {found.periods[-1]}", no_wrap=True)
    table.add_column(f"most in a {found.per}", justify="right", no_wrap=True)
    for place, one in enumerate(found.series):
        peak = max(one.events)
        when = found.periods[one.events.index(peak)]
        drawn = Text(line(one.events, width), style=_mark(found, place)[1])
        table.add_row(Text(clean(one.name)), Text(str(sum(one.events))), drawn, Text(f"{peak} ({when})"))
    yield table


def split(parts: Sequence[int], most: int, width: int) -> list[int]:
    """How many signs each part of a bar has, so that together they are as long as their sum."""
    found, before, below = [], 0, 0
    for part in parts:
        below += part
        end = round(below * width / most) if most else 0
        found.append(end - before)
        before = end
    return found


def line(events: Sequence[int], width: int) -> str:
    """Small bars; where there are more periods than signs, neighbours are put together. What is not nothing is seen."""
    at_once = -(-len(events) // width)
    sums = [sum(events[place : place + at_once]) for place in range(0, len(events), at_once)]
    most = max(sums)
    return "".join(LEVELS[-(-value * (len(LEVELS) - 1) // most) if most else 0] for value in sums)


def _mark(found: Trend, place: int) -> tuple[str, str]:
    """The mark and colour of a series; one without a value holds the others."""
    return REST if found.by and found.series[place].value is None else MARKS[place % len(MARKS)]
